// Any 72 bytes are some record: what the codec makes of them, and of the bytes of a record.
#include <cstring>
#include <string>

#include "core/irq_codec.h"
#include "core/irq_layout.h"
#include "tests/fuzz/input.h"

namespace irqd {
namespace {

constexpr size_t kUnion = offsetof(kvm_s390_irq, u);

std::string Encode(const kvm_s390_irq& irq) {
  std::string image(kIrqSize, '\xee');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

kvm_s390_irq Decode(const std::string& image) {
  return DecodeIrq(reinterpret_cast<const uint8_t*>(image.data()));
}

// `image` without what lies beyond its type's member.
std::string Meant(const std::string& image, uint64_t type) {
  std::string meant = image.substr(0, kUnion + MemberOf(type).size);
  meant.resize(kIrqSize);
  return meant;
}

uint64_t FirstEight(const std::string& image) {
  return FuzzInput(reinterpret_cast<const uint8_t*>(image.data()), 8).Number(8);
}

void CheckImage(const std::string& image) {
  const kvm_s390_irq irq = Decode(image);
  FUZZ_CHECK(irq.type == FirstEight(image));
  FUZZ_CHECK(Encode(irq) == Meant(image, irq.type));
  const kvm_s390_irq again = Decode(Encode(irq));
  FUZZ_CHECK(std::memcmp(&again, &irq, sizeof(irq)) == 0);
}

// The same bytes as a record in memory, whose union may hold anything.
void CheckRecord(const std::string& bytes) {
  kvm_s390_irq irq;
  std::memcpy(&irq, bytes.data(), sizeof(irq));
  const kvm_s390_irq back = Decode(Encode(irq));
  const size_t meant = kUnion + MemberOf(irq.type).size;
  FUZZ_CHECK(std::memcmp(&back, &irq, meant) == 0);
}

void CheckNames(uint64_t type, const std::string& text) {
  if (const auto name = IrqTypeName(type); name && *name != "INT_IO") {
    FUZZ_CHECK(IrqTypeFromName(*name) == type);
  }
  if (const auto known = IrqTypeFromName(text)) FUZZ_CHECK(IrqTypeName(*known).has_value());
}

}  // namespace
}  // namespace irqd

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  irqd::FuzzInput input(data, size);
  std::string image = input.Bytes(irqd::kIrqSize);
  irqd::CheckNames(irqd::FirstEight(image + std::string(8, '\0')), image);
  image.resize(irqd::kIrqSize);
  irqd::CheckImage(image);
  irqd::CheckRecord(image);
  return 0;
}
