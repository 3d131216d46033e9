#include "tests/conformance/host_images.h"

#include <algorithm>
#include <cstring>

#include "core/kvm_flic.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

// Sizes of fields, one after the other; bytes need no exchange.
const char* MemberLayout(uint64_t type) {
  switch (type) {
    case KVM_S390_SIGP_STOP:
    case KVM_S390_SIGP_SET_PREFIX:
      return "4";
    case KVM_S390_PROGRAM_INT:
      return "888422";
    case KVM_S390_INT_PFAULT_INIT:
    case KVM_S390_INT_PFAULT_DONE:
    case KVM_S390_INT_VIRTIO:
    case KVM_S390_INT_SERVICE:
      return "448";
    case KVM_S390_INT_EMERGENCY:
    case KVM_S390_INT_EXTERNAL_CALL:
      return "2";
    case KVM_S390_MCHK:
      return "88844";
    default:
      return type <= KVM_S390_INT_IO_MAX ? "2244" : "";
  }
}

const char* AttrLayout(uint32_t group) {
  switch (static_cast<FlicGroup>(group)) {
    case FlicGroup::kAdapterRegister:
      return "4";
    case FlicGroup::kAdapterModify:
      return "41128";
    case FlicGroup::kClearIoIrq:
      return "4";
    case FlicGroup::kAism:
      return "112";
    default:
      return "";
  }
}

// Nothing is exchanged where host order is that of images.
constexpr bool kHostIsBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

void Reverse(uint8_t* bytes, size_t size) {
  if (!kHostIsBigEndian) std::reverse(bytes, bytes + size);
}

void Exchange(const char* layout, uint8_t* bytes, size_t size) {
  for (size_t at = 0; *layout != '\0'; ++layout) {
    const size_t field = static_cast<size_t>(*layout - '0');
    if (at + field > size) return;
    Reverse(bytes + at, field);
    at += field;
  }
}

uint64_t TypeOf(const uint8_t* host) {
  uint64_t type;
  std::memcpy(&type, host, sizeof(type));
  return type;
}

bool HoldsRecords(uint32_t group) {
  return group == static_cast<uint32_t>(FlicGroup::kEnqueue) ||
         group == static_cast<uint32_t>(FlicGroup::kGetAllIrqs);
}

}  // namespace

void ImagesToHost(uint8_t* bytes, size_t size) {
  for (; size >= sizeof(uint64_t); bytes += kIrqSize, size -= kIrqSize) {
    Reverse(bytes, sizeof(uint64_t));
    Exchange(MemberLayout(TypeOf(bytes)), bytes + 8, std::min(size, kIrqSize) - 8);
    if (size < kIrqSize) break;
  }
}

void HostToImages(uint8_t* bytes, size_t size) {
  for (; size >= sizeof(uint64_t); bytes += kIrqSize, size -= kIrqSize) {
    Exchange(MemberLayout(TypeOf(bytes)), bytes + 8, std::min(size, kIrqSize) - 8);
    Reverse(bytes, sizeof(uint64_t));
    if (size < kIrqSize) break;
  }
}

void AttrToHost(uint32_t group, uint8_t* bytes, size_t size) {
  if (HoldsRecords(group)) return ImagesToHost(bytes, size);
  Exchange(AttrLayout(group), bytes, size);
}

void HostToAttr(uint32_t group, uint8_t* bytes, size_t size) {
  if (HoldsRecords(group)) return HostToImages(bytes, size);
  Exchange(AttrLayout(group), bytes, size);
}

}  // namespace irqd
