#include "client/irqctl/irq_groups.h"

#include "absl/container/flat_hash_map.h"
#include "client/irqctl/irq_fields.h"

namespace irqd::irqctl {

std::vector<IrqGroup> GroupIrqs(absl::Span<const kvm_s390_irq> irqs) {
  std::vector<IrqGroup> groups;
  absl::flat_hash_map<uint64_t, size_t> group_of_type;
  for (size_t i = 0; i < irqs.size(); ++i) {
    const auto [entry, is_new] = group_of_type.try_emplace(irqs[i].type, groups.size());
    if (is_new) groups.push_back({irqs[i].type, {}, {}});
    IrqGroup& group = groups[entry->second];
    group.positions.push_back(i);
    group.irqs.push_back(irqs[i]);
  }
  return groups;
}

std::vector<uint64_t> SendingCpus(const IrqGroup& group) {
  const NamedField code = FieldsOf(group.type).front();
  std::vector<uint64_t> cpus;
  for (const kvm_s390_irq& irq : group.irqs) cpus.push_back(IntegerOf(irq, code));
  return cpus;
}

}  // namespace irqd::irqctl
