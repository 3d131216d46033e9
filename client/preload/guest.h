/*
 * guest.h: a hook for programs that expect a guest to have run.
 *
 * libirqd_preload.so runs no guest: KVM_RUN ends as if a signal had come. A program that waits for
 * another exit needs somebody who prepares it: a function of this name, in the program if that
 * exports it, or in a library that is in LD_PRELOAD too.
 */
#ifndef IRQD_CLIENT_PRELOAD_GUEST_H_
#define IRQD_CLIENT_PRELOAD_GUEST_H_

#include <linux/kvm.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Called by each KVM_RUN of a vCPU that is mapped, in its thread, after all that can be delivered
 * was, if no stop is pending. It may use vcpu_fd for ioctls other than KVM_RUN, and change `run`,
 * where exit_reason is KVM_EXIT_INTR before. On s390 it sets control registers with KVM_SET_SREGS
 * and others of the kernel's own with KVM_SET_ONE_REG: `run` gets to show them when KVM_RUN ends.
 *
 * Returns 1 if it has prepared an exit in `run`: KVM_RUN returns 0. Returns 0 if it has not:
 * KVM_RUN fails with EINTR.
 */
int irqd_preload_guest(int vcpu_fd, struct kvm_run* run);

#ifdef __cplusplus
}
#endif

#endif /* IRQD_CLIENT_PRELOAD_GUEST_H_ */
