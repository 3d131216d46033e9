#include "client/irqctl/irq_text.h"

#include <cstring>
#include <limits>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/irqctl/irq_fields.h"
#include "client/irqctl/numbers.h"
#include "core/irq_layout.h"

namespace irqd::irqctl {
namespace {

constexpr uint64_t kMaxType = std::numeric_limits<uint64_t>::max();

absl::StatusOr<uint64_t> ParseType(absl::string_view text) {
  if (absl::optional<uint64_t> type = IrqTypeFromName(text)) return *type;
  if (absl::optional<uint64_t> type = ParseNumber(text, kMaxType)) return *type;
  if (absl::StripPrefix(absl::AsciiStrToUpper(text), "KVM_S390_") == "INT_IO") {
    return absl::InvalidArgumentError(absl::StrCat("type '", text,
                                                   "' stands for many: give the number, 0 to ",
                                                   FormatHex(KVM_S390_INT_IO_MAX)));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "type '", text, "' is none of ", absl::StrJoin(IrqTypeNames(), ", "), " and no number"));
}

absl::Status UnknownField(absl::string_view name, uint64_t type) {
  const std::vector<NamedField> fields = FieldsOf(type);
  if (fields.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("field '", name, "': ", FormatIrqType(type), " has no fields"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("field '", name, "': ", FormatIrqType(type), " has ",
                   absl::StrJoin(fields, ", ", [](std::string* out, const NamedField& field) {
                     absl::StrAppend(out, field.name);
                   })));
}

absl::Status SetField(const NamedField& field, absl::string_view value, kvm_s390_irq* irq) {
  if (field.is_integer) {
    const uint64_t max = kMaxType >> (64 - 8 * field.size);
    const absl::optional<uint64_t> number = ParseNumber(value, max);
    if (!number) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", field.name, "=", value, "': not a number from 0 to ", FormatHex(max)));
    }
    SetInteger(field, *number, irq);
    return absl::OkStatus();
  }
  absl::string_view digits = absl::StripPrefix(value, "0x");
  if (digits.size() != 2u * field.size || !absl::c_all_of(digits, absl::ascii_isxdigit)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", field.name, "=", value, "': not ", 2 * field.size, " hex digits"));
  }
  SetBytes(field, absl::HexStringToBytes(digits), irq);
  return absl::OkStatus();
}

absl::Status Assign(absl::string_view word, std::set<absl::string_view>* given, kvm_s390_irq* irq) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(word, absl::MaxSplits('=', 1));
  if (!absl::StrContains(word, '=')) {
    return absl::InvalidArgumentError(absl::StrCat("'", word, "' is not FIELD=VALUE"));
  }
  const std::vector<NamedField> fields = FieldsOf(irq->type);
  const auto field =
      absl::c_find_if(fields, [&](const NamedField& f) { return f.name == parts.first; });
  if (field == fields.end()) return UnknownField(parts.first, irq->type);
  if (!given->insert(field->name).second) {
    return absl::InvalidArgumentError(absl::StrCat("field '", parts.first, "' is given twice"));
  }
  return SetField(*field, parts.second, irq);
}

}  // namespace

absl::StatusOr<kvm_s390_irq> ParseIrq(absl::Span<const std::string> words) {
  if (words.empty()) return absl::InvalidArgumentError("TYPE is missing");
  const absl::StatusOr<uint64_t> type = ParseType(words[0]);
  if (!type.ok()) return type.status();
  kvm_s390_irq irq;
  std::memset(&irq, 0, sizeof(irq));
  irq.type = *type;
  std::set<absl::string_view> given;
  for (const std::string& word : words.subspan(1)) {
    const absl::Status status = Assign(word, &given, &irq);
    if (!status.ok()) return status;
  }
  return irq;
}

absl::StatusOr<std::vector<kvm_s390_irq>> ParseIrqs(absl::Span<const std::string> words) {
  std::vector<std::vector<std::string>> records;
  for (absl::string_view word : words) {
    word = absl::StripSuffix(word, ",");
    if (word.empty() || word == "--") continue;
    if (records.empty() || !absl::StrContains(word, '=')) records.emplace_back();
    records.back().emplace_back(word);
  }
  if (records.empty()) return absl::InvalidArgumentError("TYPE is missing");
  std::vector<kvm_s390_irq> irqs;
  for (const std::vector<std::string>& record : records) {
    const absl::StatusOr<kvm_s390_irq> irq = ParseIrq(record);
    if (!irq.ok()) return irq.status();
    irqs.push_back(*irq);
  }
  return irqs;
}

}  // namespace irqd::irqctl
