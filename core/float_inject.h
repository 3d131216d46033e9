// One floating record, as KVM_DEV_FLIC_ENQUEUE and KVM_S390_INTERRUPT hand it on. For float_irq.h.
#ifndef IRQD_CORE_FLOAT_INJECT_H_
#define IRQD_CORE_FLOAT_INJECT_H_

#include "core/float_irq.h"

namespace irqd {

// __inject_vm: the errors of InjectFloat.
int InjectFloatIrq(const kvm_s390_irq& irq, const HostProfile& profile, Wake wake,
                   FloatState* state);

}  // namespace irqd

#endif  // IRQD_CORE_FLOAT_INJECT_H_
