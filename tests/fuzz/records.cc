#include "tests/fuzz/records.h"

#include <iterator>

#include "core/kvm_s390.h"

namespace irqd {
namespace {

constexpr uint64_t kTypes[] = {
    KVM_S390_SIGP_SET_PREFIX,
    KVM_S390_RESTART,
    KVM_S390_SIGP_STOP,
    KVM_S390_INT_PFAULT_INIT,
    KVM_S390_INT_CPU_TIMER,
    KVM_S390_INT_CLOCK_COMP,
    KVM_S390_MCHK,
    KVM_S390_PROGRAM_INT,
    KVM_S390_INT_EXTERNAL_CALL,
    KVM_S390_INT_EMERGENCY,
    KVM_S390_INT_VIRTIO,
    KVM_S390_INT_SERVICE,
    KVM_S390_INT_PFAULT_DONE,
    KVM_S390_INT_IO_MAX,
    0,
};

void PutBig(std::string* image, size_t at, uint64_t value, int size) {
  for (int i = 0; i < size; ++i) {
    (*image)[at + i] = static_cast<char>(value >> (8 * (size - 1 - i)));
  }
}

}  // namespace

uint64_t TakeType(FuzzInput* input) {
  const uint32_t which = input->Below(std::size(kTypes) + 1);
  return which < std::size(kTypes) ? kTypes[which] : input->Number(8);
}

std::string TakeRecord(FuzzInput* input) {
  std::string image(kIrqSize, '\0');
  const uint64_t type = TakeType(input);
  PutBig(&image, 0, type, 8);
  const uint8_t how = input->Byte();
  // Half of the payloads are any bytes, as long as one byte says; the others start from zero.
  if (how & 1) image.replace(8, 64, input->Bytes(input->Below(65))).resize(kIrqSize);
  const bool signal = type == KVM_S390_INT_EMERGENCY || type == KVM_S390_INT_EXTERNAL_CALL;
  if (signal && how & 2) PutBig(&image, 8, input->Below(8), 2);
  if (type == KVM_S390_SIGP_STOP && how & 2) PutBig(&image, 8, input->Below(4), 4);
  if (type == KVM_S390_PROGRAM_INT && how & 2) PutBig(&image, 8 + 28, input->Byte(), 2);
  if (type == KVM_S390_MCHK && how & 2) PutBig(&image, 8 + 8, input->Number(2) << 48, 8);
  return image;
}

}  // namespace irqd
