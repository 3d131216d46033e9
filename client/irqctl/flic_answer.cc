#include "client/irqctl/flic_answer.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "client/irqctl/numbers.h"

namespace irqd::irqctl {

Reply FlicAnswer(const Invocation& invocation, const Session& session, absl::string_view ioctl,
                 const absl::StatusOr<FloatReply>& reply) {
  if (!reply.ok()) return session.NotReached(reply.status());
  std::string out;
  if (invocation.wants_json()) {
    Json json = RetToJson(reply->ret);
    json["woken"] = reply->woken;
    out = FormatJson(json);
  } else if (!reply->woken.empty()) {
    const std::vector<uint64_t> woken(reply->woken.begin(), reply->woken.end());
    out = absl::StrCat("woke vCPU ", FormatNumberList(woken), "\n");
  }
  return KernelAnswer(ioctl, reply->ret, std::move(out));
}

Reply SetFlicAttr(const Invocation& invocation, absl::string_view ioctl, FlicGroup group,
                  uint64_t attr, absl::string_view memory) {
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const DeviceAttr device_attr = {0, static_cast<uint32_t>(group), attr};
    return FlicAnswer(
        invocation, session, ioctl,
        session.connection().SetDeviceAttr(vm_id, device_attr, memory, session.options()));
  });
}

}  // namespace irqd::irqctl
