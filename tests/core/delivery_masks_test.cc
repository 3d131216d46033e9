// Which masks hold back which interrupts, and the timers. S6 names the section of the kernel's
// semantics.
#include <string>
#include <vector>

#include "core/delivery.h"
#include "gmock/gmock.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// The bits that an interrupt needs, and what it is held by without them. 0: none.
struct Needs {
  std::string name;
  GuestChange pend;
  uint64_t psw = 0;
  HeldBy psw_held = HeldBy::kNothing;
  uint64_t cr0 = 0;
  HeldBy cr0_held = HeldBy::kNothing;
  uint64_t cr6 = 0;
  uint64_t cr14 = 0;
};
void PrintTo(const Needs& needs, std::ostream* out) { *out << needs.name; }
class MaskTest : public testing::TestWithParam<Needs> {};

Needs External(std::string name, GuestChange pend, int cr0_bit, HeldBy cr0_held) {
  return {std::move(name),
          std::move(pend),
          kPswExternal,
          HeldBy::kPswExternal,
          cr0_bit == 0 ? 0 : CrBit(cr0_bit),
          cr0_held,
          0,
          0};
}

kvm_s390_irq Repressible(uint64_t cr14) {
  kvm_s390_irq irq = MchkOf(kMchkRepressibleMask);
  irq.u.mchk.cr14 = cr14;
  return irq;
}

std::vector<Needs> AllNeeds() {
  std::vector<Needs> all = {
      {"ExigentMchk", Injected(MchkOf(kMchkExigentMask)), kPswMchk, HeldBy::kPswMachineCheck},
      {"Program", Injected(Program(PgmOf(6, kIlcValid)))},
      {"Restart", Injected(Irq(KVM_S390_RESTART))},
      {"SetPrefix", Injected(SetPrefix(0))},
      External("Emergency", Injected(Emergency(3)), 49, HeldBy::kCr0EmergencySignal),
      External("ExternalCall", Injected(ExternalCall(3)), 50, HeldBy::kCr0ExternalCall),
      External("Service", Enqueued(Service(8)), 54, HeldBy::kCr0ServiceSignal),
      External("PfaultInit", Injected(PfaultInit(0, 1)), 0, HeldBy::kNothing),
      External("PfaultDone", Enqueued(PfaultDone(1)), 0, HeldBy::kNothing),
      External("Virtio", Enqueued(Virtio(1, 1)), 0, HeldBy::kNothing),
  };
  for (int bit : {3, 4, 5, 6, 7}) {  // CR14 bits 35 to 39: the subclasses
    const uint64_t subclass = CrBit(32 + bit);
    all.push_back({"RepressibleMchk" + std::to_string(bit), Injected(Repressible(subclass)),
                   kPswMchk, HeldBy::kPswMachineCheck, 0, HeldBy::kNothing, 0, subclass});
  }
  all.push_back({"FloatMchk", Enqueued(FloatMchk(CrBit(35), 0)), kPswMchk, HeldBy::kPswMachineCheck,
                 0, HeldBy::kNothing, 0, CrBit(35)});
  for (uint8_t isc = 0; isc < 8; ++isc) {
    all.push_back({"Io" + std::to_string(isc), Enqueued(Io(isc, 1)), kPswIo, HeldBy::kPswIo, 0,
                   HeldBy::kNothing, CrBit(32 + isc), 0});
  }
  return all;
}
INSTANTIATE_TEST_SUITE_P(Irqs, MaskTest, testing::ValuesIn(AllNeeds()),
                         [](const auto& info) { return info.param.name; });

TEST_P(MaskTest, S6_TheseBitsSuffice) {
  Guest guest;
  guest.SetTimersAhead();
  GetParam().pend(guest);
  guest.local.registers.psw_mask = GetParam().psw;
  guest.local.registers.cr0 = GetParam().cr0;
  guest.local.registers.cr6 = GetParam().cr6;
  guest.local.registers.cr14 = GetParam().cr14;

  EXPECT_TRUE(guest.HasIrq(/*exclude_stop=*/true));
  EXPECT_THAT(guest.Deliver().delivered, SizeIs(1));
}

// With every other bit set.
void ExpectHeld(const Needs& needs, uint64_t VcpuRegisters::*reg, uint64_t bits, HeldBy held_by) {
  if (bits == 0) return;
  Guest guest;
  guest.SetTimersAhead();
  needs.pend(guest);
  VcpuRegisters& registers = guest.local.registers;
  registers.psw_mask = registers.cr0 = registers.cr6 = registers.cr14 = ~uint64_t{0};
  registers.*reg &= ~bits;
  registers.cr6 &= 0xffffffff;  // its left half has a meaning of its own, see below

  EXPECT_FALSE(guest.HasIrq(/*exclude_stop=*/true));
  for (const auto& pending : {guest.Pending(), guest.Deliver().pending}) {
    ASSERT_THAT(pending, SizeIs(1));
    EXPECT_EQ(pending[0].held_by, held_by);
    EXPECT_EQ(pending[0].count, 1u);
  }
}

