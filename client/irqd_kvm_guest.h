/*
 * irqd_kvm_guest.h: what a guest does, where no guest runs. irqd's own, beside irqd_kvm.h: the
 * kernel has no ioctls like these.
 *
 * Every function returns -1 and sets errno on failure, and may be called from any thread. Errors,
 * in the order checked: EBADF, ENOTTY and EIO as irqd_ioctl; then EINVAL as listed; then, if the
 * call did not reach the simulated kernel, EHOSTDOWN, ETIMEDOUT, ENODEV and EPROTO as irqd_ioctl;
 * then EFAULT and all else listed. Structures are in host byte order.
 */
#ifndef IRQD_CLIENT_IRQD_KVM_GUEST_H_
#define IRQD_CLIENT_IRQD_KVM_GUEST_H_

#include <linux/kvm.h>
#include <stdint.h>

#include "client/irqd_kvm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The registers that decide which interrupts a vCPU takes. */
enum irqd_vcpu_register {
  IRQD_PSW_MASK = 1,
  IRQD_CR0,
  IRQD_CR6,
  IRQD_CR14,
  IRQD_CLOCK_COMPARATOR,
  IRQD_CPU_TIMER,
  IRQD_PREFIX,
};

/* The clock of a VM, and the masks of the new PSWs in the lowcores of all its vCPUs. */
enum irqd_vm_register {
  IRQD_TOD_CLOCK = 1,
  IRQD_NEW_PSW_RESTART,
  IRQD_NEW_PSW_EXTERNAL,
  IRQD_NEW_PSW_PROGRAM,
  IRQD_NEW_PSW_MACHINE_CHECK,
  IRQD_NEW_PSW_IO,
};

/*
 * IRQD_PREFIX is cut to its bits 1 to 18 of 32 when it is set, as in the kernel.
 *
 * EINVAL  no such register
 * EFAULT  value cannot be written
 */
IRQD_API int irqd_vcpu_get_register(int vcpu_fd, int which, uint64_t* value);
IRQD_API int irqd_vcpu_set_register(int vcpu_fd, int which, uint64_t value);
IRQD_API int irqd_vm_get_register(int vm_fd, int which, uint64_t* value);
IRQD_API int irqd_vm_set_register(int vm_fd, int which, uint64_t value);

/* A delivered interrupt. data0 and data1 are what the kernel's trace point says of it. */
struct irqd_delivered {
  struct kvm_s390_irq irq;
  uint64_t data0;
  uint64_t data1;
};

/*
 * Delivers what the kernel would when the vCPU enters the guest, but at most `max` interrupts
 * (10,000 if it is more), into `list`. Returns how many. If that is `max`, more may be deliverable.
 *
 * EINVAL  max is 0
 * EFAULT  list cannot be written; the interrupts are delivered all the same
 */
IRQD_API int irqd_vcpu_deliver(int vcpu_fd, struct irqd_delivered* list, uint32_t max);

/* 1 if something would be delivered, or (exclude_stop being 0) a stop is pending; else 0. */
IRQD_API int irqd_vcpu_has_irq(int vcpu_fd, int exclude_stop);

/*
 * What a stop intercept leads to. 0: nothing, as something else is deliverable or no stop is
 * pending.
 *
 * EOPNOTSUPP  the exit goes to userspace; the vCPU is stopped, unless userspace controls run states
 */
IRQD_API int irqd_vcpu_stop_intercept(int vcpu_fd);

/*
 * The vCPU gives vCPU `to` of its VM a SIGP order. Returns the condition code, 0 to 3; with 1,
 * *status (if status is not NULL) has the status bits, else 0.
 *
 * EINVAL  order is above 0xff
 * EFAULT  status cannot be written; the order was given all the same
 */
IRQD_API int irqd_vcpu_sigp(int vcpu_fd, uint32_t to, unsigned int order, uint32_t parameter,
                            uint32_t* status);

#ifdef __cplusplus
}
#endif

#endif /* IRQD_CLIENT_IRQD_KVM_GUEST_H_ */
