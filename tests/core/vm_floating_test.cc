// A VM's floating interrupts, its clock and its vCPUs together: delivery, waking, idling.
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/float_samples.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_guests.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t kIsc3 = 3;

class VmFloatingTest : public testing::Test {
 protected:
  // vCPUs in this order of creation.
  static constexpr uint32_t kFirst = 5;
  static constexpr uint32_t kSecond = 2;
  static constexpr uint32_t kThird = 200;

  VmFloatingTest() {
    for (uint32_t id : {kFirst, kSecond, kThird}) EXPECT_EQ(vm_.CreateVcpu(id), 0);
  }
  Vcpu& At(uint32_t id) { return *vm_.FindVcpu(id); }
  std::vector<uint32_t> InjectIo() { return vm_.S390Interrupt(VmIoOn(kIsc3, 1)).woken; }
  void RunAll() {
    for (uint32_t id : {kFirst, kSecond, kThird}) At(id).SetMpState(KVM_MP_STATE_OPERATING);
  }
  // Lets a vCPU go to sleep.
  void Idle(uint32_t id) {
    Open(&At(id), kPswOpen | kPswWait);
    EXPECT_THAT(At(id).Deliver(100).delivered, IsEmpty());
    EXPECT_TRUE(vm_.IsIdle(At(id)));
  }

  Vm vm_{1, "vm-1", DefaultHostProfile()};
};

TEST_F(VmFloatingTest, AnyVcpuTakesThem) {
  OpenNewPsws(&vm_);
  Open(&At(kSecond), kPswOpen);
  ASSERT_EQ(At(kSecond).S390Irq(Emergency(kFirst)), 0);
  ASSERT_EQ(vm_.S390Interrupt(VmIoOn(kIsc3, 1)).ret, 0);
  ASSERT_EQ(vm_.S390Interrupt(VmService(0x1000)).ret, 0);

  const DeliverResult closed = At(kFirst).Deliver(100);
  const DeliverResult open = At(kSecond).Deliver(100);

  EXPECT_THAT(closed.delivered, IsEmpty());
  EXPECT_EQ(closed.pending.size(), 2u);
  EXPECT_EQ(RecordsOf(open), HexOf({Emergency(kFirst), Service(0x1000), IoOn(kIsc3, 1)}));
  EXPECT_EQ(vm_.floating_pending(), 0u);
  EXPECT_EQ(At(kSecond).pending(), 0u);
}

TEST_F(VmFloatingTest, PendingWordOfBothKernels) {
  Vm older(2, "vm-2", Linux41());
  for (Vm* vm : {&vm_, &older}) {
    EXPECT_EQ(vm->floating_pending(), 0u);
    EXPECT_EQ(vm->S390Interrupt(VmIoOn(0, 1)).ret, 0);
    EXPECT_EQ(vm->S390Interrupt(VmService(1)).ret, 0);
    EXPECT_EQ(vm->S390Interrupt(VmMchk(0, 1)).ret, 0);
  }

  EXPECT_EQ(vm_.floating_pending(), 1u << 24 | 1u << 16 | 1u << 15 | 1u << 10);
  EXPECT_EQ(older.floating_pending(), 1u << 3 | 1u << 11 | 1u << 16);
}

TEST_F(VmFloatingTest, GisaIsNotInThePendingWord) {
  Vm vm(2, "vm-2", WithGisa());
  EXPECT_EQ(vm.gisa_ipm(), 0);

  EXPECT_EQ(vm.S390Interrupt(VmAdapter(kIsc3)).ret, 0);

  EXPECT_EQ(vm.floating_pending(), 0u);
  EXPECT_EQ(vm.gisa_ipm(), 0x10);
}

// Whoever lists VMs asks each of them.
TEST_F(VmFloatingTest, AskingForWhatIsPendingTakesNoMemory) {
  const size_t before = Allocations();

  EXPECT_EQ(vm_.floating_pending(), 0u);
  EXPECT_EQ(vm_.gisa_ipm(), 0);

  EXPECT_EQ(Allocations(), before);
}

