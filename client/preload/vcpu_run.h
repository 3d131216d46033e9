// KVM_RUN without a guest, and the struct kvm_run that a program maps from a vCPU's descriptor.
//
// Thread safety: all functions may be called from any thread. All return -1 (MAP_FAILED) and set
// errno on failure.
#ifndef IRQD_CLIENT_PRELOAD_VCPU_RUN_H_
#define IRQD_CLIENT_PRELOAD_VCPU_RUN_H_

#include <sys/types.h>

#include "client/preload/irqd_library.h"
#include "client/preload/own_files.h"

namespace irqd {

// KVM_GET_VCPU_MMAP_SIZE: s390 maps struct kvm_run, and nothing behind it.
int RunAreaSize();

// 0 if `fd` is a vCPU of this process; else -EBADF, -ENOTTY or -EIO as irqd_ioctl.
int CheckVcpu(const IrqdLibrary& irqd, int fd);

// KVM_RUN on `fd`, which is noted or not. What the kernel would deliver is delivered, and a stop
// that is pending leads to its intercept: exit_reason KVM_EXIT_S390_SIEIC, icptcode 0x28, returns
// 0. Otherwise it ends as if a signal had come: KVM_EXIT_INTR, EINTR.
//
// EBADF, ENOTTY, EIO  as irqd_ioctl
// EINVAL  argument is not 0
// EINTR   immediate_exit is set: nothing happens, exit_reason stays
// EINVAL  the vCPU is stopped, and this program has taken charge of the VM's run states
// and those of a call that does not reach the simulated kernel, as irqd_ioctl
int RunVcpu(const IrqdLibrary& irqd, int fd, unsigned long argument);

// The vCPU's struct kvm_run, which is made at its first use. Null and errno if it cannot be had.
kvm_run* RunArea(OwnFile* file);

// mmap() of `fd`, which may be irqd's. All mappings of a vCPU show the same memory.
//
// EINVAL  a vCPU's beyond its struct kvm_run, where the kernel maps what nobody can touch
// ENODEV  fd is not a vCPU's
// and those of mmap() and memfd_create().
void* MapOwn(const IrqdLibrary& irqd, void* address, size_t length, int protection, int flags,
             int fd, off_t offset);

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_VCPU_RUN_H_
