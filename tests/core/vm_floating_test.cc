// What a VM's vCPUs share: who is woken, who takes what, the registers.
#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/value_float.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr uint64_t kPswExternal = 0x0100000000000000;
constexpr uint64_t kPswIo = 0x0200000000000000;
constexpr uint64_t kPswWait = 0x0002000000000000;

// vCPUs 5, 1 and 200, created in this order.
class VmFloatingTest : public testing::Test {
 protected:
  VmFloatingTest() {
    for (uint32_t id : {5u, 1u, 200u}) EXPECT_EQ(vm_.CreateVcpu(id), 0);
  }
  Vcpu& vcpu(uint32_t id) { return *vm_.FindVcpu(id); }
  void StartAll() {
    for (uint32_t id : {5u, 1u, 200u}) vcpu(id).SetMpState(KVM_MP_STATE_OPERATING);
  }
  // Into an enabled wait, with nothing that would end it.
  void MakeIdle(uint32_t id) {
    vcpu(id).SetMpState(KVM_MP_STATE_OPERATING);
    VcpuRegistersUpdate update;
    update.psw_mask = kPswWait | kPswExternal;
    update.cr0 = 0;
    vcpu(id).SetRegisters(update);
    vcpu(id).Deliver(10);
    ASSERT_TRUE(vm_.IsIdle(vcpu(id)));
  }
  std::vector<uint32_t> Interrupt() { return vm_.S390Interrupt({KVM_S390_INT_VIRTIO, 1, 2}).woken; }

  Vm vm_{1, "vm-1", DefaultHostProfile()};
};

TEST_F(VmFloatingTest, NobodyIsWokenIfAllAreStopped) {
  EXPECT_THAT(Interrupt(), IsEmpty());
  Vm empty(2, "vm-2", DefaultHostProfile());
  EXPECT_THAT(empty.S390Interrupt({KVM_S390_INT_VIRTIO, 0, 0}).woken, IsEmpty());
}

TEST_F(VmFloatingTest, RunningOnesAreWokenInTurnByCreation) {
  StartAll();

  for (uint32_t id : {5u, 1u, 200u, 5u}) EXPECT_THAT(Interrupt(), ElementsAre(id));
}

TEST_F(VmFloatingTest, StoppedOnesAreSkipped) {
  StartAll();
  vcpu(1).SetMpState(KVM_MP_STATE_STOPPED);

  for (uint32_t id : {5u, 200u, 5u, 200u}) EXPECT_THAT(Interrupt(), ElementsAre(id));
}

TEST_F(VmFloatingTest, OneCreatedLaterTakesItsTurn) {
  StartAll();
  EXPECT_THAT(Interrupt(), ElementsAre(5));
  ASSERT_EQ(vm_.CreateVcpu(0), 0);
  vcpu(0).SetMpState(KVM_MP_STATE_OPERATING);

  for (uint32_t id : {1u, 200u, 0u, 5u}) EXPECT_THAT(Interrupt(), ElementsAre(id));
}

TEST_F(VmFloatingTest, IdleOnesAreWokenFirstAndOnce) {
  StartAll();
  MakeIdle(200);
  MakeIdle(1);

  EXPECT_THAT(Interrupt(), ElementsAre(1)) << "created before 200";
  EXPECT_THAT(Interrupt(), ElementsAre(200));
  EXPECT_THAT(Interrupt(), ElementsAre(5)) << "none is idle any more";
}

TEST_F(VmFloatingTest, EachInterruptOfAListWakesOne) {
  StartAll();
  const std::string list = Images({Virtio(1, 1), Emergency(0)});

  const FloatReply reply =
      vm_.SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kEnqueue), list.size()},
                        {reinterpret_cast<const uint8_t*>(list.data()), list.size()});

  EXPECT_EQ(reply.ret, -EINVAL);
  EXPECT_THAT(reply.woken, ElementsAre(5));
}

struct Disturbance {
  std::string name;
  std::function<void(Vcpu&)> make;
  bool ends_idle;
};
class IdleTest : public VmFloatingTest, public testing::WithParamInterface<Disturbance> {};
INSTANTIATE_TEST_SUITE_P(
    Calls, IdleTest,
    testing::Values(Disturbance{"Irq", [](Vcpu& v) { v.S390Irq(Emergency(1)); }, true},
                    Disturbance{"RefusedIrq", [](Vcpu& v) { v.S390Irq(Emergency(2)); }, false},
                    Disturbance{"Interrupt",
                                [](Vcpu& v) {
                                  v.S390Interrupt({KVM_S390_RESTART, 0, 0});
                                },
                                true},
                    Disturbance{"RefusedInterrupt",
                                [](Vcpu& v) {
                                  v.S390Interrupt({KVM_S390_INT_SERVICE, 0, 0});
                                },
                                false},
                    Disturbance{"SetMpState", [](Vcpu& v) { v.SetMpState(KVM_MP_STATE_STOPPED); },
                                true},
                    Disturbance{"Reset", [](Vcpu& v) { v.Reset(ResetKind::kNormal); }, true},
                    Disturbance{"SetRegisters", [](Vcpu& v) { v.SetRegisters({}); }, true},
                    Disturbance{"Sense", [](Vcpu& v) { v.Sigp(1, 1, 0); }, false},
                    Disturbance{"Emergency", [](Vcpu& v) { v.Sigp(3, 1, 0); }, true},
                    Disturbance{"UnknownOrder", [](Vcpu& v) { v.Sigp(0, 1, 0); }, false},
                    Disturbance{"StopIntercept", [](Vcpu& v) { v.StopIntercept(); }, true},
                    Disturbance{"GetMpState", [](Vcpu& v) { v.GetMpState(); }, false},
                    Disturbance{"GetDeliverable", [](Vcpu& v) { v.GetDeliverable(); }, false},
                    Disturbance{"AnotherDelivery", [](Vcpu& v) { v.Deliver(1); }, false}),
    [](const auto& info) { return info.param.name; });

