#include "client/irq_images.h"

#include <cstdint>
#include <cstring>

#include "core/irq_codec.h"

namespace irqd {

std::string EncodeIrqs(absl::Span<const kvm_s390_irq> irqs) {
  std::string images(irqs.size() * kIrqSize, '\0');
  uint8_t* at = reinterpret_cast<uint8_t*>(&images[0]);
  for (const kvm_s390_irq& irq : irqs) {
    EncodeIrq(irq, at);
    at += kIrqSize;
  }
  return images;
}

std::vector<kvm_s390_irq> DecodeIrqs(absl::string_view images) {
  std::vector<kvm_s390_irq> irqs;
  irqs.reserve(images.size() / kIrqSize);
  for (size_t at = 0; at < images.size(); at += kIrqSize) {
    irqs.push_back(DecodeIrq(reinterpret_cast<const uint8_t*>(&images[at])));
  }
  return irqs;
}

void EncodeInPlace(std::string* list) {
  for (size_t at = 0; at + kIrqSize <= list->size(); at += kIrqSize) {
    kvm_s390_irq irq;
    std::memcpy(&irq, &(*list)[at], kIrqSize);
    EncodeIrq(irq, reinterpret_cast<uint8_t*>(&(*list)[at]));
  }
}

void DecodeInPlace(std::string* list) {
  for (size_t at = 0; at + kIrqSize <= list->size(); at += kIrqSize) {
    const kvm_s390_irq irq = DecodeIrq(reinterpret_cast<const uint8_t*>(&(*list)[at]));
    std::memcpy(&(*list)[at], &irq, kIrqSize);
  }
}

}  // namespace irqd
