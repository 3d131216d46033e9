#include "client/connection.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/grpc_connection.h"
#include "client/inproc_connection.h"
#include "core/limits.h"

namespace irqd {

absl::StatusOr<std::shared_ptr<Connection>> Connect(absl::string_view target) {
  if (target.empty()) return absl::InvalidArgumentError("target: is empty");
  if (target.size() > kMaxTargetLength) {
    return absl::InvalidArgumentError(
        absl::StrCat("target: is ", target.size(), " bytes long; the limit is ", kMaxTargetLength));
  }
  if (target == "inproc:") return std::make_shared<InprocConnection>();
  if (absl::StartsWith(target, "inproc:")) {
    return absl::InvalidArgumentError("target: nothing may follow 'inproc:'");
  }
  return std::make_shared<GrpcConnection>(target);
}

}  // namespace irqd
