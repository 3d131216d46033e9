// That a rule on a word does what the same rule does on the state that the word means.
#include "core/word_state.h"

#include <vector>

#include "core/local_rules.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint32_t kVcpus = 200;
bool Exists(uint32_t id) { return id < kVcpus; }

// Every state that a word without a node can mean, but for the senders, which are a few.
std::vector<LocalState> InlineStates() {
  constexpr LocalIrq kKinds[] = {LocalIrq::kRestart,      LocalIrq::kSigpStop,
                                 LocalIrq::kCpuTimer,     LocalIrq::kClockComp,
                                 LocalIrq::kExternalCall, LocalIrq::kEmergency};
  std::vector<LocalState> states;
  for (uint32_t choice = 0; choice < 1 << 9; ++choice) {
    LocalState state;
    for (int i = 0; i < 6; ++i) {
      if (choice >> i & 1) state.Set(kKinds[i]);
    }
    state.stopped = choice >> 6 & 1;
    if (choice >> 7 & 1) state.registers = InitialRegisters();
    const uint16_t sender = choice >> 8 & 1 ? 199 : 3;
    if (state.Has(LocalIrq::kSigpStop)) state.stop_flags = choice >> 8 & 1;
    if (state.Has(LocalIrq::kExternalCall)) state.payload.extcall.code = sender;
    if (state.Has(LocalIrq::kEmergency)) state.payload.emergency.Add(sender);
    states.push_back(state);
  }
  return states;
}

std::vector<kvm_s390_irq> CommonIrqs() {
  std::vector<kvm_s390_irq> irqs = {Irq(KVM_S390_RESTART), Irq(KVM_S390_INT_CLOCK_COMP),
                                    Irq(KVM_S390_INT_CPU_TIMER)};
  for (uint32_t flags : {0u, 1u, 2u}) irqs.push_back(Stop(flags));
  for (uint16_t sender : {0, 3, 199, 200, 0xff, 0x103, 0xffff}) {
    irqs.push_back(ExternalCall(sender));
    irqs.push_back(Emergency(sender));
  }
  return irqs;
}

class WordStateTest : public testing::TestWithParam<bool> {
 protected:
  const HostProfile profile_ = DefaultHostProfile();
  const LocalContext context_{profile_, Exists, GetParam()};
  const VmFacts facts_{(GetParam() ? 0x100u : 0u) | kVcpus | 5u << VmFacts::kEpochShift};
};

TEST_P(WordStateTest, InjectsAsIntoTheState) {
  for (const LocalState& before : InlineStates()) {
    for (const kvm_s390_irq& irq : CommonIrqs()) {
      LocalState state = before;
      const int wanted = InjectIrq(irq, context_, &state);

      WordState word(Pack(before, facts_, IdleWord()));
      int got = 0;
      ASSERT_TRUE(InjectCommonIrq(irq, context_, &word, &got));

      if (word.Fits()) {
        ASSERT_EQ(got, wanted);
        ASSERT_EQ(word.word(), Pack(state, facts_, IdleWord()));
      } else {
        // The only thing that does not fit: a second sender.
        ASSERT_TRUE(before.Has(LocalIrq::kEmergency) && irq.type == KVM_S390_INT_EMERGENCY);
        ASSERT_EQ(state.payload.emergency.Count(), 2);
      }
    }
  }
}

TEST_P(WordStateTest, ResetsAsTheState) {
  for (const LocalState& before : InlineStates()) {
    for (ResetKind kind : {ResetKind::kNormal, ResetKind::kInitial, ResetKind::kClear}) {
      LocalState state = before;
      Reset(kind, context_, &state);

      WordState word(Pack(before, facts_, IdleWord()));
      word.Reset(kind, GetParam());

      ASSERT_TRUE(word.Fits());
      ASSERT_EQ(word.word(), Pack(state, facts_, IdleWord()));
    }
  }
}

TEST_P(WordStateTest, ChangesBitsBesideANodeAndNothingElse) {
  LocalState before;
  before.stopped = false;
  before.payload.mchk = FilledMchk(0x21, kMchkExigentMask);
  before.Set(LocalIrq::kMchkExigent);
  const VcpuWord packed = Pack(before, facts_, IdleWord());
  for (const kvm_s390_irq& irq : CommonIrqs()) {
    LocalState state = before;
    const int wanted = InjectIrq(irq, context_, &state);

    WordState word(packed);
    int got = 0;
    ASSERT_TRUE(InjectCommonIrq(irq, context_, &word, &got));

    const bool has_sender =
        irq.type == KVM_S390_INT_EMERGENCY || irq.type == KVM_S390_INT_EXTERNAL_CALL;
    ASSERT_EQ(word.Fits(), !has_sender || wanted != 0);
    if (!word.Fits()) continue;
    ASSERT_EQ(got, wanted);
    ASSERT_EQ(word.word(), Pack(state, facts_, packed));
  }
  WordState word(packed);
  word.Reset(ResetKind::kNormal, GetParam());
  EXPECT_FALSE(word.Fits()) << "the node's registers are not known";
  DeleteStateNode(NodeOf(packed));
}

INSTANTIATE_TEST_SUITE_P(RunStates, WordStateTest, testing::Bool());

TEST(WordStateTest, OnlyCommonIrqsAreCommon) {
  for (uint64_t type :
       std::vector<uint64_t>{KVM_S390_PROGRAM_INT, KVM_S390_SIGP_SET_PREFIX, KVM_S390_MCHK,
                             KVM_S390_INT_PFAULT_INIT, KVM_S390_INT_SERVICE, 0}) {
    LocalState state;
    int result = 7;

    EXPECT_FALSE(InjectCommonIrq(Irq(type), {DefaultHostProfile(), Exists}, &state, &result));
    EXPECT_EQ(result, 7);
    EXPECT_EQ(state, LocalState());
  }
  for (const kvm_s390_irq& irq : CommonIrqs()) {
    LocalState state;
    int result = 7;

    EXPECT_TRUE(InjectCommonIrq(irq, {DefaultHostProfile(), Exists}, &state, &result));
    EXPECT_NE(result, 7);
  }
}

}  // namespace
}  // namespace irqd
