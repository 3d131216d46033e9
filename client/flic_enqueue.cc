#include "client/flic_enqueue.h"

#include <algorithm>

#include "core/kvm_flic.h"
#include "core/limits.h"

namespace irqd {
namespace {

constexpr uint64_t kPartSize = kMaxDeviceAttrMemory / kIrqSize * kIrqSize;

// Source: enqueue_floating_irq, which compares an int with unsigned numbers.
bool IsRefused(int32_t len) {
  return static_cast<uint64_t>(int64_t{len}) % kIrqSize != 0 ||
         len > static_cast<int64_t>(kFlicMaxBuffer);
}

}  // namespace

absl::StatusOr<FloatReply> EnqueueInParts(Connection& connection, uint64_t vm_id,
                                          const DeviceAttr& attr, ReadImages read,
                                          const CallOptions& options) {
  const int32_t len = static_cast<int32_t>(attr.attr);
  if (IsRefused(len)) return connection.SetDeviceAttr(vm_id, attr, "", options);
  // A negative length is a large one: the kernel counts it down until it is below a record.
  const uint64_t size = static_cast<uint32_t>(len) / kIrqSize * kIrqSize;
  FloatReply all;
  uint64_t offset = 0;
  do {
    DeviceAttr part = attr;
    part.attr = std::min(size - offset, kPartSize);
    const absl::StatusOr<std::string> images = read(offset, part.attr);
    if (!images.ok()) return images.status();
    absl::StatusOr<FloatReply> reply = connection.SetDeviceAttr(vm_id, part, *images, options);
    if (!reply.ok()) return reply.status();
    all.ret = reply->ret;
    all.woken.insert(all.woken.end(), reply->woken.begin(), reply->woken.end());
    offset += part.attr;
  } while (all.ret == 0 && offset < size);
  return all;
}

}  // namespace irqd
