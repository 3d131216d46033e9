// inject, get, set, reset, mp-state: the ioctls on a vCPU.
#include <cerrno>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_output.h"
#include "client/irqctl/irq_text.h"
#include "client/irqctl/mp_state.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/session.h"

namespace irqd::irqctl {
namespace {

// What GET wrote, as `output` says. Fails if these are no records.
absl::StatusOr<std::string> FormatGet(const GetIrqStateReply& reply, const IrqOutput& output) {
  // An error other than ENOBUFS comes without records: then there is nothing to show.
  if (reply.ret < 0 && reply.ret != -ENOBUFS && !output.json) return "";
  return FormatIrqs(reply.buf, output, RetToJson(reply.ret));
}

struct ResetName {
  absl::string_view name;
  ResetKind kind;
  absl::string_view ioctl;
};
constexpr ResetName kResets[] = {
    {"normal", ResetKind::kNormal, "KVM_S390_NORMAL_RESET"},
    {"initial", ResetKind::kInitial, "KVM_S390_INITIAL_RESET"},
    {"clear", ResetKind::kClear, "KVM_S390_CLEAR_RESET"},
};

Reply GetMpState(const Invocation& invocation) {
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<int32_t> ret = session.connection().GetMpState(vcpu, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    // The state is the ioctl's result.
    std::string out;
    if (invocation.wants_json()) {
      out = FormatJson(RetToJson(*ret));
    } else if (*ret >= 0) {
      out = absl::StrCat(FormatMpState(static_cast<uint32_t>(*ret)), "\n");
    }
    return KernelAnswer("KVM_GET_MP_STATE", *ret, std::move(out));
  });
}

}  // namespace

Reply Inject(const Invocation& invocation) {
  const absl::StatusOr<kvm_s390_irq> irq =
      ParseIrq(absl::MakeConstSpan(invocation.line.arguments).subspan(2));
  if (!irq.ok()) return UsageError(invocation, irq.status());
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<int32_t> ret =
        session.connection().S390Irq(vcpu, EncodeIrqs({*irq}), session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    return BareKernelAnswer(invocation, "KVM_S390_IRQ", *ret);
  });
}

Reply Get(const Invocation& invocation) {
  const absl::StatusOr<uint32_t> len = ParseIrqLen(invocation.line);
  if (!len.ok()) return UsageError(invocation, len.status());
  const absl::StatusOr<IrqOutput> output = ParseIrqOutput(invocation.line);
  if (!output.ok()) return UsageError(invocation, output.status());
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<GetIrqStateReply> reply =
        session.connection().GetIrqState(vcpu, *len, session.options());
    if (!reply.ok()) return session.NotReached(reply.status());
    const absl::StatusOr<std::string> text = FormatGet(*reply, *output);
    if (!text.ok()) {
      return session.NotReached(
          absl::InternalError(absl::StrCat("the server's answer: ", text.status().message())));
    }
    return ToOutputFile(invocation, KernelAnswer("KVM_S390_GET_IRQ_STATE", reply->ret, *text));
  });
}

Reply Set(const Invocation& invocation) {
  const absl::StatusOr<std::string> bytes = ReadIrqInput(invocation, /*argument=*/2);
  if (!bytes.ok()) return UsageError(invocation, bytes.status());
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<int32_t> ret = session.connection().SetIrqState(
        vcpu, static_cast<uint32_t>(bytes->size()), *bytes, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    return BareKernelAnswer(invocation, "KVM_S390_SET_IRQ_STATE", *ret);
  });
}

Reply Reset(const Invocation& invocation) {
  const std::string& name = invocation.argument(2);
  for (const ResetName& reset : kResets) {
    if (reset.name != name) continue;
    return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
      const absl::StatusOr<int32_t> ret =
          session.connection().Reset(vcpu, reset.kind, session.options());
      if (!ret.ok()) return session.NotReached(ret.status());
      return BareKernelAnswer(invocation, reset.ioctl, *ret);
    });
  }
  return UsageError(invocation, absl::StrCat("'", name, "' is none of normal, initial, clear"));
}

Reply MpState(const Invocation& invocation) {
  if (invocation.argument_count() < 3) return GetMpState(invocation);
  const std::string& name = invocation.argument(2);
  const absl::optional<uint32_t> mp_state = ParseMpState(name);
  if (!mp_state) {
    return UsageError(invocation,
                      absl::StrCat("'", name, "' is none of stopped, operating, and no number"));
  }
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<int32_t> ret =
        session.connection().SetMpState(vcpu, *mp_state, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    return BareKernelAnswer(invocation, "KVM_SET_MP_STATE", *ret);
  });
}

}  // namespace irqd::irqctl
