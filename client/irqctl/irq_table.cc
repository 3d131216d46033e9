#include "client/irqctl/irq_table.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/irqctl/irq_fields.h"
#include "client/irqctl/irq_groups.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/text_table.h"

namespace irqd::irqctl {
namespace {

constexpr absl::string_view kNoPayload = "-";
// Positions of a group that lie apart are listed up to this many characters.
constexpr size_t kMaxPositionsLength = 12;

std::string FormatPayload(const kvm_s390_irq& irq) {
  const std::vector<NamedField> fields = FieldsOf(irq.type);
  std::vector<std::string> words;
  for (const NamedField& field : fields) {
    if (fields.size() > 1 && IsZero(irq, field)) continue;
    words.push_back(absl::StrCat(field.name, "=", FormatValue(irq, field)));
    if (NamesSendingCpu(irq.type)) {
      words.push_back(absl::StrCat("(CPU ", IntegerOf(irq, field), ")"));
    }
  }
  return words.empty() ? std::string(kNoPayload) : absl::StrJoin(words, " ");
}

// What the records of a group have in `field`: one value, or a range. Empty if all are zero.
std::string FormatGroupField(const IrqGroup& group, const NamedField& field) {
  // Values of one field have the same number of bytes; integers compare as numbers.
  std::set<std::pair<uint64_t, std::string>> values;
  bool all_zero = true;
  for (const kvm_s390_irq& irq : group.irqs) {
    values.emplace(field.is_integer ? IntegerOf(irq, field) : 0, FormatValue(irq, field));
    all_zero = all_zero && IsZero(irq, field);
  }
  if (all_zero) return "";
  if (values.size() == 1) return absl::StrCat(field.name, "=", values.begin()->second);
  if (!field.is_integer) return absl::StrCat(field.name, "=(", values.size(), " values)");
  return absl::StrCat(field.name, "=", values.begin()->second, "..", values.rbegin()->second);
}

std::string FormatSenders(const IrqGroup& group) {
  const std::vector<uint64_t> cpus = SendingCpus(group);
  const size_t distinct = std::set<uint64_t>(cpus.begin(), cpus.end()).size();
  std::string text =
      absl::StrCat("from ", distinct == 1 ? "CPU " : "CPUs ", FormatNumberList(cpus));
  if (distinct < cpus.size()) absl::StrAppend(&text, " (", cpus.size() - distinct, " repeated)");
  return text;
}

std::string FormatGroupPayload(const IrqGroup& group) {
  if (NamesSendingCpu(group.type)) return FormatSenders(group);
  if (group.irqs.size() == 1) return FormatPayload(group.irqs[0]);
  std::vector<std::string> words;
  for (const NamedField& field : FieldsOf(group.type)) {
    const std::string word = FormatGroupField(group, field);
    if (!word.empty()) words.push_back(word);
  }
  return words.empty() ? std::string(kNoPayload) : absl::StrJoin(words, " ");
}

std::string FormatPositions(const IrqGroup& group) {
  const std::string list = FormatNumberList(group.positions);
  if (list.size() <= kMaxPositionsLength) return list;
  return absl::StrCat(group.positions.front(), "..", group.positions.back());
}

std::string FormatTotal(size_t count) {
  if (count == 0) return "no interrupts\n";
  return absl::StrCat(FormatCount(count), count == 1 ? " interrupt, " : " interrupts, ",
                      FormatCount(count * kIrqSize), " bytes\n");
}

}  // namespace

std::string IrqTable(absl::Span<const kvm_s390_irq> irqs) {
  if (irqs.empty()) return FormatTotal(0);
  TextTable table({{"#", /*align_right=*/true}, {"TYPE"}, {"PAYLOAD"}});
  for (size_t i = 0; i < irqs.size(); ++i) {
    table.AddRow({absl::StrCat(i), FormatIrqType(irqs[i].type), FormatPayload(irqs[i])});
  }
  return absl::StrCat(table.Format(), FormatTotal(irqs.size()));
}

std::string DescribeIrq(const kvm_s390_irq& irq) {
  const std::string payload = FormatPayload(irq);
  if (payload == kNoPayload) return FormatIrqType(irq.type);
  return absl::StrCat(FormatIrqType(irq.type), " ", payload);
}

std::string IrqSummaryTable(absl::Span<const kvm_s390_irq> irqs) {
  if (irqs.empty()) return FormatTotal(0);
  TextTable table({{"#"}, {"TYPE"}, {"COUNT", /*align_right=*/true}, {"PAYLOAD"}});
  for (const IrqGroup& group : GroupIrqs(irqs)) {
    table.AddRow({FormatPositions(group), FormatIrqType(group.type), FormatCount(group.irqs.size()),
                  FormatGroupPayload(group)});
  }
  return absl::StrCat(table.Format(), FormatTotal(irqs.size()));
}

}  // namespace irqd::irqctl
