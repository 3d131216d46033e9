// The floating interrupt controller's numbers, which <linux/kvm.h> declares on s390 only.
//
// Source: arch/s390/include/uapi/asm/kvm.h of Linux 6.1.
#ifndef IRQD_TESTS_CONFORMANCE_FLIC_H_
#define IRQD_TESTS_CONFORMANCE_FLIC_H_

#include <cstdint>

namespace irqd {

enum FlicGroup : uint32_t {
  kFlicGetAllIrqs = 1,
  kFlicEnqueue = 2,
  kFlicClearIrqs = 3,
  kFlicApfEnable = 4,
  kFlicApfDisableWait = 5,
  kFlicAdapterRegister = 6,
  kFlicAdapterModify = 7,
  kFlicClearIoIrq = 8,
  kFlicAism = 9,
  kFlicAirqInject = 10,
  kFlicAismAll = 11,
};
inline constexpr uint32_t kFlicGroupMax = kFlicAismAll;

// The most that GET_ALL_IRQS and ENQUEUE take, in bytes: KVM_S390_FLIC_MAX_BUFFER.
inline constexpr uint32_t kFlicMaxBuffer = 0x2000000;

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_FLIC_H_
