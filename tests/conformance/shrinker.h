// Makes a sequence of calls that shows a difference as short and plain as it gets.
#ifndef IRQD_TESTS_CONFORMANCE_SHRINKER_H_
#define IRQD_TESTS_CONFORMANCE_SHRINKER_H_

#include "tests/conformance/differential.h"

namespace irqd {

// Leaves calls out, then plainer arguments in place of others, as long as some answer still
// differs. Runs each try on fresh VMs, `most_tries` times at the most. A difference that does not
// show again comes back as it is.
Difference Shrink(const Difference& difference, int most_tries, Backend* kernel, Backend* tested);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_SHRINKER_H_
