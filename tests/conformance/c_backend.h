// The C interface of the client library: what a program written for /dev/kvm sees.
//
// Structures there are in host byte order, so images are converted both ways. Each
// buffer is as long as the recording's, so that a sanitizer sees a byte too many.
#ifndef IRQD_TESTS_CONFORMANCE_C_BACKEND_H_
#define IRQD_TESTS_CONFORMANCE_C_BACKEND_H_

#include <memory>
#include <string>

#include "client/vectors/backend.h"

namespace irqd {

// `target` as irqd_open takes it.
std::unique_ptr<Backend> MakeCBackend(const std::string& target);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_C_BACKEND_H_
