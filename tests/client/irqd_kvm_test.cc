// The C interface on a simulation in this process: every result and errno of its header.
#include "client/irqd_kvm.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/client/ioctl.h"

namespace irqd {
namespace {

class IrqdKvmTest : public testing::Test {
 protected:
  void SetUp() override {
    kvm_ = irqd_open("inproc:", nullptr);
    ASSERT_GE(kvm_, 0);
    vm_ = Ioctl(kvm_, KVM_CREATE_VM);
    ASSERT_GE(vm_, 0);
    vcpu_ = Ioctl(vm_, KVM_CREATE_VCPU, 0);
    ASSERT_GE(vcpu_, 0);
    page_ = sysconf(_SC_PAGESIZE);
    void* memory =
        mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    memory_ = static_cast<char*>(memory);
  }
  void TearDown() override {
    munmap(memory_, 2 * page_);
    for (const int fd : {vcpu_, vm_, kvm_}) EXPECT_EQ(irqd_close(fd), 0);
  }

  // Makes the second page as good as missing, and returns where it begins.
  char* ForbidSecondPage() {
    EXPECT_EQ(mprotect(memory_ + page_, page_, PROT_NONE), 0);
    return memory_ + page_;
  }

  int kvm_ = -1;
  int vm_ = -1;
  int vcpu_ = -1;
  size_t page_ = 0;
  char* memory_ = nullptr;
};

TEST_F(IrqdKvmTest, KvmAnswersAsOnS390) {
  EXPECT_EQ(Ioctl(kvm_, KVM_GET_API_VERSION), 12);
  EXPECT_EQ(Ioctl(kvm_, KVM_GET_API_VERSION, 1), -EINVAL);
  EXPECT_EQ(Ioctl(kvm_, KVM_CHECK_EXTENSION, KVM_CAP_S390_IRQ_STATE), 1);
  EXPECT_EQ(Ioctl(kvm_, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS), 248);
  EXPECT_EQ(Ioctl(kvm_, KVM_CREATE_VM, 1), -EINVAL);
  EXPECT_EQ(Ioctl(kvm_, KVM_CREATE_VCPU), -EINVAL);
  EXPECT_EQ(Ioctl(kvm_, 0x1234), -EINVAL);
}

TEST_F(IrqdKvmTest, VmAnswersAsOnS390) {
  EXPECT_EQ(Ioctl(vm_, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS), 248);
  EXPECT_EQ(Ioctl(vm_, KVM_CREATE_VCPU, 0), -EEXIST);
  EXPECT_EQ(Ioctl(vm_, KVM_CREATE_VCPU, 248), -EINVAL);
  EXPECT_EQ(Ioctl(vm_, KVM_GET_API_VERSION), -ENOTTY);
  EXPECT_EQ(Ioctl(vm_, 0x1234), -ENOTTY);
}

TEST_F(IrqdKvmTest, VcpuChecksTheTypeByteFirst) {
  EXPECT_EQ(Ioctl(vcpu_, 0x1234), -EINVAL);
  EXPECT_EQ(Ioctl(vcpu_, KVM_RUN), -ENOTTY);
  EXPECT_EQ(Ioctl(vcpu_, KVM_CREATE_VCPU), -ENOTTY);
  // SET with the 16-byte structure that was documented once.
  EXPECT_EQ(Ioctl(vcpu_, 0x4010aeb5), -ENOTTY);
}

TEST_F(IrqdKvmTest, ArgumentsAreCutAsInTheKernel) {
  const uint64_t high = uint64_t{1} << 32;

  const int vcpu = Ioctl(vm_, KVM_CREATE_VCPU, high | 3);

  ASSERT_GE(vcpu, 0);
  EXPECT_EQ(Ioctl(vm_, KVM_CREATE_VCPU, 3), -EEXIST);
  EXPECT_EQ(Ioctl(kvm_, high | KVM_GET_API_VERSION), 12);
  irqd_close(vcpu);
}

TEST_F(IrqdKvmTest, HostProfileDecidesTheMachine) {
  const int kvm = irqd_open("inproc:", "linux-6.1,no-esca");
  ASSERT_GE(kvm, 0);
  const int vm = Ioctl(kvm, KVM_CREATE_VM);

  EXPECT_EQ(Ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS), 64);
  EXPECT_EQ(Ioctl(vm, KVM_CREATE_VCPU, 64), -EINVAL);
  irqd_close(vm);
  irqd_close(kvm);
}

TEST_F(IrqdKvmTest, OpenRefusesWhatItCannotParse) {
  EXPECT_EQ(OrErrno(irqd_open(nullptr, nullptr)), -EINVAL);
  EXPECT_EQ(OrErrno(irqd_open("", nullptr)), -EINVAL);
  EXPECT_EQ(OrErrno(irqd_open("inproc:x", nullptr)), -EINVAL);
  EXPECT_EQ(OrErrno(irqd_open("inproc:", "linux-0.1")), -EINVAL);
}

TEST_F(IrqdKvmTest, OtherDescriptorsAreNotOurs) {
  const int other = open("/dev/null", O_RDWR);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  for (const int fd : {other, ends[0], ends[1]}) {
    EXPECT_EQ(Ioctl(fd, KVM_GET_API_VERSION), -ENOTTY);
    EXPECT_EQ(OrErrno(irqd_close(fd)), -ENOTTY);
    EXPECT_EQ(close(fd), 0) << "irqd_close closed it";
  }
  EXPECT_EQ(Ioctl(other, KVM_GET_API_VERSION), -EBADF);
  EXPECT_EQ(OrErrno(irqd_close(other)), -EBADF);
  EXPECT_EQ(Ioctl(-1, KVM_GET_API_VERSION), -EBADF);
}

TEST_F(IrqdKvmTest, VmOpenChecksInOrder) {
  EXPECT_EQ(OrErrno(irqd_vm_open(-1, nullptr)), -EBADF);
  EXPECT_EQ(OrErrno(irqd_vm_open(vm_, nullptr)), -ENOTTY);
  EXPECT_EQ(OrErrno(irqd_vm_open(kvm_, nullptr)), -EFAULT);
  EXPECT_EQ(OrErrno(irqd_vm_open(kvm_, "No Name")), -EINVAL);
  EXPECT_EQ(OrErrno(irqd_vm_open(kvm_, "nobody")), -ENOENT);
}

TEST_F(IrqdKvmTest, VcpuOpenChecksInOrder) {
  EXPECT_EQ(OrErrno(irqd_vcpu_open(-1, 0)), -EBADF);
  EXPECT_EQ(OrErrno(irqd_vcpu_open(kvm_, 0)), -ENOTTY);
  EXPECT_EQ(OrErrno(irqd_vcpu_open(vm_, 1)), -ENOENT);
}

TEST_F(IrqdKvmTest, AttachedDescriptorsReachTheSameVcpu) {
  const int vm = irqd_vm_open(kvm_, "vm-1");
  ASSERT_GE(vm, 0);
  const int vcpu = irqd_vcpu_open(vm, 0);
  ASSERT_GE(vcpu, 0);

  EXPECT_EQ(Inject(vcpu_, KVM_S390_RESTART), 0);

  kvm_s390_irq irq;
  EXPECT_EQ(Get(vcpu, &irq, sizeof(irq)), 72);
  EXPECT_EQ(irq.type, KVM_S390_RESTART);
  irqd_close(vcpu);
  irqd_close(vm);
}

TEST_F(IrqdKvmTest, StructuresAreInHostByteOrder) {
  kvm_s390_irq set[2] = {MakeIrq(KVM_S390_SIGP_SET_PREFIX), MakeIrq(KVM_S390_MCHK)};
  set[0].u.prefix.address = 0x12345678;
  set[1].u.mchk.mcic = 0x8000000000000001;
  set[1].u.mchk.failing_storage_address = 0x1122334455667788;
  kvm_s390_irq got[2];

  EXPECT_EQ(Set(vcpu_, set, sizeof(set)), 0);
  EXPECT_EQ(Get(vcpu_, got, sizeof(got)), sizeof(got));

  EXPECT_EQ(got[0].u.prefix.address, 0x12345678u);
  EXPECT_EQ(got[1].u.mchk.mcic, 0x8000000000000001);
  EXPECT_EQ(got[1].u.mchk.failing_storage_address, 0x1122334455667788u);
}

TEST_F(IrqdKvmTest, InjectsAndResets) {
  kvm_s390_interrupt interrupt = {KVM_S390_INT_EMERGENCY, 0, 0};
  kvm_s390_irq irq;
  for (const unsigned long reset :
       {KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET, KVM_S390_CLEAR_RESET}) {
    EXPECT_EQ(Ioctl(vcpu_, KVM_S390_INTERRUPT, &interrupt), 0);
    EXPECT_EQ(Get(vcpu_, &irq, sizeof(irq)), 72);
    EXPECT_EQ(Ioctl(vcpu_, reset), 0);
    EXPECT_EQ(Get(vcpu_, &irq, sizeof(irq)), 0);
  }
  EXPECT_EQ(Inject(vcpu_, KVM_S390_INT_EMERGENCY, 1), -EINVAL);
}

TEST_F(IrqdKvmTest, MpStateIsTheResult) {
  kvm_mp_state state = {KVM_MP_STATE_OPERATING};

  EXPECT_EQ(Ioctl(vcpu_, KVM_GET_MP_STATE, uint64_t{8}), KVM_MP_STATE_STOPPED);
  EXPECT_EQ(Ioctl(vcpu_, KVM_SET_MP_STATE, &state), 0);
  EXPECT_EQ(Ioctl(vcpu_, KVM_GET_MP_STATE, uint64_t{8}), KVM_MP_STATE_OPERATING);
  state.mp_state = KVM_MP_STATE_LOAD;
  EXPECT_EQ(Ioctl(vcpu_, KVM_SET_MP_STATE, &state), -ENXIO);
}

TEST_F(IrqdKvmTest, ArgumentThatCannotBeReadFaults) {
  char* const bad = ForbidSecondPage();
  for (const unsigned long request : {KVM_S390_IRQ, KVM_S390_INTERRUPT, KVM_S390_SET_IRQ_STATE,
                                      KVM_S390_GET_IRQ_STATE, KVM_SET_MP_STATE}) {
    EXPECT_EQ(Ioctl(vcpu_, request, uint64_t{0}), -EFAULT) << request;
    EXPECT_EQ(Ioctl(vcpu_, request, bad), -EFAULT) << request;
    EXPECT_EQ(Ioctl(vcpu_, request, bad - 1), -EFAULT) << request;
  }
  EXPECT_EQ(Get(vcpu_, memory_, page_), 0);
}

TEST_F(IrqdKvmTest, SetLooksAtTheLengthBeforeTheBufferBeforeTheState) {
  char* const bad = ForbidSecondPage();
  kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);
  ASSERT_EQ(Set(vcpu_, &irq, sizeof(irq)), 0);
  for (const uint32_t len : {0u, 71u, 73u, 20664u + 72u, 0xfffffff8u}) {
    EXPECT_EQ(Set(vcpu_, bad, len), -EINVAL) << len;
  }
  EXPECT_EQ(Set(vcpu_, bad, 72), -EFAULT);
  EXPECT_EQ(Set(vcpu_, bad - 72, 144), -EFAULT);
  EXPECT_EQ(Set(vcpu_, bad - 72, 72), -EBUSY);
}