TEST_P(IdleTest, EndsWhenTheVcpuIsDisturbed) {
  MakeIdle(1);

  GetParam().make(vcpu(1));

  EXPECT_EQ(vm_.IsIdle(vcpu(1)), !GetParam().ends_idle);
  EXPECT_FALSE(vm_.IsIdle(vcpu(5)));
}

// S8_5: SET does not wake the vCPU.
TEST_F(VmFloatingTest, S8_5_SetKeepsAVcpuIdle) {
  MakeIdle(1);
  const std::string list = Image(Emergency(1));

  EXPECT_EQ(
      vcpu(1).SetIrqState(kIrqSize, {reinterpret_cast<const uint8_t*>(list.data()), kIrqSize}), 0);

  EXPECT_TRUE(vm_.IsIdle(vcpu(1)));
}

TEST_F(VmFloatingTest, OneVcpuTakesAnInterruptAndTheOthersFindNone) {
  StartAll();
  Interrupt();
  EXPECT_EQ(vm_.floating_pending(), 1u << 11);
  VcpuRegistersUpdate update;
  update.psw_mask = kPswExternal;
  for (uint32_t id : {5u, 1u}) vcpu(id).SetRegisters(update);
  EXPECT_TRUE(vcpu(1).GetDeliverable().has_irq);
  EXPECT_TRUE(vcpu(1).GetDeliverable().has_irq_besides_stop);
  EXPECT_THAT(vcpu(1).GetDeliverable().pending, SizeIs(1));

  EXPECT_THAT(vcpu(1).Deliver(10).delivered, SizeIs(1));
  EXPECT_THAT(vcpu(5).Deliver(10).delivered, IsEmpty());
  EXPECT_EQ(vm_.floating_pending(), 0u);
}

TEST_F(VmFloatingTest, AStopIsNotBesidesTheStop) {
  StartAll();
  vcpu(1).S390Irq(Stop());

  EXPECT_TRUE(vcpu(1).GetDeliverable().has_irq);
  EXPECT_FALSE(vcpu(1).GetDeliverable().has_irq_besides_stop);
}

TEST_F(VmFloatingTest, S5_ResetsKeepFloatingInterrupts) {
  Interrupt();
  for (const ResetKind kind : {ResetKind::kNormal, ResetKind::kInitial, ResetKind::kClear}) {
    vcpu(1).Reset(kind);
  }

  EXPECT_EQ(vm_.floating_pending(), 1u << 11);
}

TEST_F(VmFloatingTest, S5_ResetsChangeRegisters) {
  VcpuRegistersUpdate update;
  update.psw_mask = ~uint64_t{0};
  update.cr0 = update.cr6 = update.cr14 = update.clock_comparator = update.cpu_timer = 7;
  update.prefix = 0xffffffff;
  vcpu(1).SetRegisters(update);
  EXPECT_EQ(vcpu(1).GetRegisters().prefix, 0x7fffe000u);

  vcpu(1).Reset(ResetKind::kNormal);
  const VcpuRegisters kept = vcpu(1).GetRegisters();
  EXPECT_EQ(kept.psw_mask, ~uint64_t{0} & ~(uint64_t{1} << (63 - 24)));
  for (uint64_t value : {kept.cr0, kept.cr6, kept.cr14, kept.clock_comparator, kept.cpu_timer}) {
    EXPECT_EQ(value, 7u);
  }
  for (const ResetKind kind : {ResetKind::kInitial, ResetKind::kClear}) {
    vcpu(1).SetRegisters(update);
    vcpu(1).Reset(kind);
    VcpuRegisters initial;
    initial.cr0 = 0xe0;
    initial.cr14 = 0xc2000000;
    EXPECT_TRUE(vcpu(1).GetRegisters() == initial);
  }
}

TEST_F(VmFloatingTest, RegistersOfTheVmAreSetOneByOne) {
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
  const NewPswMasks& masks = registers.new_psw_masks;
  EXPECT_THAT((std::vector<uint64_t>{masks.restart, masks.external, masks.program,
                                     masks.machine_check, masks.io}),
              ElementsAre(2, 3, 4, 5, 6));
}

TEST_F(VmFloatingTest, DevicesAndCapabilities) {
  EXPECT_EQ(vm_.EnableCap(KVM_CAP_S390_AIS, 0), -EBUSY) << "it has vCPUs";
  EXPECT_EQ(vm_.CreateDevice(KVM_DEV_TYPE_FLIC, 0), 0);
  EXPECT_EQ(vm_.CreateDevice(KVM_DEV_TYPE_FLIC, 0), -EINVAL);
  HostProfile profile = DefaultHostProfile();
  profile.gisa = true;
  Vm vm(2, "vm-2", profile);
  EXPECT_EQ(vm.EnableCap(KVM_CAP_S390_AIS, 0), 0);
  EXPECT_EQ(vm.floating_pending(), 0u);
  vm.S390Interrupt({kIntIoAdapter, 0, 0x18000000});
  EXPECT_EQ(vm.gisa_ipm(), 0x10);
  EXPECT_EQ(vm.floating_pending(), 0u) << "without the GISA";
  std::string images;
  EXPECT_EQ(vm.GetDeviceAttr({0, 1, 7200}, &images), 1);
}

}  // namespace
}  // namespace irqd
