// The ioctls on registers that only a library for s390x has, see s390_registers.h; and what resets
// and KVM_RUN do to them. Without them nothing here does anything.
//
// Thread safety: all functions may be called from any thread. The kernel locks the vCPU; here two
// threads that set registers of one vCPU at once may leave some of each.
// All return -1 and set errno on failure: those of a call that does not reach the simulated kernel,
// as irqd_ioctl, and ENOMEM.
#ifndef IRQD_CLIENT_PRELOAD_VCPU_REGISTERS_H_
#define IRQD_CLIENT_PRELOAD_VCPU_REGISTERS_H_

#include "client/preload/irqd_library.h"
#include "client/preload/own_files.h"

namespace irqd {

// Whether RegisterIoctl answers it.
bool IsRegisterRequest(unsigned int request);

// KVM_GET_REGS, KVM_SET_REGS, KVM_GET_SREGS, KVM_SET_SREGS, KVM_GET_FPU, KVM_SET_FPU,
// KVM_GET_ONE_REG and KVM_SET_ONE_REG.
//
// EBADF, ENOTTY, EIO  as irqd_ioctl
// EFAULT
// EINVAL  no such register
int RegisterIoctl(const IrqdLibrary& irqd, int fd, unsigned int request, unsigned long argument);

// One of the three resets, on irqd's registers and on those here.
int ResetVcpu(const IrqdLibrary& irqd, int fd, unsigned int request, unsigned long argument);

// Before and after the guest is entered.
//
// EINVAL  kvm_valid_regs or kvm_dirty_regs has a bit that is none
int SyncRegisters(const IrqdLibrary& irqd, int fd, OwnFile* file, kvm_run* run);
int StoreRegisters(const IrqdLibrary& irqd, int fd, OwnFile* file, kvm_run* run);

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_VCPU_REGISTERS_H_
