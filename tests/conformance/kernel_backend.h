// Linux's own interrupt code: the back end that decides what is right.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_BACKEND_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_BACKEND_H_

#include <memory>

#include "client/vectors/backend.h"

namespace irqd {

// Its VMs may be used by one thread at a time.
std::unique_ptr<Backend> MakeKernelBackend();

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_BACKEND_H_
