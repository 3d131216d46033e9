// KVM_CREATE_DEVICE, KVM_ENABLE_CAP and KVM_S390_INTERRUPT on a VM, and the FLIC's structures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/flic_test_case.h"

namespace irqd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(FlicTest, CreateDeviceChecksInOrder) {
  const int vm = Ioctl(kvm_, KVM_CREATE_VM);
  kvm_create_device vfio = {KVM_DEV_TYPE_VFIO, 7, KVM_CREATE_DEVICE_TEST};
  kvm_create_device test = {KVM_DEV_TYPE_FLIC, 7, KVM_CREATE_DEVICE_TEST};
  kvm_create_device flic = {KVM_DEV_TYPE_FLIC, 7, 2};

  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, memory_.Put(BytesOf(flic), sizeof(flic) - 1)), -EFAULT);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, uint64_t{0}), -EFAULT);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, &vfio), -ENODEV);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, &test), 0);
  EXPECT_EQ(test.fd, 7u);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, &flic), 0);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, &test), 0) << "a test finds what there is already";
  const int fd = static_cast<int>(flic.fd);
  EXPECT_EQ(DeviceAttrIoctl(fd, KVM_HAS_DEVICE_ATTR, KVM_DEV_FLIC_ENQUEUE, 0, nullptr), 0);
  EXPECT_EQ(irqd_close(fd), 0);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, &flic), -EINVAL) << "it stays when it is closed";
  irqd_close(vm);
}

TEST_F(FlicTest, CreateDeviceWritesAtTheEnd) {
  const int vm = Ioctl(kvm_, KVM_CREATE_VM);
  const kvm_create_device devices[] = {{KVM_DEV_TYPE_VFIO, 0, 0},
                                       {KVM_DEV_TYPE_FLIC, 0, KVM_CREATE_DEVICE_TEST},
                                       {KVM_DEV_TYPE_FLIC, 0, 0}};
  char* const arguments = memory_.Put(BytesOf(devices), sizeof(devices));
  memory_.MakeReadOnly();

  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, arguments), -ENODEV);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, arguments + sizeof(devices[0])), -EFAULT);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, arguments + 2 * sizeof(devices[0])), -EFAULT);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_DEVICE, arguments + 2 * sizeof(devices[0])), -EINVAL);

  std::vector<int> untold;
  for (int fd = 0; fd < 100; ++fd) {
    const int has = DeviceAttrIoctl(fd, KVM_HAS_DEVICE_ATTR, KVM_DEV_FLIC_ENQUEUE, 0, nullptr);
    if (has == 0 && fd != flic_) untold.push_back(fd);
  }
  ASSERT_THAT(untold, SizeIs(1)) << "the descriptor that nobody was told of stays open";
  EXPECT_EQ(irqd_close(untold[0]), 0);
  irqd_close(vm);
}

TEST_F(FlicTest, EnableCapChecksInOrder) {
  const kvm_enable_cap cap = {};
  EXPECT_EQ(Ioctl(vm_, KVM_ENABLE_CAP, memory_.Put(BytesOf(cap), sizeof(cap) - 1)), -EFAULT);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 1), -EINVAL);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_IRQCHIP), 0);
  EXPECT_EQ(EnableCap(0xffffffff), -EINVAL);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS), 0);
  const int vcpu = Ioctl(vm_, KVM_CREATE_VCPU, 0);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS), -EBUSY);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 1), -EINVAL);
  irqd_close(vcpu);
}

