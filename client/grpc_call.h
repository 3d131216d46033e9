// One call of a stub's method, and its answer as Connection gives it.
#ifndef IRQD_CLIENT_GRPC_CALL_H_
#define IRQD_CLIENT_GRPC_CALL_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/connection.h"

namespace irqd {

// gRPC's codes are abseil's.
inline absl::Status ToStatus(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

// Makes one call of `method` on `stub`, which ends at `deadline`.
template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> CallUntil(absl::Time deadline,
                                   grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   Stub& stub, const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return ToStatus(status);
  return response;
}

template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> Call(const CallOptions& options,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              Stub& stub, const Request& request) {
  return CallUntil(absl::Now() + options.timeout, method, stub, request);
}

template <typename Response>
absl::StatusOr<int32_t> Ret(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return response->ret();
}

template <typename Request>
Request MakeRequest(const VcpuAddress& vcpu) {
  Request request;
  request.mutable_vcpu()->set_vm_id(vcpu.vm_id);
  request.mutable_vcpu()->set_vcpu_id(vcpu.vcpu_id);
  return request;
}

template <typename Request>
Request MakeRequest(uint64_t vm_id) {
  Request request;
  request.mutable_vm()->set_id(vm_id);
  return request;
}

}  // namespace irqd

#endif  // IRQD_CLIENT_GRPC_CALL_H_
