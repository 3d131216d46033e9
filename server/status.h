// The statuses of calls that did not reach the simulated kernel.
//
// Each says in one sentence what is wrong, and carries the same as a google.rpc.Status with the
// details that its code calls for, which gRPC sends as the trailer grpc-status-details-bin.
#ifndef IRQD_SERVER_STATUS_H_
#define IRQD_SERVER_STATUS_H_

#include <grpcpp/support/status.h>

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace irqd {

// INVALID_ARGUMENT with a BadRequest: "FIELD: DESCRIPTION".
grpc::Status InvalidArgument(absl::string_view field, absl::string_view description);

// NOT_FOUND and ALREADY_EXISTS with a ResourceInfo.
grpc::Status NotFound(absl::string_view resource_type, absl::string_view resource_name);
grpc::Status AlreadyExists(absl::string_view resource_type, absl::string_view resource_name);

// RESOURCE_EXHAUSTED with a QuotaFailure: the limit called `limit` is reached.
grpc::Status LimitReached(absl::string_view limit, uint64_t value);

// The beginning of what a client sent, `most` bytes at most, for a message about it. Ends before a
// character that does not fit: half of one would make the details unreadable.
absl::string_view Excerpt(absl::string_view text, size_t most);

// The resource types.
inline constexpr absl::string_view kVmType = "irqd.v1.Vm";
inline constexpr absl::string_view kVcpuType = "irqd.v1.Vcpu";

}  // namespace irqd

#endif  // IRQD_SERVER_STATUS_H_
