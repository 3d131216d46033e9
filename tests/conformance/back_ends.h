// The back ends that the conformance suite runs on.
#ifndef IRQD_TESTS_CONFORMANCE_BACK_ENDS_H_
#define IRQD_TESTS_CONFORMANCE_BACK_ENDS_H_

#include <memory>
#include <string>
#include <vector>

#include "client/vectors/backend.h"

namespace irqd {

struct BackendKind {
  std::string name;  // of test cases
  std::unique_ptr<Backend> (*make)();
};

// Kernel (not on s390x), Core, Inproc, Tcp, UnixSocket and Batch. The last three share an irqd that runs from the
// first use to the end of the tests; that it ends well is a check of its own.
const std::vector<BackendKind>& BackendKinds();

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_BACK_ENDS_H_
