/*
 * Stands in front of libirqd_preload.so and looks, before each reset, whether there is something
 * to reset. The kernel's selftest s390x/resets does not: it sets an emergency signal, resets the
 * vCPU, and wants nothing to be pending. A SET that stores nothing would do.
 *
 * If anything but that signal is pending, the witness ends the program, as TAP has it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

typedef int ioctl_function(int, unsigned long, ...);

/* The id of the one vCPU, which the selftest also names as the sender of the signal. */
enum { kVcpu = 3 };

static void look(ioctl_function* next, int vcpu) {
  struct kvm_s390_irq pending[4] = {};
  struct kvm_s390_irq_state state = {.buf = (unsigned long)pending, .len = sizeof(pending)};
  const int bytes = next(vcpu, KVM_S390_GET_IRQ_STATE, &state);
  if (bytes == sizeof(pending[0]) && pending[0].type == KVM_S390_INT_EMERGENCY &&
      pending[0].u.emerg.code == kVcpu) {
    printf("# the emergency signal is pending\n");
    return;
  }
  printf("Bail out! Before the reset %d bytes are pending, and no emergency signal alone\n", bytes);
  fflush(stdout);
  _exit(1);
}

int ioctl(int fd, unsigned long request, ...) {
  static ioctl_function* next;
  if (next == NULL) next = (ioctl_function*)dlsym(RTLD_NEXT, "ioctl");
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (request == KVM_S390_NORMAL_RESET || request == KVM_S390_INITIAL_RESET ||
      request == KVM_S390_CLEAR_RESET) {
    look(next, fd);
  }
  return next(fd, request, argument);
}
