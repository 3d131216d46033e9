// The C interface against a server: what can go wrong on the way, and what the server is left with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <memory>
#include <string>

#include "client/connection.h"
#include "client/irqd_kvm_guest.h"
#include "server/listen_address.h"
#include "server/server.h"
#include "tests/client/flic_test_case.h"

namespace irqd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class IrqdKvmServerTest : public testing::Test {
 protected:
  void SetUp() override {
    VmRegistry::Limits limits;
    limits.max_vms = 2;
    limits.max_vcpus = 2;
    auto server = Server::Start({*ParseListenAddress("127.0.0.1:0")}, limits);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    target_ = server_->addresses()[0];
    connection_ = *Connect(target_);
    kvm_ = irqd_open(target_.c_str(), "no-sigpif");
    ASSERT_GE(kvm_, 0);
  }
  void TearDown() override { irqd_close(kvm_); }

  std::vector<VmInfo> Vms() { return *connection_->ListVms(CallOptions()); }

  std::unique_ptr<Server> server_;
  std::string target_;
  std::shared_ptr<Connection> connection_;
  int kvm_ = -1;
};

TEST_F(IrqdKvmServerTest, MovesInterruptsBetweenVms) {
  int vms[2];
  int vcpus[2];
  for (int i = 0; i < 2; ++i) {
    vms[i] = Ioctl(kvm_, KVM_CREATE_VM);
    vcpus[i] = Ioctl(vms[i], KVM_CREATE_VCPU, 254);
    ASSERT_GE(vcpus[i], 0);
  }
  ASSERT_EQ(Inject(vcpus[0], KVM_S390_INT_EMERGENCY, 254), 0);
  kvm_s390_irq moved[8];

  const int size = Get(vcpus[0], moved, sizeof(moved));

  ASSERT_EQ(size, 72);
  EXPECT_EQ(Set(vcpus[1], moved, size), 0);
  EXPECT_EQ(Set(vcpus[1], moved, size), -EBUSY);
  EXPECT_EQ(Get(vcpus[1], moved, sizeof(moved)), 72);
  EXPECT_EQ(moved[0].u.emerg.code, 254);
  for (const int fd : {vcpus[0], vcpus[1], vms[0], vms[1]}) irqd_close(fd);
  EXPECT_THAT(Vms(), IsEmpty());
}

TEST_F(IrqdKvmServerTest, FloatingInterruptsGoThereInPartsAndAreDelivered) {
  constexpr uint64_t kPswIo = uint64_t{1} << (63 - 6);
  const int vm = Ioctl(kvm_, KVM_CREATE_VM);
  const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);
  const int flic = CreateFlic(vm);
  ASSERT_GE(flic, 0);
  std::vector<kvm_s390_irq> irqs;
  for (uint16_t nr = 0; nr < 2000; ++nr) irqs.push_back(MakeIo(1, nr));
  const uint64_t size = irqs.size() * sizeof(irqs[0]);
  const auto flic_ioctl = [&](unsigned long request, uint32_t group) {
    return DeviceAttrIoctl(flic, request, group, size, irqs.data());
  };

  EXPECT_EQ(flic_ioctl(KVM_SET_DEVICE_ATTR, KVM_DEV_FLIC_ENQUEUE), 0);
  irqs.assign(2000, kvm_s390_irq());
  EXPECT_EQ(flic_ioctl(KVM_GET_DEVICE_ATTR, KVM_DEV_FLIC_GET_ALL_IRQS), 2000);
  EXPECT_EQ(irqs[1999].u.io.subchannel_nr, 1999);
  EXPECT_EQ(irqd_vcpu_set_register(vcpu, IRQD_PSW_MASK, kPswIo), 0);
  EXPECT_EQ(irqd_vcpu_set_register(vcpu, IRQD_CR6, 0xff000000), 0);
  EXPECT_EQ(irqd_vm_set_register(vm, IRQD_NEW_PSW_IO, kPswIo), 0);
  std::vector<irqd_delivered> delivered(3000);
  EXPECT_EQ(irqd_vcpu_deliver(vcpu, delivered.data(), 3000), 2000);

  EXPECT_EQ(delivered[1999].data0, 0x107cfu);
  EXPECT_EQ(irqd_vcpu_has_irq(vcpu, 0), 0);
  for (const int fd : {flic, vcpu, vm}) irqd_close(fd);
  EXPECT_THAT(Vms(), IsEmpty());
}

