#include "client/irqctl/irq_json.h"

#include <string>

#include "client/irqctl/irq_fields.h"
#include "client/irqctl/irq_groups.h"
#include "client/irqctl/numbers.h"
#include "core/irq_layout.h"

namespace irqd::irqctl {
namespace {

Json TypeToJson(uint64_t type) {
  Json json;
  json["type"] = FormatHex(type);
  const absl::optional<absl::string_view> name = IrqTypeName(type);
  json["name"] = name ? Json(std::string(*name)) : Json(nullptr);
  return json;
}

Json FieldToJson(const kvm_s390_irq& irq, const NamedField& field) {
  const bool is_number = field.is_integer && field.size < 8;
  return is_number ? Json(IntegerOf(irq, field)) : Json(FormatValue(irq, field));
}

}  // namespace

Json IrqToJson(const kvm_s390_irq& irq) {
  Json json = TypeToJson(irq.type);
  const std::string member(MemberOf(irq.type).name);
  for (const NamedField& field : FieldsOf(irq.type)) {
    json[member][std::string(field.name)] = FieldToJson(irq, field);
  }
  return json;
}

Json IrqsToJson(absl::Span<const kvm_s390_irq> irqs) {
  Json json = Json::array();
  for (const kvm_s390_irq& irq : irqs) json.push_back(IrqToJson(irq));
  return json;
}

Json IrqSummaryToJson(absl::Span<const kvm_s390_irq> irqs) {
  Json json = Json::array();
  for (const IrqGroup& group : GroupIrqs(irqs)) {
    Json entry = TypeToJson(group.type);
    entry["count"] = group.irqs.size();
    entry["positions"] = FormatNumberList(group.positions);
    if (NamesSendingCpu(group.type)) entry["cpus"] = FormatNumberList(SendingCpus(group));
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace irqd::irqctl
