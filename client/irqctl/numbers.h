// Numbers as people type and read them. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_NUMBERS_H_
#define IRQD_CLIENT_IRQCTL_NUMBERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace irqd::irqctl {

// Decimal, or hexadecimal after "0x": digits only, no sign and no space. Nothing for anything
// else, and for a number above `max`.
absl::optional<uint64_t> ParseNumber(absl::string_view text, uint64_t max);

// "0,5,8-11": numbers and ranges up to `max`, in the order given.
//   INVALID_ARGUMENT  a part is no number or range, or there are more than `max_count` numbers
absl::StatusOr<std::vector<uint32_t>> ParseNumberList(absl::string_view text, uint32_t max,
                                                      size_t max_count);

// The inverse, sorted and without repetitions: "0-3,7".
std::string FormatNumberList(std::vector<uint64_t> numbers);

// "0x1f".
std::string FormatHex(uint64_t number);
// "18,432".
std::string FormatCount(uint64_t count);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_NUMBERS_H_
