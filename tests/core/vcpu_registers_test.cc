// Registers of a vCPU: where they lie, what sets them, what resets them.
#include <string>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

using testing::IsNull;
using testing::NotNull;

VcpuRegisters SomeRegisters() {
  VcpuRegisters registers;
  registers.psw_mask = 0x0302018000000001;  // bit 24 is set
  registers.cr0 = 2;
  registers.cr6 = 3;
  registers.cr14 = 4;
  registers.clock_comparator = 5;
  registers.cpu_timer = 6;
  registers.prefix = 0x2000;
  return registers;
}

VcpuRegistersUpdate All(const VcpuRegisters& registers) {
  VcpuRegistersUpdate update;
  update.psw_mask = registers.psw_mask;
  update.cr0 = registers.cr0;
  update.cr6 = registers.cr6;
  update.cr14 = registers.cr14;
  update.clock_comparator = registers.clock_comparator;
  update.cpu_timer = registers.cpu_timer;
  update.prefix = registers.prefix;
  return update;
}

// --- in the word ---

class WordOf {
 public:
  explicit WordOf(const LocalState& state) : word_(Pack(state, VmFacts(), IdleWord())) {}
  ~WordOf() { DeleteStateNode(NodeOf(word_)); }
  WordOf(const WordOf&) = delete;
  WordOf& operator=(const WordOf&) = delete;
  VcpuWord operator*() const { return word_; }

 private:
  const VcpuWord word_;
};

LocalState StateWith(const VcpuRegisters& registers) {
  LocalState state;
  state.registers = registers;
  state.Set(LocalIrq::kEmergency);
  state.payload.emergency.Add(254);
  state.Set(LocalIrq::kExternalCall);
  state.payload.extcall.code = 247;
  return state;
}

TEST(RegistersInWordTest, ThoseOfANewVcpuAndOfAResetFit) {
  for (const VcpuRegisters& registers : {VcpuRegisters(), InitialRegisters()}) {
    const WordOf word(StateWith(registers));

    EXPECT_THAT(NodeOf(*word), IsNull());
    EXPECT_EQ(Unpack(*word), StateWith(registers));
  }
}

TEST(RegistersInWordTest, AnyOtherNeedsANode) {
  std::vector<VcpuRegisters> others(16);
  for (int initial = 0; initial < 2; ++initial) {
    const size_t at = static_cast<size_t>(initial) * 8;
    for (size_t i = at; i < at + 8; ++i) {
      if (initial) others[i] = InitialRegisters();
    }
    others[at + 0].psw_mask ^= 1;
    others[at + 1].cr0 ^= 1;
    others[at + 2].cr6 ^= 1;
    others[at + 3].cr14 ^= 1;
    others[at + 4].clock_comparator ^= 1;
    others[at + 5].cpu_timer ^= 1;
    others[at + 6].prefix ^= 0x2000;
    others[at + 7] = SomeRegisters();
  }
  for (const VcpuRegisters& registers : others) {
    const WordOf word(StateWith(registers));

    EXPECT_THAT(NodeOf(*word), NotNull());
    EXPECT_EQ(Unpack(*word), StateWith(registers));
  }
}

TEST(RegistersInWordTest, ANodeOfOtherRegistersIsNotUsedAgain) {
  LocalState state = StateWith(SomeRegisters());
  const WordOf word(state);
  state.Set(LocalIrq::kRestart);
  EXPECT_EQ(NodeOf(Pack(state, VmFacts(), *word)), NodeOf(*word)) << "the same registers";

  state.registers.cr0 ^= 1;
  const VcpuWord next = Pack(state, VmFacts(), *word);

  EXPECT_NE(NodeOf(next), NodeOf(*word));
  EXPECT_EQ(Unpack(next), state);
  DeleteStateNode(NodeOf(next));
}

// --- on a vCPU ---

class VcpuRegistersTest : public testing::Test {
 protected:
  const std::unique_ptr<Vm> vm_ = MakeVm(2);
  Vcpu& vcpu_ = *vm_->FindVcpu(0);
};

TEST_F(VcpuRegistersTest, S5_ANewVcpuHasZeroes) {
  EXPECT_EQ(vcpu_.GetRegisters(), VcpuRegisters());
}

TEST_F(VcpuRegistersTest, AreSetAndRead) {
  vcpu_.SetRegisters(All(SomeRegisters()));

  EXPECT_EQ(vcpu_.GetRegisters(), SomeRegisters());
  EXPECT_EQ(vm_->FindVcpu(1)->GetRegisters(), VcpuRegisters()) << "those of others stay";
}

TEST_F(VcpuRegistersTest, WhatIsNotGivenKeepsItsValue) {
  vcpu_.SetRegisters(All(SomeRegisters()));
  VcpuRegistersUpdate update;
  update.cr6 = 0x80000000;
  VcpuRegisters expected = SomeRegisters();
  expected.cr6 = 0x80000000;

  vcpu_.SetRegisters(update);
  EXPECT_EQ(vcpu_.GetRegisters(), expected);
  vcpu_.SetRegisters({});
  EXPECT_EQ(vcpu_.GetRegisters(), expected);
}

