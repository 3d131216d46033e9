#include "core/sigp.h"

#include <cerrno>

namespace irqd {
namespace {

SigpResult Status(uint32_t status) { return {kSigpStatusStored, status}; }

SigpResult Sense(const LocalState& to) {
  uint32_t status = 0;
  if (to.Has(LocalIrq::kExternalCall)) status |= kSigpExternalCallPending;
  if (to.stopped) status |= kSigpStopped;
  return status == 0 ? SigpResult() : Status(status);
}

SigpResult ExternalCall(uint32_t from, const LocalContext& context, LocalState* to) {
  kvm_s390_irq irq = EmptyIrq(KVM_S390_INT_EXTERNAL_CALL);
  irq.u.extcall.code = static_cast<uint16_t>(from);
  return InjectIrq(irq, context, to) == -EBUSY ? Status(kSigpExternalCallPending) : SigpResult();
}

SigpResult EmergencySignal(uint32_t from, const LocalContext& context, LocalState* to) {
  kvm_s390_irq irq = EmptyIrq(KVM_S390_INT_EMERGENCY);
  irq.u.emerg.code = static_cast<uint16_t>(from);
  InjectIrq(irq, context, to);
  return SigpResult();
}

SigpResult Stop(uint32_t flags, const LocalContext& context, LocalState* to) {
  kvm_s390_irq irq = EmptyIrq(KVM_S390_SIGP_STOP);
  irq.u.stop.flags = flags;
  InjectIrq(irq, context, to);
  return SigpResult();
}

SigpResult SetPrefix(uint32_t address, const LocalContext& context, LocalState* to) {
  kvm_s390_irq irq = EmptyIrq(KVM_S390_SIGP_SET_PREFIX);
  irq.u.prefix.address = address & kGuestPrefixMask;
  return InjectIrq(irq, context, to) == -EBUSY ? Status(kSigpIncorrectState) : SigpResult();
}

// The interruption is left pending, so that it can be seen and moved.
SigpResult Restart(const LocalContext& context, LocalState* to) {
  InjectIrq(EmptyIrq(KVM_S390_RESTART), context, to);
  to->stopped = false;
  return SigpResult();
}

// The architecture stops a vCPU that is reset, whoever controls run states.
SigpResult ResetOrder(ResetKind kind, const LocalContext& context, LocalState* to) {
  Reset(kind, context, to);
  to->stopped = true;
  return SigpResult();
}

}  // namespace

SigpResult Sigp(uint8_t order_code, uint32_t from, uint32_t parameter, const LocalContext& context,
                LocalState* to) {
  const SigpOrder order = static_cast<SigpOrder>(order_code);
  const bool is_reset = order == SigpOrder::kInitialCpuReset || order == SigpOrder::kCpuReset;
  // Both are carried out later; an order after them must not see the state before.
  const bool busy = to->Has(LocalIrq::kSigpStop) || to->Has(LocalIrq::kRestart);
  if (busy && !is_reset) return {kSigpBusy, 0};
  switch (order) {
    case SigpOrder::kSense:
      return Sense(*to);
    case SigpOrder::kExternalCall:
      return ExternalCall(from, context, to);
    case SigpOrder::kEmergencySignal:
      return EmergencySignal(from, context, to);
    case SigpOrder::kStart:
      to->stopped = false;
      return SigpResult();
    case SigpOrder::kStop:
      return Stop(0, context, to);
    case SigpOrder::kStopAndStoreStatus:
      return Stop(KVM_S390_STOP_FLAG_STORE_STATUS, context, to);
    case SigpOrder::kRestart:
      return Restart(context, to);
    case SigpOrder::kInitialCpuReset:
      return ResetOrder(ResetKind::kInitial, context, to);
    case SigpOrder::kCpuReset:
      return ResetOrder(ResetKind::kNormal, context, to);
    case SigpOrder::kSetPrefix:
      return SetPrefix(parameter, context, to);
    default:
      return Status(kSigpInvalidOrder);
  }
}

}  // namespace irqd