TEST_P(MaskTest, S6_EachOfThemIsNeeded) {
  const Needs& needs = GetParam();
  ExpectHeld(needs, &VcpuRegisters::psw_mask, needs.psw, needs.psw_held);
  ExpectHeld(needs, &VcpuRegisters::cr0, needs.cr0, needs.cr0_held);
  ExpectHeld(needs, &VcpuRegisters::cr6, needs.cr6, HeldBy::kCr6Isc);
  ExpectHeld(needs, &VcpuRegisters::cr14, needs.cr14, HeldBy::kCr14Subclass);
}

TEST(DeliveryMasksTest, AnyBitOfCr6sLeftHalfLetsIsc0Through) {
  for (int isc = 0; isc < 8; ++isc) {
    for (int bit = 0; bit < 32; ++bit) {
      Guest guest;
      guest.SetTimersAhead();
      guest.Enqueue(Io(static_cast<uint8_t>(isc), 1));
      guest.local.registers.psw_mask = kPswIo;
      guest.local.registers.cr6 = CrBit(bit);

      EXPECT_THAT(guest.Deliver().delivered, SizeIs(isc == 0 ? 1 : 0)) << isc << " " << bit;
    }
  }
}

struct Subclasses {
  std::string name;
  const char* kernel;
  uint64_t local_cr14;
  bool floating;  // a floating check with cr14 0x10000000
  uint64_t local_mcic;
  uint64_t cr14;
  bool delivered;
};
class Cr14Test : public testing::TestWithParam<Subclasses> {};
constexpr uint64_t kRep = kMchkRepressibleMask;
INSTANTIATE_TEST_SUITE_P(S6, Cr14Test,
                         testing::Values(Subclasses{"Local", "linux-6.1", 0x08000000, false, kRep,
                                                    0x08000000, true},
                                         Subclasses{"OtherSubclass", "linux-6.1", 0x08000000, false,
                                                    kRep, 0x10000000, false},
                                         Subclasses{"FloatingLetsLocalThrough", "linux-6.1", 0,
                                                    true, kRep, 0x10000000, true},
                                         Subclasses{"LocalLetsFloatingThrough", "linux-6.1",
                                                    0x08000000, true, kRep, 0x08000000, true},
                                         Subclasses{"LeftBehindLetsFloatingThrough", "linux-6.1",
                                                    0x08000000, true, 0x10, 0x08000000, true},
                                         Subclasses{"Linux41LooksAtFloatingOnly", "linux-4.1",
                                                    0x08000000, false, kRep, 0x08000000, false},
                                         Subclasses{"Linux41FloatingLetsLocalThrough", "linux-4.1",
                                                    0, true, kRep, 0x10000000, true}),
                         [](const auto& info) { return info.param.name; });

TEST_P(Cr14Test, IsTestedAgainstLocalAndFloatingTogether) {
  Guest guest;
  guest.profile.kernel = FindKernelRules(GetParam().kernel);
  kvm_s390_irq local = MchkOf(GetParam().local_mcic);
  local.u.mchk.cr14 = GetParam().local_cr14;
  guest.Inject(local);
  if (GetParam().floating) guest.Enqueue(FloatMchk(0x10000000, 1));
  guest.local.registers.psw_mask = kPswMchk;
  guest.local.registers.cr14 = GetParam().cr14;

  EXPECT_THAT(guest.Deliver().delivered, SizeIs(GetParam().delivered ? 1 : 0));
}

TEST(DeliveryMasksTest, S33_TheMachineDeliversACallInTheSca) {
  Guest guest;
  guest.profile.sigp_interpretation = true;
  guest.OpenAllMasks();
  guest.Inject(ExternalCall(3));

  const DeliverResult result = guest.Deliver();

  EXPECT_THAT(result.delivered, IsEmpty());
  ASSERT_THAT(result.pending, SizeIs(1));
  EXPECT_EQ(result.pending[0].held_by, HeldBy::kSigpInterpretation);
}

constexpr uint64_t kNegative = uint64_t{1} << 63;
constexpr uint64_t kCkcSign = CrBit(10);

