// A VM with its FLIC behind the C interface, on a simulation in this process.
#ifndef IRQD_TESTS_CLIENT_FLIC_TEST_CASE_H_
#define IRQD_TESTS_CLIENT_FLIC_TEST_CASE_H_

#include <gtest/gtest.h>

#include <vector>

#include "client/irqd_kvm_flic.h"
#include "tests/client/guarded_memory.h"
#include "tests/client/ioctl.h"

namespace irqd {

inline int DeviceAttrIoctl(int fd, unsigned long request, uint32_t group, uint64_t attr,
                           const void* address, uint32_t flags = 0) {
  kvm_device_attr argument = {flags, group, attr, reinterpret_cast<uintptr_t>(address)};
  return Ioctl(fd, request, &argument);
}

inline int CreateFlic(int vm) {
  kvm_create_device device = {KVM_DEV_TYPE_FLIC, 0, 0};
  const int result = Ioctl(vm, KVM_CREATE_DEVICE, &device);
  return result == 0 ? static_cast<int>(device.fd) : result;
}

inline kvm_s390_irq MakeIo(uint16_t id, uint16_t nr, uint32_t word = 0) {
  kvm_s390_irq irq = {};
  irq.type = 0x10000u | nr;
  irq.u.io.subchannel_id = id;
  irq.u.io.subchannel_nr = nr;
  irq.u.io.io_int_word = word;
  return irq;
}

class FlicTest : public testing::Test {
 protected:
  explicit FlicTest(const char* profile = nullptr) : profile_(profile) {}

  void SetUp() override {
    kvm_ = irqd_open("inproc:", profile_);
    ASSERT_GE(kvm_, 0);
    vm_ = Ioctl(kvm_, KVM_CREATE_VM);
    ASSERT_GE(vm_, 0);
    flic_ = CreateFlic(vm_);
    ASSERT_GE(flic_, 0);
  }
  void TearDown() override {
    for (const int fd : {flic_, vm_, kvm_}) EXPECT_EQ(irqd_close(fd), 0);
  }

  int SetAttr(uint32_t group, uint64_t attr, const void* address, uint32_t flags = 0) {
    return DeviceAttrIoctl(flic_, KVM_SET_DEVICE_ATTR, group, attr, address, flags);
  }
  int GetAttr(uint32_t group, uint64_t attr, void* address) {
    return DeviceAttrIoctl(flic_, KVM_GET_DEVICE_ATTR, group, attr, address);
  }
  int Enqueue(const std::vector<kvm_s390_irq>& irqs) {
    return SetAttr(KVM_DEV_FLIC_ENQUEUE, irqs.size() * sizeof(kvm_s390_irq), irqs.data());
  }
  int EnableCap(uint32_t cap, uint32_t flags = 0) {
    kvm_enable_cap argument = {};
    argument.cap = cap;
    argument.flags = flags;
    return Ioctl(vm_, KVM_ENABLE_CAP, &argument);
  }

  // All that is pending on the VM.
  std::vector<kvm_s390_irq> Pending() {
    std::vector<kvm_s390_irq> irqs(3000);
    const int count = GetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, irqs.size() * sizeof(irqs[0]), &irqs[0]);
    EXPECT_GE(count, 0);
    irqs.resize(count);
    return irqs;
  }

  const char* const profile_;
  int kvm_ = -1;
  int vm_ = -1;
  int flic_ = -1;
  const GuardedMemory memory_{3 * 4096};
};

}  // namespace irqd

#endif  // IRQD_TESTS_CLIENT_FLIC_TEST_CASE_H_
