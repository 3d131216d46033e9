// The codec's copies, where the compiler sees them: for a type that it knows, what remains are the
// loads and stores of the member's fields. For the .cc files of the codec and of what reads or
// writes many records; others call irq_codec.h.
#ifndef IRQD_CORE_IRQ_COPY_H_
#define IRQD_CORE_IRQ_COPY_H_

#include <endian.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "core/irq_fields.h"
#include "core/kvm_s390.h"

namespace irqd {

inline constexpr size_t kIrqUnionOffset = offsetof(kvm_s390_irq, u);

inline uint16_t FromBig(uint16_t value) { return be16toh(value); }
inline uint32_t FromBig(uint32_t value) { return be32toh(value); }
inline uint64_t FromBig(uint64_t value) { return be64toh(value); }

template <typename T>
void CopyInteger(const uint8_t* from, uint8_t* to) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  value = FromBig(value);
  std::memcpy(to, &value, sizeof(value));
}

// `from` and `to` are where the field lies.
template <size_t kSize>
void CopyField(const uint8_t* from, uint8_t* to) {
  if constexpr (kSize == 2) {
    CopyInteger<uint16_t>(from, to);
  } else if constexpr (kSize == 4) {
    CopyInteger<uint32_t>(from, to);
  } else if constexpr (kSize == 8) {
    CopyInteger<uint64_t>(from, to);
  } else {
    std::memcpy(to, from, kSize);
  }
}

template <const IrqMember* kMember, size_t... kIndex>
void CopyFields(const uint8_t* from, uint8_t* to, std::index_sequence<kIndex...>) {
  (CopyField<kMember->fields[kIndex].size>(from + kMember->fields[kIndex].offset,
                                           to + kMember->fields[kIndex].offset),
   ...);
}

// Copies the member that `type` selects; swapping to and from big-endian is the same thing.
// Straight-line code for each member: a loop over its fields took most of a GET.
inline void CopyMember(uint64_t type, const uint8_t* from, uint8_t* to) {
  VisitMember(type, [&](auto member) {
    constexpr size_t kFields = decltype(member)::value->fields.size();
    CopyFields<decltype(member)::value>(from, to, std::make_index_sequence<kFields>());
  });
}

// Reads an image into the type and the member that it selects. Nothing else of `*irq` changes, and
// no rule looks at it.
inline void DecodeMember(const uint8_t* image, kvm_s390_irq* irq) {
  uint64_t type;
  std::memcpy(&type, image, sizeof(type));
  irq->type = be64toh(type);
  CopyMember(irq->type, image + kIrqUnionOffset, reinterpret_cast<uint8_t*>(&irq->u));
}

// Writes a record of `type` over an image that is all zero. `member` is what the type selects of
// the union, or null for a type of no payload.
inline void EncodeMember(uint64_t type, const void* member, uint8_t* image) {
  const uint64_t big_endian_type = htobe64(type);
  std::memcpy(image, &big_endian_type, sizeof(big_endian_type));
  CopyMember(type, static_cast<const uint8_t*>(member), image + kIrqUnionOffset);
}

}  // namespace irqd

#endif  // IRQD_CORE_IRQ_COPY_H_