struct Timers {
  std::string name;
  uint64_t tod;
  uint64_t comparator;
  uint64_t cpu_timer;
  uint64_t cr0;  // besides the masks of both
  bool clock_comp;
  bool cpu_timer_pending;
};
class TimerTest : public testing::TestWithParam<Timers> {};
INSTANTIATE_TEST_SUITE_P(
    S6, TimerTest,
    testing::Values(Timers{"Neither", 5, 6, 0, 0, false, false},
                    Timers{"ComparatorEqualIsNotReached", 5, 5, 0, 0, false, false},
                    Timers{"ComparatorLess", 6, 5, 0, 0, true, false},
                    Timers{"ComparatorIsUnsigned", 5, kNegative, 0, 0, false, false},
                    Timers{"ComparatorIsSignedWithCr0Bit10", 5, kNegative, 0, kCkcSign, true,
                           false},
                    Timers{"ClockIsSignedToo", kNegative, 5, 0, kCkcSign, false, false},
                    Timers{"TimerNegative", 5, 6, kNegative, 0, false, true},
                    Timers{"TimerZero", 5, 6, 0, 0, false, false},
                    Timers{"TimerLargest", 5, 6, kNegative - 1, 0, false, false}),
    [](const auto& info) { return info.param.name; });

std::vector<uint64_t> ExpectedTypes(const Timers& timers) {
  std::vector<uint64_t> types;
  if (timers.clock_comp) types.push_back(KVM_S390_INT_CLOCK_COMP);
  if (timers.cpu_timer_pending) types.push_back(KVM_S390_INT_CPU_TIMER);
  return types;
}

Guest GuestWith(const Timers& timers) {
  Guest guest;
  guest.OpenAllMasks();
  guest.vm.tod_clock = timers.tod;
  guest.local.registers.clock_comparator = timers.comparator;
  guest.local.registers.cpu_timer = timers.cpu_timer;
  guest.local.registers.cr0 |= timers.cr0;
  return guest;
}

TEST_P(TimerTest, AreWhatTheClockSays) {
  Guest guest = GuestWith(GetParam());

  EXPECT_EQ(guest.HasIrq(true), GetParam().clock_comp || GetParam().cpu_timer_pending);
  EXPECT_EQ(TypesOf(guest.Deliver()), ExpectedTypes(GetParam()));
}

TEST_P(TimerTest, S8_9_InjectedOnesAreLostUnlessTheClockAgrees) {
  Guest guest = GuestWith(GetParam());
  guest.Inject(Irq(KVM_S390_INT_CLOCK_COMP));
  guest.Inject(Irq(KVM_S390_INT_CPU_TIMER));

  const std::vector<PendingIrq> before = guest.Pending();
  ASSERT_THAT(before, SizeIs(2));
  EXPECT_EQ(before[0].held_by, GetParam().clock_comp ? HeldBy::kNothing : HeldBy::kTimerNotReached);
  EXPECT_EQ(before[1].held_by,
            GetParam().cpu_timer_pending ? HeldBy::kNothing : HeldBy::kTimerNotReached);
  EXPECT_EQ(TypesOf(guest.Deliver()), ExpectedTypes(GetParam()));
  EXPECT_EQ(guest.local.pending, 0);
}

TEST(TimerMaskTest, S8_9_MaskedOnesAreLostToo) {
  for (const auto reg : {&VcpuRegisters::psw_mask, &VcpuRegisters::cr0}) {
    Guest guest;
    guest.OpenAllMasks();
    ReachesClockComparator(guest);
    ReachesCpuTimer(guest);
    guest.local.registers.*reg = 0;
    guest.Inject(Irq(KVM_S390_INT_CLOCK_COMP));
    guest.Inject(Irq(KVM_S390_INT_CPU_TIMER));

    EXPECT_THAT(guest.Pending(), SizeIs(2)) << "until then they are there";
    EXPECT_FALSE(guest.Deliver().more);
    EXPECT_EQ(guest.local.pending, 0);
  }
}

TEST(TimerMaskTest, S6_EachTimerHasItsOwnBit) {
  for (int bit : {52, 53}) {
    Guest guest;
    guest.OpenAllMasks();
    ReachesClockComparator(guest);
    ReachesCpuTimer(guest);
    guest.local.registers.cr0 = CrBit(bit);

    const uint64_t type = bit == 52 ? KVM_S390_INT_CLOCK_COMP : KVM_S390_INT_CPU_TIMER;
    EXPECT_THAT(TypesOf(guest.Deliver()), testing::ElementsAre(type));
  }
}

TEST(ListPendingTest, CountsAndChangesNothing) {
  Guest guest;
  guest.SetTimersAhead();
  for (uint16_t sender : {0, 3, 200}) guest.Inject(Emergency(sender));
  for (int i = 0; i < 2; ++i) guest.Enqueue(Virtio(1, 1));
  for (int i = 0; i < 4; ++i) guest.Enqueue(Io(5, 1));
  const LocalState before = guest.local;

  const std::vector<PendingIrq> pending = guest.Pending();

  ASSERT_THAT(pending, SizeIs(3));
  EXPECT_EQ(pending[0].count, 3u);
  EXPECT_EQ(pending[1].count, 2u);
  EXPECT_EQ(pending[2].count, 4u);
  EXPECT_EQ(pending[2].isc, 5u);
  EXPECT_EQ(guest.local, before);
}

}  // namespace
}  // namespace irqd
