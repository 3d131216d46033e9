#include "client/preload/vcpu_run.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/kvm.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

#include "client/preload/guest.h"
#include "client/preload/next.h"
#include "client/preload/own_files.h"
#include "client/preload/vcpu_registers.h"

namespace irqd {
namespace {

// ICPT_STOP of the kernel's arch/s390/include/asm/kvm_host.h.
constexpr uint8_t kStopIntercept = 0x28;
constexpr uint32_t kDeliverAtOnce = 64;

int Fail(int error) {
  errno = error;
  return -1;
}

// Whether the kernel would refuse to run it. Otherwise it starts a stopped vCPU.
bool IsKeptStopped(const IrqdLibrary& irqd, int fd, const OwnFile* file) {
  return file != nullptr && file->vm != nullptr &&
         file->vm->controls_run_states.load(std::memory_order_relaxed) &&
         irqd.ioctl(fd, KVM_GET_MP_STATE, 0) == KVM_MP_STATE_STOPPED;
}

int DeliverAll(const IrqdLibrary& irqd, int fd) {
  irqd_delivered list[kDeliverAtOnce];
  int count;
  do {
    count = irqd.vcpu_deliver(fd, list, kDeliverAtOnce);
  } while (count == static_cast<int>(kDeliverAtOnce));
  return count;
}

// Whether somebody stands in for the guest, see guest.h, and has an exit for this KVM_RUN.
bool PreparesExit(int fd, kvm_run* run) {
  const OutsideIrqd outside;
  auto* const guest =
      reinterpret_cast<decltype(&irqd_preload_guest)>(dlsym(RTLD_DEFAULT, "irqd_preload_guest"));
  return guest != nullptr && guest(fd, run) == 1;
}

// What a lost race leaves is taken back.
void Drop(int memory) {
  const int error = errno;
  next_close(memory);
  errno = error;
}

// The memory of the vCPU's struct kvm_run, made at its first use. Two threads may do so at once.
// Returns -1 and errno if that fails.
int RunMemory(OwnFile* file) {
  int known = file->run_memory.load(std::memory_order_acquire);
  if (known >= 0) return known;
  const int memory = memfd_create("irqd-vcpu-run", MFD_CLOEXEC);
  if (memory < 0) return -1;
  if (ftruncate(memory, RunAreaSize()) != 0) {
    Drop(memory);
    return -1;
  }
  if (file->run_memory.compare_exchange_strong(known, memory)) return memory;
  Drop(memory);
  return known;
}

// Our own view of it. Null and errno if it cannot be mapped.
kvm_run* MapRun(OwnFile* file, int memory) {
  kvm_run* known = file->run.load(std::memory_order_acquire);
  if (known != nullptr) return known;
  void* const mapped =
      next_mmap(nullptr, RunAreaSize(), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  if (mapped == MAP_FAILED) return nullptr;
  if (file->run.compare_exchange_strong(known, static_cast<kvm_run*>(mapped))) {
    return static_cast<kvm_run*>(mapped);
  }
  munmap(mapped, RunAreaSize());
  return known;
}

// `run`: null if it is not mapped.
int EnterGuest(const IrqdLibrary& irqd, int fd, kvm_run* run) {
  if (DeliverAll(irqd, fd) < 0) return -1;
  if (irqd.vcpu_stop_intercept(fd) == 0) {
    if (run != nullptr) run->exit_reason = KVM_EXIT_INTR;
    return run != nullptr && PreparesExit(fd, run) ? 0 : Fail(EINTR);
  }
  if (errno != EOPNOTSUPP) return -1;
  if (run != nullptr) {
    run->exit_reason = KVM_EXIT_S390_SIEIC;
    run->s390_sieic = {kStopIntercept, 0, 0};
  }
  return 0;
}

}  // namespace

int RunAreaSize() { return static_cast<int>(sysconf(_SC_PAGESIZE)); }

int CheckVcpu(const IrqdLibrary& irqd, int fd) {
  constexpr int kNoRegister = 0;
  irqd.vcpu_get_register(fd, kNoRegister, nullptr);
  return errno == EINVAL ? 0 : -errno;
}

// Source: kvm_vcpu_ioctl and kvm_arch_vcpu_ioctl_run of Linux 6.1.
int RunVcpu(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  const int error = CheckVcpu(irqd, fd);
  if (error == -ENOTTY) return irqd.ioctl(fd, KVM_RUN, argument);
  if (error != 0) return Fail(-error);
  if (argument != 0) return Fail(EINVAL);
  const OwnFileRef file = OwnFiles::FindOrAdd(fd);
  kvm_run* const run = file.get() == nullptr ? nullptr : file->run.load(std::memory_order_acquire);
  if (run != nullptr && const_cast<volatile kvm_run*>(run)->immediate_exit) return Fail(EINTR);
  if (IsKeptStopped(irqd, fd, file.get())) return Fail(EINVAL);
  if (run == nullptr) return EnterGuest(irqd, fd, run);
  if (SyncRegisters(irqd, fd, file.get(), run) != 0) return -1;
  const int result = EnterGuest(irqd, fd, run);
  const int why = errno;
  if (StoreRegisters(irqd, fd, file.get(), run) != 0) return -1;
  errno = why;
  return result;
}

kvm_run* RunArea(OwnFile* file) {
  const int memory = file == nullptr ? -1 : RunMemory(file);
  return memory < 0 ? nullptr : MapRun(file, memory);
}

void* MapOwn(const IrqdLibrary& irqd, void* address, size_t length, int protection, int flags,
             int fd, off_t offset) {
  const int error = CheckVcpu(irqd, fd);
  // The kernel lets another process map it, too.
  if (error != 0 && error != -EIO) {
    return next_mmap(address, length, protection, flags, fd, offset);
  }
  if (offset != 0 || length > static_cast<size_t>(RunAreaSize())) {
    errno = EINVAL;
    return MAP_FAILED;
  }
  const OwnFileRef file = OwnFiles::FindOrAdd(fd);
  if (file.get() == nullptr) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  if (RunArea(file.get()) == nullptr) return MAP_FAILED;
  return next_mmap(address, length, protection, flags, file->run_memory.load(), 0);
}

}  // namespace irqd
