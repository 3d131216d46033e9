#include "client/ioctl_result.h"

#include <cerrno>

namespace irqd {

int IoctlError(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:  // a server that stops cancels what it has not answered
      return -EHOSTDOWN;
    case absl::StatusCode::kDeadlineExceeded:
      return -ETIMEDOUT;
    case absl::StatusCode::kNotFound:
      return -ENODEV;
    case absl::StatusCode::kResourceExhausted:
      return -EDQUOT;
    default:
      return -EPROTO;
  }
}

int IoctlResult(const absl::StatusOr<int32_t>& ret) {
  constexpr int32_t kMaxErrno = 4095;  // the kernel's MAX_ERRNO
  if (!ret.ok()) return IoctlError(ret.status());
  return *ret >= -kMaxErrno ? *ret : -EPROTO;
}

int IoctlResult(const absl::StatusOr<FloatReply>& reply) {
  if (!reply.ok()) return IoctlError(reply.status());
  return IoctlResult(absl::StatusOr<int32_t>(reply->ret));
}

}  // namespace irqd
