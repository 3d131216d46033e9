#include "server/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace irqd {
namespace {

grpc::Status Make(grpc::StatusCode code, const std::string& message,
                  const google::protobuf::Message& detail) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  status.add_details()->PackFrom(detail);
  return grpc::Status(code, message, status.SerializeAsString());
}

google::rpc::ResourceInfo Resource(absl::string_view type, absl::string_view name) {
  google::rpc::ResourceInfo info;
  info.set_resource_type(std::string(type));
  info.set_resource_name(std::string(name));
  return info;
}

}  // namespace

grpc::Status InvalidArgument(absl::string_view field, absl::string_view description) {
  google::rpc::BadRequest detail;
  auto* violation = detail.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_description(std::string(description));
  return Make(grpc::StatusCode::INVALID_ARGUMENT, absl::StrCat(field, ": ", description), detail);
}

grpc::Status NotFound(absl::string_view resource_type, absl::string_view resource_name) {
  return Make(grpc::StatusCode::NOT_FOUND,
              absl::StrCat("no ", resource_type, " ", resource_name, " on this server"),
              Resource(resource_type, resource_name));
}

grpc::Status AlreadyExists(absl::string_view resource_type, absl::string_view resource_name) {
  return Make(grpc::StatusCode::ALREADY_EXISTS,
              absl::StrCat(resource_type, " ", resource_name, " exists already"),
              Resource(resource_type, resource_name));
}

grpc::Status LimitReached(absl::string_view limit, uint64_t value) {
  google::rpc::QuotaFailure detail;
  auto* violation = detail.add_violations();
  violation->set_subject(std::string(limit));
  violation->set_description(absl::StrCat("the limit is ", value));
  return Make(grpc::StatusCode::RESOURCE_EXHAUSTED,
              absl::StrCat(limit, ": the limit of ", value, " is reached"), detail);
}

absl::string_view Excerpt(absl::string_view text, size_t most) {
  if (text.size() <= most) return text;
  const auto continues = [&](size_t at) { return (text[at] & 0xc0) == 0x80; };
  while (most > 0 && continues(most)) --most;
  return text.substr(0, most);
}

}  // namespace irqd
