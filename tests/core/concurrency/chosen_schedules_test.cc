// Chosen calls of two threads in every order of their atomic accesses: those between which a
// mistake in the protocol would show. schedules_test has all pairs of single calls.
#include "gmock/gmock.h"
#include "tests/core/concurrency/racy_machine.h"
#include "tests/core/concurrency/schedules.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using ChosenSchedulesTest = SchedulesTest;

// A vCPU exists for all that look from one instant on, also for a call that named it before.
TEST_F(ChosenSchedulesTest, CreatingAVcpuThatOthersName) {
  const VmCall create = VcpuCall(VmCallKind::kCreateVcpu, 0, 2);
  const VmCall find = VcpuCall(VmCallKind::kFindVcpu, 0, 2);
  const VmCall reset = VcpuCall(VmCallKind::kReset);
  const VmCall set = SetCall({Emergency(1), Emergency(2)});

  EXPECT_EQ(
      RunPrograms({{create, GetCall()}, {create, InjectCall(Emergency(2))}},
                  {{reset, set}, {GetCall(1), set}, {find, set}, {set, find}, {set, reset, set}}),
      "");

  Report();
}

// Two facts about a VM come up at once, and none is lost.
TEST_F(ChosenSchedulesTest, CreatingAVcpuWhileUserspaceTakesControl) {
  const VmCall set = VcpuCall(VmCallKind::kSetMpState, KVM_MP_STATE_OPERATING);
  const VmCall refused = VcpuCall(VmCallKind::kSetMpState, 99);

  EXPECT_EQ(RunPrograms({{VcpuCall(VmCallKind::kCreateVcpu, 0, 2)}}, {{set}, {refused}}), "");

  Report();
}

// Who has seen userspace take control finds that it did, on every vCPU.
TEST_F(ChosenSchedulesTest, ResettingOneVcpuWhileUserspaceTakesControlThroughAnother) {
  const VmCall start = SigpCall(SigpOrder::kStart, 0, 1);
  const VmCall reset = VcpuCall(VmCallKind::kReset, 0, 1);
  const VmCall glance = VcpuCall(VmCallKind::kGetMpState);

  EXPECT_EQ(RunPrograms({{VcpuCall(VmCallKind::kSetMpState, KVM_MP_STATE_OPERATING)},
                         {VcpuCall(VmCallKind::kSetMpState, KVM_MP_STATE_STOPPED)}},
                        {{start, glance, reset},
                         {start, GetCall(), reset},
                         {start, VcpuCall(VmCallKind::kReset), reset}}),
            "");

  Report();
}

// SET wakes nobody, as in the kernel: a vCPU that is asleep by then sleeps on beside what SET made
// pending, and that is no oversleeping.
TEST_F(ChosenSchedulesTest, SettingWhileADeliveryLeavesTheVcpuAsleep) {
  VcpuRegistersUpdate waits;
  waits.psw_mask = 0x0306'0000'0000'0000;
  waits.cr0 = 0x6200;
  const VmCall deliver = VcpuCall(VmCallKind::kDeliver, 100);

  EXPECT_EQ(RunPrograms({{deliver, RegistersCall(waits), deliver}},
                        {{SetCall({Emergency(1)})}, {SetCall({Emergency(1), Emergency(77)})}}),
            "");

  Report();
}

// What a delivery takes from both sides goes once, also when it has to start again.
TEST_F(ChosenSchedulesTest, DeliveringWhileInterruptsCome) {
  const VmCall deliver = VcpuCall(VmCallKind::kDeliver, 100);
  const VmCall io = FloatCall({0x10000, 0x10001, 0x18000000});

  EXPECT_EQ(RunPrograms({{io, deliver}, {io, VcpuCall(VmCallKind::kDeliver, 1)}},
                        {{InjectCall(Emergency(0))},
                         {InjectCall(Irq(KVM_S390_INT_CLOCK_COMP))},
                         {VcpuCall(VmCallKind::kReset)}}),
            "");

  Report();
}