TEST_F(FlicTest, InterruptOnTheVmIsFloating) {
  kvm_s390_interrupt io = {0x20001, 0x00030004, uint64_t{0x11223344} << 32 | 0x28000000};
  kvm_s390_interrupt restart = {KVM_S390_RESTART, 0, 0};

  EXPECT_EQ(Ioctl(vm_, KVM_S390_INTERRUPT, &io), 0);
  EXPECT_EQ(Ioctl(vm_, KVM_S390_INTERRUPT, &restart), -EINVAL);
  EXPECT_EQ(Ioctl(vm_, KVM_S390_INTERRUPT, memory_.Put(BytesOf(io), sizeof(io) - 1)), -EFAULT);
  EXPECT_EQ(Ioctl(vm_, KVM_S390_IRQ, &io), -ENOTTY);

  const std::vector<kvm_s390_irq> pending = Pending();
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].type, 0x20001u);
  EXPECT_EQ(pending[0].u.io.subchannel_id, 3);
  EXPECT_EQ(pending[0].u.io.subchannel_nr, 4);
  EXPECT_EQ(pending[0].u.io.io_int_parm, 0x11223344u);
  EXPECT_EQ(pending[0].u.io.io_int_word, 0x28000000u);
}

TEST_F(FlicTest, OtherRequestsAreNotKnown) {
  for (const unsigned long request :
       {0x1234ul, KVM_S390_INTERRUPT, KVM_S390_IRQ, KVM_S390_SET_IRQ_STATE}) {
    EXPECT_EQ(Ioctl(flic_, request, uint64_t{0}), -ENOTTY) << request;
  }
  EXPECT_EQ(Ioctl(flic_, uint64_t{1} << 32 | KVM_HAS_DEVICE_ATTR, uint64_t{0}), -EFAULT);
  EXPECT_EQ(OrErrno(irqd_vcpu_open(flic_, 0)), -ENOTTY);
}

TEST_F(FlicTest, HasEveryGroup) {
  for (uint32_t group = 0; group < 20; ++group) {
    const bool known = group >= KVM_DEV_FLIC_GET_ALL_IRQS && group <= KVM_DEV_FLIC_AISM_ALL;
    EXPECT_EQ(DeviceAttrIoctl(flic_, KVM_HAS_DEVICE_ATTR, group, 0, nullptr), known ? 0 : -ENXIO)
        << group;
  }
}

TEST_F(FlicTest, ArgumentThatCannotBeReadFaults) {
  const kvm_device_attr attr = {0, 99, 0, 0};
  for (const unsigned long request :
       {KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, KVM_HAS_DEVICE_ATTR}) {
    EXPECT_EQ(Ioctl(flic_, request, uint64_t{0}), -EFAULT) << request;
    EXPECT_EQ(Ioctl(flic_, request, memory_.Put(BytesOf(attr), sizeof(attr) - 1)), -EFAULT);
    EXPECT_EQ(Ioctl(flic_, request, memory_.Put(BytesOf(attr), sizeof(attr))),
              request == KVM_HAS_DEVICE_ATTR ? -ENXIO : -EINVAL);
  }
}

TEST_F(FlicTest, StructuresThatCannotBeReadFault) {
  ASSERT_EQ(EnableCap(KVM_CAP_S390_AIS), 0);
  const struct {
    uint32_t group;
    uint64_t attr;
    size_t size;
  } cases[] = {
      {KVM_DEV_FLIC_ADAPTER_REGISTER, 0, sizeof(kvm_s390_io_adapter)},
      {KVM_DEV_FLIC_ADAPTER_MODIFY, 0, sizeof(kvm_s390_io_adapter_req)},
      {KVM_DEV_FLIC_CLEAR_IO_IRQ, 4, 4},
      {KVM_DEV_FLIC_AISM, 0, sizeof(kvm_s390_ais_req)},
      {KVM_DEV_FLIC_AISM_ALL, 0, sizeof(kvm_s390_ais_all)},
  };
  // All ones fit into no field that is checked.
  const std::string ones(16, '\xff');
  for (const auto& test : cases) {
    EXPECT_EQ(SetAttr(test.group, test.attr, nullptr), -EFAULT) << test.group;
    const char* const cut = memory_.Put(ones, test.size - 1);
    EXPECT_EQ(SetAttr(test.group, test.attr, cut), -EFAULT) << test.group;
    const bool checked =
        test.group != KVM_DEV_FLIC_AISM_ALL && test.group != KVM_DEV_FLIC_CLEAR_IO_IRQ;
    const char* const whole = memory_.Put(ones, test.size);
    EXPECT_EQ(SetAttr(test.group, test.attr, whole), checked ? -EINVAL : 0) << test.group;
  }
}

