#include "client/irqctl/numbers.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace irqd::irqctl {
namespace {

absl::Status NoNumberList(absl::string_view part, uint32_t max) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", part, "' is no number up to ", max, " and no range of them, such as 0-7"));
}

}  // namespace

absl::optional<uint64_t> ParseNumber(absl::string_view text, uint64_t max) {
  uint64_t number;
  bool is_number;
  if (absl::ConsumePrefix(&text, "0x") || absl::ConsumePrefix(&text, "0X")) {
    is_number = absl::c_all_of(text, absl::ascii_isxdigit) && absl::SimpleHexAtoi(text, &number);
  } else {
    is_number = absl::c_all_of(text, absl::ascii_isdigit) && absl::SimpleAtoi(text, &number);
  }
  if (!is_number || number > max) return absl::nullopt;
  return number;
}

absl::StatusOr<std::vector<uint32_t>> ParseNumberList(absl::string_view text, uint32_t max,
                                                      size_t max_count) {
  std::vector<uint32_t> numbers;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    const std::pair<absl::string_view, absl::string_view> ends =
        absl::StrSplit(part, absl::MaxSplits('-', 1));
    const bool is_range = absl::StrContains(part, '-');
    const absl::optional<uint64_t> first = ParseNumber(ends.first, max);
    const absl::optional<uint64_t> last = is_range ? ParseNumber(ends.second, max) : first;
    if (!first || !last || *first > *last) return NoNumberList(part, max);
    if (*last - *first >= max_count - numbers.size()) {
      return absl::InvalidArgumentError(absl::StrCat("more than ", max_count, " numbers"));
    }
    for (uint64_t number = *first; number <= *last; ++number) {
      numbers.push_back(static_cast<uint32_t>(number));
    }
  }
  return numbers;
}

std::string FormatNumberList(std::vector<uint64_t> numbers) {
  absl::c_sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::string text;
  for (size_t first = 0; first < numbers.size();) {
    size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    absl::StrAppend(&text, text.empty() ? "" : ",", numbers[first]);
    if (last > first) absl::StrAppend(&text, last == first + 1 ? "," : "-", numbers[last]);
    first = last + 1;
  }
  return text;
}

std::string FormatHex(uint64_t number) { return absl::StrCat("0x", absl::Hex(number)); }

std::string FormatCount(uint64_t count) {
  std::string text = absl::StrCat(count);
  for (size_t from_right = 3; from_right < text.size(); from_right += 4) {
    text.insert(text.size() - from_right, ",");
  }
  return text;
}

}  // namespace irqd::irqctl
