/* All headers of the C interface, and a call of each function, compiled as C. */
#include "client/irqd_kvm.h"
/* In this order they find out what each needs itself. */
#include <errno.h>
#include <linux/kvm.h>
#include <stddef.h>
#include <stdio.h>

#include "client/irqd_kvm_flic.h"
#include "client/irqd_kvm_guest.h"

_Static_assert(sizeof(struct kvm_s390_io_adapter) == 8, "as in the kernel");
_Static_assert(sizeof(struct kvm_s390_io_adapter_req) == 16, "as in the kernel");
_Static_assert(offsetof(struct kvm_s390_io_adapter_req, addr) == 8, "as in the kernel");
_Static_assert(sizeof(struct kvm_s390_ais_req) == 4, "as in the kernel");
_Static_assert(offsetof(struct kvm_s390_ais_req, mode) == 2, "as in the kernel");
_Static_assert(sizeof(struct kvm_s390_ais_all) == 2, "as in the kernel");
_Static_assert(sizeof(struct irqd_delivered) == 88, "programs rely on it");

static int failures;

static void expect(const char* what, int result, int expected) {
  if (result == expected) return;
  fprintf(stderr, "%s: %d instead of %d\n", what, result, expected);
  ++failures;
}

int main(void) {
  int kvm = irqd_open("inproc:", "linux-6.1,documented-set");
  int vm = irqd_ioctl(kvm, KVM_CREATE_VM, 0);
  int vcpu = irqd_ioctl(vm, KVM_CREATE_VCPU, 0);
  struct kvm_create_device device = {.type = KVM_DEV_TYPE_FLIC};
  struct kvm_s390_irq service = {.type = KVM_S390_INT_SERVICE, .u.ext.ext_params = 0x1000};
  struct kvm_device_attr enqueue = {
      .group = KVM_DEV_FLIC_ENQUEUE, .attr = sizeof(service), .addr = (unsigned long)&service};
  struct irqd_delivered delivered[4];
  uint64_t clock = 0;
  uint32_t status = 0;

  expect("create device", irqd_ioctl(vm, KVM_CREATE_DEVICE, &device), 0);
  expect("enqueue", irqd_ioctl((int)device.fd, KVM_SET_DEVICE_ATTR, &enqueue), 0);
  expect("set PSW", irqd_vcpu_set_register(vcpu, IRQD_PSW_MASK, 1ull << (63 - 7)), 0);
  expect("has_irq", irqd_vcpu_has_irq(vcpu, 1), 0);
  expect("set CR0", irqd_vcpu_set_register(vcpu, IRQD_CR0, 1ull << (63 - 54)), 0);
  expect("has_irq", irqd_vcpu_has_irq(vcpu, 1), 1);
  expect("deliver", irqd_vcpu_deliver(vcpu, delivered, 4), 1);
  expect("delivered", (int)delivered[0].data0, 0x1000);
  expect("set clock", irqd_vm_set_register(vm, IRQD_TOD_CLOCK, 5), 0);
  expect("get clock", irqd_vm_get_register(vm, IRQD_TOD_CLOCK, &clock), 0);
  expect("clock", (int)clock, 5);
  expect("get CR6", irqd_vcpu_get_register(vcpu, IRQD_CR6, &clock), 0);
  expect("sense", irqd_vcpu_sigp(vcpu, 0, 1, 0, &status), 1);
  expect("status", (int)status, 0x40);
  expect("stop intercept", irqd_vcpu_stop_intercept(vcpu), 0);
  expect("close", irqd_close((int)device.fd), 0);
  expect("close", irqd_close(vcpu), 0);
  expect("close", irqd_close(vm), 0);
  expect("close", irqd_close(kvm), 0);
  expect("closed", irqd_vcpu_has_irq(vcpu, 0), -1);
  expect("errno", errno, EBADF);
  return failures != 0;
}
