/*
 * The interrupt code of Linux 6.1 for s390 as a library: arch/s390/kvm/interrupt.c, compiled for
 * this machine from Debian's linux-source package, with the ioctl entries around it.
 *
 * Functions return what the kernel's ioctl would: 0 or more, or -errno. Structures are those of
 * <linux/kvm.h> in host byte order. A VM or vCPU may be used from several threads at once, as its
 * file descriptor could be; creating and destroying may not.
 *
 * Guests do not run. Their memory takes what is written and gives back only the new PSWs, which
 * are the same at every prefix. Protected and user-controlled VMs, VSIE and PCI are left out.
 */
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_KERNEL_INTERRUPT_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_KERNEL_INTERRUPT_H_

#ifdef __cplusplus
extern "C" {
#endif

struct kvm;
struct kvm_vcpu;

/* ---- VMs ---- */

struct kernel_machine {
  int sigp_interpretation;
  int extended_sca;
  int gisa; /* adapter-interruption virtualization: floating adapter interrupts live in a GISA */
};
/* NULL: out of memory. The TOD clock of a new one stands at 0x2000000000000000. */
struct kvm* kernel_vm_create(const struct kernel_machine* machine);
void kernel_vm_destroy(struct kvm* vm);
/*
 * KVM_CREATE_VCPU and KVM_CHECK_EXTENSION (whose argument is the number itself),
 * KVM_S390_INTERRUPT, KVM_ENABLE_CAP; any other is -ENOTTY.
 */
long kernel_vm_ioctl(struct kvm* vm, unsigned int request, void* arg);
/* KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR on the VM's FLIC. */
long kernel_flic_ioctl(struct kvm* vm, unsigned int request, void* arg);
/* The pending word of the floating interrupts. */
unsigned long long kernel_vm_pending(const struct kvm* vm);
void kernel_vm_set_tod(struct kvm* vm, unsigned long long tod);
enum kernel_new_psw {
  KERNEL_NEW_PSW_RESTART,
  KERNEL_NEW_PSW_EXTERNAL,
  KERNEL_NEW_PSW_PROGRAM,
  KERNEL_NEW_PSW_MACHINE_CHECK,
  KERNEL_NEW_PSW_IO,
};
void kernel_vm_set_new_psw_mask(struct kvm* vm, enum kernel_new_psw which, unsigned long long mask);

/* ---- vCPUs ---- */

/* NULL if the VM has no such vCPU. */
struct kvm_vcpu* kernel_find_vcpu(struct kvm* vm, unsigned int id);
long kernel_vcpu_ioctl(struct kvm_vcpu* vcpu, unsigned int request, void* arg);
/* The pending word of the local interrupts. */
unsigned long long kernel_vcpu_pending(const struct kvm_vcpu* vcpu);
unsigned long long kernel_vcpu_psw_mask(const struct kvm_vcpu* vcpu);
unsigned int kernel_vcpu_prefix(const struct kvm_vcpu* vcpu);
unsigned long long kernel_vcpu_clock_comparator(const struct kvm_vcpu* vcpu);
unsigned long long kernel_vcpu_cpu_timer(const struct kvm_vcpu* vcpu);
unsigned long long kernel_vcpu_cr(const struct kvm_vcpu* vcpu, int n);
void kernel_vcpu_set_psw_mask(struct kvm_vcpu* vcpu, unsigned long long mask);
void kernel_vcpu_set_cr(struct kvm_vcpu* vcpu, int n, unsigned long long value);
void kernel_vcpu_set_clock_comparator(struct kvm_vcpu* vcpu, unsigned long long value);
void kernel_vcpu_set_cpu_timer(struct kvm_vcpu* vcpu, unsigned long long value);

/* ---- delivery ---- */

struct kernel_delivered {
  unsigned long long type;  /* KVM_S390_... */
  unsigned long long data0; /* as in the trace point kvm_s390_deliver_interrupt */
  unsigned long long data1;
};
/*
 * kvm_s390_deliver_pending_interrupts: what is done before a vCPU enters its guest. `count` gets
 * how many were delivered; those beyond `max` are not stored.
 */
int kernel_deliver(struct kvm_vcpu* vcpu, struct kernel_delivered* delivered, int max, int* count);
/* kvm_s390_vcpu_has_irq: 1 if something is deliverable now, besides a stop. */
int kernel_has_irq(struct kvm_vcpu* vcpu);
/* handle_stop: what KVM does at a stop intercept. -EOPNOTSUPP is an exit to userspace. */
int kernel_handle_stop(struct kvm_vcpu* vcpu);

/* ---- the caller's memory ---- */

/*
 * From `start` up to `end` nothing is mapped, for calls of this thread. Otherwise only the first
 * page and the kernel's half of the address space fault, and all else must be there.
 */
void kernel_set_unmapped(const void* start, const void* end);

#ifdef __cplusplus
}
#endif

#endif /* IRQD_TESTS_CONFORMANCE_KERNEL_KERNEL_INTERRUPT_H_ */
