#include "core/irq_codec.h"

#include <cstring>

#include "core/irq_copy.h"

namespace irqd {

kvm_s390_irq DecodeIrq(const uint8_t* image) {
  kvm_s390_irq irq;
  std::memset(&irq, 0, sizeof(irq));
  DecodeMember(image, &irq);
  return irq;
}

void EncodeIrq(const kvm_s390_irq& irq, uint8_t* image) {
  std::memset(image, 0, kIrqSize);
  EncodeMember(irq.type, &irq.u, image);
}

}  // namespace irqd
