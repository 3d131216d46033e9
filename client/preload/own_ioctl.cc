#include "client/preload/own_ioctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "client/preload/irqd_library.h"
#include "client/preload/next.h"
#include "client/preload/own_files.h"
#include "client/preload/user_copy.h"
#include "client/preload/vcpu_registers.h"
#include "client/preload/vcpu_run.h"

namespace irqd {
namespace {

int Fail(int error) {
  errno = error;
  return -1;
}

// Requests that the kernel answers for every file, before the file's own are asked.
bool IsAboutTheDescriptor(unsigned int request) {
  return request == FIOCLEX || request == FIONCLEX || request == FIONBIO;
}

// Got hold of unseen: by a link, by fopen(), from a parent or over a socket.
bool IsRealDevKvm(int fd) {
  const dev_t dev_kvm = makedev(10, 232);
  struct stat file;
  return fstat(fd, &file) == 0 && S_ISCHR(file.st_mode) && file.st_rdev == dev_kvm;
}

// Puts irqd's /dev/kvm in its place. Returns -1 and errno as OpenDevKvm, or without descriptors.
int Replace(int fd) {
  const bool closes_on_exec = (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
  const int kvm = OpenDevKvm(O_CLOEXEC);
  if (kvm < 0) return -1;
  const int result = dup3(kvm, fd, closes_on_exec ? O_CLOEXEC : 0);
  const int error = errno;
  close(kvm);
  errno = error;
  return result;
}

int GetVcpuMmapSize(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  if (irqd.ioctl(fd, KVM_GET_API_VERSION, 0ul) < 0) return -1;
  return argument == 0 ? RunAreaSize() : Fail(EINVAL);
}

// Besides what irqd simulates, there is what this library does.
int CheckExtension(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  const int result = irqd.ioctl(fd, KVM_CHECK_EXTENSION, argument);
  const bool is_here = argument == KVM_CAP_USER_MEMORY || argument == KVM_CAP_IMMEDIATE_EXIT;
  return result == 0 && is_here ? 1 : result;
}

// A stub: no guest looks at the memory.
int SetUserMemoryRegion(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  constexpr int kNoRegister = 0;
  irqd.vm_get_register(fd, kNoRegister, nullptr);
  if (errno == ENOTTY) return irqd.ioctl(fd, KVM_SET_USER_MEMORY_REGION, argument);
  if (errno != EINVAL) return -1;
  kvm_userspace_memory_region region;
  return CopyIn(&region, argument, sizeof(region)) ? 0 : Fail(EFAULT);
}

int CreateVcpu(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  const int vcpu = irqd.ioctl(fd, KVM_CREATE_VCPU, argument);
  if (vcpu >= 0) OwnFiles::Add(vcpu, OwnFiles::FindOrAdd(fd).get());
  return vcpu;
}

int CreateVm(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  const int vm = irqd.ioctl(fd, KVM_CREATE_VM, argument);
  if (vm >= 0) OwnFiles::Add(vm, nullptr);
  return vm;
}

int CreateDevice(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  const int result = irqd.ioctl(fd, KVM_CREATE_DEVICE, argument);
  if (result != 0) return result;
  const auto* const device = reinterpret_cast<const kvm_create_device*>(argument);
  if (!(device->flags & KVM_CREATE_DEVICE_TEST)) {
    OwnFiles::Add(static_cast<int>(device->fd), nullptr);
  }
  return 0;
}

// Whatever state it asks for, and also if there is no such state, userspace is in charge now.
int SetMpState(const IrqdLibrary& irqd, int fd, unsigned long argument) {
  const int result = irqd.ioctl(fd, KVM_SET_MP_STATE, argument);
  if (result != 0 && errno != ENXIO) return result;
  const int error = errno;
  const OwnFileRef vcpu = OwnFiles::FindOrAdd(fd);
  if (vcpu.get() != nullptr && vcpu->vm != nullptr) {
    vcpu->vm->controls_run_states.store(true, std::memory_order_relaxed);
  }
  errno = error;
  return result;
}

}  // namespace

int OwnIoctl(int fd, unsigned long request, unsigned long argument) {
  const auto number = static_cast<unsigned int>(request);
  if (!OwnFiles::IsNoted(fd) && IsKvmRequest(number) && IsRealDevKvm(fd) && Replace(fd) < 0) {
    return -1;
  }
  const IrqdLibrary* const irqd = LoadedIrqd();
  if (!IsKvmRequest(number)) {
    const bool is_own = irqd != nullptr && OwnFiles::Find(fd).get() != nullptr;
    if (!is_own || IsAboutTheDescriptor(number)) return next_ioctl(fd, request, argument);
  }
  if (irqd == nullptr) return Fail(fcntl(fd, F_GETFD) < 0 ? EBADF : ENOTTY);
  const InsideIrqd inside;
  if (IsRegisterRequest(number)) return RegisterIoctl(*irqd, fd, number, argument);
  switch (number) {
    case KVM_GET_VCPU_MMAP_SIZE:
      return GetVcpuMmapSize(*irqd, fd, argument);
    case KVM_CHECK_EXTENSION:
      return CheckExtension(*irqd, fd, argument);
    case KVM_CREATE_VM:
      return CreateVm(*irqd, fd, argument);
    case KVM_CREATE_VCPU:
      return CreateVcpu(*irqd, fd, argument);
    case KVM_CREATE_DEVICE:
      return CreateDevice(*irqd, fd, argument);
    case KVM_SET_USER_MEMORY_REGION:
      return SetUserMemoryRegion(*irqd, fd, argument);
    case KVM_SET_MP_STATE:
      return SetMpState(*irqd, fd, argument);
    case KVM_S390_NORMAL_RESET:
    case KVM_S390_INITIAL_RESET:
    case KVM_S390_CLEAR_RESET:
      return ResetVcpu(*irqd, fd, number, argument);
    case KVM_RUN:
      return RunVcpu(*irqd, fd, argument);
    default:
      return irqd->ioctl(fd, number, argument);
  }
}

}  // namespace irqd
