/* A program that waits for an exit, and stands in for the guest itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/preload/guest.h"

static int failures;

/* `expected`: 0 or more, or -errno. */
static void check(int line, const char* what, long result, long expected) {
  if (result < 0) result = -errno;
  if (result == expected) return;
  fprintf(stderr, "line %d: %s: %ld instead of %ld\n", line, what, result, expected);
  ++failures;
}
#define EXPECT(call, expected) check(__LINE__, #call, (call), (expected))

static int runs, kvm;
static struct kvm_s390_irq irq = {.type = KVM_S390_RESTART}, pending[4];

/* The first time it is somewhere in the guest; the second time it leaves, as DIAG 0x501 does. */
int irqd_preload_guest(int vcpu_fd, struct kvm_run* run) {
  EXPECT(run->exit_reason, KVM_EXIT_INTR);
  EXPECT(ioctl(vcpu_fd, KVM_S390_IRQ, &irq), 0);
  for (int i = 0; i < 5; ++i) EXPECT(close(ioctl(kvm, KVM_CREATE_VM, 0)), 0);
  if (++runs < 2) return 0;
  run->exit_reason = KVM_EXIT_S390_SIEIC;
  run->s390_sieic.icptcode = 4;
  run->s390_sieic.ipa = 0x8300;
  return 1;
}

int main(void) {
  struct kvm_s390_irq_state state = {.buf = (unsigned long)pending, .len = sizeof(pending)};
  kvm = open("/dev/kvm", O_RDWR);
  const int vm = ioctl(kvm, KVM_CREATE_VM, 0);
  const int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  EXPECT(ioctl(vcpu, KVM_RUN, 0), -EINTR);
  EXPECT(runs, 0); /* not without a mapping */
  const int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  struct kvm_run* const run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
  run->immediate_exit = 1;
  EXPECT(ioctl(vcpu, KVM_RUN, 0), -EINTR);
  EXPECT(runs, 0);
  run->immediate_exit = 0;

  EXPECT(ioctl(vcpu, KVM_RUN, 0), -EINTR);
  EXPECT(runs, 1);
  EXPECT(ioctl(vcpu, KVM_S390_GET_IRQ_STATE, &state), 72);
  EXPECT(ioctl(vcpu, KVM_RUN, 0), 0);

  EXPECT(runs, 2);
  EXPECT(run->exit_reason, KVM_EXIT_S390_SIEIC);
  EXPECT(run->s390_sieic.ipa, 0x8300);
  EXPECT(ioctl(vcpu, KVM_S390_GET_IRQ_STATE, &state), 72);
  if (failures == 0) puts("the guest has run");
  return failures != 0;
}
