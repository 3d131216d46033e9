// KVM_MP_STATE_... by the names that irqctl gives them.
#ifndef IRQD_CLIENT_IRQCTL_MP_STATE_H_
#define IRQD_CLIENT_IRQCTL_MP_STATE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace irqd::irqctl {

// "stopped", "operating", or the number where s390 in irqd has no such state.
std::string FormatMpState(uint32_t mp_state);

// The inverse; takes any number. Nothing for another word.
absl::optional<uint32_t> ParseMpState(absl::string_view text);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_MP_STATE_H_
