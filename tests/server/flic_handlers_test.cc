#include "server/flic_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "core/irq_codec.h"
#include "core/kvm_flic.h"
#include "core/limits.h"
#include "tests/server/status_matchers.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Virtio(uint32_t parm) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_VIRTIO;
  irq.u.ext.ext_params = parm;
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

// A VM with a running vCPU 3, and requests that would succeed on it.
class FlicHandlersTest : public testing::Test {
 protected:
  FlicHandlersTest() {
    VmSpec spec;
    spec.name = "dasher";
    spec.vcpu_ids = {3};
    vm_id_ = registry_.CreateVm(spec).vm.id;
    registry_.Find(vm_id_)->FindVcpu(3)->SetMpState(KVM_MP_STATE_OPERATING);
    interrupt_.set_type(KVM_S390_INT_VIRTIO);
    interrupt_.set_parm(7);
    create_.set_type(KVM_DEV_TYPE_FLIC);
    set_.mutable_attr()->set_group(v1::FLIC_ENQUEUE);
    set_.mutable_attr()->set_attr(kIrqSize);
    set_.set_memory(Virtio(8));
    get_.mutable_attr()->set_group(v1::FLIC_GET_ALL_IRQS);
    get_.mutable_attr()->set_attr(kFlicMaxBuffer);
    has_.mutable_attr()->set_group(v1::FLIC_AISM_ALL);
    enable_.set_cap(KVM_CAP_S390_IRQCHIP);
    for (v1::VmRef* ref : {interrupt_.mutable_vm(), create_.mutable_vm(), set_.mutable_vm(),
                           get_.mutable_vm(), has_.mutable_vm(), enable_.mutable_vm()}) {
      ref->set_id(vm_id_);
    }
  }

  std::string Pending() {
    std::string images;
    registry_.Find(vm_id_)->GetDeviceAttr({0, v1::FLIC_GET_ALL_IRQS, kFlicMaxBuffer}, &images);
    return images;
  }

  // Calls every handler after `edit(request)`, and expects the same of each status.
  template <typename Edit, typename Matcher>
  void ExpectOfAll(Edit edit, const Matcher& matcher) {
    edit(interrupt_);
    edit(create_);
    edit(set_);
    edit(get_);
    edit(has_);
    edit(enable_);
    EXPECT_THAT(handlers_.S390Interrupt(interrupt_, &interrupt_response_), matcher);
    EXPECT_THAT(handlers_.CreateDevice(create_, &create_response_), matcher);
    EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), matcher);
    EXPECT_THAT(handlers_.GetDeviceAttr(get_, &get_response_), matcher);
    EXPECT_THAT(handlers_.HasDeviceAttr(has_, &has_response_), matcher);
    EXPECT_THAT(handlers_.EnableCap(enable_, &enable_response_), matcher);
  }

  VmRegistry registry_;
  FlicHandlers handlers_{&registry_};
  uint64_t vm_id_ = 0;
  v1::FlicS390InterruptRequest interrupt_;
  v1::CreateDeviceRequest create_;
  v1::SetDeviceAttrRequest set_;
  v1::GetDeviceAttrRequest get_;
  v1::HasDeviceAttrRequest has_;
  v1::EnableCapRequest enable_;
  v1::FlicS390InterruptResponse interrupt_response_;
  v1::CreateDeviceResponse create_response_;
  v1::SetDeviceAttrResponse set_response_;
  v1::GetDeviceAttrResponse get_response_;
  v1::HasDeviceAttrResponse has_response_;
  v1::EnableCapResponse enable_response_;
};

TEST_F(FlicHandlersTest, EveryCallReachesTheVm) {
  ExpectOfAll([](auto&) {}, IsOk());

  EXPECT_EQ(interrupt_response_.ret(), 0);
  EXPECT_THAT(interrupt_response_.woken_vcpu_ids(), ElementsAre(3));
  EXPECT_EQ(create_response_.ret(), 0);
  EXPECT_EQ(set_response_.ret(), 0);
  EXPECT_THAT(set_response_.woken_vcpu_ids(), ElementsAre(3));
  EXPECT_EQ(get_response_.ret(), 2);
  EXPECT_EQ(get_response_.memory(), Virtio(7) + Virtio(8));
  EXPECT_EQ(has_response_.ret(), 0);
  EXPECT_EQ(enable_response_.ret(), 0);
}

TEST_F(FlicHandlersTest, EveryCallTakesAName) {
  ExpectOfAll([](auto& request) { request.mutable_vm()->set_name("dasher"); }, IsOk());

  EXPECT_EQ(get_response_.ret(), 2);
}

TEST_F(FlicHandlersTest, EveryCallNeedsAVm) {
  ExpectOfAll([](auto& request) { request.clear_vm(); }, IsInvalid("vm"));
  ExpectOfAll([](auto& request) { request.mutable_vm(); }, IsInvalid("vm"));

  EXPECT_THAT(Pending(), IsEmpty());
}

