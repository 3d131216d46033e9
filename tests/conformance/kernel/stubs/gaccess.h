// Linux's own gaccess.h, with the accessors that are used led to the guest memory of this machine.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GACCESS_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GACCESS_H_

#include <code/linux_gaccess.h>

#undef put_guest_lc
#define put_guest_lc(v, x, gra)                                                             \
  ({                                                                                        \
    __typeof__(*(gra)) __x = (x);                                                           \
    (void)__x;                                                                              \
    host_guest_write((v)->kvm, (unsigned long)(gra) + kvm_s390_get_prefix(v), sizeof(__x)); \
  })
#define write_guest_lc(v, gra, d, n) \
  ((void)(d), host_guest_write((v)->kvm, (gra) + kvm_s390_get_prefix(v), (n)))
#define read_guest_lc(v, gra, d, n) \
  host_guest_read((v)->kvm, (gra) + kvm_s390_get_prefix(v), (d), (n))
#define write_guest_abs(v, gpa, d, n) ((void)(d), host_guest_write((v)->kvm, (gpa), (n)))
#define write_guest_real(v, gra, d, n) \
  ((void)(d), host_guest_write((v)->kvm, kvm_s390_real_to_abs((v), (gra)), (n)))

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GACCESS_H_