TEST_F(IrqdKvmTest, GetNeverLooksAtTheBufferWhenNothingIsPending) {
  char* const bad = ForbidSecondPage();

  EXPECT_EQ(Get(vcpu_, bad, 72), 0);
  EXPECT_EQ(Get(vcpu_, nullptr, 0xffffffff), 0);
  EXPECT_EQ(Get(vcpu_, bad, 0), -EINVAL);
}

// Three records pending; what is there of them after each way to fail?
TEST_F(IrqdKvmTest, GetWritesRecordByRecord) {
  char* const bad = ForbidSecondPage();
  for (const uint64_t type : {KVM_S390_RESTART, KVM_S390_INT_PFAULT_INIT, KVM_S390_INT_CPU_TIMER}) {
    ASSERT_EQ(Inject(vcpu_, type), 0);
  }
  const struct {
    const char* what;
    int room;  // bytes from the address to the bad page
    uint32_t len;
    int result;
    int written;  // records
  } cases[] = {
      {"all fits", 216, 216, 216, 3},
      {"no limit", 216, 0x80000000, 216, 3},
      {"one does not fit", 216, 215, -ENOBUFS, 2},
      {"none fits", 216, 71, -ENOBUFS, 0},
      {"the second straddles the bad page", 100, 216, -EFAULT, 1},
      {"the third faults", 144, 216, -EFAULT, 2},
      {"the third does not fit, and would fault", 144, 144, -ENOBUFS, 2},
      {"the first faults, the second would not fit", 0, 72, -EFAULT, 0},
      {"nothing fits, and would fault", 0, 71, -ENOBUFS, 0},
  };
  const uint64_t order[] = {KVM_S390_RESTART, KVM_S390_INT_PFAULT_INIT, KVM_S390_INT_CPU_TIMER};
  for (const auto& test : cases) {
    std::memset(memory_, 0, page_);

    EXPECT_EQ(Get(vcpu_, bad - test.room, test.len), test.result) << test.what;

    for (int i = 0; i < 3 && (i + 1) * 72 <= test.room; ++i) {
      kvm_s390_irq irq;
      std::memcpy(&irq, bad - test.room + i * 72, sizeof(irq));
      EXPECT_EQ(irq.type, i < test.written ? order[i] : 0) << test.what << ", record " << i;
    }
  }
}

