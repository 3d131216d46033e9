#include "core/vcpu_word.h"

#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

// A word and what it refers to.
class OwnedWord {
 public:
  explicit OwnedWord(VcpuWord word) : word_(word) {}
  ~OwnedWord() { DeleteStateNode(NodeOf(word_)); }
  OwnedWord(const OwnedWord&) = delete;
  OwnedWord& operator=(const OwnedWord&) = delete;
  VcpuWord operator*() const { return word_; }

 private:
  const VcpuWord word_;
};

LocalState StateWith(LocalIrq irq) {
  LocalState state;
  state.Set(irq);
  return state;
}

LocalState StateWithCall(uint16_t code) {
  LocalState state = StateWith(LocalIrq::kExternalCall);
  state.payload.extcall.code = code;
  return state;
}

LocalState StateWithEmergency(uint32_t sender) {
  LocalState state = StateWith(LocalIrq::kEmergency);
  state.payload.emergency.Add(sender);
  return state;
}

LocalState StateWithMchk(uint8_t fill) {
  LocalState state = StateWith(LocalIrq::kMchkExigent);
  state.payload.mchk = FilledMchk(fill, kMchkExigentMask);
  return state;
}

TEST(VcpuWordTest, IdleWordIsANewVcpu) {
  EXPECT_EQ(Unpack(IdleWord()), LocalState());
  EXPECT_EQ(PendingOf(IdleWord()), 0);
  EXPECT_EQ(FactsOf(IdleWord()).bits, 0u);
  EXPECT_EQ(NodeOf(IdleWord()), nullptr);
}

TEST(VcpuWordTest, RandomStatesComeBack) {
  Random random(TestSeed());
  for (int i = 0; i < 20000; ++i) {
    const LocalState state = RandomState(255, random);
    const VmFacts facts{static_cast<uint32_t>(Below(0x200, random))};

    const OwnedWord word(Pack(state, facts, IdleWord()));

    ASSERT_EQ(Unpack(*word), state);
    ASSERT_EQ(PendingOf(*word), state.pending);
    ASSERT_EQ(FactsOf(*word).bits, facts.bits);
  }
}

TEST(VcpuWordTest, RandomStatesComeBackFromAnyWordBefore) {
  Random random(TestSeed());
  VcpuWord current = IdleWord();
  for (int i = 0; i < 20000; ++i) {
    LocalState state = RandomState(255, random);
    // Often the payload stays, and only what has none changes.
    if (Below(2, random)) {
      LocalState same_payload = Unpack(current);
      same_payload.stopped = state.stopped;
      if (state.Has(LocalIrq::kRestart)) same_payload.Set(LocalIrq::kRestart);
      if (!state.Has(LocalIrq::kCpuTimer)) same_payload.Unset(LocalIrq::kCpuTimer);
      state = same_payload;
    }

    const VcpuWord word = Pack(state, VmFacts{7}, current);

    ASSERT_EQ(Unpack(word), state);
    if (NodeOf(word) != NodeOf(current)) DeleteStateNode(NodeOf(current));
    current = word;
  }
  DeleteStateNode(NodeOf(current));
}

TEST(VcpuWordTest, EqualStatesUnderEqualFactsPackToEqualWords) {
  Random random(TestSeed());
  for (int i = 0; i < 5000; ++i) {
    const LocalState state = RandomState(255, random);
    const OwnedWord word(Pack(state, VmFacts{0x105}, IdleWord()));

    ASSERT_EQ(Pack(state, VmFacts{0x105}, *word), *word);
  }
}

TEST(VcpuWordTest, TheSamePayloadUsesTheNodeAgain) {
  LocalState state = StateWithMchk(0x21);
  const OwnedWord word(Pack(state, VmFacts{1}, IdleWord()));
  ASSERT_NE(NodeOf(*word), nullptr);

  state.Set(LocalIrq::kRestart);
  state.stopped = false;
  const VcpuWord next = Pack(state, VmFacts{2}, *word);

  EXPECT_EQ(NodeOf(next), NodeOf(*word));
  EXPECT_EQ(Unpack(next), state);
}

TEST(VcpuWordTest, AnotherPayloadGetsANodeOfItsOwn) {
  const OwnedWord word(Pack(StateWithMchk(0x21), VmFacts{1}, IdleWord()));
  const OwnedWord next(Pack(StateWithMchk(0x42), VmFacts{1}, *word));

  EXPECT_NE(NodeOf(*next), NodeOf(*word));
  EXPECT_EQ(Unpack(*word), StateWithMchk(0x21)) << "a published node changed";
}

TEST(VcpuWordTest, NoNodeOutlivesItsPayload) {
  const OwnedWord word(Pack(StateWithMchk(0x21), VmFacts{1}, IdleWord()));

  EXPECT_EQ(Pack(LocalState(), VmFacts{}, *word), IdleWord());
}

TEST(VcpuWordTest, WithoutPayloadIsWhatPackMakesOfTheRest) {
  const VmFacts facts{0x105 | 6u << VmFacts::kEpochShift};
  LocalState state = StateWithMchk(0x21);
  state.Set(LocalIrq::kEmergency);
  state.payload.emergency.Add(3);
  LocalState rest;
  for (const bool stopped : {false, true}) {
    for (const VcpuRegisters& registers : {VcpuRegisters(), InitialRegisters()}) {
      state.stopped = rest.stopped = stopped;
      state.registers = rest.registers = registers;
      const OwnedWord word(Pack(state, VmFacts{1}, IdleWord()));

      EXPECT_EQ(WithoutPayload(*word, facts), Pack(rest, facts, IdleWord()));
    }
  }
}

