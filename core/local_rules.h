// The rules of the interrupts that are common and small: written once, for a LocalState and for a
// vCPU's word alike (word_state.h).
//
// A State has Has, Set, IsStopped, PutSigpStop, PutExternalCall and PutEmergency. The errors are
// those of InjectIrq.
#ifndef IRQD_CORE_LOCAL_RULES_H_
#define IRQD_CORE_LOCAL_RULES_H_

#include <cerrno>

#include "core/local_irq.h"

namespace irqd {

template <typename State>
int InjectSigpStop(const kvm_s390_stop_info& stop, State* state) {
  if (stop.flags & ~uint32_t{KVM_S390_STOP_FLAG_STORE_STATUS}) return -EINVAL;
  if (state->IsStopped()) return 0;
  if (state->Has(LocalIrq::kSigpStop)) return -EBUSY;
  state->PutSigpStop(static_cast<uint8_t>(stop.flags));
  return 0;
}

template <typename State>
int InjectExternalCall(const kvm_s390_extcall_info& call, const LocalContext& context,
                       State* state) {
  if (!context.vcpu_exists(call.code)) return -EINVAL;
  if (state->Has(LocalIrq::kExternalCall)) return -EBUSY;
  state->PutExternalCall(call.code);
  return 0;
}

template <typename State>
int InjectEmergency(const kvm_s390_emerg_info& emergency, const LocalContext& context,
                    State* state) {
  if (!context.vcpu_exists(emergency.code)) return -EINVAL;
  state->PutEmergency(emergency.code);
  return 0;
}

template <typename State>
int InjectWithoutPayload(LocalIrq irq, State* state) {
  state->Set(irq);
  return 0;
}

// If one of these rules is that of `irq`, `*result` is what it returned; otherwise nothing happens,
// and this returns false.
template <typename State>
bool InjectCommonIrq(const kvm_s390_irq& irq, const LocalContext& context, State* state,
                     int* result) {
  switch (irq.type) {
    case KVM_S390_SIGP_STOP:
      *result = InjectSigpStop(irq.u.stop, state);
      return true;
    case KVM_S390_RESTART:
      *result = InjectWithoutPayload(LocalIrq::kRestart, state);
      return true;
    case KVM_S390_INT_CLOCK_COMP:
      *result = InjectWithoutPayload(LocalIrq::kClockComp, state);
      return true;
    case KVM_S390_INT_CPU_TIMER:
      *result = InjectWithoutPayload(LocalIrq::kCpuTimer, state);
      return true;
    case KVM_S390_INT_EXTERNAL_CALL:
      *result = InjectExternalCall(irq.u.extcall, context, state);
      return true;
    case KVM_S390_INT_EMERGENCY:
      *result = InjectEmergency(irq.u.emerg, context, state);
      return true;
    default:
      return false;
  }
}

}  // namespace irqd

#endif  // IRQD_CORE_LOCAL_RULES_H_