TEST_F(IrqdKvmTest, ReadOnlyMemoryIsGoodForSetAndBadForGet) {
  const kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);
  std::memcpy(memory_, &irq, sizeof(irq));
  ASSERT_EQ(mprotect(memory_, page_, PROT_READ), 0);

  EXPECT_EQ(Set(vcpu_, memory_, 72), 0);
  EXPECT_EQ(Get(vcpu_, memory_, 72), -EFAULT);
}

TEST_F(IrqdKvmTest, FlagsAndReservedWordsAreIgnored) {
  kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);
  kvm_s390_irq_state state;
  std::memset(&state, 0xff, sizeof(state));
  state.buf = reinterpret_cast<uintptr_t>(&irq);
  state.len = sizeof(irq);

  EXPECT_EQ(Ioctl(vcpu_, KVM_S390_SET_IRQ_STATE, &state), 0);
  EXPECT_EQ(Ioctl(vcpu_, KVM_S390_GET_IRQ_STATE, &state), 72);
}

TEST_F(IrqdKvmTest, RunsOutOfDescriptorsCleanly) {
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const int lowest = dup(0);
  close(lowest);
  for (int spare = 0; spare < 4; ++spare) {
    const rlimit tight = {static_cast<rlim_t>(lowest + spare), before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);

    const int kvm = OrErrno(irqd_open("inproc:", nullptr));
    const int vm = OrErrno(irqd_ioctl(kvm_, KVM_CREATE_VM, 0));
    const int vcpu = OrErrno(irqd_ioctl(vm_, KVM_CREATE_VCPU, 1));

    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_TRUE(kvm == -EMFILE || kvm == -ENFILE) << kvm;
    EXPECT_TRUE(vm == -EMFILE || vm == -ENFILE) << vm;
    if (vcpu >= 0) {
      EXPECT_EQ(spare, 3) << "a socket pair and a token for a moment";
      irqd_close(vcpu);
    }
  }
  const int again = dup(0);
  EXPECT_EQ(again, lowest) << "descriptors leaked";
  close(again);
}

// All threads send emergency signals, reset, and look at whole states.
TEST_F(IrqdKvmTest, ManyThreadsUseOneVcpu) {
  std::atomic<int> wrong{0};
  const auto work = [&](int thread) {
    std::vector<kvm_s390_irq> irqs(8);
    for (int i = 0; i < 500; ++i) {
      if (Inject(vcpu_, KVM_S390_INT_EMERGENCY, 0) != 0) ++wrong;
      const int size = Get(vcpu_, irqs.data(), irqs.size() * sizeof(kvm_s390_irq));
      if (size != 0 && size != 72) ++wrong;
      if (i % 10 == thread % 10 && Ioctl(vcpu_, KVM_S390_NORMAL_RESET) != 0) ++wrong;
      // Descriptors come and go meanwhile.
      const int copy = irqd_vcpu_open(vm_, 0);
      if (copy < 0 || irqd_close(copy) != 0) ++wrong;
    }
  };

  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace irqd
