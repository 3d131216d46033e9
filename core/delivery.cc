// Deliver and ListPending: what each kind of interruption takes and loads.
#include "core/delivery.h"

#include "core/delivery_masks.h"

namespace irqd {
namespace {

DeliveredIrq RecordOf(uint64_t type) {
  DeliveredIrq delivered;
  delivered.irq = EmptyIrq(type);
  return delivered;
}

DeliveredIrq TakeMchk(LocalState* local, FloatTaker* floating) {
  DeliveredIrq delivered = RecordOf(KVM_S390_MCHK);
  kvm_s390_mchk_info& mchk = delivered.irq.u.mchk;
  // Whatever made one of them pending, all checks are reported together. Data of a check that made
  // neither pending stays.
  if (local->Has(LocalIrq::kMchkExigent) || local->Has(LocalIrq::kMchkRepressible)) {
    mchk = local->payload.mchk;
    local->payload.mchk = kvm_s390_mchk_info();
    local->Unset(LocalIrq::kMchkExigent);
    local->Unset(LocalIrq::kMchkRepressible);
  }
  if (floating->Count(FloatIrq::kMchkRepressible) != 0) floating->TakeMchk(&mchk);
  delivered.data0 = mchk.cr14;
  delivered.data1 = mchk.mcic;
  return delivered;
}

DeliveredIrq TakeProgram(LocalState* local) {
  DeliveredIrq delivered = RecordOf(KVM_S390_PROGRAM_INT);
  delivered.irq.u.pgm = local->payload.pgm;
  delivered.data0 = local->payload.pgm.code;
  local->payload.pgm = kvm_s390_pgm_info();
  local->Unset(LocalIrq::kProgram);
  return delivered;
}

DeliveredIrq TakeEmergency(LocalState* local) {
  DeliveredIrq delivered = RecordOf(KVM_S390_INT_EMERGENCY);
  const uint32_t sender = local->payload.emergency.Lowest();
  local->payload.emergency.Remove(sender);
  if (local->payload.emergency.IsEmpty()) local->Unset(LocalIrq::kEmergency);
  delivered.irq.u.emerg.code = static_cast<uint16_t>(sender);
  delivered.data0 = sender;
  return delivered;
}

DeliveredIrq TakeExternalCall(LocalState* local) {
  DeliveredIrq delivered = RecordOf(KVM_S390_INT_EXTERNAL_CALL);
  delivered.irq.u.extcall = local->payload.extcall;
  delivered.data0 = local->payload.extcall.code;
  local->payload.extcall.code = 0;
  local->Unset(LocalIrq::kExternalCall);
  return delivered;
}

DeliveredIrq TakePfaultInit(LocalState* local) {
  DeliveredIrq delivered = RecordOf(KVM_S390_INT_PFAULT_INIT);
  delivered.irq.u.ext = local->payload.pfault_init;
  delivered.data1 = local->payload.pfault_init.ext_params2;
  local->payload.pfault_init = kvm_s390_ext_info();
  local->Unset(LocalIrq::kPfaultInit);
  return delivered;
}

DeliveredIrq TakeWithoutPayload(const DeliveryRule& rule, LocalState* local) {
  local->Unset(rule.local);
  return RecordOf(rule.type);
}

DeliveredIrq TakeSetPrefix(LocalState* local) {
  DeliveredIrq delivered = RecordOf(KVM_S390_SIGP_SET_PREFIX);
  delivered.irq.u.prefix = local->payload.prefix;
  delivered.data0 = local->payload.prefix.address;
  local->registers.prefix = local->payload.prefix.address & kGuestPrefixMask;
  local->payload.prefix.address = 0;
  local->Unset(LocalIrq::kSetPrefix);
  return delivered;
}

DeliveredIrq TakeLocal(const DeliveryRule& rule, LocalState* local) {
  switch (rule.local) {
    case LocalIrq::kProgram:
      return TakeProgram(local);
    case LocalIrq::kEmergency:
      return TakeEmergency(local);
    case LocalIrq::kExternalCall:
      return TakeExternalCall(local);
    case LocalIrq::kPfaultInit:
      return TakePfaultInit(local);
    case LocalIrq::kSetPrefix:
      return TakeSetPrefix(local);
    default:
      return TakeWithoutPayload(rule, local);
  }
}

DeliveredIrq TakeFloating(const DeliveryRule& rule, FloatTaker* floating) {
  DeliveredIrq delivered;
  switch (rule.floating) {
    case FloatIrq::kServiceEvent:
    case FloatIrq::kService:
      delivered.irq = rule.floating == FloatIrq::kService ? floating->TakeService()
                                                          : floating->TakeServiceEvent();
      delivered.data0 = delivered.irq.u.ext.ext_params;
      return delivered;
    case FloatIrq::kPfaultDone:
      delivered.irq = floating->TakePfaultDone();
      delivered.data1 = delivered.irq.u.ext.ext_params2;
      return delivered;
    case FloatIrq::kVirtio:
      delivered.irq = floating->TakeVirtio();
      delivered.data0 = delivered.irq.u.ext.ext_params;
      delivered.data1 = delivered.irq.u.ext.ext_params2;
      return delivered;
    default: {
      delivered.irq = floating->TakeIo(IscOfRule(rule));
      const kvm_s390_io_info& io = delivered.irq.u.io;
      delivered.data0 = uint64_t{io.subchannel_id} << 16 | io.subchannel_nr;
      delivered.data1 = uint64_t{io.io_int_parm} << 32 | io.io_int_word;
      return delivered;
    }
  }
}

DeliveredIrq Take(const DeliveryRule& rule, LocalState* local, FloatTaker* floating) {
  if (rule.type == KVM_S390_MCHK) return TakeMchk(local, floating);
  return rule.local != kNotLocal ? TakeLocal(rule, local) : TakeFloating(rule, floating);
}

// What the PSW mask is after an interruption.
uint64_t NewPswMask(const DeliveryRule& rule, uint64_t psw_mask, const NewPswMasks& masks) {
  switch (rule.type) {
    case KVM_S390_SIGP_SET_PREFIX:
      return psw_mask;
    case KVM_S390_MCHK:
      return masks.machine_check;
    case KVM_S390_PROGRAM_INT:
      return masks.program;
    case KVM_S390_RESTART:
      return masks.restart;
    case KVM_S390_INT_IO_MIN:
      return masks.io;
    default:
      return masks.external;
  }
}

std::vector<PendingIrq> ListAll(const HostProfile& profile, const LocalState& local,
                                const FloatTaker& floating) {
  std::vector<PendingIrq> pending;
  for (const DeliveryRule& rule : DeliveryRules()) {
    PendingIrq irq;
    irq.count = CountPending(rule, local, floating);
    if (irq.count == 0) continue;
    irq.type = rule.type;
    if (rule.type == KVM_S390_INT_IO_MIN) irq.isc = static_cast<uint32_t>(IscOfRule(rule));
    irq.held_by = HeldByOf(rule, profile, local, floating);
    pending.push_back(irq);
  }
  return pending;
}

}  // namespace

DeliverResult Deliver(const DeliveryContext& context, size_t max, LocalState* local,
                      FloatTaker* floating) {
  DeliverResult result;
  UpdateTimers(context, local);
  while (const DeliveryRule* rule = HighestDeliverable(context.profile, *local, *floating)) {
    if (result.delivered.size() == max) {
      result.more = true;
      break;
    }
    result.delivered.push_back(Take(*rule, local, floating));
    local->registers.psw_mask =
        NewPswMask(*rule, local->registers.psw_mask, context.vm.new_psw_masks);
  }
  result.pending = ListAll(context.profile, *local, *floating);
  return result;
}

std::vector<PendingIrq> ListPending(const DeliveryContext& context, const LocalState& local,
                                    const FloatTaker& floating) {
  LocalState now = local;
  UpdateTimers(context, &now);
  // What the next delivery would drop is pending until then.
  const uint16_t dropped = local.pending & ~now.pending;
  now.pending |= dropped;
  std::vector<PendingIrq> pending = ListAll(context.profile, now, floating);
  for (PendingIrq& irq : pending) {
    const bool is_dropped = (irq.type == KVM_S390_INT_CLOCK_COMP &&
                             dropped >> static_cast<int>(LocalIrq::kClockComp) & 1) ||
                            (irq.type == KVM_S390_INT_CPU_TIMER &&
                             dropped >> static_cast<int>(LocalIrq::kCpuTimer) & 1);
    if (is_dropped && irq.held_by == HeldBy::kNothing) irq.held_by = HeldBy::kTimerNotReached;
  }
  return pending;
}

}  // namespace irqd
