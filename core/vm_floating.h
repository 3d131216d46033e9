// What all vCPUs of a VM share: floating interrupts, clock and new PSWs.
//
// Thread safety: everything but `mutex` is looked at and changed only while it is held. No call on
// a vCPU's local interrupts takes it.
#ifndef IRQD_CORE_VM_FLOATING_H_
#define IRQD_CORE_VM_FLOATING_H_

#include <vector>

#include "core/atomic.h"
#include "core/delivery.h"
#include "core/float_state.h"

namespace irqd {

class Vcpu;

struct VmFloating {
  Mutex mutex;
  FloatState state;
  VmRegisters registers;
  std::vector<Vcpu*> vcpus_by_creation;  // as far as they were needed
};

}  // namespace irqd

#endif  // IRQD_CORE_VM_FLOATING_H_
