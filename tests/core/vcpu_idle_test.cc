// When a vCPU goes idle, and what ends it.
#include <functional>
#include <string>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_guests.h"

namespace irqd {
namespace {

using testing::ElementsAre;

class VcpuIdleTest : public testing::Test {
 protected:
  VcpuIdleTest() {
    EXPECT_EQ(vm_.CreateVcpu(3), 0);
    EXPECT_EQ(vm_.CreateVcpu(0), 0);
    vcpu_ = vm_.FindVcpu(0);
    vcpu_->SetMpState(KVM_MP_STATE_OPERATING);
  }
  bool IsIdle() { return vm_.IsIdle(*vcpu_); }
  void Sleep() {
    Open(vcpu_, kPswOpen | kPswWait);
    vcpu_->Deliver(100);
    ASSERT_TRUE(IsIdle());
  }

  Vm vm_{1, "vm-1", DefaultHostProfile()};
  Vcpu* vcpu_;
};

TEST_F(VcpuIdleTest, ADeliveryThatLeavesItInAnEnabledWaitMakesItIdle) {
  EXPECT_FALSE(IsIdle());

  Sleep();

  EXPECT_FALSE(vm_.IsIdle(*vm_.FindVcpu(3))) << "only that one";
}

TEST_F(VcpuIdleTest, TheMasksAloneDoNot) {
  Open(vcpu_, kPswOpen | kPswWait);

  EXPECT_FALSE(IsIdle());
}

TEST_F(VcpuIdleTest, NorDoesADeliveryWithoutTheWaitBit) {
  Open(vcpu_, kPswOpen);

  vcpu_->Deliver(100);

  EXPECT_FALSE(IsIdle());
}

TEST_F(VcpuIdleTest, NorADeliveryThatLeavesSomething) {
  Open(vcpu_, kPswOpen | kPswWait);
  ASSERT_EQ(vcpu_->S390Irq(Emergency(3)), 0);

  vcpu_->Deliver(0);

  EXPECT_FALSE(IsIdle());
}

// The new PSW decides: the kernel's handler goes on or waits.
TEST_F(VcpuIdleTest, TheNewPswDecides) {
  Open(vcpu_, kPswOpen | kPswWait);
  VmRegistersUpdate update;
  update.new_psw_external = kPswOpen | kPswWait;
  vm_.SetRegisters(update);
  ASSERT_EQ(vcpu_->S390Irq(Emergency(3)), 0);
  vcpu_->Deliver(100);
  EXPECT_TRUE(IsIdle());

  update.new_psw_external = kPswOpen;
  vm_.SetRegisters(update);
  ASSERT_EQ(vcpu_->S390Irq(Emergency(3)), 0);
  vcpu_->Deliver(100);

  EXPECT_FALSE(IsIdle());
}

TEST_F(VcpuIdleTest, EndsWithAnyChange) {
  const std::function<void()> kChanges[] = {
      [&] { vcpu_->S390Irq(Emergency(3)); },
      [&] {
        vcpu_->S390Interrupt({KVM_S390_INT_EMERGENCY, 3, 0});
      },
      [&] { vcpu_->Sigp(static_cast<uint8_t>(SigpOrder::kEmergencySignal), 3, 0); },
      [&] { vcpu_->Reset(ResetKind::kNormal); },
      [&] { vcpu_->Reset(ResetKind::kInitial); },
      [&] { vcpu_->SetMpState(KVM_MP_STATE_STOPPED); },
      [&] { vcpu_->SetRegisters({}); },
      [&] { vcpu_->StopIntercept(); },
      [&] { vm_.S390Interrupt(VmIoOn(3, 1)); },
  };
  for (const auto& change : kChanges) {
    vcpu_->Reset(ResetKind::kInitial);
    vm_.SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kClearIrqs), 0}, {});
    vcpu_->SetMpState(KVM_MP_STATE_OPERATING);
    Sleep();

    change();

    EXPECT_FALSE(IsIdle()) << &change - kChanges;
  }
}

TEST_F(VcpuIdleTest, OutlivesLooking) {
  Sleep();
  std::string images;

  vcpu_->GetIrqState(20664, &images);
  vcpu_->GetRegisters();
  vcpu_->GetMpState();
  vcpu_->GetDeliverable();
  vcpu_->Sigp(static_cast<uint8_t>(SigpOrder::kSense), 3, 0);

  EXPECT_TRUE(IsIdle());
}

// A refused injection wakes nobody in the kernel either.
TEST_F(VcpuIdleTest, OutlivesWhatIsRefused) {
  Sleep();

  EXPECT_NE(vcpu_->S390Irq(Emergency(77)), 0);
  EXPECT_NE(vcpu_->S390Irq(SetPrefix(0)), 0);

  EXPECT_TRUE(IsIdle());
}

// Surprise 5.
TEST_F(VcpuIdleTest, S8_5_OutlivesSet) {
  Sleep();
  const std::string list = Image(Emergency(3));

  EXPECT_EQ(vcpu_->SetIrqState(72, BytesOf(list)), 0);

  EXPECT_TRUE(IsIdle());
}

TEST_F(VcpuIdleTest, AWokenOneIsIdleAgainAfterItsDelivery) {
  VmRegistersUpdate update;
  update.new_psw_io = kPswOpen | kPswWait;
  vm_.SetRegisters(update);
  Sleep();
  EXPECT_THAT(vm_.S390Interrupt(VmIoOn(3, 1)).woken, ElementsAre(0));

  EXPECT_EQ(RecordsOf(vcpu_->Deliver(100)), HexOf({IoOn(3, 1)}));

  EXPECT_TRUE(IsIdle());
}

}  // namespace
}  // namespace irqd