TEST_F(IrqdKvmServerTest, LimitsAreEdquot) {
  const int vms[] = {Ioctl(kvm_, KVM_CREATE_VM), Ioctl(kvm_, KVM_CREATE_VM)};
  const int vcpus[] = {Ioctl(vms[0], KVM_CREATE_VCPU, 0), Ioctl(vms[0], KVM_CREATE_VCPU, 1)};

  EXPECT_EQ(Ioctl(kvm_, KVM_CREATE_VM), -EDQUOT);
  EXPECT_EQ(Ioctl(vms[0], KVM_CREATE_VCPU, 2), -EDQUOT);

  EXPECT_THAT(Vms(), SizeIs(2));
  for (const int fd : {vcpus[0], vcpus[1], vms[0], vms[1]}) irqd_close(fd);
}

TEST_F(IrqdKvmServerTest, ADeletedVmIsEnodev) {
  const int vm = Ioctl(kvm_, KVM_CREATE_VM);
  const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);
  ASSERT_TRUE(connection_->DeleteVm(Vms()[0].id, CallOptions()).ok());

  EXPECT_EQ(Inject(vcpu, KVM_S390_RESTART), -ENODEV);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_VCPU, 1), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_open(vm, 0)), -ENODEV);
  EXPECT_EQ(irqd_close(vcpu), 0);
  EXPECT_EQ(irqd_close(vm), 0);
}

TEST_F(IrqdKvmServerTest, AServerThatIsGoneIsEhostdown) {
  const int vm = Ioctl(kvm_, KVM_CREATE_VM);
  const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);

  server_.reset();

  EXPECT_EQ(Inject(vcpu, KVM_S390_RESTART), -EHOSTDOWN);
  EXPECT_EQ(Ioctl(kvm_, KVM_CREATE_VM), -EHOSTDOWN);
  EXPECT_EQ(OrErrno(irqd_vm_open(kvm_, "vm-1")), -EHOSTDOWN);
  EXPECT_EQ(OrErrno(irqd_vcpu_open(vm, 0)), -EHOSTDOWN);
  EXPECT_EQ(irqd_close(vcpu), 0);
  EXPECT_EQ(irqd_close(vm), 0);
}

TEST_F(IrqdKvmServerTest, WhatNeedsNoServerWorksWithoutOne) {
  const int kvm = irqd_open("unix:nobody-listens-here", nullptr);

  EXPECT_EQ(Ioctl(kvm, KVM_GET_API_VERSION), 12);
  EXPECT_EQ(Ioctl(kvm, KVM_CREATE_VM), -EHOSTDOWN);
  EXPECT_EQ(irqd_close(kvm), 0);
}

TEST_F(IrqdKvmServerTest, AProcessThatEndsLeavesNoVmBehind) {
  const std::string program = "tests/client/leave_vm_behind";
  char* const argv[] = {const_cast<char*>(program.c_str()), &target_[0], nullptr};
  pid_t child;
  ASSERT_EQ(posix_spawn(&child, argv[0], nullptr, nullptr, argv, environ), 0);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);

  EXPECT_EQ(status, 0);
  EXPECT_THAT(Vms(), IsEmpty());
  EXPECT_EQ(connection_->CreateVm(VmSpec(), CallOptions())->id, 2) << "it never had one";
}

}  // namespace
}  // namespace irqd
