// Clock comparator and CPU timer: delivery goes by the clock, not by what was injected.
#include <string>
#include <vector>

#include "core/delivery.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kSigned = 0x0020000000000000;  // bit 10 of CR0
constexpr uint64_t kMinusOne = ~uint64_t{0};

struct Comparator {
  std::string name;
  uint64_t comparator;
  uint64_t tod;
  bool is_signed;
  bool reached;
};
void PrintTo(const Comparator& comparator, std::ostream* out) { *out << comparator.name; }
class ClockComparatorTest : public testing::TestWithParam<Comparator> {
 protected:
  ClockComparatorTest() {
    guest_.local.registers.clock_comparator = GetParam().comparator;
    guest_.vm.tod_clock = GetParam().tod;
    if (GetParam().is_signed) guest_.local.registers.cr0 |= kSigned;
  }
  ValueGuest guest_;
};

TEST_P(ClockComparatorTest, S6_IsDeliveredWhenTheClockIsPastIt) {
  const std::vector<PendingIrq> listed = guest_.List();
  const bool has_irq = guest_.HasIrq();

  const DeliverResult result = guest_.Deliver();

  ASSERT_EQ(result.delivered.size(), GetParam().reached ? 1u : 0u);
  EXPECT_EQ(listed.size(), result.delivered.size()) << "listed as it will be delivered";
  EXPECT_EQ(has_irq, GetParam().reached);
  if (GetParam().reached) {
    EXPECT_EQ(result.delivered[0].irq.type, KVM_S390_INT_CLOCK_COMP);
    EXPECT_EQ(listed[0].held_by, HeldBy::kNothing);
  }
  EXPECT_FALSE(guest_.local.Has(LocalIrq::kClockComp));
}

INSTANTIATE_TEST_SUITE_P(
    Clocks, ClockComparatorTest,
    testing::Values(Comparator{"Before", 100, 99, false, false},
                    Comparator{"Equal", 100, 100, false, false},
                    Comparator{"After", 100, 101, false, true},
                    Comparator{"HighIsLate", kMinusOne, 5, false, false},
                    Comparator{"HighClock", 5, kMinusOne, false, true},
                    Comparator{"SignedBefore", 100, 99, true, false},
                    Comparator{"SignedEqual", 100, 100, true, false},
                    Comparator{"SignedAfter", 100, 101, true, true},
                    Comparator{"SignedMinusOneIsPast", kMinusOne, 5, true, true},
                    Comparator{"SignedClockOfMinusOne", 5, kMinusOne, true, false}),
    [](const auto& info) { return info.param.name; });

TEST(CpuTimerTest, S6_IsDeliveredWhenNegative) {
  for (uint64_t timer : {uint64_t{0}, uint64_t{1}, ~uint64_t{0} >> 1}) {
    ValueGuest guest;
    guest.local.registers.cpu_timer = timer;
    EXPECT_THAT(guest.Deliver().delivered, IsEmpty()) << timer;
  }
  for (uint64_t timer : {uint64_t{1} << 63, kMinusOne}) {
    ValueGuest guest;
    guest.local.registers.cpu_timer = timer;
    EXPECT_EQ(guest.WouldDeliver(), HexOf({Irq(KVM_S390_INT_CPU_TIMER)})) << timer;
  }
}

// A condition lasts: what was delivered once is delivered again at the next attempt.
TEST(TimersTest, S6_ComeAgainWhileTheirConditionLasts) {
  ValueGuest guest;
  guest.ReachClockComparator();
  guest.ReachCpuTimer();
  const std::string both = HexOf({Irq(KVM_S390_INT_CLOCK_COMP), Irq(KVM_S390_INT_CPU_TIMER)});

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), both) << "once in one attempt";
  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), both);
}

// Both are found pending before the first is delivered, and the second waits for its turn.
TEST(TimersTest, S6_SecondStaysPendingBehindTheFirstsNewPsw) {
  ValueGuest guest;
  guest.vm.new_psw_masks.external = 0;
  guest.ReachClockComparator();
  guest.ReachCpuTimer();

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf({Irq(KVM_S390_INT_CLOCK_COMP)}));
  EXPECT_THAT(result.pending,
              ElementsAre(PendingIrq{KVM_S390_INT_CPU_TIMER, 0, 1, HeldBy::kPswExternal}));
  EXPECT_TRUE(guest.local.Has(LocalIrq::kCpuTimer));
}

struct Injected {
  std::string name;
  uint64_t psw_mask;
  uint64_t cr0;
  HeldBy comparator;  // as listed beforehand
  HeldBy timer;
};
void PrintTo(const Injected& injected, std::ostream* out) { *out << injected.name; }
class InjectedTimerTest : public testing::TestWithParam<Injected> {};

TEST_P(InjectedTimerTest, S8_9_IsLostUnlessTheClockAgrees) {
  ValueGuest guest;
  guest.Inject({Irq(KVM_S390_INT_CLOCK_COMP), Irq(KVM_S390_INT_CPU_TIMER)});
  guest.local.registers.psw_mask = GetParam().psw_mask;
  guest.local.registers.cr0 = GetParam().cr0;

  EXPECT_THAT(guest.List(),
              ElementsAre(PendingIrq{KVM_S390_INT_CLOCK_COMP, 0, 1, GetParam().comparator},
                          PendingIrq{KVM_S390_INT_CPU_TIMER, 0, 1, GetParam().timer}));
  EXPECT_TRUE(guest.local.Has(LocalIrq::kClockComp)) << "listing changes nothing";

  const DeliverResult result = guest.Deliver();

  EXPECT_THAT(result.delivered, IsEmpty());
  EXPECT_THAT(result.pending, IsEmpty());
  EXPECT_EQ(guest.local.pending, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Masks, InjectedTimerTest,
    testing::Values(Injected{"Open", kPswOpen, kCr0Open, HeldBy::kTimerNotReached,
                             HeldBy::kTimerNotReached},
                    Injected{"PswClosed", 0, kCr0Open, HeldBy::kPswExternal, HeldBy::kPswExternal},
                    Injected{"ComparatorClosed", kPswOpen, kCr0Open & ~uint64_t{0x800},
                             HeldBy::kCr0ClockComparator, HeldBy::kTimerNotReached},
                    Injected{"TimerClosed", kPswOpen, kCr0Open & ~uint64_t{0x400},
                             HeldBy::kTimerNotReached, HeldBy::kCr0CpuTimer}),
    [](const auto& info) { return info.param.name; });

// One that was injected and reached, but masked, is lost as well; it comes back with the mask.
TEST(TimersTest, S6_MaskedOnesAreNotPending) {
  ValueGuest guest;
  guest.Inject({Irq(KVM_S390_INT_CLOCK_COMP), Irq(KVM_S390_INT_CPU_TIMER)});
  guest.ReachClockComparator();
  guest.ReachCpuTimer();
  guest.local.registers.cr0 &= ~uint64_t{0xc00};

  EXPECT_THAT(guest.Deliver().pending, IsEmpty());
  EXPECT_EQ(guest.local.pending, 0);

  guest.local.registers.cr0 |= 0xc00;
  EXPECT_EQ(guest.Deliver().delivered.size(), 2u);
}

// Injected timers count as deliverable until a delivery looks at the clock.
TEST(TimersTest, S6_HasIrqBelievesAnInjectedOne) {
  ValueGuest guest;
  guest.Inject({Irq(KVM_S390_INT_CLOCK_COMP)});

  EXPECT_TRUE(guest.HasIrq());
  guest.Deliver();
  EXPECT_FALSE(guest.HasIrq());
}

}  // namespace
}  // namespace irqd
