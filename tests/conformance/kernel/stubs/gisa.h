// The guest interruption state area on a little-endian host.
//
// Each word keeps the value that it has on s390 (next alert address in the high half, pending mask
// in bits 31-24, alert mask in bits 7-0), so its bytes lie here in the opposite order.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GISA_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GISA_H_

struct kvm_s390_gisa {
  union {
    struct {
      u8 iam;
      u8 reserved01[2];
      u8 ipm;
      u32 next_alert;
    };
    struct {
      u8 iam;
      u8 nimm;
      u8 simm;
      u8 ipm;
      u32 next_alert;
      u64 rest[3];
    } g1;
    struct {
      u64 word[4];
    } u64;
  };
};

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GISA_H_
