#include "client/irqctl/sigp_names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/irqctl/numbers.h"
#include "core/sigp.h"

namespace irqd::irqctl {
namespace {

struct OrderName {
  absl::string_view name;
  SigpOrder order;
};
constexpr OrderName kOrders[] = {
    {"sense", SigpOrder::kSense},
    {"external-call", SigpOrder::kExternalCall},
    {"emergency-signal", SigpOrder::kEmergencySignal},
    {"start", SigpOrder::kStart},
    {"stop", SigpOrder::kStop},
    {"restart", SigpOrder::kRestart},
    {"stop-and-store-status", SigpOrder::kStopAndStoreStatus},
    {"initial-cpu-reset", SigpOrder::kInitialCpuReset},
    {"cpu-reset", SigpOrder::kCpuReset},
    {"set-prefix", SigpOrder::kSetPrefix},
};

struct StatusName {
  uint32_t bit;
  absl::string_view name;
};
constexpr StatusName kStatuses[] = {
    {kSigpInvalidOrder, "invalid order"},
    {kSigpStopped, "stopped"},
    {kSigpExternalCallPending, "external call pending"},
    {kSigpInvalidParameter, "invalid parameter"},
    {kSigpIncorrectState, "incorrect state"},
};

}  // namespace

absl::StatusOr<uint8_t> ParseSigpOrder(absl::string_view text) {
  for (const OrderName& order : kOrders) {
    if (order.name == text) return static_cast<uint8_t>(order.order);
  }
  if (absl::optional<uint64_t> number = ParseNumber(text, 0xff)) {
    return static_cast<uint8_t>(*number);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "ORDER: '", text, "' is none of ",
      absl::StrJoin(
          kOrders, ", ",
          [](std::string* out, const OrderName& order) { absl::StrAppend(out, order.name); }),
      " and no number up to 255"));
}

absl::string_view ConditionCodeName(int condition_code) {
  switch (condition_code) {
    case kSigpAccepted:
      return "accepted";
    case kSigpStatusStored:
      return "status stored";
    case kSigpBusy:
      return "busy";
    case kSigpNotOperational:
      return "not operational";
    default:
      return "unknown";
  }
}

std::vector<std::string> SigpStatusNames(uint32_t status) {
  std::vector<std::string> names;
  for (const StatusName& known : kStatuses) {
    if ((status & known.bit) == 0) continue;
    names.emplace_back(known.name);
    status &= ~known.bit;
  }
  if (status != 0) names.push_back(FormatHex(status));
  return names;
}

}  // namespace irqd::irqctl
