// A back end that answers as another one, but for one fault. For tests of what finds faults.
#ifndef IRQD_TESTS_CONFORMANCE_PLANTED_FAULT_H_
#define IRQD_TESTS_CONFORMANCE_PLANTED_FAULT_H_

#include <memory>

#include "client/vectors/backend.h"

namespace irqd {

enum class Fault {
  kNone,
  kSetIgnoresBusy,        // KVM_S390_SET_IRQ_STATE succeeds on a busy vCPU, and does nothing
  kWrongPrefixByte,       // KVM_S390_GET_IRQ_STATE loses the last byte of a set-prefix address
  kDeliversRestartFirst,  // a restart that is delivered comes first
};

std::unique_ptr<Backend> MakeFaultyBackend(std::unique_ptr<Backend> backend, Fault fault);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_PLANTED_FAULT_H_
