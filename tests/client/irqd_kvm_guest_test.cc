// irqd_kvm_guest.h on a simulation in this process.
#include "client/irqd_kvm_guest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/flic_test_case.h"

namespace irqd {
namespace {

constexpr uint64_t kPswExternal = uint64_t{1} << (63 - 7);
constexpr uint64_t kPswIo = uint64_t{1} << (63 - 6);
constexpr uint64_t kCr0Emergency = uint64_t{1} << (63 - 49);

class GuestTest : public FlicTest {
 protected:
  void SetUp() override {
    FlicTest::SetUp();
    for (int& vcpu : vcpus_) {
      vcpu = Ioctl(vm_, KVM_CREATE_VCPU, &vcpu - vcpus_);
      ASSERT_GE(vcpu, 0);
    }
  }
  void TearDown() override {
    for (const int vcpu : vcpus_) EXPECT_EQ(irqd_close(vcpu), 0);
    FlicTest::TearDown();
  }

  int vcpus_[2] = {-1, -1};
};

TEST_F(GuestTest, RegistersKeepWhatIsSet) {
  for (int which = IRQD_PSW_MASK; which <= IRQD_PREFIX; ++which) {
    const uint64_t set = which == IRQD_PREFIX ? 0x7fffe000 : 0x1122334455667700 + which;
    ASSERT_EQ(irqd_vcpu_set_register(vcpus_[0], which, set), 0) << which;
  }
  for (int which = IRQD_TOD_CLOCK; which <= IRQD_NEW_PSW_IO; ++which) {
    ASSERT_EQ(irqd_vm_set_register(vm_, which, 0x1122334455667700 + which), 0) << which;
  }

  for (int which = IRQD_PSW_MASK; which <= IRQD_PREFIX; ++which) {
    uint64_t got = 0;
    EXPECT_EQ(irqd_vcpu_get_register(vcpus_[0], which, &got), 0) << which;
    EXPECT_EQ(got, which == IRQD_PREFIX ? 0x7fffe000 : 0x1122334455667700 + which) << which;
    EXPECT_EQ(irqd_vcpu_get_register(vcpus_[1], which, &got), 0) << which;
    EXPECT_EQ(got, 0u) << which;
  }
  for (int which = IRQD_TOD_CLOCK; which <= IRQD_NEW_PSW_IO; ++which) {
    uint64_t got = 0;
    EXPECT_EQ(irqd_vm_get_register(vm_, which, &got), 0) << which;
    EXPECT_EQ(got, 0x1122334455667700u + which) << which;
  }
}

TEST_F(GuestTest, PrefixIsCutToAnAddress) {
  uint64_t prefix = 0;

  EXPECT_EQ(irqd_vcpu_set_register(vcpus_[0], IRQD_PREFIX, ~uint64_t{0}), 0);

  EXPECT_EQ(irqd_vcpu_get_register(vcpus_[0], IRQD_PREFIX, &prefix), 0);
  EXPECT_EQ(prefix, 0x7fffe000u);
}

TEST_F(GuestTest, FunctionsCheckInOrder) {
  uint64_t value = 0;
  const struct {
    const char* what;
    int result;
    int error;
  } cases[] = {
      {"get: no descriptor", OrErrno(irqd_vcpu_get_register(-1, 99, nullptr)), -EBADF},
      {"get: a VM", OrErrno(irqd_vcpu_get_register(vm_, 99, nullptr)), -ENOTTY},
      {"get: a FLIC", OrErrno(irqd_vcpu_get_register(flic_, 99, nullptr)), -ENOTTY},
      {"get: register 0", OrErrno(irqd_vcpu_get_register(vcpus_[0], 0, nullptr)), -EINVAL},
      {"get: register 8", OrErrno(irqd_vcpu_get_register(vcpus_[0], 8, nullptr)), -EINVAL},
      {"get: nowhere", OrErrno(irqd_vcpu_get_register(vcpus_[0], 1, nullptr)), -EFAULT},
      {"set: a VM", OrErrno(irqd_vcpu_set_register(vm_, 1, 0)), -ENOTTY},
      {"set: register 8", OrErrno(irqd_vcpu_set_register(vcpus_[0], 8, 0)), -EINVAL},
      {"VM get: a vCPU", OrErrno(irqd_vm_get_register(vcpus_[0], 99, &value)), -ENOTTY},
      {"VM get: register 7", OrErrno(irqd_vm_get_register(vm_, 7, nullptr)), -EINVAL},
      {"VM get: nowhere", OrErrno(irqd_vm_get_register(vm_, 1, nullptr)), -EFAULT},
      {"VM set: a vCPU", OrErrno(irqd_vm_set_register(vcpus_[0], 1, 0)), -ENOTTY},
      {"VM set: register 0", OrErrno(irqd_vm_set_register(vm_, 0, 0)), -EINVAL},
      {"deliver: a VM", OrErrno(irqd_vcpu_deliver(vm_, nullptr, 0)), -ENOTTY},
      {"deliver: none", OrErrno(irqd_vcpu_deliver(vcpus_[0], nullptr, 0)), -EINVAL},
      {"deliver: nothing there", OrErrno(irqd_vcpu_deliver(vcpus_[0], nullptr, 1)), 0},
      {"has_irq: a VM", OrErrno(irqd_vcpu_has_irq(vm_, 0)), -ENOTTY},
      {"stop_intercept: a VM", OrErrno(irqd_vcpu_stop_intercept(vm_)), -ENOTTY},
      {"sigp: a VM", OrErrno(irqd_vcpu_sigp(vm_, 0, 0x100, 0, nullptr)), -ENOTTY},
      {"sigp: no order", OrErrno(irqd_vcpu_sigp(vcpus_[0], 1, 0x100, 0, nullptr)), -EINVAL},
  };
  for (const auto& test : cases) EXPECT_EQ(test.result, test.error) << test.what;
}

TEST_F(GuestTest, DeliversWhatTheMasksLetThrough) {
  ASSERT_EQ(irqd_vcpu_set_register(vcpus_[0], IRQD_PSW_MASK, kPswExternal), 0);
  ASSERT_EQ(irqd_vm_set_register(vm_, IRQD_NEW_PSW_EXTERNAL, kPswExternal), 0);
  ASSERT_EQ(Inject(vcpus_[0], KVM_S390_INT_EMERGENCY, 1), 0);
  ASSERT_EQ(Inject(vcpus_[0], KVM_S390_RESTART), 0);
  irqd_delivered list[8];

  EXPECT_EQ(irqd_vcpu_deliver(vcpus_[0], list, 8), 1) << "a restart needs no mask";
  EXPECT_EQ(list[0].irq.type, KVM_S390_RESTART);
  EXPECT_EQ(irqd_vcpu_has_irq(vcpus_[0], 0), 0);
  ASSERT_EQ(irqd_vcpu_set_register(vcpus_[0], IRQD_PSW_MASK, kPswExternal), 0);
  ASSERT_EQ(irqd_vcpu_set_register(vcpus_[0], IRQD_CR0, kCr0Emergency), 0);
  EXPECT_EQ(irqd_vcpu_has_irq(vcpus_[0], 0), 1);
  EXPECT_EQ(irqd_vcpu_deliver(vcpus_[0], list, 8), 1);

  EXPECT_EQ(list[0].irq.type, KVM_S390_INT_EMERGENCY);
  EXPECT_EQ(list[0].irq.u.emerg.code, 1);
  EXPECT_EQ(list[0].data0, 1u);
  EXPECT_EQ(list[0].data1, 0u);
}

TEST_F(GuestTest, DeliversFloatingInterruptsInParts) {
  ASSERT_EQ(irqd_vcpu_set_register(vcpus_[1], IRQD_PSW_MASK, kPswIo), 0);
  ASSERT_EQ(irqd_vcpu_set_register(vcpus_[1], IRQD_CR6, 0xff000000), 0);
  ASSERT_EQ(irqd_vm_set_register(vm_, IRQD_NEW_PSW_IO, kPswIo), 0);
  ASSERT_EQ(Enqueue({MakeIo(1, 1), MakeIo(1, 2), MakeIo(1, 3)}), 0);
  irqd_delivered list[2];

  EXPECT_EQ(irqd_vcpu_deliver(vcpus_[1], list, 2), 2);
  EXPECT_EQ(list[0].data0, 0x10001u);
  EXPECT_EQ(list[1].data0, 0x10002u);
  EXPECT_EQ(irqd_vcpu_deliver(vcpus_[1], list, 0xffffffff), 1);
  EXPECT_EQ(list[0].irq.u.io.subchannel_nr, 3);
}

TEST_F(GuestTest, WhatCannotBeWrittenIsDeliveredAllTheSame) {
  ASSERT_EQ(Inject(vcpus_[0], KVM_S390_RESTART), 0);
  auto* const list = reinterpret_cast<irqd_delivered*>(memory_.Before(sizeof(irqd_delivered) - 1));

  EXPECT_EQ(OrErrno(irqd_vcpu_deliver(vcpus_[0], list, 1)), -EFAULT);

  EXPECT_EQ(irqd_vcpu_deliver(vcpus_[0], list, 1), 0);
}

TEST_F(GuestTest, AStopLeadsToUserspace) {
  uint32_t status = 7;
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 4, 0, nullptr), 0) << "start";
  EXPECT_EQ(irqd_vcpu_stop_intercept(vcpus_[1]), 0);
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 5, 0, &status), 0) << "stop";
  EXPECT_EQ(status, 0u);

  EXPECT_EQ(irqd_vcpu_has_irq(vcpus_[1], 0), 1);
  EXPECT_EQ(irqd_vcpu_has_irq(vcpus_[1], 1), 0);
  EXPECT_EQ(OrErrno(irqd_vcpu_stop_intercept(vcpus_[1])), -EOPNOTSUPP);

  EXPECT_EQ(irqd_vcpu_has_irq(vcpus_[1], 0), 0);
  EXPECT_EQ(Ioctl(vcpus_[1], KVM_GET_MP_STATE, uint64_t{0}), KVM_MP_STATE_STOPPED);
}

