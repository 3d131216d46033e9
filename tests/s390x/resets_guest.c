/*
 * Stands in for the guest of the kernel's selftest s390x/resets, see client/preload/guest.h.
 *
 * irqd runs no guest code. What the guest of that test does before it leaves is to load registers;
 * this table puts the same values in place. Nothing else here has to do with registers, and nothing
 * at all with interrupts and resets: those are irqd's.
 */
#include <linux/kvm.h>
#include <sys/ioctl.h>

#include "client/preload/guest.h"

enum kind { CONTROL, GENERAL, ACCESS, FLOATING_POINT, FLOATING_POINT_CONTROL };

static const struct {
  enum kind kind;
  int number;
  __u64 value;
} table[] = {
    {FLOATING_POINT_CONTROL, 0, 0x11},
    {CONTROL, 2, 0x10},
    {CONTROL, 8, 1},
    {CONTROL, 10, 1},
    {CONTROL, 11, ~0ull},
    {GENERAL, 0, 0xffff000000000000},
    {GENERAL, 1, 0x0000555500000000},
    {GENERAL, 2, 0x00000000aaaa0000},
    {GENERAL, 3, 0},
    {GENERAL, 4, 1},
    {FLOATING_POINT, 0, 0x3ff0000000000000}, /* 1.0 */
    {ACCESS, 9, 1},
};

/* DIAGNOSE 0x501, with which it leaves. */
static void leave(struct kvm_run* run) {
  run->exit_reason = KVM_EXIT_S390_SIEIC;
  run->s390_sieic.icptcode = 4;
  run->s390_sieic.ipa = 0x8300;
  run->s390_sieic.ipb = 0x05010000;
}

int irqd_preload_guest(int vcpu_fd, struct kvm_run* run) {
  struct kvm_sregs sregs;
  if (ioctl(vcpu_fd, KVM_GET_SREGS, &sregs) != 0) return 0;
  for (unsigned int i = 0; i < sizeof(table) / sizeof(table[0]); ++i) {
    const int number = table[i].number;
    const __u64 value = table[i].value;
    switch (table[i].kind) {
      case CONTROL:
        sregs.crs[number] = value;
        break;
      case GENERAL:
        run->s.regs.gprs[number] = value;
        break;
      case ACCESS:
        sregs.acrs[number] = value;
        break;
      case FLOATING_POINT:
        run->s.regs.fprs[number] = value;
        break;
      case FLOATING_POINT_CONTROL:
        run->s.regs.fpc = value;
        break;
    }
  }
  if (ioctl(vcpu_fd, KVM_SET_SREGS, &sregs) != 0) return 0;
  leave(run);
  return 1;
}
