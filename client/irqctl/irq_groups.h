// Records put together by type: what a summary shows. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_GROUPS_H_
#define IRQD_CLIENT_IRQCTL_IRQ_GROUPS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {

// All records of one type in a list. Never empty.
struct IrqGroup {
  uint64_t type = 0;
  std::vector<uint64_t> positions;  // in the list, from 0, ascending
  std::vector<kvm_s390_irq> irqs;   // at these positions
};

// By first appearance of the type.
std::vector<IrqGroup> GroupIrqs(absl::Span<const kvm_s390_irq> irqs);

// The CPUs that sent the records of a group for which NamesSendingCpu, in the list's order.
std::vector<uint64_t> SendingCpus(const IrqGroup& group);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_GROUPS_H_
