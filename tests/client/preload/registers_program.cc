// A program for s390's /dev/kvm that sets registers, resets vCPUs and looks at what is left, with
// the requests and structures that <linux/kvm.h> has on s390. It is the guest, too.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "client/preload/guest.h"
#include "client/preload/s390_registers.h"

namespace {

using irqd::S390Fpu;
using irqd::S390Regs;
using irqd::S390Sregs;
using irqd::S390SyncRegs;

int failures = 0;

// `expected`: 0 or more, or -errno.
void Check(int line, const char* what, int64_t result, int64_t expected) {
  if (result == -1) result = -errno;
  if (result == expected) return;
  std::fprintf(stderr, "line %d: %s: %lld instead of %lld\n", line, what,
               static_cast<long long>(result), static_cast<long long>(expected));
  ++failures;
}
#define EXPECT(call, expected) Check(__LINE__, #call, (call), (expected))

template <typename T>
bool IsZero(const T& memory) {
  static const T zero = {};
  return std::memcmp(&memory, &zero, sizeof(memory)) == 0;
}

constexpr uint64_t kCpuTimer = KVM_REG_S390 | KVM_REG_SIZE_U64 | 3;
constexpr uint64_t kTodpr = KVM_REG_S390 | KVM_REG_SIZE_U32 | 1;
constexpr uint64_t kPfToken = KVM_REG_S390 | KVM_REG_SIZE_U64 | 5;
constexpr uint64_t kGbea = KVM_REG_S390 | KVM_REG_SIZE_U64 | 9;

int SetOneReg(int vcpu, uint64_t id, uint64_t value) {
  auto half = static_cast<uint32_t>(value);
  kvm_one_reg reg = {id, reinterpret_cast<uintptr_t>(&value)};
  if ((id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U32) reg.addr = reinterpret_cast<uintptr_t>(&half);
  return ioctl(vcpu, KVM_SET_ONE_REG, &reg);
}

// Or -errno.
int64_t GetOneReg(int vcpu, uint64_t id) {
  uint64_t value = 0;
  uint32_t half = 0;
  kvm_one_reg reg = {id, reinterpret_cast<uintptr_t>(&value)};
  const bool is_half = (id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U32;
  if (is_half) reg.addr = reinterpret_cast<uintptr_t>(&half);
  if (ioctl(vcpu, KVM_GET_ONE_REG, &reg) != 0) return -errno;
  return static_cast<int64_t>(is_half ? half : value);
}

struct Machine {
  Machine() {
    void* const mapped = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
    run = static_cast<kvm_run*>(mapped);
    sync = reinterpret_cast<S390SyncRegs*>(&run->s);
  }
  ~Machine() {
    munmap(run, 4096);
    for (const int fd : {vcpu, vm, kvm}) EXPECT(close(fd), 0);
  }

  const int kvm = open("/dev/kvm", O_RDWR);
  const int vm = ioctl(kvm, KVM_CREATE_VM, 0);
  const int vcpu = ioctl(vm, KVM_CREATE_VCPU, 3);
  kvm_run* run;
  S390SyncRegs* sync;
};

void Roundtrips() {
  const Machine machine;
  const int vcpu = machine.vcpu;
  S390Regs regs = {{1, 2, 3}}, same_regs = {};
  S390Sregs sregs = {{4, 5}, {6, 7, 8}}, same_sregs = {};
  S390Fpu fpu = {9, {10, 11}}, same_fpu = {};
  sregs.crs[6] = 0xff000000;
  sregs.crs[14] = 0xc2000000;

  EXPECT(ioctl(vcpu, irqd::kSetRegs, &regs), 0);
  EXPECT(ioctl(vcpu, irqd::kSetSregs, &sregs), 0);
  EXPECT(ioctl(vcpu, irqd::kSetFpu, &fpu), 0);
  EXPECT(ioctl(vcpu, irqd::kGetRegs, &same_regs), 0);
  EXPECT(ioctl(vcpu, irqd::kGetSregs, &same_sregs), 0);
  EXPECT(ioctl(vcpu, irqd::kGetFpu, &same_fpu), 0);
  EXPECT(std::memcmp(&regs, &same_regs, sizeof(regs)), 0);
  EXPECT(std::memcmp(&sregs, &same_sregs, sizeof(sregs)), 0);
  EXPECT(std::memcmp(fpu.fprs, same_fpu.fprs, sizeof(fpu.fprs)), 0);
  EXPECT(same_fpu.fpc, 9);
  EXPECT(machine.sync->gprs[2], 3);
  for (uint64_t id = 2; id <= 9; ++id) {
    EXPECT(SetOneReg(vcpu, KVM_REG_S390 | KVM_REG_SIZE_U64 | id, 100 + id), 0);
  }
  EXPECT(SetOneReg(vcpu, kTodpr, 0x1ffffffff), 0);
  for (uint64_t id = 2; id <= 9; ++id) {
    EXPECT(GetOneReg(vcpu, KVM_REG_S390 | KVM_REG_SIZE_U64 | id), 100 + id);
  }
  EXPECT(GetOneReg(vcpu, kTodpr), 0xffffffff);
}

void Errors() {
  const Machine machine;
  for (const unsigned int request :
       {irqd::kGetRegs, irqd::kSetRegs, irqd::kGetSregs, irqd::kSetSregs, irqd::kGetFpu,
        irqd::kSetFpu, unsigned(KVM_GET_ONE_REG), unsigned(KVM_SET_ONE_REG)}) {
    EXPECT(ioctl(machine.vcpu, request, 8), -EFAULT);
    EXPECT(ioctl(machine.vm, request, 8), -ENOTTY);
    EXPECT(ioctl(machine.kvm, request, 8), -EINVAL);
    EXPECT(ioctl(1000, request, 8), -EBADF);
  }
  EXPECT(GetOneReg(machine.vcpu, KVM_REG_S390 | KVM_REG_SIZE_U64 | 1), -EINVAL);
  EXPECT(SetOneReg(machine.vcpu, KVM_REG_S390 | KVM_REG_SIZE_U64 | 10, 1), -EINVAL);
  EXPECT(GetOneReg(machine.vcpu, 0), -EINVAL);
  kvm_one_reg nowhere = {kGbea, 8};
  EXPECT(ioctl(machine.vcpu, KVM_GET_ONE_REG, &nowhere), -EFAULT);
  EXPECT(ioctl(machine.vcpu, KVM_SET_ONE_REG, &nowhere), -EFAULT);
  machine.run->kvm_dirty_regs = 1 << 13;
  EXPECT(ioctl(machine.vcpu, KVM_RUN, 0), -EINVAL);
}

bool guest_is_awake = false;

void Dirty(const Machine& machine) {
  guest_is_awake = true;
  EXPECT(ioctl(machine.vcpu, KVM_RUN, 0), 0);
  guest_is_awake = false;
  EXPECT(machine.sync->crs[2], 0x10);
  EXPECT(machine.sync->crs[6], 0x1000000);
  EXPECT(machine.sync->gbea, 77);
  EXPECT(machine.sync->cputm, 88);
  EXPECT(machine.sync->pft, 99);
}

void Resets() {
  struct {
    unsigned long request;
    bool is_initial, is_clear;
  } const kCases[] = {{KVM_S390_NORMAL_RESET, false, false},
                      {KVM_S390_INITIAL_RESET, true, false},
                      {KVM_S390_CLEAR_RESET, true, true}};
  for (const auto& reset : kCases) {
    const Machine machine;
    Dirty(machine);
    S390Sregs sregs;

    EXPECT(ioctl(machine.vcpu, reset.request, 0), 0);

    EXPECT(~GetOneReg(machine.vcpu, kPfToken), 0);  // the invalid one has all bits
    EXPECT(GetOneReg(machine.vcpu, kGbea), reset.is_initial ? 1 : 77);
    EXPECT(GetOneReg(machine.vcpu, kCpuTimer), reset.is_initial ? 0 : 88);
    EXPECT(GetOneReg(machine.vcpu, kTodpr), reset.is_initial ? 0 : 66);
    EXPECT(ioctl(machine.vcpu, irqd::kGetSregs, &sregs), 0);
    EXPECT(sregs.crs[0], reset.is_initial ? 0xe0 : 0);
    EXPECT(sregs.crs[2], reset.is_initial ? 0 : 0x10);
    EXPECT(sregs.crs[6], reset.is_initial ? 0 : 0x1000000);
    EXPECT(sregs.crs[14], reset.is_initial ? 0xc2000000 : 0);
    EXPECT(std::memcmp(machine.sync->crs, sregs.crs, sizeof(sregs.crs)), 0);
    EXPECT(machine.sync->cputm, reset.is_initial ? 0 : 88);
    EXPECT(machine.sync->fpc, reset.is_initial ? 0 : 0x11);
    EXPECT(IsZero(machine.sync->gprs), reset.is_clear);
    EXPECT(IsZero(sregs.acrs), reset.is_clear);
    EXPECT(IsZero(machine.sync->fprs), reset.is_clear);
    EXPECT(IsZero(machine.sync->riccb), 1);
    EXPECT(IsZero(machine.sync->gscb), reset.is_clear);
  }
}

// What struct kvm_run brings along counts when it is named.
void DirtyRegs() {
  const Machine machine;
  machine.sync->prefix = 0x4000;
  machine.sync->crs[2] = 0x22;
  machine.sync->crs[6] = 0x11000000;
  machine.sync->ckc = 0x33;
  machine.sync->gbea = 0x44;
  machine.sync->pft = 0x55;
  machine.run->kvm_dirty_regs =
      irqd::kSyncPrefix | irqd::kSyncCrs | irqd::kSyncArch0 | irqd::kSyncPfault;
  EXPECT(ioctl(machine.vcpu, KVM_RUN, 0), -EINTR);
  EXPECT(machine.run->kvm_dirty_regs, 0);
  *machine.sync = {};
  EXPECT(ioctl(machine.vcpu, KVM_RUN, 0), -EINTR);

  EXPECT(machine.sync->prefix, 0x4000);
  EXPECT(machine.sync->crs[2], 0x22);
  EXPECT(machine.sync->crs[6], 0x11000000);
  EXPECT(machine.sync->ckc, 0x33);
  EXPECT(machine.sync->gbea, 0x44);
  EXPECT(machine.sync->pft, 0x55);
}

}  // namespace

int irqd_preload_guest(int vcpu_fd, kvm_run* run) {
  if (!guest_is_awake) return 0;
  auto* const sync = reinterpret_cast<S390SyncRegs*>(&run->s);
  S390Sregs sregs = {};
  sregs.acrs[9] = 1;
  sregs.crs[2] = 0x10;
  sregs.crs[6] = 0x1000000;
  EXPECT(ioctl(vcpu_fd, irqd::kSetSregs, &sregs), 0);
  EXPECT(SetOneReg(vcpu_fd, kGbea, 77), 0);
  EXPECT(SetOneReg(vcpu_fd, kTodpr, 66), 0);
  EXPECT(SetOneReg(vcpu_fd, kCpuTimer, 88), 0);
  EXPECT(SetOneReg(vcpu_fd, kPfToken, 99), 0);
  sync->gprs[0] = 0xffff000000000000;
  sync->fprs[0] = 0x3ff0000000000000;
  sync->fpc = 0x11;
  sync->riccb[5] = 5;
  sync->gscb[1] = 6;
  return 1;
}

int main() {
  Roundtrips();
  Errors();
  Resets();
  DirtyRegs();
  if (failures == 0) std::puts("registers are kept");
  return failures != 0;
}
