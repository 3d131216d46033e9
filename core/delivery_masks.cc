#include "core/delivery_masks.h"

#include <cerrno>

namespace irqd {
namespace {

constexpr uint64_t kPswExternal = 0x0100000000000000;
constexpr uint64_t kPswIo = 0x0200000000000000;
constexpr uint64_t kPswMachineCheck = 0x0004000000000000;
constexpr uint64_t kPswWait = 0x0002000000000000;

constexpr uint64_t kCr0EmergencySignal = 0x4000;
constexpr uint64_t kCr0ExternalCall = 0x2000;
constexpr uint64_t kCr0ClockComparator = 0x800;
constexpr uint64_t kCr0CpuTimer = 0x400;
constexpr uint64_t kCr0ServiceSignal = 0x200;
// Bit 10: the clock comparator is a signed number.
constexpr uint64_t kCr0ClockComparatorSign = 0x0020000000000000;

constexpr HeldBy kNone = HeldBy::kNothing;

constexpr DeliveryRule External(uint64_t type, LocalIrq local, FloatIrq floating, uint64_t cr0_bit,
                                HeldBy cr0) {
  return {type, local, floating, kPswExternal, HeldBy::kPswExternal, cr0_bit, cr0};
}

constexpr DeliveryRule Io(int isc) {
  return {KVM_S390_INT_IO_MIN,
          kNotLocal,
          static_cast<FloatIrq>(static_cast<int>(FloatIrq::kIoIsc0) + isc),
          kPswIo,
          HeldBy::kPswIo,
          0,
          kNone};
}

constexpr DeliveryRule kRules[] = {
    {KVM_S390_MCHK, LocalIrq::kMchkExigent, kNotFloating, kPswMachineCheck,
     HeldBy::kPswMachineCheck, 0, kNone},
    {KVM_S390_PROGRAM_INT, LocalIrq::kProgram, kNotFloating, 0, kNone, 0, kNone},
    {KVM_S390_MCHK, LocalIrq::kMchkRepressible, FloatIrq::kMchkRepressible, kPswMachineCheck,
     HeldBy::kPswMachineCheck, 0, kNone},
    External(KVM_S390_INT_EMERGENCY, LocalIrq::kEmergency, kNotFloating, kCr0EmergencySignal,
             HeldBy::kCr0EmergencySignal),
    External(KVM_S390_INT_EXTERNAL_CALL, LocalIrq::kExternalCall, kNotFloating, kCr0ExternalCall,
             HeldBy::kCr0ExternalCall),
    External(KVM_S390_INT_CLOCK_COMP, LocalIrq::kClockComp, kNotFloating, kCr0ClockComparator,
             HeldBy::kCr0ClockComparator),
    External(KVM_S390_INT_CPU_TIMER, LocalIrq::kCpuTimer, kNotFloating, kCr0CpuTimer,
             HeldBy::kCr0CpuTimer),
    External(KVM_S390_INT_SERVICE, kNotLocal, FloatIrq::kServiceEvent, kCr0ServiceSignal,
             HeldBy::kCr0ServiceSignal),
    External(KVM_S390_INT_SERVICE, kNotLocal, FloatIrq::kService, kCr0ServiceSignal,
             HeldBy::kCr0ServiceSignal),
    External(KVM_S390_INT_PFAULT_INIT, LocalIrq::kPfaultInit, kNotFloating, 0, kNone),
    External(KVM_S390_INT_PFAULT_DONE, kNotLocal, FloatIrq::kPfaultDone, 0, kNone),
    External(KVM_S390_INT_VIRTIO, kNotLocal, FloatIrq::kVirtio, 0, kNone),
    Io(0),
    Io(1),
    Io(2),
    Io(3),
    Io(4),
    Io(5),
    Io(6),
    Io(7),
    {KVM_S390_SIGP_STOP, LocalIrq::kSigpStop, kNotFloating, 0, kNone, 0, kNone},
    {KVM_S390_RESTART, LocalIrq::kRestart, kNotFloating, 0, kNone, 0, kNone},
    {KVM_S390_SIGP_SET_PREFIX, LocalIrq::kSetPrefix, kNotFloating, 0, kNone, 0, kNone},
};

bool IsIo(const DeliveryRule& rule) {
  return rule.floating >= FloatIrq::kIoIsc0 && rule.floating < kNotFloating;
}

// What of CR6 lets an ISC through. The kernel computes it as an int (isc_to_isc_bits), and the
// sign of that of ISC 0 spreads: any bit of the left half lets it through too.
uint64_t IscSubmask(int isc) { return isc == 0 ? 0xffffffff80000000 : 0x80000000u >> isc; }

// Local and floating checks alike are let through by the cr14 of both, pending or not.
bool Cr14Allows(const HostProfile& profile, const LocalState& local, const FloatTaker& floating) {
  uint64_t subclasses = floating.mchk_cr14();
  if (profile.kernel->local_cr14_counts) subclasses |= local.payload.mchk.cr14;
  return local.registers.cr14 & subclasses;
}

bool ClockComparatorEnabled(const VcpuRegisters& registers) {
  return (registers.psw_mask & kPswExternal) && (registers.cr0 & kCr0ClockComparator);
}

bool CpuTimerEnabled(const VcpuRegisters& registers) {
  return (registers.psw_mask & kPswExternal) && (registers.cr0 & kCr0CpuTimer);
}

bool ClockComparatorIsSigned(const HostProfile& profile, const VcpuRegisters& registers) {
  return profile.kernel->has_signed_clock_comparator && (registers.cr0 & kCr0ClockComparatorSign);
}

// How far the clock comparator is ahead of the clock; 0 if it is reached.
uint64_t UntilClockComparator(const DeliveryContext& context, const VcpuRegisters& registers) {
  const uint64_t tod_clock = context.vm.tod_clock;
  const uint64_t comparator = registers.clock_comparator;
  const bool ahead = ClockComparatorIsSigned(context.profile, registers)
                         ? static_cast<int64_t>(comparator) > static_cast<int64_t>(tod_clock)
                         : comparator > tod_clock;
  return ahead ? comparator - tod_clock : 0;
}

// tod_to_ns: what rounds to nothing lets nobody sleep.
uint64_t ToNanoseconds(uint64_t tod) { return (tod >> 9) * 125 + ((tod & 0x1ff) * 125 >> 9); }

// How long the timers let a vCPU sleep; 0 if not at all. One of them is enabled.
uint64_t SleepTime(const DeliveryContext& context, const VcpuRegisters& registers) {
  uint64_t ns = 0;
  if (ClockComparatorEnabled(registers)) {
    ns = ToNanoseconds(UntilClockComparator(context, registers));
    if (ns == 0 || !CpuTimerEnabled(registers)) return ns;
    const uint64_t timer = ToNanoseconds(registers.cpu_timer);
    return timer < ns ? timer : ns;
  }
  // Here the kernel compares the timer itself.
  return registers.cpu_timer;
}

}  // namespace

absl::Span<const DeliveryRule> DeliveryRules() { return kRules; }

int IscOfRule(const DeliveryRule& rule) {
  return static_cast<int>(rule.floating) - static_cast<int>(FloatIrq::kIoIsc0);
}

uint32_t CountPending(const DeliveryRule& rule, const LocalState& local,
                      const FloatTaker& floating) {
  uint32_t count = 0;
  if (rule.local == LocalIrq::kEmergency) {
    count = static_cast<uint32_t>(local.payload.emergency.Count());
  } else if (rule.local != kNotLocal) {
    count = local.Has(rule.local);
  }
  if (rule.floating != kNotFloating) count += floating.Count(rule.floating);
  return count;
}

HeldBy HeldByOf(const DeliveryRule& rule, const HostProfile& profile, const LocalState& local,
                const FloatTaker& floating) {
  const VcpuRegisters& registers = local.registers;
  if (rule.local == LocalIrq::kSigpStop) return HeldBy::kStopIntercept;
  if (rule.local == LocalIrq::kExternalCall && profile.sigp_interpretation) {
    return HeldBy::kSigpInterpretation;
  }
  if (rule.psw_bit && !(registers.psw_mask & rule.psw_bit)) return rule.psw;
  if (rule.cr0_bit && !(registers.cr0 & rule.cr0_bit)) return rule.cr0;
  if (IsIo(rule) && !(registers.cr6 & IscSubmask(IscOfRule(rule)))) return HeldBy::kCr6Isc;
  if (rule.local == LocalIrq::kMchkRepressible && !Cr14Allows(profile, local, floating)) {
    return HeldBy::kCr14Subclass;
  }
  return HeldBy::kNothing;
}

const DeliveryRule* HighestDeliverable(const HostProfile& profile, const LocalState& local,
                                       const FloatTaker& floating) {
  for (const DeliveryRule& rule : kRules) {
    if (CountPending(rule, local, floating) == 0) continue;
    if (HeldByOf(rule, profile, local, floating) == HeldBy::kNothing) return &rule;
  }
  return nullptr;
}

bool ClockComparatorPending(const DeliveryContext& context, const VcpuRegisters& registers) {
  const uint64_t tod_clock = context.vm.tod_clock;
  const uint64_t comparator = registers.clock_comparator;
  const bool reached = ClockComparatorIsSigned(context.profile, registers)
                           ? static_cast<int64_t>(comparator) < static_cast<int64_t>(tod_clock)
                           : comparator < tod_clock;
  return reached && ClockComparatorEnabled(registers);
}

bool CpuTimerPending(const VcpuRegisters& registers) {
  return CpuTimerEnabled(registers) && registers.cpu_timer >> 63;
}

void UpdateTimers(const DeliveryContext& context, LocalState* local) {
  local->Unset(LocalIrq::kClockComp);
  if (ClockComparatorPending(context, local->registers)) local->Set(LocalIrq::kClockComp);
  local->Unset(LocalIrq::kCpuTimer);
  if (CpuTimerPending(local->registers)) local->Set(LocalIrq::kCpuTimer);
}

bool HasIrq(const DeliveryContext& context, const LocalState& local, const FloatTaker& floating,
            bool exclude_stop) {
  if (HighestDeliverable(context.profile, local, floating) != nullptr) return true;
  const VcpuRegisters& registers = local.registers;
  if (ClockComparatorPending(context, registers) || CpuTimerPending(registers)) {
    return true;
  }
  // One in the SCA counts too.
  if (local.Has(LocalIrq::kExternalCall) && (registers.psw_mask & kPswExternal) &&
      (registers.cr0 & kCr0ExternalCall)) {
    return true;
  }
  return !exclude_stop && local.Has(LocalIrq::kSigpStop);
}

bool WouldWait(const DeliveryContext& context, const LocalState& local,
               const FloatTaker& floating) {
  const VcpuRegisters& registers = local.registers;
  if (local.stopped || !(registers.psw_mask & kPswWait)) return false;
  if (HasIrq(context, local, floating, /*exclude_stop=*/false)) return false;
  // Nothing could ever wake it: the exit goes to userspace.
  if (!(registers.psw_mask & (kPswExternal | kPswIo | kPswMachineCheck))) return false;
  // The GISA's bits keep it awake only on ISCs that the host wants alerts for, which are none here.
  if (!ClockComparatorEnabled(registers) && !CpuTimerEnabled(registers)) return true;
  return SleepTime(context, registers) != 0;
}

int StopIntercept(const DeliveryContext& context, const LocalContext& local_context,
                  const FloatTaker& floating, LocalState* local) {
  if (HasIrq(context, *local, floating, /*exclude_stop=*/true)) return 0;
  if (!local->Has(LocalIrq::kSigpStop)) return 0;
  if (!local_context.user_controls_run_state) SetMpState(KVM_MP_STATE_STOPPED, local);
  return -EOPNOTSUPP;
}

}  // namespace irqd
