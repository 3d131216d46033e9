// The 72-byte image of an interrupt record, as s390x memory holds it, and the typed record.
//
// An image is big-endian on every machine. A `kvm_s390_irq` is in host byte order. Both carry
// the fields at the same offsets, so converting swaps the bytes of each integer field of the
// member that the type selects; byte arrays are copied.
//
// Bytes of the union outside that member are ignored on input and zero on output, both ways,
// as the kernel treats them. No function here fails: every image is some record.
#ifndef IRQD_CORE_IRQ_CODEC_H_
#define IRQD_CORE_IRQ_CODEC_H_

#include <cstdint>

#include "core/kvm_s390.h"

namespace irqd {

// Reads kIrqSize bytes at `image`, which needs no alignment.
kvm_s390_irq DecodeIrq(const uint8_t* image);

// Writes kIrqSize bytes at `image`, which needs no alignment.
void EncodeIrq(const kvm_s390_irq& irq, uint8_t* image);

}  // namespace irqd

#endif  // IRQD_CORE_IRQ_CODEC_H_