TEST_F(VmFloatingTest, ResetsKeepFloatingInterrupts) {
  InjectIo();

  for (ResetKind kind : {ResetKind::kNormal, ResetKind::kInitial, ResetKind::kClear}) {
    EXPECT_EQ(At(kFirst).Reset(kind), 0);
  }

  EXPECT_EQ(vm_.floating_pending(), 1u << 7);
}

TEST_F(VmFloatingTest, ClockAndNewPswsAreTheVms) {
  EXPECT_EQ(vm_.GetRegisters().tod_clock, VmRegisters().tod_clock);
  VmRegistersUpdate update;
  update.tod_clock = 1;
  update.new_psw_restart = 2;
  update.new_psw_external = 3;
  update.new_psw_program = 4;
  update.new_psw_machine_check = 5;
  update.new_psw_io = 6;

  vm_.SetRegisters(update);
  vm_.SetRegisters({});

  const VmRegisters registers = vm_.GetRegisters();
  EXPECT_EQ(registers.tod_clock, 1u);
  EXPECT_EQ(registers.new_psw_masks.restart, 2u);
  EXPECT_EQ(registers.new_psw_masks.external, 3u);
  EXPECT_EQ(registers.new_psw_masks.program, 4u);
  EXPECT_EQ(registers.new_psw_masks.machine_check, 5u);
  EXPECT_EQ(registers.new_psw_masks.io, 6u);
}

TEST_F(VmFloatingTest, TimersFollowTheVmsClock) {
  VcpuRegistersUpdate registers;
  registers.psw_mask = kPswOpen;
  registers.cr0 = 0x800;
  registers.clock_comparator = 100;
  At(kFirst).SetRegisters(registers);
  VmRegistersUpdate clock;

  clock.tod_clock = 100;
  vm_.SetRegisters(clock);
  EXPECT_FALSE(At(kFirst).GetDeliverable().has_irq);
  clock.tod_clock = 101;
  vm_.SetRegisters(clock);

  const Deliverable deliverable = At(kFirst).GetDeliverable();
  EXPECT_TRUE(deliverable.has_irq);
  ASSERT_EQ(deliverable.pending.size(), 1u);
  EXPECT_EQ(deliverable.pending[0].type, KVM_S390_INT_CLOCK_COMP);
  EXPECT_EQ(RecordsOf(At(kFirst).Deliver(100)), HexOf({Irq(KVM_S390_INT_CLOCK_COMP)}));
}

TEST_F(VmFloatingTest, StopInterceptSeesFloatingInterrupts) {
  Open(&At(kFirst), kPswOpen);
  At(kFirst).Sigp(static_cast<uint8_t>(SigpOrder::kStart), kSecond, 0);
  ASSERT_EQ(At(kFirst).S390Irq(Stop(1)), 0);
  InjectIo();
  EXPECT_FALSE(vm_.FindVcpu(kFirst)->GetDeliverable().pending.empty());
  EXPECT_TRUE(vm_.FindVcpu(kFirst)->GetDeliverable().has_irq_besides_stop);
  EXPECT_EQ(At(kFirst).StopIntercept(), 0);

  vm_.SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kClearIrqs), 0}, {});

  EXPECT_FALSE(vm_.FindVcpu(kFirst)->GetDeliverable().has_irq_besides_stop);
  EXPECT_TRUE(vm_.FindVcpu(kFirst)->GetDeliverable().has_irq);
  EXPECT_EQ(At(kFirst).StopIntercept(), -EOPNOTSUPP);
  EXPECT_EQ(At(kFirst).GetMpState(), KVM_MP_STATE_STOPPED);
}

TEST_F(VmFloatingTest, EnableCapCountsVcpus) {
  Vm empty(2, "vm-2", DefaultHostProfile());

  EXPECT_EQ(vm_.EnableCap(KVM_CAP_S390_AIS, 0), -EBUSY);
  EXPECT_EQ(empty.EnableCap(KVM_CAP_S390_AIS, 0), 0);
  EXPECT_EQ(vm_.CreateDevice(KVM_DEV_TYPE_FLIC, 0), 0);
  EXPECT_EQ(vm_.CreateDevice(KVM_DEV_TYPE_FLIC, 0), -EINVAL);
}