TEST_F(FlicTest, ChecksBeforeTheStructureComeBefore) {
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AISM, 0, nullptr), -EOPNOTSUPP);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AISM_ALL, 0, nullptr), -EOPNOTSUPP);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IO_IRQ, 4, nullptr, 1), -EINVAL);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IO_IRQ, 5, nullptr), -EINVAL);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AIRQ_INJECT, 0, nullptr), -EINVAL);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, 0, nullptr), -EINVAL);
}

TEST_F(FlicTest, SomeGroupsReadNothing) {
  for (const uint32_t group :
       {KVM_DEV_FLIC_CLEAR_IRQS, KVM_DEV_FLIC_APF_ENABLE, KVM_DEV_FLIC_APF_DISABLE_WAIT}) {
    EXPECT_EQ(SetAttr(group, 8, nullptr), 0) << group;
  }
}

TEST_F(FlicTest, AdaptersAreInHostByteOrder) {
  const kvm_s390_io_adapter adapter = {0x2a, 3, 1, 0, 0};
  const kvm_s390_io_adapter other = {0x2a00, 3, 1, 0, 0};
  kvm_s390_io_adapter_req mask = {0x2a, KVM_S390_IO_ADAPTER_MASK, 1, 0, 0};

  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ADAPTER_MODIFY, 0, &mask), -EINVAL) << "not registered";
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ADAPTER_REGISTER, 0, &other), -EINVAL);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ADAPTER_REGISTER, 0, &adapter), 0);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ADAPTER_REGISTER, 0, &adapter), -EINVAL);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ADAPTER_MODIFY, 0, &mask), 0);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AIRQ_INJECT, 0x2a, nullptr), 0);

  const std::vector<kvm_s390_irq> pending = Pending();
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].u.io.io_int_word, 0x80000000u | 3 << 27);
}

TEST_F(FlicTest, ClearIoIrqTakesTheIdInHostByteOrder) {
  ASSERT_EQ(Enqueue({MakeIo(1, 2), MakeIo(1, 3)}), 0);
  const uint32_t schid = 0x00010002;
  const uint32_t none = 0;

  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IO_IRQ, 4, &none), -EINVAL);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IO_IRQ, 4, &schid), 0);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IO_IRQ, 4, &schid), 0) << "nothing left of it";

  const std::vector<kvm_s390_irq> pending = Pending();
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].u.io.subchannel_nr, 3);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IRQS, 0, nullptr), 0);
  EXPECT_THAT(Pending(), IsEmpty());
}

TEST_F(FlicTest, AisModesGoInAndOut) {
  kvm_s390_ais_all ais = {};
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_AISM_ALL, 1, nullptr), -EINVAL);
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_AISM_ALL, 2, nullptr), -EOPNOTSUPP);
  ASSERT_EQ(EnableCap(KVM_CAP_S390_AIS), 0);
  const kvm_s390_ais_all set = {0x81, 0x01};
  const kvm_s390_ais_req single = {2, 1};
  const kvm_s390_ais_req no_mode = {2, 2};

  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AISM_ALL, 0, &set), 0);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AISM, 0, &single), 0);
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_AISM, 0, &no_mode), -EINVAL);

  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_AISM_ALL, 1, nullptr), -EINVAL);
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_AISM_ALL, 2, nullptr), -EFAULT);
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_AISM_ALL, 2, memory_.Before(1)), -EFAULT);
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_AISM_ALL, ~uint64_t{0}, &ais), 0);
  EXPECT_EQ(ais.simm, 0xa1);
  EXPECT_EQ(ais.nimm, 0x01);
}

}  // namespace
}  // namespace irqd
