#include "client/flic_memory.h"

#include <endian.h>

#include <algorithm>

#include "absl/types/span.h"
#include "client/irq_images.h"
#include "client/user_memory.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

// The sizes of a structure's fields, padding included.
absl::Span<const size_t> FieldSizes(FlicGroup group) {
  static constexpr size_t kIoAdapter[] = {4, 1, 1, 1, 1};
  static constexpr size_t kIoAdapterReq[] = {4, 1, 1, 2, 8};
  static constexpr size_t kSchid[] = {4};
  static constexpr size_t kAisReq[] = {1, 1, 2};
  static constexpr size_t kAisAll[] = {1, 1};
  switch (group) {
    case FlicGroup::kAdapterRegister:
      return kIoAdapter;
    case FlicGroup::kAdapterModify:
      return kIoAdapterReq;
    case FlicGroup::kClearIoIrq:
      return kSchid;
    case FlicGroup::kAism:
      return kAisReq;
    case FlicGroup::kAismAll:
      return kAisAll;
    default:
      return {};
  }
}

void ToBigEndian(char* field, size_t size) {
  if (htobe16(1) != 1) std::reverse(field, field + size);
}

}  // namespace

int ReadFlicStructure(uint32_t group, uint64_t address, std::string* image) {
  const absl::Span<const size_t> sizes = FieldSizes(static_cast<FlicGroup>(group));
  size_t size = 0;
  for (const size_t field : sizes) size += field;
  image->assign(size, '\0');
  const int64_t copied = CopyReadableFromUser(&(*image)[0], address, size);
  if (copied < 0) return static_cast<int>(copied);
  char* field = &(*image)[0];
  for (const size_t field_size : sizes) {
    ToBigEndian(field, field_size);
    field += field_size;
  }
  // What was cut off is not sent.
  image->resize(copied);
  return 0;
}

int ReadFlicRecords(uint64_t address, size_t size, std::string* images) {
  const size_t whole = (size + kIrqSize - 1) / kIrqSize * kIrqSize;
  images->assign(whole, '\0');
  const int64_t copied = CopyReadableFromUser(&(*images)[0], address, size);
  if (copied < 0) return static_cast<int>(copied);
  // A record that was cut is converted whole, with zeroes in place of its end.
  images->resize((static_cast<size_t>(copied) + kIrqSize - 1) / kIrqSize * kIrqSize);
  EncodeInPlace(images);
  images->resize(copied);
  return 0;
}

}  // namespace irqd
