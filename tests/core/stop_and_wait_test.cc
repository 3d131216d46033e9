// What keeps a vCPU awake, and what a stop intercept does. S5 names the section of the kernel's
// semantics.
#include <cerrno>
#include <string>

#include "core/delivery.h"
#include "gmock/gmock.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

void PendStop(Guest& guest) {
  guest.local.stopped = false;
  guest.Inject(Stop(1));
}

int Intercept(Guest* guest) {
  return StopIntercept(guest->context(), guest->local_context(), FloatTaker(&guest->floating),
                       &guest->local);
}

TEST(StopInterceptTest, S5_StopsTheVcpuUnlessUserspaceControlsRunStates) {
  for (bool control : {false, true}) {
    Guest guest;
    guest.user_controls_run_state = control;
    PendStop(guest);

    EXPECT_EQ(Intercept(&guest), -EOPNOTSUPP);

    EXPECT_EQ(guest.local.stopped, !control);
    EXPECT_EQ(guest.local.Has(LocalIrq::kSigpStop), control);
    EXPECT_EQ(guest.local.stop_flags, control ? 1 : 0);
  }
}

TEST(StopInterceptTest, S5_OfNoStopIsNothing) {
  Guest guest;
  guest.local.stopped = false;

  EXPECT_EQ(Intercept(&guest), 0);

  EXPECT_FALSE(guest.local.stopped);
}

TEST(StopInterceptTest, S5_WaitsWhileSomethingElseIsDeliverable) {
  for (const GuestChange& pend :
       {Injected(Irq(KVM_S390_RESTART)), Injected(Emergency(3)), Enqueued(Io(3, 1)),
        GuestChange(ReachesClockComparator), GuestChange(ReachesCpuTimer)}) {
    Guest guest;
    guest.OpenAllMasks();
    PendStop(guest);
    pend(guest);

    EXPECT_EQ(Intercept(&guest), 0);

    EXPECT_FALSE(guest.local.stopped);
    EXPECT_TRUE(guest.local.Has(LocalIrq::kSigpStop));
  }
}

TEST(StopInterceptTest, S5_DoesNotWaitForWhatIsMasked) {
  Guest guest;
  PendStop(guest);
  guest.Inject(Emergency(3));
  guest.Enqueue(Io(3, 1));

  EXPECT_EQ(Intercept(&guest), -EOPNOTSUPP);
}

TEST(HasIrqTest, AStopCountsUnlessExcluded) {
  Guest guest;
  PendStop(guest);

  EXPECT_TRUE(guest.HasIrq(/*exclude_stop=*/false));
  EXPECT_FALSE(guest.HasIrq(/*exclude_stop=*/true));
}

TEST(HasIrqTest, ACallInTheScaCountsIfItsMasksAreOpen) {
  Guest guest;
  guest.profile.sigp_interpretation = true;
  guest.Inject(ExternalCall(3));
  for (const uint64_t psw : {uint64_t{0}, kPswExternal}) {
    for (const uint64_t cr0 : {CrBit(49), CrBit(50)}) {
      guest.local.registers.psw_mask = psw;
      guest.local.registers.cr0 = cr0;
      EXPECT_EQ(guest.HasIrq(false), psw != 0 && cr0 == CrBit(50));
    }
  }
}

struct Waiting {
  std::string name;
  GuestChange change;
  bool waits;
};
class WouldWaitTest : public testing::TestWithParam<Waiting> {};

VcpuRegisters& Registers(Guest& guest) { return guest.local.registers; }

// The clock comparator alone is enabled, and so far ahead of the clock.
GuestChange ComparatorAhead(uint64_t units) {
  return [units](Guest& guest) {
    Registers(guest).cr0 = CrBit(52);
    Registers(guest).clock_comparator = guest.vm.tod_clock + units;
  };
}
GuestChange TimerAt(uint64_t cr0, uint64_t timer) {
  return [=](Guest& guest) {
    Registers(guest).cr0 = cr0;
    Registers(guest).cpu_timer = timer;
    Registers(guest).clock_comparator = guest.vm.tod_clock + 1000;
  };
}

INSTANTIATE_TEST_SUITE_P(
    States, WouldWaitTest,
    testing::Values(
        Waiting{"EnabledWait", [](Guest&) {}, true},
        Waiting{"Stopped", [](Guest& guest) { guest.local.stopped = true; }, false},
        Waiting{"NoWaitBit", [](Guest& guest) { Registers(guest).psw_mask &= ~kPswWait; }, false},
        Waiting{"DisabledWait", [](Guest& guest) { Registers(guest).psw_mask = kPswWait; }, false},
        Waiting{"ExternalAlone",
                [](Guest& guest) { Registers(guest).psw_mask = kPswWait | kPswExternal; }, true},
        Waiting{"IoAlone", [](Guest& guest) { Registers(guest).psw_mask = kPswWait | kPswIo; },
                true},
        Waiting{"MchkAlone", [](Guest& guest) { Registers(guest).psw_mask = kPswWait | kPswMchk; },
                true},
        Waiting{"SomethingDeliverable", Injected(Irq(KVM_S390_RESTART)), false},
        Waiting{"SomethingMasked", Injected(Emergency(3)), true},
        Waiting{"AStop", Injected(Stop()), false},
        Waiting{"GisaOfAnEnabledSubclass",
                [](Guest& guest) {
                  guest.floating.gisa_ipm = 0x10;
                  Registers(guest).cr6 = 0x10000000;
                  Registers(guest).psw_mask = kPswWait | kPswExternal;
                },
                false},
        Waiting{"GisaOfADisabledSubclass",
                [](Guest& guest) {
                  guest.floating.gisa_ipm = 0x10;
                  Registers(guest).cr6 = 0xef000000;
                },
                true},
        // 5 units of the clock are the first that last a nanosecond.
        Waiting{"ComparatorFiveAhead", ComparatorAhead(5), true},
        Waiting{"ComparatorFourAhead", ComparatorAhead(4), false},
        Waiting{"ComparatorEqual", ComparatorAhead(0), false},
        Waiting{"TimerAloneAtOne", TimerAt(CrBit(53), 1), true},
        Waiting{"TimerAloneAtZero", TimerAt(CrBit(53), 0), false},
        Waiting{"BothTimerAtFour", TimerAt(CrBit(52) | CrBit(53), 4), false},
        Waiting{"BothTimerAtFive", TimerAt(CrBit(52) | CrBit(53), 5), true},
        Waiting{"BothTimerLater", TimerAt(CrBit(52) | CrBit(53), 1 << 20), true}),
    [](const auto& info) { return info.param.name; });

TEST_P(WouldWaitTest, IsAnEnabledWaitThatNothingEndsAtOnce) {
  Guest guest;
  guest.local.stopped = false;
  Registers(guest).psw_mask = kPswWait | kOpen;
  GetParam().change(guest);

  EXPECT_EQ(WouldWait(guest.context(), guest.local, FloatTaker(&guest.floating)), GetParam().waits);
}

// The comparator is a signed number under CR0 bit 10: one below the clock only unsigned is ahead.
TEST(WouldWaitTest, TheComparatorMayBeSigned) {
  Guest guest;
  guest.local.stopped = false;
  Registers(guest).psw_mask = kPswWait | kPswExternal;
  Registers(guest).cr0 = CrBit(52) | CrBit(10);
  guest.vm.tod_clock = uint64_t{1} << 63;
  Registers(guest).clock_comparator = 1000;

  EXPECT_TRUE(WouldWait(guest.context(), guest.local, FloatTaker(&guest.floating)));
}

}  // namespace
}  // namespace irqd