TEST_F(GuestTest, SigpSaysConditionCodeAndStatus) {
  uint32_t status = 0;
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 1, 0, &status), 1) << "sense";
  EXPECT_EQ(status, 0x40u) << "stopped";
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 0xff, 0, &status), 1);
  EXPECT_EQ(status, 2u) << "invalid order";
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 9, 1, 0, &status), 3) << "not operational";
  EXPECT_EQ(status, 0u);
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 2, 0, nullptr), 0) << "external call";
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 2, 0, nullptr), 1) << "one is pending";
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 6, 0, nullptr), 0) << "restart";
  EXPECT_EQ(irqd_vcpu_sigp(vcpus_[0], 1, 2, 0, nullptr), 2) << "busy";
}

TEST_F(GuestTest, StatusThatCannotBeWrittenFaultsAfterTheOrder) {
  auto* const nowhere = reinterpret_cast<uint32_t*>(memory_.end());

  EXPECT_EQ(OrErrno(irqd_vcpu_sigp(vcpus_[0], 1, 3, 0, nowhere)), -EFAULT);

  kvm_s390_irq irq;
  EXPECT_EQ(Get(vcpus_[1], &irq, sizeof(irq)), 72);
}

TEST_F(GuestTest, WhatIsGoneIsEnodev) {
  const int attached = irqd_vm_open(kvm_, "vm-2");
  EXPECT_EQ(attached, -1);
  const int vm = Ioctl(kvm_, KVM_CREATE_VM);
  const int other = irqd_vm_open(kvm_, "vm-2");
  ASSERT_GE(other, 0);
  const int vcpu = Ioctl(other, KVM_CREATE_VCPU, 0);
  irqd_close(vm);
  uint64_t value = 7;

  EXPECT_EQ(OrErrno(irqd_vcpu_get_register(vcpu, IRQD_CR0, nullptr)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_set_register(vcpu, IRQD_CR0, 0)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vm_get_register(other, IRQD_TOD_CLOCK, &value)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vm_set_register(other, IRQD_TOD_CLOCK, 0)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_deliver(vcpu, nullptr, 1)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_has_irq(vcpu, 0)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_stop_intercept(vcpu)), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_sigp(vcpu, 0, 1, 0, nullptr)), -ENODEV);
  EXPECT_EQ(CreateFlic(other), -ENODEV);
  EXPECT_EQ(value, 7u);
  irqd_close(vcpu);
  irqd_close(other);
}

}  // namespace
}  // namespace irqd
