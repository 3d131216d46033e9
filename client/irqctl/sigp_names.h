// SIGNAL PROCESSOR orders and their answers by name. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_SIGP_NAMES_H_
#define IRQD_CLIENT_IRQCTL_SIGP_NAMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace irqd::irqctl {

// "sense", "external-call", ... or a number up to 255.
//   INVALID_ARGUMENT  naming the word and the names there are
absl::StatusOr<uint8_t> ParseSigpOrder(absl::string_view text);

// "accepted", "status stored", "busy", "not operational".
absl::string_view ConditionCodeName(int condition_code);

// "invalid order", "stopped", ...; what has no name as "0x...".
std::vector<std::string> SigpStatusNames(uint32_t status);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_SIGP_NAMES_H_
