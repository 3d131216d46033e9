// Descriptors of the C interface as files of the process: copied, closed, inherited.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "client/irqd_kvm_guest.h"
#include "tests/client/flic_test_case.h"

// The child of a fork may start a thread here; nothing that TSan knows is lost by it.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }

namespace irqd {
namespace {

class LifetimeTest : public testing::Test {
 protected:
  void SetUp() override {
    kvm_ = irqd_open("inproc:", nullptr);
    ASSERT_GE(kvm_, 0);
    vm_ = Ioctl(kvm_, KVM_CREATE_VM);
    ASSERT_GE(vm_, 0);
  }
  void TearDown() override { irqd_close(kvm_); }

  bool VmExists() {
    const int vm = OrErrno(irqd_vm_open(kvm_, "vm-1"));
    if (vm < 0) {
      EXPECT_EQ(vm, -ENOENT);
      return false;
    }
    EXPECT_EQ(irqd_close(vm), 0);
    return true;
  }
  // Comes back when the VM is gone; a test that hangs has failed.
  void AwaitRemoval() {
    while (VmExists()) std::this_thread::yield();
  }

  int kvm_ = -1;
  int vm_ = -1;
};

TEST_F(LifetimeTest, IrqdCloseRemovesTheVmAtOnce) {
  EXPECT_TRUE(VmExists());

  EXPECT_EQ(irqd_close(vm_), 0);

  EXPECT_FALSE(VmExists());
  EXPECT_EQ(Ioctl(vm_, KVM_CREATE_VCPU, 0), -EBADF);
}

TEST_F(LifetimeTest, PlainCloseRemovesTheVmSoon) {
  close(vm_);

  AwaitRemoval();
}

TEST_F(LifetimeTest, VmLivesUntilItsLastVcpuIsClosed) {
  const int vcpus[] = {Ioctl(vm_, KVM_CREATE_VCPU, 0), Ioctl(vm_, KVM_CREATE_VCPU, 1)};
  const int opened = irqd_vcpu_open(vm_, 1);
  irqd_close(vm_);
  for (const int vcpu : {vcpus[0], vcpus[1], opened}) {
    EXPECT_TRUE(VmExists());
    EXPECT_EQ(Inject(vcpu, KVM_S390_RESTART), 0);
    EXPECT_EQ(irqd_close(vcpu), 0);
  }
  EXPECT_FALSE(VmExists());
}

TEST_F(LifetimeTest, VmLivesUntilItsFlicIsClosed) {
  const int flic = CreateFlic(vm_);
  const int copy = dup(flic);
  const kvm_s390_irq io = MakeIo(1, 1);
  irqd_close(vm_);
  EXPECT_EQ(irqd_close(flic), 0);

  EXPECT_TRUE(VmExists());
  EXPECT_EQ(DeviceAttrIoctl(copy, KVM_SET_DEVICE_ATTR, KVM_DEV_FLIC_ENQUEUE, sizeof(io), &io), 0);
  EXPECT_EQ(irqd_close(copy), 0);

  EXPECT_FALSE(VmExists());
  EXPECT_EQ(DeviceAttrIoctl(copy, KVM_HAS_DEVICE_ATTR, KVM_DEV_FLIC_ENQUEUE, 0, nullptr), -EBADF);
}

TEST_F(LifetimeTest, PlainCloseOfTheFlicRemovesTheVmSoon) {
  const int flic = CreateFlic(vm_);
  close(vm_);
  EXPECT_TRUE(VmExists());

  close(flic);

  AwaitRemoval();
}

TEST_F(LifetimeTest, AVcpuOpenedBesideIsTheLastToo) {
  const int vcpu = Ioctl(vm_, KVM_CREATE_VCPU, 0);
  const int opened = irqd_vcpu_open(vm_, 0);
  close(vm_);
  close(vcpu);

  EXPECT_TRUE(VmExists());
  EXPECT_EQ(irqd_close(opened), 0);

  EXPECT_FALSE(VmExists());
}

TEST_F(LifetimeTest, CopiesWork) {
  const int copy = dup(vm_);
  const int high = fcntl(vm_, F_DUPFD, 100);
  irqd_close(vm_);

  const int vcpu = Ioctl(copy, KVM_CREATE_VCPU, 0);
  EXPECT_GE(vcpu, 0);
  EXPECT_EQ(Ioctl(high, KVM_CREATE_VCPU, 0), -EEXIST);

  for (const int fd : {vcpu, copy, high}) {
    EXPECT_TRUE(VmExists());
    irqd_close(fd);
  }
  EXPECT_FALSE(VmExists());
}

TEST_F(LifetimeTest, AnAttachedVmStays) {
  const int attached = irqd_vm_open(kvm_, "vm-1");
  const int vcpu = Ioctl(attached, KVM_CREATE_VCPU, 0);
  irqd_close(vcpu);
  irqd_close(attached);

  EXPECT_TRUE(VmExists());
}

TEST_F(LifetimeTest, AnAttachedDescriptorDoesNotKeepTheVm) {
  const int attached = irqd_vm_open(kvm_, "vm-1");
  const int vcpu = Ioctl(attached, KVM_CREATE_VCPU, 0);

  irqd_close(vm_);

  EXPECT_EQ(Inject(vcpu, KVM_S390_RESTART), -ENODEV);
  EXPECT_EQ(Ioctl(attached, KVM_CREATE_VCPU, 1), -ENODEV);
  EXPECT_EQ(CreateFlic(attached), -ENODEV);
  EXPECT_EQ(OrErrno(irqd_vcpu_open(attached, 0)), -ENODEV);
  irqd_close(vcpu);
  irqd_close(attached);
}

TEST_F(LifetimeTest, AVmOutlivesItsKvm) {
  const int kvm = irqd_open("inproc:", nullptr);
  const int vm = Ioctl(kvm, KVM_CREATE_VM);
  irqd_close(kvm);

  const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);

