// A difference in words: what to read, what to keep as a recording, what to paste as a test.
#ifndef IRQD_TESTS_CONFORMANCE_DIFFERENCE_TEXT_H_
#define IRQD_TESTS_CONFORMANCE_DIFFERENCE_TEXT_H_

#include <string>

#include "tests/conformance/differential.h"

namespace irqd {

// Each call and the kernel's answer, and the other answer to the last one.
std::string TextOf(const Difference& difference);
// A test of the last call's answer, against Backend.
std::string TestOf(const Difference& difference);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_DIFFERENCE_TEXT_H_
