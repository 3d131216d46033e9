// Resets and run states as values. Names give the section of the kernel's semantics: S5 resets and
// run state, S8 the surprises, S33 external calls and SIGP interpretation.
#include <cerrno>
#include <string>
#include <vector>

#include "core/local_irq.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/value_vcpu.h"

namespace irqd {
namespace {

INSTANTIATE_TEST_SUITE_P(Machines, BothMachinesTest, testing::Bool(), MachineName);

struct ResetCase {
  std::string name;
  bool stopped;
  bool user_control;
  bool stopped_after;
};
void PrintTo(const ResetCase& c, std::ostream* out) { *out << c.name; }

class ResetTest : public testing::TestWithParam<ResetCase> {};
INSTANTIATE_TEST_SUITE_P(States, ResetTest,
                         testing::Values(ResetCase{"RunningStops", false, false, true},
                                         ResetCase{"StoppedStays", true, false, true},
                                         ResetCase{"UserControlRunningStays", false, true, false},
                                         ResetCase{"UserControlStoppedStays", true, true, true}),
                         [](const auto& info) { return info.param.name; });

TEST_P(ResetTest, S5_ClearsAllInterruptsAndStopsUnlessUserspaceControls) {
  Random random(TestSeed());
  for (int i = 0; i < 100; ++i) {
    ValueVcpu vcpu(Below(2, random));
    vcpu.state = RandomState(255, random);
    vcpu.state.stopped = GetParam().stopped;
    vcpu.user_controls_run_state = GetParam().user_control;

    EXPECT_EQ(Reset(ResetKind::kNormal, vcpu.context(), &vcpu.state), 0);

    LocalState expected;
    expected.stopped = GetParam().stopped_after;
    ASSERT_EQ(vcpu.state, expected);
  }
}

TEST_P(BothMachinesTest, S5_ResetRemovesWhatAMachineCheckLeftBehind) {
  vcpu_.InjectAll({MchkOf(0x10)});

  Reset(ResetKind::kNormal, vcpu_.context(), &vcpu_.state);
  vcpu_.InjectAll({MchkOf(kExigent)});

  EXPECT_EQ(vcpu_.Pending(), Hex({MchkOf(kExigent)}));
}

TEST_P(BothMachinesTest, S5_NewVcpuIsStoppedAndHasNothing) {
  EXPECT_EQ(GetMpState(vcpu_.state), 5);
  EXPECT_EQ(vcpu_.Pending(), "");
}

TEST_P(BothMachinesTest, S8_10_GetMpStateReturnsTheState) {
  EXPECT_EQ(SetMpState(7, &vcpu_.state), 0);
  EXPECT_EQ(GetMpState(vcpu_.state), 7);
  EXPECT_EQ(SetMpState(5, &vcpu_.state), 0);
  EXPECT_EQ(GetMpState(vcpu_.state), 5);
}

TEST_P(BothMachinesTest, S5_OtherRunStatesAreRefused) {
  vcpu_.InjectAll({Irq(KVM_S390_RESTART)});
  for (uint32_t mp_state : {0u, 1u, 2u, 3u, 4u, 6u, 8u, 9u, 0x105u, 0xffffffffu}) {
    const LocalState before = vcpu_.state;
    EXPECT_EQ(SetMpState(mp_state, &vcpu_.state), -ENXIO) << mp_state;
    EXPECT_EQ(vcpu_.state, before) << mp_state;
  }
}

TEST_P(BothMachinesTest, S5_StoppingClearsAPendingStopFlagsTooAndNothingElse) {
  vcpu_.state.stopped = false;
  vcpu_.InjectAll({Stop(1), Irq(KVM_S390_RESTART), Emergency(3), MchkOf(kExigent)});

  EXPECT_EQ(SetMpState(5, &vcpu_.state), 0);
  EXPECT_EQ(vcpu_.Pending(), Hex({Irq(KVM_S390_RESTART), MchkOf(kExigent), Emergency(3)}));

  EXPECT_EQ(vcpu_.state.stop_flags, 0);
}

TEST_P(BothMachinesTest, S5_SettingThePresentStateChangesNothing) {
  Random random(TestSeed());
  for (int i = 0; i < 100; ++i) {
    LocalState state = RandomState(255, random);
    const LocalState before = state;

    EXPECT_EQ(SetMpState(before.stopped ? 5 : 7, &state), 0);

    ASSERT_EQ(state, before);
  }
}

TEST_P(BothMachinesTest, S5_StartingKeepsEverything) {
  vcpu_.InjectAll({SetPrefix(0x1000), Irq(KVM_S390_RESTART), Emergency(3)});
  const std::string before = vcpu_.Pending();

  EXPECT_EQ(SetMpState(7, &vcpu_.state), 0);

  EXPECT_EQ(vcpu_.Pending(), before);
}

TEST_P(BothMachinesTest, S33_PendingWordLeavesOutAnExternalCallInTheSca) {
  vcpu_.state.stopped = false;
  vcpu_.InjectAll(OneOfEach());

  const uint64_t word = PendingWord(vcpu_.state.pending, vcpu_.profile);

  const uint64_t others =
      1u << 1 | 1u << 2 | 1u << 13 | 1u << 18 | 1u << 19 | 1u << 21 | 1u << 24 | 1u << 25;
  EXPECT_EQ(word, GetParam() ? others : others | 1u << 20);
}

}  // namespace
}  // namespace irqd
