// HasIrq, StopIntercept and WouldWait: what a vCPU does with what is pending besides taking it.
#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "core/delivery.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/local_states.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

struct Situation {
  std::string name;
  std::function<void(ValueGuest&)> prepare;
  bool expected;
};
void PrintTo(const Situation& situation, std::ostream* out) { *out << situation.name; }
std::string NameOf(const testing::TestParamInfo<Situation>& info) { return info.param.name; }

void CloseAll(ValueGuest& guest) { guest.local.registers.psw_mask = 0; }

class HasIrqTest : public testing::TestWithParam<Situation> {};

TEST_P(HasIrqTest, IsAsTheKernelSays) {
  ValueGuest guest;
  GetParam().prepare(guest);
  const LocalState before = guest.local;

  EXPECT_EQ(guest.HasIrq(), GetParam().expected);
  EXPECT_EQ(guest.HasIrq(/*exclude_stop=*/true), GetParam().expected);
  EXPECT_EQ(guest.local, before);
}

INSTANTIATE_TEST_SUITE_P(
    Situations, HasIrqTest,
    testing::Values(
        Situation{"Nothing", [](ValueGuest&) {}, false},
        Situation{"LocalInterrupt", [](ValueGuest& g) { g.Inject({Emergency(1)}); }, true},
        Situation{"FloatingInterrupt", [](ValueGuest& g) { g.InjectFloating({IoOn(3, 1)}); }, true},
        Situation{"MaskedInterrupts",
                  [](ValueGuest& g) {
                    g.Inject({Emergency(1), ExternalCall(1), MchkOf(kExigentBit)});
                    g.InjectFloating({IoOn(3, 1), Service(8)});
                    CloseAll(g);
                  },
                  false},
        Situation{"RestartBehindClosedMasks",
                  [](ValueGuest& g) {
                    g.Inject({Irq(KVM_S390_RESTART)});
                    CloseAll(g);
                  },
                  true},
        Situation{"ReachedTimer", [](ValueGuest& g) { g.ReachCpuTimer(); }, true},
        Situation{"ReachedComparator", [](ValueGuest& g) { g.ReachClockComparator(); }, true},
        Situation{"MaskedTimers",
                  [](ValueGuest& g) {
                    g.ReachCpuTimer();
                    g.ReachClockComparator();
                    CloseAll(g);
                  },
                  false},
        Situation{"CallInTheSca",
                  [](ValueGuest& g) {
                    g.flic.profile.sigp_interpretation = true;
                    g.Inject({ExternalCall(1)});
                  },
                  true},
        Situation{"CallInTheScaMaskedByCr0",
                  [](ValueGuest& g) {
                    g.flic.profile.sigp_interpretation = true;
                    g.Inject({ExternalCall(1)});
                    g.local.registers.cr0 &= ~uint64_t{0x2000};
                  },
                  false},
        Situation{"CallInTheScaMaskedByThePsw",
                  [](ValueGuest& g) {
                    g.flic.profile.sigp_interpretation = true;
                    g.Inject({ExternalCall(1)});
                    CloseAll(g);
                  },
                  false},
        Situation{"GisaBit",
                  [](ValueGuest& g) {
                    g.flic.profile.gisa = true;
                    g.InjectFloating({AdapterIrq(3)});
                  },
                  true}),
    NameOf);

TEST(HasIrqStopTest, CountsTheStopUnlessExcluded) {
  ValueGuest guest;
  guest.Inject({Stop()});
  CloseAll(guest);

  EXPECT_TRUE(guest.HasIrq());
  EXPECT_FALSE(guest.HasIrq(/*exclude_stop=*/true));
}

// Section 5's last point.
class StopInterceptTest : public testing::Test {
 protected:
  StopInterceptTest() {
    CloseAll(guest_);
    guest_.Inject({Stop(1)});
  }
  ValueGuest guest_;
};

TEST_F(StopInterceptTest, S5_StopsAndGoesToUserspace) {
  EXPECT_EQ(guest_.StopIntercept(), -EOPNOTSUPP);

  EXPECT_TRUE(guest_.local.stopped);
  EXPECT_EQ(guest_.local.pending, 0);
  EXPECT_EQ(guest_.local.stop_flags, 0);
}

TEST_F(StopInterceptTest, S5_UserControlKeepsTheStopPending) {
  guest_.user_controls_run_state = true;

  EXPECT_EQ(guest_.StopIntercept(), -EOPNOTSUPP);

  EXPECT_FALSE(guest_.local.stopped);
  EXPECT_TRUE(guest_.local.Has(LocalIrq::kSigpStop));
  EXPECT_EQ(guest_.local.stop_flags, 1);
}

TEST_F(StopInterceptTest, S5_WaitsForWhatIsDeliverable) {
  guest_.Inject({Irq(KVM_S390_RESTART)});
  const LocalState before = guest_.local;

  EXPECT_EQ(guest_.StopIntercept(), 0);

  EXPECT_EQ(guest_.local, before);
}

TEST_F(StopInterceptTest, S5_DoesNotWaitForWhatIsMasked) {
  guest_.Inject({Emergency(1)});

  EXPECT_EQ(guest_.StopIntercept(), -EOPNOTSUPP);

  EXPECT_TRUE(guest_.local.stopped);
  EXPECT_TRUE(guest_.local.Has(LocalIrq::kEmergency)) << "it is kept";
}

TEST_F(StopInterceptTest, S5_WithoutAStopIsNothing) {
  ValueGuest guest;

  EXPECT_EQ(guest.StopIntercept(), 0);

  EXPECT_FALSE(guest.local.stopped);
}

