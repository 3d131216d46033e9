// Matchers for a grpc::Status and the google.rpc details it carries.
#ifndef IRQD_TESTS_SERVER_STATUS_MATCHERS_H_
#define IRQD_TESTS_SERVER_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <grpcpp/support/status.h>

#include <string>

#include "google/rpc/error_details.pb.h"

namespace grpc {
inline void PrintTo(const Status& status, std::ostream* out) {
  *out << "status " << status.error_code() << " '" << status.error_message() << "'";
}
}  // namespace grpc

namespace irqd {

// The one detail of type Detail; an empty one if there is none, or more.
template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status rpc;
  Detail detail;
  if (rpc.ParseFromString(status.error_details()) && rpc.details_size() == 1 &&
      rpc.code() == status.error_code() && rpc.message() == status.error_message()) {
    rpc.details(0).UnpackTo(&detail);
  }
  return detail;
}

MATCHER(IsOk, "is OK") { return arg.ok(); }

// INVALID_ARGUMENT that names `field`, in the message and in its detail.
MATCHER_P(IsInvalid, field, "is INVALID_ARGUMENT of the field " + std::string(field)) {
  const auto detail = DetailOf<google::rpc::BadRequest>(arg);
  return arg.error_code() == grpc::StatusCode::INVALID_ARGUMENT &&
         detail.field_violations_size() == 1 && detail.field_violations(0).field() == field &&
         arg.error_message().rfind(std::string(field) + ": ", 0) == 0;
}

// NOT_FOUND of a resource of `type`.
MATCHER_P(IsNotFound, type, "is NOT_FOUND of a " + std::string(type)) {
  return arg.error_code() == grpc::StatusCode::NOT_FOUND &&
         DetailOf<google::rpc::ResourceInfo>(arg).resource_type() == type;
}

// RESOURCE_EXHAUSTED of the limit called `limit`.
MATCHER_P(IsLimitReached, limit, "is RESOURCE_EXHAUSTED of " + std::string(limit)) {
  const auto detail = DetailOf<google::rpc::QuotaFailure>(arg);
  return arg.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
         detail.violations_size() == 1 && detail.violations(0).subject() == limit;
}

}  // namespace irqd

#endif  // IRQD_TESTS_SERVER_STATUS_MATCHERS_H_
