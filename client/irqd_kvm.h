/*
 * irqd_kvm.h: the s390 interrupt ioctls of /dev/kvm, answered by an irqd.
 *
 * A program written for /dev/kvm keeps its ioctl numbers and structures from <linux/kvm.h>, in
 * host byte order, and needs three names:
 *
 *     int kvm = irqd_open("127.0.0.1:50051", NULL);      // open("/dev/kvm", O_RDWR)
 *     int vm = irqd_ioctl(kvm, KVM_CREATE_VM, 0);
 *     int vcpu = irqd_ioctl(vm, KVM_CREATE_VCPU, 0);
 *     irqd_ioctl(vcpu, KVM_S390_GET_IRQ_STATE, &state);
 *
 * <linux/kvm.h> declares the s390 floating interrupt controller's (FLIC) groups and structures on
 * s390 only: irqd_kvm_flic.h has them for other machines. irqd_kvm_guest.h does what a guest does.
 *
 * Every function returns -1 and sets errno on failure, and may be called from any thread.
 *
 * Descriptors are close-on-exec and may be copied. A forked child may close those it inherits and
 * open its own; if its parent has used a server, "inproc:" only, unless it calls exec() first: gRPC
 * does not outlive a fork.
 */
#ifndef IRQD_CLIENT_IRQD_KVM_H_
#define IRQD_CLIENT_IRQD_KVM_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IRQD_API __attribute__((visibility("default")))

/*
 * Like open("/dev/kvm"): a descriptor for the simulated host at `target`.
 *
 * target        "host:port" or "unix:PATH" of a server; "inproc:" for a simulation inside this
 *               process that needs none and is gone with its last descriptor
 * host_profile  what the host of VMs created here is: "linux-6.1,sigpif,esca,no-gisa", words in any
 *               order, each optional, at most once; "linux-4.1" is another kernel; "no-" turns a
 *               facility off; NULL: all defaults. One more word is about this library, on all
 *               descriptors that come from this one: "documented-set" lets
 *               KVM_S390_SET_IRQ_STATE also take the structure that documentation once printed,
 *               {u64 buf; u32 len; u32 pad}. A program compiled from it issues 0x4010aeb5, which a
 *               kernel answers with ENOTTY, and so does this library without the word.
 *
 * EINVAL        target or host_profile cannot be parsed
 * EMFILE, ENOMEM
 * ENFILE        also if the user's processes together hold more of these descriptors than
 *               RLIMIT_NOFILE, without CAP_SYS_RESOURCE
 * The server is not asked yet.
 */
IRQD_API int irqd_open(const char* target, const char* host_profile);

/*
 * Like ioctl(), on a descriptor of irqd_open, KVM_CREATE_VM, KVM_CREATE_VCPU or KVM_CREATE_DEVICE.
 *
 * on irqd_open's:  KVM_GET_API_VERSION, KVM_CHECK_EXTENSION, KVM_CREATE_VM
 * on a VM's:       KVM_CHECK_EXTENSION, KVM_CREATE_VCPU, KVM_ENABLE_CAP, KVM_S390_INTERRUPT,
 *                  KVM_CREATE_DEVICE (KVM_DEV_TYPE_FLIC, once for a VM)
 * on a vCPU's:     KVM_S390_IRQ, KVM_S390_INTERRUPT, KVM_S390_SET_IRQ_STATE,
 *                  KVM_S390_GET_IRQ_STATE, KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET,
 *                  KVM_S390_CLEAR_RESET, KVM_SET_MP_STATE, KVM_GET_MP_STATE
 * on a FLIC's:     KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, KVM_HAS_DEVICE_ATTR
 *
 * Errors, in the order checked:
 * EBADF         fd is not open
 * ENOTTY        fd is no descriptor of this library
 * EIO           fd belongs to another process (this one was forked)
 * EINVAL        on a vCPU: the request's type byte is not KVMIO (0xae)
 * ENOTTY        VM, vCPU, FLIC: the request is not known; on irqd_open's it is EINVAL, as on s390
 * EFAULT        the argument, or what it points to, cannot be read or written; never a crash. What
 *               is read and written after other checks in the kernel is so here
 * EMFILE, ENFILE, ENOMEM   KVM_CREATE_VM, KVM_CREATE_VCPU, KVM_CREATE_DEVICE: as irqd_open
 * and what the kernel answers, see docs/api.md. If the call did not reach the simulated kernel (a
 * long KVM_DEV_FLIC_ENQUEUE goes there in parts, and earlier ones stay):
 * EHOSTDOWN     no server at target, or the connection broke; the call may have been carried out
 * ETIMEDOUT     no answer in 10 seconds; the call may have been carried out
 * ENODEV        the VM or vCPU is gone: somebody deleted the VM, or the server is another one. Also
 *               the kernel's answer to a KVM_CREATE_DEVICE type that it does not have
 * EDQUOT        the server's max_vms or max_vcpus is reached
 * EPROTO        the server answered something that this library does not understand
 */
IRQD_API int irqd_ioctl(int fd, unsigned long request, ...);

/*
 * Like close(). When the last descriptor of a KVM_CREATE_VM VM (its own, its vCPUs', its FLIC's,
 * copies) is closed, the VM is removed; after irqd_close() of the last one it is gone. A plain
 * close() does the same, but the VM may be there a moment longer. exit() removes the VMs of the
 * process; one that is killed leaves its VMs on the server.
 *
 * EBADF         fd is not open
 * ENOTTY        fd is no descriptor of this library; it stays open
 */
IRQD_API int irqd_close(int fd);

/*
 * A descriptor for a VM that somebody else made, by name. Closing it does not remove the VM.
 *
 * EBADF, ENOTTY, EIO   as irqd_ioctl, for kvm_fd
 * EFAULT        name is NULL
 * EINVAL        name is no VM name
 * ENOENT        no VM of that name
 * EMFILE, ENFILE, EHOSTDOWN, ETIMEDOUT, EPROTO
 */
IRQD_API int irqd_vm_open(int kvm_fd, const char* name);

/*
 * A descriptor for an existing vCPU of a VM.
 *
 * EBADF, ENOTTY, EIO   as irqd_ioctl, for vm_fd
 * ENOENT        the VM has no such vCPU
 * EMFILE, ENFILE, EHOSTDOWN, ETIMEDOUT, ENODEV, EPROTO
 */
IRQD_API int irqd_vcpu_open(int vm_fd, uint32_t id);

#ifdef __cplusplus
}
#endif

#endif /* IRQD_CLIENT_IRQD_KVM_H_ */