// An enabled wait, no timer enabled.
class WouldWaitTest : public testing::TestWithParam<Situation> {};

TEST_P(WouldWaitTest, IsAsTheKernelSays) {
  ValueGuest guest;
  guest.local.registers.psw_mask = kPswOpen | kPswWait;
  guest.local.registers.cr0 &= ~uint64_t{0xc00};
  GetParam().prepare(guest);

  EXPECT_EQ(guest.WouldWait(), GetParam().expected);
}

Change Psw(uint64_t mask) {
  return [mask](LocalState& state) { state.registers.psw_mask = mask; };
}
std::function<void(ValueGuest&)> With(Change change) {
  return [change](ValueGuest& guest) { change(guest.local); };
}
// The clock comparator is `ahead` of the clock, and enabled.
std::function<void(ValueGuest&)> ComparatorIn(uint64_t ahead) {
  return [ahead](ValueGuest& guest) {
    guest.local.registers.cr0 |= 0x800;
    guest.local.registers.clock_comparator = guest.vm.tod_clock + ahead;
  };
}
std::function<void(ValueGuest&)> TimerIn(uint64_t ahead) {
  return [ahead](ValueGuest& guest) {
    guest.local.registers.cr0 |= 0x400;
    guest.local.registers.cpu_timer = ahead;
  };
}
std::function<void(ValueGuest&)> Both(std::function<void(ValueGuest&)> a,
                                      std::function<void(ValueGuest&)> b) {
  return [=](ValueGuest& guest) {
    a(guest);
    b(guest);
  };
}

INSTANTIATE_TEST_SUITE_P(
    Masks, WouldWaitTest,
    testing::Values(Situation{"Enabled", [](ValueGuest&) {}, true},
                    Situation{"NotInTheWaitState", With(Psw(kPswOpen)), false},
                    Situation{"Stopped", With([](LocalState& s) { s.stopped = true; }), false},
                    Situation{"DisabledWait", With(Psw(kPswWait)), false},
                    Situation{"ExternalOnly", With(Psw(kPswWait | kPswExternal)), true},
                    Situation{"IoOnly", With(Psw(kPswWait | kPswIo)), true},
                    Situation{"MachineCheckOnly", With(Psw(kPswWait | kPswMachineCheck)), true},
                    Situation{"SomethingDeliverable",
                              [](ValueGuest& g) { g.Inject({Emergency(1)}); }, false},
                    Situation{"SomethingMasked",
                              [](ValueGuest& g) {
                                g.Inject({Emergency(1)});
                                g.local.registers.cr0 = 0;
                              },
                              true},
                    Situation{"StopPending", [](ValueGuest& g) { g.Inject({Stop()}); }, false}),
    NameOf);

// What rounds to no nanosecond lets nobody sleep: 4 units of the TOD clock are not yet one.
INSTANTIATE_TEST_SUITE_P(
    Timers, WouldWaitTest,
    testing::Values(Situation{"ComparatorReached", ComparatorIn(~uint64_t{0}), false},
                    Situation{"ComparatorNow", ComparatorIn(0), false},
                    Situation{"ComparatorRoundsToNothing", ComparatorIn(4), false},
                    Situation{"ComparatorOneNanosecondAhead", ComparatorIn(5), true},
                    Situation{"ComparatorFarAhead", ComparatorIn(uint64_t{1} << 60), true},
                    Situation{"TimerNegative", TimerIn(~uint64_t{0}), false},
                    Situation{"TimerZero", TimerIn(0), false},
                    Situation{"TimerAloneIsNotRounded", TimerIn(1), true},
                    Situation{"TimerBesideTheComparatorIs", Both(ComparatorIn(4096), TimerIn(4)),
                              false},
                    Situation{"BothAhead", Both(ComparatorIn(4096), TimerIn(5)), true},
                    Situation{"ComparatorDecidesToo", Both(ComparatorIn(4), TimerIn(4096)), false}),
    NameOf);

class WouldWaitGisaTest : public testing::TestWithParam<Situation> {};

TEST_P(WouldWaitGisaTest, IsAsTheKernelSays) {
  ValueGuest guest(WithGisa());
  guest.local.registers.psw_mask = kPswOpen | kPswWait;
  guest.InjectFloating({AdapterIrq(3)});
  GetParam().prepare(guest);

  EXPECT_EQ(guest.WouldWait(), GetParam().expected);
}

// Only ISCs that the host registered for alerts keep a vCPU awake beyond what is deliverable.
INSTANTIATE_TEST_SUITE_P(
    Bits, WouldWaitGisaTest,
    testing::Values(Situation{"Deliverable", With(Psw(kPswWait | kPswIo)), false},
                    Situation{"MaskedByThePsw", With(Psw(kPswWait | kPswExternal)), true},
                    Situation{"MaskedByCr6",
                              With([](LocalState& s) { s.registers.cr6 &= ~uint64_t{0x10000000}; }),
                              true}),
    NameOf);

TEST(WouldWaitSignedTest, ComparatorIsSignedByCr0) {
  ValueGuest guest;
  guest.local.registers.psw_mask = kPswOpen | kPswWait;
  guest.local.registers.cr0 = 0x800 | 0x0020000000000000;
  guest.vm.tod_clock = ~uint64_t{0};  // -1
  guest.local.registers.clock_comparator = 4096;

  EXPECT_TRUE(guest.WouldWait());
  guest.local.registers.cr0 = 0x800;
  EXPECT_FALSE(guest.WouldWait());
}

}  // namespace
}  // namespace irqd