// A vCPU that goes to sleep sees what comes at that moment.
TEST_F(ChosenSchedulesTest, GoingToSleepWhileAnInterruptComes) {
  constexpr uint64_t kWaiting = 0x0306000000000000;
  VcpuRegistersUpdate waiting;
  waiting.psw_mask = kWaiting;
  waiting.cr0 = 0x6000;
  const VmCall new_psws = VcpuCall(VmCallKind::kSetNewPsws, kWaiting);
  const VmCall deliver = VcpuCall(VmCallKind::kDeliver, 100);

  EXPECT_EQ(RunPrograms({{new_psws, RegistersCall(waiting), deliver}},
                        {{InjectCall(Emergency(0))}, {SigpCall(SigpOrder::kExternalCall, 1)}}),
            "");

  Report();
}

// A snapshot shows no call without those before it, on whichever vCPU.
TEST_F(ChosenSchedulesTest, SnapshotsWhileVcpusChange) {
  const VmCall snapshot = VcpuCall(VmCallKind::kSnapshot);
  const VmCall first = InjectCall(Irq(KVM_S390_RESTART), 0);
  const VmCall second = InjectCall(Irq(KVM_S390_INT_CPU_TIMER), 1);
  const VmCall pfault = InjectCall(PfaultInit(5, 6), 0);

  // With data in the words, and in a node.
  starts_ = {StartStates()[1], StartStates()[2]};
  EXPECT_EQ(RunPrograms({{snapshot}},
                        {{first, second},
                         {pfault, second},
                         {second, VcpuCall(VmCallKind::kReset)},
                         {GetCall(), pfault, GetCall(1)},
                         {snapshot, first},
                         {VcpuCall(VmCallKind::kSetMpState, KVM_MP_STATE_OPERATING), second},
                         {VcpuCall(VmCallKind::kCreateVcpu, 0, 2), InjectCall(Emergency(2))}}),
            "");

  Report();
}

// Memory that was freed and given out again is not taken for what it was.
TEST_F(ChosenSchedulesTest, PayloadsThatReplaceEachOther) {
  const VmCall pfault = InjectCall(PfaultInit(5, 6));
  const VmCall other_pfault = InjectCall(PfaultInit(7, 8));
  const VmCall program = InjectCall(Program(FilledPgm(1, 4, 0)));
  const VmCall prefix = InjectCall(SetPrefix(0x2000));
  const VmCall reset = VcpuCall(VmCallKind::kReset);

  EXPECT_EQ(RunPrograms({{GetCall()}, {InjectCall(Emergency(0))}, {program}, {reset}},
                        {{pfault, other_pfault},
                         {pfault, reset},
                         {reset, pfault},
                         {reset, pfault, other_pfault},
                         {pfault, program, reset},
                         {reset, prefix, program}}),
            "");

  Report();
}

TEST_F(ChosenSchedulesTest, RacyMachinesAreConvicted) {
  const std::vector<VmCall> calls = LocalCalls(0);
  for (RacyFault fault : {RacyFault::kStoreInsteadOfSwap, RacyFault::kGetAtTwoInstants,
                          RacyFault::kSetByRecords, RacyFault::kLateEffect}) {
    make_ = [fault] { return std::make_unique<RacyMachine>(DefaultHostProfile(), fault); };

    EXPECT_THAT(RunPairs(calls, calls), testing::HasSubstr("No order explains all"))
        << "fault " << static_cast<int>(fault);
  }
}

// Two threads that each load a word and store it: 4 choose 2.
TEST_F(ChosenSchedulesTest, NoOrderIsLeftOut) {
  make_ = [] {
    return std::make_unique<RacyMachine>(DefaultHostProfile(), RacyFault::kStoreInsteadOfSwap);
  };
  ScheduledCalls calls(make_);
  const CallProgram program =
      PairOf({}, VcpuCall(VmCallKind::kVcpuIds), VcpuCall(VmCallKind::kVcpuIds));

  EXPECT_EQ(calls.RunAll(program, 10, &schedules_), "");

  EXPECT_EQ(schedules_, 6u);
}

}  // namespace
}  // namespace irqd