  EXPECT_EQ(Inject(vcpu, KVM_S390_RESTART), 0);
  irqd_close(vcpu);
  irqd_close(vm);
}

TEST_F(LifetimeTest, ANumberUsedAgainIsNotMistaken) {
  const int other = open("/dev/null", O_RDONLY);
  ASSERT_EQ(dup2(other, vm_), vm_);

  EXPECT_EQ(Ioctl(vm_, KVM_CREATE_VCPU, 0), -ENOTTY);
  EXPECT_EQ(OrErrno(irqd_close(vm_)), -ENOTTY);
  AwaitRemoval();
  close(vm_);
  close(other);
}

TEST_F(LifetimeTest, DescriptorsAreCloseOnExec) {
  const int vcpu = Ioctl(vm_, KVM_CREATE_VCPU, 0);
  const int attached = irqd_vm_open(kvm_, "vm-1");
  const int flic = CreateFlic(vm_);
  for (const int fd : {kvm_, vm_, vcpu, attached, flic}) {
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
  }
  for (const int fd : {vcpu, attached, flic, vm_}) irqd_close(fd);
}

// How many descriptors the process has open.
int OpenDescriptors() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    (void)entry;
    ++count;
  }
  return count;
}

// Every lifetime and table entry goes away: as many are open as were before. Those of earlier
// cases may still be going, and only ever get fewer.
TEST_F(LifetimeTest, NothingIsLeftBehind) {
  const int before = OpenDescriptors();
  for (int i = 0; i < 100; ++i) {
    const int kvm = irqd_open("inproc:", nullptr);
    const int vm = Ioctl(kvm, KVM_CREATE_VM);
    const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);
    const int opened = irqd_vcpu_open(vm, 0);
    const int flic = CreateFlic(vm);
    for (const int fd : {kvm, vm, vcpu, opened, flic}) ASSERT_EQ(irqd_close(fd), 0);
  }

  // A test that hangs has failed.
  while (OpenDescriptors() > before) std::this_thread::yield();
}

// Runs `body` in a child process; what it returns is the exit status.
pid_t Fork(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  return child;
}

int ExitStatus(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << status;
  return WEXITSTATUS(status);
}

TEST_F(LifetimeTest, AnotherProcessGetsEio) {
  const int vcpu = Ioctl(vm_, KVM_CREATE_VCPU, 0);
  const int flic = CreateFlic(vm_);
  const int child_status = ExitStatus(Fork([&] {
    if (Ioctl(kvm_, KVM_GET_API_VERSION) != -EIO) return 1;
    if (Ioctl(vm_, KVM_CREATE_VCPU, 1) != -EIO) return 2;
    if (Ioctl(vcpu, 0x1234) != -EIO) return 3;
    if (OrErrno(irqd_vm_open(kvm_, nullptr)) != -EIO) return 4;
    if (OrErrno(irqd_vcpu_open(vm_, 0)) != -EIO) return 5;
    if (Ioctl(0, KVM_GET_API_VERSION) != -ENOTTY) return 6;
    if (Ioctl(flic, 0x1234) != -EIO) return 7;
    if (OrErrno(irqd_vcpu_deliver(vcpu, nullptr, 0)) != -EIO) return 8;
    if (OrErrno(irqd_vm_set_register(vm_, 99, 0)) != -EIO) return 9;
    if (irqd_close(vcpu) != 0 || irqd_close(vm_) != 0 || irqd_close(flic) != 0) return 10;
    if (Ioctl(vm_, KVM_CREATE_VCPU, 1) != -EBADF) return 11;
    return 0;
  }));

  EXPECT_EQ(child_status, 0);
  EXPECT_EQ(Inject(vcpu, KVM_S390_RESTART), 0);
  for (const int fd : {vcpu, flic, vm_}) irqd_close(fd);
  EXPECT_FALSE(VmExists());
}

TEST_F(LifetimeTest, AnotherProcessHasItsOwn) {
  const int child_status = ExitStatus(Fork([] {
    const int kvm = irqd_open("inproc:", nullptr);
    const int vm = Ioctl(kvm, KVM_CREATE_VM);
    const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);
    if (Inject(vcpu, KVM_S390_RESTART) != 0) return 1;
    if (close(vcpu) != 0 || close(vm) != 0) return 2;
    while (OrErrno(irqd_vm_open(kvm, "vm-1")) != -ENOENT) std::this_thread::yield();
    return 0;
  }));

  EXPECT_EQ(child_status, 0);
  irqd_close(vm_);
}

TEST_F(LifetimeTest, ACopyInAnotherProcessKeepsTheVm) {
  int go[2];
  ASSERT_EQ(pipe(go), 0);
  const pid_t child = Fork([&] {
    char byte;
    return read(go[0], &byte, 1) == 1 ? 0 : 1;
  });

  irqd_close(vm_);
  EXPECT_TRUE(VmExists());

  ASSERT_EQ(write(go[1], "", 1), 1);
  EXPECT_EQ(ExitStatus(child), 0);
  AwaitRemoval();
  close(go[0]);
  close(go[1]);
}

}  // namespace
}  // namespace irqd
