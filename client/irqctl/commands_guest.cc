// deliver, deliverable, stop-intercept, sigp: what a guest does.
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/irq_json.h"
#include "client/irqctl/irq_table.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/pending.h"
#include "client/irqctl/session.h"
#include "client/irqctl/sigp_names.h"

namespace irqd::irqctl {
namespace {

constexpr uint64_t kMax32Bits = std::numeric_limits<uint32_t>::max();

Json DeliverToJson(const DeliverResult& result) {
  Json json = RetToJson(result.ret);
  json["delivered"] = Json::array();
  for (const DeliveredIrq& irq : result.delivered) {
    Json entry = IrqToJson(irq.irq);
    entry["data0"] = FormatHex(irq.data0);
    entry["data1"] = FormatHex(irq.data1);
    json["delivered"].push_back(std::move(entry));
  }
  json["pending"] = PendingToJson(result.pending);
  json["more"] = result.more;
  return json;
}

std::string DeliverToText(const DeliverResult& result) {
  if (result.ret < 0) return "";
  std::vector<kvm_s390_irq> irqs;
  for (const DeliveredIrq& irq : result.delivered) irqs.push_back(irq.irq);
  return absl::StrCat("delivered:\n", IrqTable(irqs), "\npending:\n", PendingTable(result.pending),
                      result.more ? "more could be delivered\n" : "");
}

absl::string_view Verdict(const Deliverable& deliverable) {
  if (deliverable.has_irq_besides_stop) return "something would be delivered\n";
  return deliverable.has_irq ? "only a stop would be noticed\n" : "nothing would be delivered\n";
}

std::string SigpToText(const SigpResult& result) {
  std::string text = absl::StrCat("condition code ", result.condition_code, " (",
                                  ConditionCodeName(result.condition_code), ")");
  if (result.condition_code == kSigpStatusStored) {
    const std::vector<std::string> names = SigpStatusNames(result.status);
    absl::StrAppend(&text, ", status ", FormatHex(result.status), names.empty() ? "" : ": ",
                    absl::StrJoin(names, ", "));
  }
  return text + "\n";
}

Json SigpToJson(const SigpResult& result) {
  Json json;
  json["condition_code"] = result.condition_code;
  json["status"] = result.status;
  json["status_names"] = SigpStatusNames(result.status);
  return json;
}

// An argument that is a number of 32 bits; `otherwise` if there is none.
absl::StatusOr<uint32_t> ParseArgument(const Invocation& invocation, size_t i,
                                       absl::string_view name, uint32_t otherwise) {
  if (invocation.argument_count() <= i) return otherwise;
  const absl::optional<uint64_t> number = ParseNumber(invocation.argument(i), kMax32Bits);
  if (number) return static_cast<uint32_t>(*number);
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": '", invocation.argument(i), "' is no number from 0 to 0xffffffff"));
}

}  // namespace

Reply Deliver(const Invocation& invocation) {
  uint32_t max = 0;  // as many as one call takes
  if (const absl::optional<absl::string_view> text = invocation.line.Get("max")) {
    const absl::optional<uint64_t> number = ParseNumber(*text, kMax32Bits);
    if (!number || *number == 0) {
      return UsageError(invocation,
                        absl::StrCat("--max: '", *text, "' is no number from 1 to 0xffffffff"));
    }
    max = static_cast<uint32_t>(*number);
  }
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<DeliverResult> result =
        session.connection().Deliver(vcpu, max, session.options());
    if (!result.ok()) return session.NotReached(result.status());
    return KernelAnswer(
        "deliver", result->ret,
        invocation.wants_json() ? FormatJson(DeliverToJson(*result)) : DeliverToText(*result));
  });
}

Reply ShowDeliverable(const Invocation& invocation) {
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<Deliverable> deliverable =
        session.connection().GetDeliverable(vcpu, session.options());
    if (!deliverable.ok()) return session.NotReached(deliverable.status());
    if (!invocation.wants_json()) {
      return Done(absl::StrCat(PendingTable(deliverable->pending), Verdict(*deliverable)));
    }
    Json json;
    json["pending"] = PendingToJson(deliverable->pending);
    json["has_irq"] = deliverable->has_irq;
    json["has_irq_besides_stop"] = deliverable->has_irq_besides_stop;
    return Done(FormatJson(json));
  });
}

Reply InterceptStop(const Invocation& invocation) {
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<int32_t> ret = session.connection().StopIntercept(vcpu, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    return BareKernelAnswer(invocation, "stop-intercept", *ret);
  });
}

Reply GiveOrder(const Invocation& invocation) {
  const absl::StatusOr<uint32_t> to = ParseArgument(invocation, 2, "TO", 0);
  if (!to.ok()) return UsageError(invocation, to.status());
  const absl::StatusOr<uint8_t> order = ParseSigpOrder(invocation.argument(3));
  if (!order.ok()) return UsageError(invocation, order.status());
  const absl::StatusOr<uint32_t> parameter = ParseArgument(invocation, 4, "PARAMETER", 0);
  if (!parameter.ok()) return UsageError(invocation, parameter.status());
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& from) {
    const absl::StatusOr<SigpResult> result =
        session.connection().Sigp(from, *to, *order, *parameter, session.options());
    if (!result.ok()) return session.NotReached(result.status());
    return Done(invocation.wants_json() ? FormatJson(SigpToJson(*result)) : SigpToText(*result));
  });
}

}  // namespace irqd::irqctl
