// Pending interrupts with what holds them back, for people and as JSON. Safe to use from any
// thread.
#ifndef IRQD_CLIENT_IRQCTL_PENDING_H_
#define IRQD_CLIENT_IRQCTL_PENDING_H_

#include <string>

#include "absl/types/span.h"
#include "client/irqctl/irq_json.h"
#include "core/delivery.h"

namespace irqd::irqctl {

// With the bit spelt out, e.g. "CR0 bit 49 (emergency signal)"; "-" for nothing.
std::string DescribeHeldBy(const PendingIrq& irq);

// A row for each kind: type, ISC, how many, held by. "nothing pending" for none.
std::string PendingTable(absl::Span<const PendingIrq> pending);

// {"type": "0xffff1201", "name": "INT_EMERGENCY", "count": 1, "held_by": "CR0_EMERGENCY_SIGNAL"}
// each, and "isc" for I/O. held_by is as in the protocol's PendingIrq.
Json PendingToJson(absl::Span<const PendingIrq> pending);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_PENDING_H_
