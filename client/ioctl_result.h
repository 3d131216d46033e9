// What an ioctl returns for what a call answered: 0 or more, or -errno.
#ifndef IRQD_CLIENT_IOCTL_RESULT_H_
#define IRQD_CLIENT_IOCTL_RESULT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/float_irq.h"

namespace irqd {

// For a call that did not reach the simulated kernel, as irqd_kvm.h lists the errnos; NOT_FOUND is
// -ENODEV. `status` is not OK.
int IoctlError(const absl::Status& status);

// `ret`, or IoctlError, or -EPROTO for what is no result of an ioctl.
int IoctlResult(const absl::StatusOr<int32_t>& ret);
// Of a call that may have woken vCPUs, which is nothing that an ioctl shows.
int IoctlResult(const absl::StatusOr<FloatReply>& reply);

}  // namespace irqd

#endif  // IRQD_CLIENT_IOCTL_RESULT_H_
