// The entries of Linux's code that are static there, by names of ours. The others are declared in
// its own headers.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_LINUX_CODE_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_LINUX_CODE_H_

#include <code/kvm-s390.h>

struct kvm_device_ops* linux_flic_ops(void);
long linux_vcpu_ioctl(struct file* file, unsigned int request, unsigned long arg);
long linux_device_ioctl(struct file* file, unsigned int request, unsigned long arg);
int linux_create_vcpu(struct kvm* kvm, u32 id);
int linux_check_extension(struct kvm* kvm, long extension);
int linux_handle_stop(struct kvm_vcpu* vcpu);

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_LINUX_CODE_H_