TEST_F(FlicHandlersTest, EveryCallFindsNoVmThatIsNotThere) {
  ExpectOfAll([](auto& request) { request.mutable_vm()->set_id(999); }, IsNotFound("irqd.v1.Vm"));
  ExpectOfAll([](auto& request) { request.mutable_vm()->set_name("nobody"); },
              IsNotFound("irqd.v1.Vm"));
}

TEST_F(FlicHandlersTest, CallsOnAnAttributeNeedOne) {
  // The VM comes first in the order of checks, and looking for it last.
  for (const bool vm_is_there : {true, false}) {
    for (auto* ref : {set_.mutable_vm(), get_.mutable_vm(), has_.mutable_vm()}) {
      ref->set_id(vm_is_there ? vm_id_ : 999);
    }
    set_.clear_attr();
    get_.clear_attr();
    has_.clear_attr();
    EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), IsInvalid("attr"));
    EXPECT_THAT(handlers_.GetDeviceAttr(get_, &get_response_), IsInvalid("attr"));
    EXPECT_THAT(handlers_.HasDeviceAttr(has_, &has_response_), IsInvalid("attr"));
  }
  set_.clear_vm();
  EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), IsInvalid("vm"));
}

TEST_F(FlicHandlersTest, MemoryHasABound) {
  set_.mutable_memory()->resize(kMaxDeviceAttrMemory + 1);
  EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), IsInvalid("memory"));
  EXPECT_THAT(Pending(), IsEmpty());

  set_.mutable_memory()->resize(kMaxDeviceAttrMemory);
  EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), IsOk());
  EXPECT_THAT(Pending(), SizeIs(kIrqSize));
}

TEST_F(FlicHandlersTest, WhatTheKernelFindsWrongIsData) {
  interrupt_.set_type(KVM_S390_RESTART);
  create_.set_type(0);
  set_.mutable_memory()->resize(8);
  get_.mutable_attr()->set_attr(0);
  has_.mutable_attr()->set_group(0xffffffff);
  enable_.set_flags(1);

  ExpectOfAll([](auto&) {}, IsOk());

  EXPECT_EQ(interrupt_response_.ret(), -EINVAL);
  EXPECT_THAT(interrupt_response_.woken_vcpu_ids(), IsEmpty());
  EXPECT_EQ(create_response_.ret(), -ENODEV);
  EXPECT_EQ(set_response_.ret(), -EFAULT);
  EXPECT_EQ(get_response_.ret(), -EINVAL);
  EXPECT_THAT(get_response_.memory(), IsEmpty());
  EXPECT_EQ(has_response_.ret(), -ENXIO);
  EXPECT_EQ(enable_response_.ret(), -EINVAL);
}

TEST_F(FlicHandlersTest, FlagsReachTheKernel) {
  set_.mutable_attr()->set_group(v1::FLIC_CLEAR_IO_IRQ);
  set_.mutable_attr()->set_attr(4);
  set_.set_memory(std::string("\0\1\0\1", 4));
  EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), IsOk());
  EXPECT_EQ(set_response_.ret(), 0);

  set_.mutable_attr()->set_flags(1);
  EXPECT_THAT(handlers_.SetDeviceAttr(set_, &set_response_), IsOk());
  EXPECT_EQ(set_response_.ret(), -EINVAL);

  create_.set_flags(KVM_CREATE_DEVICE_TEST);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(handlers_.CreateDevice(create_, &create_response_), IsOk());
    EXPECT_EQ(create_response_.ret(), 0);
  }
}

// The names in the protocol are the kernel's numbers.
TEST_F(FlicHandlersTest, GroupsAreTheKernels) {
  EXPECT_EQ(v1::FLIC_GET_ALL_IRQS, static_cast<int>(FlicGroup::kGetAllIrqs));
  EXPECT_EQ(v1::FLIC_ENQUEUE, static_cast<int>(FlicGroup::kEnqueue));
  EXPECT_EQ(v1::FLIC_CLEAR_IRQS, static_cast<int>(FlicGroup::kClearIrqs));
  EXPECT_EQ(v1::FLIC_APF_ENABLE, static_cast<int>(FlicGroup::kApfEnable));
  EXPECT_EQ(v1::FLIC_APF_DISABLE_WAIT, static_cast<int>(FlicGroup::kApfDisableWait));
  EXPECT_EQ(v1::FLIC_ADAPTER_REGISTER, static_cast<int>(FlicGroup::kAdapterRegister));
  EXPECT_EQ(v1::FLIC_ADAPTER_MODIFY, static_cast<int>(FlicGroup::kAdapterModify));
  EXPECT_EQ(v1::FLIC_CLEAR_IO_IRQ, static_cast<int>(FlicGroup::kClearIoIrq));
  EXPECT_EQ(v1::FLIC_AISM, static_cast<int>(FlicGroup::kAism));
  EXPECT_EQ(v1::FLIC_AIRQ_INJECT, static_cast<int>(FlicGroup::kAirqInject));
  EXPECT_EQ(v1::FLIC_AISM_ALL, static_cast<int>(FlicGroup::kAismAll));
}

}  // namespace
}  // namespace irqd
