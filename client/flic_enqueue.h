// A list of any length for KVM_DEV_FLIC_ENQUEUE, which one call does not take.
#ifndef IRQD_CLIENT_FLIC_ENQUEUE_H_
#define IRQD_CLIENT_FLIC_ENQUEUE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "client/connection.h"

namespace irqd {

// The images at `offset` bytes from the beginning of the list, `size` bytes of them, or as many as
// can be read.
using ReadImages = absl::FunctionRef<absl::StatusOr<std::string>(uint64_t offset, size_t size)>;

// Enqueues a list of attr.attr bytes part by part, as the kernel does record by record: each part
// is read when it is its turn, and those before one that fails stay. attr.group is kEnqueue. The
// kernel's answer, with all vCPUs that were woken; or the status of `read` or of the connection.
// Nothing is read of a list whose length the kernel refuses.
//
// Thread safety: as `connection` and `read`.
absl::StatusOr<FloatReply> EnqueueInParts(Connection& connection, uint64_t vm_id,
                                          const DeviceAttr& attr, ReadImages read,
                                          const CallOptions& options);

}  // namespace irqd

#endif  // IRQD_CLIENT_FLIC_ENQUEUE_H_
