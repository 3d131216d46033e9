// How commands on a VM's FLIC end. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_FLIC_ANSWER_H_
#define IRQD_CLIENT_IRQCTL_FLIC_ANSWER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/irqctl/command.h"
#include "client/irqctl/session.h"
#include "core/float_irq.h"
#include "core/kvm_flic.h"

namespace irqd::irqctl {

// The answer to an `ioctl`, e.g. "KVM_DEV_FLIC_ENQUEUE", that may have woken vCPUs: a line that
// names them, if so, or with --json {"ret", "errno", "woken": [...]}.
Reply FlicAnswer(const Invocation& invocation, const Session& session, absl::string_view ioctl,
                 const absl::StatusOr<FloatReply>& reply);

// KVM_SET_DEVICE_ATTR of `group` on the VM that the first argument names.
Reply SetFlicAttr(const Invocation& invocation, absl::string_view ioctl, FlicGroup group,
                  uint64_t attr, absl::string_view memory);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_FLIC_ANSWER_H_