TEST(VcpuWordTest, RegistersThatNeedANodeHaveNoWordWithoutPayload) {
  LocalState state = StateWithMchk(0x21);
  state.registers.cr6 = 1;
  const OwnedWord word(Pack(state, VmFacts{1}, IdleWord()));

  EXPECT_EQ(WithoutPayload(*word, VmFacts{1}), 0u);
}

TEST(VcpuWordTest, EveryFactFits) {
  for (const LocalState& state : {LocalState(), StateWithMchk(0x21)}) {
    for (uint32_t bits = 0; bits < 0x200; ++bits) {
      for (uint32_t epoch : {0u, 1u, 2u, 0x7fffffu}) {
        const VmFacts facts{bits | epoch << VmFacts::kEpochShift};
        const OwnedWord word(Pack(state, facts, IdleWord()));

        ASSERT_EQ(FactsOf(*word).bits, facts.bits);
        ASSERT_EQ(LastingFactsOf(*word), bits);
        ASSERT_EQ(Unpack(*word), state);
      }
    }
  }
}

TEST(VcpuWordTest, IsUnderTheFactsItWasWrittenUnder) {
  const VmFacts facts{0x105 | 6u << VmFacts::kEpochShift};
  const VmFacts other_facts{0x106 | 6u << VmFacts::kEpochShift};
  const VmFacts next_epoch{0x105 | 7u << VmFacts::kEpochShift};
  for (const LocalState& state : {LocalState(), StateWithMchk(0x21)}) {
    const OwnedWord word(Pack(state, facts, IdleWord()));

    EXPECT_TRUE(IsUnder(*word, facts));
    EXPECT_FALSE(IsUnder(*word, other_facts));
    EXPECT_FALSE(IsUnder(*word, next_epoch));
  }
}

TEST(VcpuWordTest, AnotherEpochGetsANodeOfItsOwn) {
  const LocalState state = StateWithMchk(0x21);
  const OwnedWord word(Pack(state, VmFacts{1}, IdleWord()));
  const OwnedWord next(Pack(state, VmFacts{1 | VmFacts::kNextEpoch}, *word));

  EXPECT_NE(NodeOf(*next), NodeOf(*word));
  EXPECT_EQ(Unpack(*next), state);
}

TEST(VcpuWordTest, WhatWasBeforeIsKeptBesideTheState) {
  const LocalState before = StateWithCall(7);
  const VmFacts facts{1 | VmFacts::kNextEpoch};
  const OwnedWord word(Pack(LocalState(), facts, IdleWord(), &before));
  ASSERT_NE(NodeOf(*word), nullptr);

  EXPECT_EQ(Unpack(*word), LocalState());
  EXPECT_EQ(*NodeOf(*word)->before(), before);
  EXPECT_EQ(NodeOf(Pack(LocalState(), facts, *word, &before)), NodeOf(*word));
  EXPECT_EQ(NodeOf(Pack(LocalState(), facts, *word)), nullptr) << "when the snapshot is through";
}

TEST(VcpuWordTest, FactsReadAsCountAndControl) {
  EXPECT_EQ(VmFacts{0xff}.vcpu_count(), 255u);
  EXPECT_FALSE(VmFacts{0xff}.user_controls_run_state());
  EXPECT_EQ(VmFacts{0x103}.vcpu_count(), 3u);
  EXPECT_TRUE(VmFacts{0x103}.user_controls_run_state());
}

// What the word itself carries.
std::vector<LocalState> InlineStates() {
  std::vector<LocalState> states = {LocalState()};
  for (LocalIrq irq : {LocalIrq::kRestart, LocalIrq::kCpuTimer, LocalIrq::kClockComp}) {
    states.push_back(StateWith(irq));
  }
  for (uint16_t id : {0, 1, 63, 64, 247, 254}) {
    states.push_back(StateWithCall(id));
    states.push_back(StateWithEmergency(id));
    states.push_back(StateWithCall(254 - id));
    states.back().Set(LocalIrq::kEmergency);
    states.back().payload.emergency.Add(id);
  }
  LocalState stop = StateWith(LocalIrq::kSigpStop);
  stop.stopped = false;
  stop.stop_flags = KVM_S390_STOP_FLAG_STORE_STATUS;
  states.push_back(stop);
  return states;
}

TEST(VcpuWordTest, CommonInterruptsAllocateNothing) {
  for (const LocalState& state : InlineStates()) {
    const size_t before = Allocations();

    const VcpuWord word = Pack(state, VmFacts{0x1ff}, IdleWord());
    const LocalState again = Unpack(word);

    EXPECT_EQ(Allocations(), before);
    EXPECT_EQ(NodeOf(word), nullptr);
    EXPECT_EQ(again, state);
  }
}

TEST(VcpuWordTest, NodeReuseAllocatesNothing) {
  const OwnedWord word(Pack(StateWithMchk(0x21), VmFacts{1}, IdleWord()));
  LocalState state = StateWithMchk(0x21);
  state.Set(LocalIrq::kRestart);

  const size_t before = Allocations();
  Pack(state, VmFacts{1}, *word);

  EXPECT_EQ(Allocations(), before);
}

// Threads keep memory of nodes, so it is the first time in a thread that counts.
TEST(VcpuWordTest, APayloadTakesAtMostOneAllocation) {
  std::thread([] {
    { const OwnedWord first(Pack(StateWithMchk(0x21), VmFacts{1}, IdleWord())); }
    const size_t before = Allocations();

    const OwnedWord again(Pack(StateWithMchk(0x21), VmFacts{1}, IdleWord()));
    const size_t after_again = Allocations();
    const OwnedWord another(Pack(StateWithMchk(0x21), VmFacts{1}, IdleWord()));

    EXPECT_LE(after_again, before + 1);
    EXPECT_EQ(Allocations(), after_again + 1);
  }).join();
}

}  // namespace
}  // namespace irqd
