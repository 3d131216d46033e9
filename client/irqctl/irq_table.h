// Interrupt records as tables for people, 80 columns wide. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_TABLE_H_
#define IRQD_CLIENT_IRQCTL_IRQ_TABLE_H_

#include <string>

#include "absl/types/span.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {

// A row per record: its position in the list from 0, its type, and the fields that are not zero
// (the only field of a type also when it is). The last line counts them.
std::string IrqTable(absl::Span<const kvm_s390_irq> irqs);

// One record without the rest of a table: "INT_EMERGENCY code=0x1 (CPU 1)".
std::string DescribeIrq(const kvm_s390_irq& irq);

// A row per type, in order of first appearance: positions, type, how many, and their payload;
// a field that differs among them as its range, 0x1..0xf.
std::string IrqSummaryTable(absl::Span<const kvm_s390_irq> irqs);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_TABLE_H_
