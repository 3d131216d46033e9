// Linux's code, in one translation unit: interrupt.c, and what is cut out of three other files.
#include "tests/conformance/kernel/linux_code.h"

#include <code/intercept-part.c>
#include <code/interrupt.c>

#include "tests/conformance/kernel/left_out.h"

static int sca_switch_to_extended(struct kvm* kvm);
static void sca_del_vcpu(struct kvm_vcpu* vcpu);

#include <code/intercept-stop-part.c>
#include <code/kvm-s390-part.c>

static void kvm_vcpu_init(struct kvm_vcpu* vcpu, struct kvm* kvm, unsigned int id) {
  mutex_init(&vcpu->mutex);
  vcpu->cpu = -1;
  vcpu->kvm = kvm;
  vcpu->vcpu_id = id;
}

#include <code/kvm_main-part.c>

// The globals that this code looks at.
static struct host_machine no_machine;
__thread struct host_machine* host_machine __attribute__((tls_model("initial-exec"))) = &no_machine;
u64 stfle_fac_list[16];
struct mm_struct host_mm;
struct task_struct host_task = {.mm = &host_mm};
debug_info_t* kvm_s390_dbf;
struct zpci_aift* aift;
unsigned int diag9c_forwarding_hz;

struct kvm_device_ops* linux_flic_ops(void) {
  return &kvm_flic_ops;
}
long linux_vcpu_ioctl(struct file* file, unsigned int request, unsigned long arg) {
  return kvm_vcpu_ioctl(file, request, arg);
}
long linux_device_ioctl(struct file* file, unsigned int request, unsigned long arg) {
  return kvm_device_ioctl(file, request, arg);
}
int linux_create_vcpu(struct kvm* kvm, u32 id) { return kvm_vm_ioctl_create_vcpu(kvm, id); }
int linux_check_extension(struct kvm* kvm, long extension) {
  return kvm_vm_ioctl_check_extension(kvm, extension);
}
int linux_handle_stop(struct kvm_vcpu* vcpu) { return handle_stop(vcpu); }