TEST_F(VcpuRegistersTest, PrefixIsRounded) {
  VcpuRegistersUpdate update;
  update.prefix = 0xffffffff;

  vcpu_.SetRegisters(update);

  EXPECT_EQ(vcpu_.GetRegisters().prefix, 0x7fffe000u);
}

TEST_F(VcpuRegistersTest, AndInterruptsLeaveEachOtherAlone) {
  const std::vector<kvm_s390_irq> irqs = {PfaultInit(1, 2), MchkOf(kExigent), Emergency(1)};
  vcpu_.SetRegisters(All(SomeRegisters()));
  for (const kvm_s390_irq& irq : irqs) ASSERT_EQ(vcpu_.S390Irq(irq), 0);
  EXPECT_EQ(vcpu_.GetRegisters(), SomeRegisters());
  const std::string pending = Get(vcpu_);

  vcpu_.SetRegisters(All(VcpuRegisters()));

  EXPECT_EQ(Get(vcpu_), pending);
  EXPECT_EQ(vcpu_.GetMpState(), KVM_MP_STATE_STOPPED);
}

struct ResetCase {
  ResetKind kind;
  VcpuRegisters afterwards;
};

TEST_F(VcpuRegistersTest, S5_Resets) {
  VcpuRegisters kept = SomeRegisters();
  kept.psw_mask = 0x0302010000000001;
  const ResetCase kCases[] = {{ResetKind::kNormal, kept},
                              {ResetKind::kInitial, InitialRegisters()},
                              {ResetKind::kClear, InitialRegisters()}};
  for (const ResetCase& reset : kCases) {
    vcpu_.SetRegisters(All(SomeRegisters()));
    ASSERT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);

    EXPECT_EQ(vcpu_.Reset(reset.kind), 0);

    EXPECT_EQ(vcpu_.GetRegisters(), reset.afterwards);
    EXPECT_EQ(Get(vcpu_), "");
  }
}

// A vCPU without anything pending may need no node after a reset: what it then is must not depend
// on the node it had.
TEST_F(VcpuRegistersTest, S5_ResetsOfAnyRegistersDoWhatTheRuleSays) {
  VcpuRegisters interrupted, traced, moved = InitialRegisters();
  interrupted.psw_mask = 0x0000018000000000;
  traced.psw_mask = 0x0000008000000000;  // only what a normal reset clears
  moved.prefix = 0x2000;
  const VcpuRegisters kRegisters[] = {
      VcpuRegisters(), InitialRegisters(), SomeRegisters(), interrupted, traced, moved};
  const auto exists = [](uint32_t) { return true; };
  for (const bool user_control : {false, true}) {
    for (const VcpuRegisters& registers : kRegisters) {
      for (ResetKind kind : {ResetKind::kNormal, ResetKind::kInitial, ResetKind::kClear}) {
        LocalState expected;
        expected.stopped = !user_control;
        expected.registers = registers;
        if (user_control) vcpu_.SetMpState(KVM_MP_STATE_OPERATING);
        vcpu_.SetRegisters(All(registers));
        ASSERT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);

        EXPECT_EQ(vcpu_.Reset(kind), 0);

        Reset(kind, {DefaultHostProfile(), exists, user_control}, &expected);
        EXPECT_EQ(vcpu_.GetRegisters(), expected.registers);
        EXPECT_EQ(vcpu_.GetMpState(), GetMpState(expected));
        EXPECT_EQ(Get(vcpu_), "");
      }
    }
  }
}

// Nor does such a reset take memory.
TEST_F(VcpuRegistersTest, AResetOfAPayloadAllocatesNothing) {
  ASSERT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);
  const size_t before = Allocations();

  vcpu_.Reset(ResetKind::kNormal);

  EXPECT_EQ(Allocations(), before);
}

TEST_F(VcpuRegistersTest, S5_InitialRegisters) {
  const VcpuRegisters registers = InitialRegisters();

  EXPECT_EQ(registers.cr0, 0xe0u);
  EXPECT_EQ(registers.cr14, 0xc2000000u);
  EXPECT_EQ(registers.psw_mask | registers.cr6 | registers.clock_comparator | registers.cpu_timer |
                registers.prefix,
            0u);
}

// Reading registers, and a reset vCPU's interrupts, take no memory.
TEST_F(VcpuRegistersTest, AResetVcpuStaysInItsWord) {
  ASSERT_EQ(vcpu_.Reset(ResetKind::kInitial), 0);
  const size_t before = Allocations();

  vcpu_.S390Irq(Emergency(1));
  vcpu_.S390Irq(Irq(KVM_S390_RESTART));
  vcpu_.Sigp(static_cast<uint8_t>(SigpOrder::kExternalCall), 1, 0);
  vcpu_.GetRegisters();
  vcpu_.Reset(ResetKind::kClear);
  vcpu_.GetRegisters();

  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace irqd
