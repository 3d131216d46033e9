// The FLIC's attributes that vectors have short names for.
#ifndef IRQD_CLIENT_VECTORS_FLIC_NAMES_H_
#define IRQD_CLIENT_VECTORS_FLIC_NAMES_H_

#include <algorithm>
#include <cstdint>

#include "core/kvm_flic.h"

namespace irqd {

inline constexpr char kGetAllIrqsName[] = "KVM_DEV_FLIC_GET_ALL_IRQS";
inline constexpr char kEnqueueName[] = "KVM_DEV_FLIC_ENQUEUE";
inline constexpr char kClearIrqsName[] = "KVM_DEV_FLIC_CLEAR_IRQS";
inline constexpr char kClearIoIrqName[] = "KVM_DEV_FLIC_CLEAR_IO_IRQ";

// The memory that a listing of `len` bytes has: all of it, as far as the kernel does not refuse it.
inline uint64_t ListingRoom(uint64_t len) { return std::min(len, kFlicMaxBuffer); }

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_FLIC_NAMES_H_
