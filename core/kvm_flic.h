// The floating interrupt controller (FLIC) of s390 as the kernel's users see it: attribute groups,
// structures and limits.
//
// <linux/kvm.h> of other architectures does not have them. Structures are given as the images that
// lie in s390x memory, big-endian; sizes and offsets are in bytes.
//
// Source: arch/s390/include/uapi/asm/kvm.h and Documentation/virt/kvm/devices/s390_flic.rst of
// Linux 6.1.
#ifndef IRQD_CORE_KVM_FLIC_H_
#define IRQD_CORE_KVM_FLIC_H_

#include <linux/kvm.h>

#include <cstddef>
#include <cstdint>

namespace irqd {

// KVM_DEV_FLIC_...
enum class FlicGroup : uint32_t {
  kGetAllIrqs = 1,
  kEnqueue = 2,
  kClearIrqs = 3,
  kApfEnable = 4,
  kApfDisableWait = 5,
  kAdapterRegister = 6,
  kAdapterModify = 7,
  kClearIoIrq = 8,
  kAism = 9,
  kAirqInject = 10,
  kAismAll = 11,
};

// KVM_S390_FLIC_MAX_BUFFER: bytes of one KVM_DEV_FLIC_GET_ALL_IRQS or KVM_DEV_FLIC_ENQUEUE.
inline constexpr uint64_t kFlicMaxBuffer = 0x2000000;
// KVM_S390_MAX_FLOAT_IRQS, which bounds the I/O interrupts only, and KVM_S390_MAX_VIRTIO_IRQS.
inline constexpr uint32_t kMaxFloatIrqs = 266250;
inline constexpr uint32_t kMaxVirtioIrqs = 87381;
// MAX_S390_IO_ADAPTERS.
inline constexpr uint32_t kMaxIoAdapters = 64;

// KVM_S390_INT_IO_MAX, KVM_S390_INT_IO_AI_MASK, and the type of an adapter interrupt that the
// kernel makes itself.
inline constexpr uint64_t kIntIoMax = 0xfffdffff;
inline constexpr uint32_t kIntIoAiMask = 0x04000000;
inline constexpr uint32_t kIntIoAdapter = 0x04000000;

// struct kvm_s390_io_adapter: 0 u32 id, 4 u8 isc, 5 u8 maskable, 6 u8 swap, 7 u8 flags.
inline constexpr size_t kIoAdapterSize = 8;
inline constexpr uint8_t kAdapterSuppressible = 1;
// struct kvm_s390_io_adapter_req: 0 u32 id, 4 u8 type, 5 u8 mask, 6 u16 pad, 8 u64 addr.
inline constexpr size_t kIoAdapterReqSize = 16;
inline constexpr uint8_t kIoAdapterMask = 1;
inline constexpr uint8_t kIoAdapterMap = 2;
inline constexpr uint8_t kIoAdapterUnmap = 3;
// struct kvm_s390_ais_req: 0 u8 isc, 2 u16 mode.
inline constexpr size_t kAisReqSize = 4;
inline constexpr uint16_t kAisModeAll = 0;
inline constexpr uint16_t kAisModeSingle = 1;
// struct kvm_s390_ais_all: 0 u8 simm, 1 u8 nimm.
inline constexpr size_t kAisAllSize = 2;

static_assert(KVM_CREATE_DEVICE == 0xc00caee0 && KVM_SET_DEVICE_ATTR == 0x4018aee1 &&
              KVM_GET_DEVICE_ATTR == 0x4018aee2 && KVM_HAS_DEVICE_ATTR == 0x4018aee3);
static_assert(KVM_ENABLE_CAP == 0x4068aea3 && KVM_DEV_TYPE_FLIC == 6);
static_assert(sizeof(kvm_device_attr) == 24 && sizeof(kvm_create_device) == 12);

}  // namespace irqd

#endif  // IRQD_CORE_KVM_FLIC_H_
