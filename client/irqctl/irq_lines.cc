#include "client/irqctl/irq_lines.h"

#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/irq_images.h"
#include "client/irqctl/irq_text.h"
#include "client/irqctl/numbers.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {
namespace {

bool IsHexRecord(absl::string_view word) {
  return word.size() == 2 * kIrqSize && absl::c_all_of(word, absl::ascii_isxdigit);
}

absl::StatusOr<IrqLine> ParseIrqLine(absl::Span<const std::string> words) {
  IrqLine line;
  const absl::optional<uint64_t> id = ParseNumber(words[0], std::numeric_limits<uint32_t>::max());
  if (!id) return absl::InvalidArgumentError(absl::StrCat("'", words[0], "' is no vCPU id"));
  line.vcpu_id = static_cast<uint32_t>(*id);
  if (words.size() == 1) return absl::InvalidArgumentError("no record after the vCPU id");
  if (words.size() == 2 && IsHexRecord(words[1])) {
    line.image = absl::HexStringToBytes(words[1]);
    return line;
  }
  const absl::StatusOr<kvm_s390_irq> irq = ParseIrq(words.subspan(1));
  if (!irq.ok()) return irq.status();
  line.image = EncodeIrqs({&*irq, 1});
  return line;
}

}  // namespace

absl::StatusOr<std::vector<IrqLine>> ParseIrqLines(absl::string_view text) {
  std::vector<IrqLine> lines;
  size_t number = 0;
  for (absl::string_view content : absl::StrSplit(text, '\n')) {
    ++number;
    const std::vector<std::string> words =
        absl::StrSplit(content, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || words[0][0] == '#') continue;
    absl::StatusOr<IrqLine> line = ParseIrqLine(words);
    if (!line.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", line.status().message()));
    }
    line->number = number;
    lines.push_back(*std::move(line));
  }
  return lines;
}

std::string FormatIrqLines(uint32_t vcpu_id, absl::string_view images) {
  std::string text;
  for (size_t at = 0; at < images.size(); at += kIrqSize) {
    absl::StrAppend(&text, vcpu_id, " ", absl::BytesToHexString(images.substr(at, kIrqSize)), "\n");
  }
  return text;
}

}  // namespace irqd::irqctl