TEST_F(VmFloatingTest, OlderFlicHasFewerGroups) {
  Vm older(2, "vm-2", Linux41());
  const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kAismAll), 2};
  std::string memory = "old";

  EXPECT_EQ(vm_.GetDeviceAttr(attr, &memory), -EOPNOTSUPP);
  EXPECT_EQ(older.GetDeviceAttr(attr, &memory), -EINVAL);
  EXPECT_EQ(memory, "");
}

// --- who is woken ---

TEST_F(VmFloatingTest, NobodyIsWokenWhereAllAreStopped) { EXPECT_THAT(InjectIo(), IsEmpty()); }

TEST_F(VmFloatingTest, NobodyIsWokenWhereThereIsNobody) {
  Vm empty(2, "vm-2", DefaultHostProfile());

  const FloatReply reply = empty.S390Interrupt(VmIoOn(kIsc3, 1));

  EXPECT_EQ(reply.ret, 0);
  EXPECT_THAT(reply.woken, IsEmpty());
}

TEST_F(VmFloatingTest, WithoutIdleOnesTheyTakeTurns) {
  RunAll();

  EXPECT_THAT(InjectIo(), ElementsAre(kFirst));
  EXPECT_THAT(InjectIo(), ElementsAre(kSecond));
  EXPECT_THAT(InjectIo(), ElementsAre(kThird));
  EXPECT_THAT(InjectIo(), ElementsAre(kFirst));
}

TEST_F(VmFloatingTest, TurnsSkipStoppedOnes) {
  RunAll();
  At(kSecond).SetMpState(KVM_MP_STATE_STOPPED);

  EXPECT_THAT(InjectIo(), ElementsAre(kFirst));
  EXPECT_THAT(InjectIo(), ElementsAre(kThird));
  EXPECT_THAT(InjectIo(), ElementsAre(kFirst));
}

// The search that finds nobody goes one further than once round, as the kernel's does.
TEST_F(VmFloatingTest, FruitlessSearchMovesTheTurn) {
  EXPECT_THAT(InjectIo(), IsEmpty());
  RunAll();

  EXPECT_THAT(InjectIo(), ElementsAre(kSecond));
}

TEST_F(VmFloatingTest, ANewVcpuJoinsTheTurns) {
  RunAll();
  InjectIo();
  InjectIo();
  ASSERT_EQ(vm_.CreateVcpu(1), 0);
  At(1).SetMpState(KVM_MP_STATE_OPERATING);

  EXPECT_THAT(InjectIo(), ElementsAre(kThird));
  EXPECT_THAT(InjectIo(), ElementsAre(1));
  EXPECT_THAT(InjectIo(), ElementsAre(kFirst));
}

TEST_F(VmFloatingTest, IdleOnesAreWokenFirstByCreation) {
  RunAll();
  Idle(kThird);
  Idle(kSecond);

  EXPECT_THAT(InjectIo(), ElementsAre(kSecond));
  EXPECT_THAT(InjectIo(), ElementsAre(kThird));
  EXPECT_THAT(InjectIo(), ElementsAre(kFirst)) << "then in turn";
  EXPECT_FALSE(vm_.IsIdle(At(kSecond)));
}

TEST_F(VmFloatingTest, AListWakesForEachRecord) {
  RunAll();
  const std::string list = Images({IoOn(0, 1), IoOn(0, 2), Irq(KVM_S390_RESTART)});

  const FloatReply reply = vm_.SetDeviceAttr(
      {0, static_cast<uint32_t>(FlicGroup::kEnqueue), list.size()}, BytesOf(list));

  EXPECT_EQ(reply.ret, -EINVAL);
  EXPECT_THAT(reply.woken, ElementsAre(kFirst, kSecond));
}

TEST_F(VmFloatingTest, ARefusedOneWakesNobody) {
  RunAll();

  const FloatReply reply = vm_.S390Interrupt({KVM_S390_RESTART, 0, 0});

  EXPECT_EQ(reply.ret, -EINVAL);
  EXPECT_THAT(reply.woken, IsEmpty());
}

}  // namespace
}  // namespace irqd
