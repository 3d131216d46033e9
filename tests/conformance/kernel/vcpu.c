// vCPUs of kernel_interrupt.h, and delivery to them.
#include "tests/conformance/kernel/kernel_interrupt.h"
#include "tests/conformance/kernel/linux_code.h"

static void enter(struct kvm_vcpu* vcpu) { host_machine = &vcpu->kvm->host_machine; }

struct kvm_vcpu* kernel_find_vcpu(struct kvm* vm, unsigned int id) {
  return id > KVM_MAX_VCPU_IDS ? NULL : kvm_get_vcpu_by_id(vm, id);
}

long kernel_vcpu_ioctl(struct kvm_vcpu* vcpu, unsigned int request, void* arg) {
  struct file file = {.private_data = vcpu};

  enter(vcpu);
  return linux_vcpu_ioctl(&file, request, (unsigned long)arg);
}

unsigned long long kernel_vcpu_pending(const struct kvm_vcpu* vcpu) {
  return vcpu->arch.local_int.pending_irqs;
}

unsigned long long kernel_vcpu_psw_mask(const struct kvm_vcpu* vcpu) {
  return vcpu->arch.sie_block->gpsw.mask;
}

unsigned int kernel_vcpu_prefix(const struct kvm_vcpu* vcpu) {
  return kvm_s390_get_prefix((struct kvm_vcpu*)vcpu);
}

unsigned long long kernel_vcpu_cr(const struct kvm_vcpu* vcpu, int n) {
  return vcpu->arch.sie_block->gcr[n];
}

unsigned long long kernel_vcpu_clock_comparator(const struct kvm_vcpu *vcpu) {
  return vcpu->arch.sie_block->ckc;
}

unsigned long long kernel_vcpu_cpu_timer(const struct kvm_vcpu *vcpu) {
  enter((struct kvm_vcpu *)vcpu);
  return kvm_s390_get_cpu_timer((struct kvm_vcpu *)vcpu);
}

void kernel_vcpu_set_psw_mask(struct kvm_vcpu* vcpu, unsigned long long mask) {
  vcpu->arch.sie_block->gpsw.mask = mask;
}

void kernel_vcpu_set_cr(struct kvm_vcpu* vcpu, int n, unsigned long long value) {
  vcpu->arch.sie_block->gcr[n] = value;
}

void kernel_vcpu_set_clock_comparator(struct kvm_vcpu* vcpu, unsigned long long value) {
  vcpu->arch.sie_block->ckc = value;
}

void kernel_vcpu_set_cpu_timer(struct kvm_vcpu* vcpu, unsigned long long value) {
  enter(vcpu);
  kvm_s390_set_cpu_timer(vcpu, value);
}

// Where the trace point of a delivery writes to.
struct delivery_log {
  struct kernel_delivered* delivered;
  int max;
  int count;
};
static __thread struct delivery_log* delivery_log __attribute__((tls_model("initial-exec")));

void host_trace_deliver(unsigned int id, u64 type, u64 data0, u64 data1) {
  struct delivery_log* log = delivery_log;

  if (log->count < log->max)
    log->delivered[log->count] =
        (struct kernel_delivered){.type = type, .data0 = data0, .data1 = data1};
  log->count++;
}

int kernel_deliver(struct kvm_vcpu* vcpu, struct kernel_delivered* delivered, int max, int* count) {
  struct delivery_log log = {delivered, max, 0};
  int ret;

  enter(vcpu);
  mutex_lock(&vcpu->mutex);
  delivery_log = &log;
  ret = kvm_s390_deliver_pending_interrupts(vcpu);
  delivery_log = NULL;
  mutex_unlock(&vcpu->mutex);
  *count = log.count;
  return ret;
}

int kernel_has_irq(struct kvm_vcpu* vcpu) {
  enter(vcpu);
  return kvm_s390_vcpu_has_irq(vcpu, 1);
}

int kernel_handle_stop(struct kvm_vcpu* vcpu) {
  int ret;

  enter(vcpu);
  mutex_lock(&vcpu->mutex);
  ret = linux_handle_stop(vcpu);
  mutex_unlock(&vcpu->mutex);
  return ret;
}

__thread struct host_range host_unmapped __attribute__((tls_model("initial-exec")));

void kernel_set_unmapped(const void* start, const void* end) {
  host_unmapped = (struct host_range){(unsigned long)start, (unsigned long)end};
}
