// The core itself, without anything around it.
#ifndef IRQD_TESTS_CONFORMANCE_CORE_BACKEND_H_
#define IRQD_TESTS_CONFORMANCE_CORE_BACKEND_H_

#include <memory>

#include "client/vectors/backend.h"

namespace irqd {

std::unique_ptr<Backend> MakeCoreBackend();

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_CORE_BACKEND_H_
