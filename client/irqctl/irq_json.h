// Interrupt records as JSON.
//
// A record is {"type": "0xffff1201", "name": "INT_EMERGENCY", "emerg": {"code": 5}}: the member
// of the union by the kernel's name, with every field. Fields of 8 bytes and `type` are strings,
// "0x...", as JSON numbers lose digits above 2^53; smaller ones are numbers; plain bytes are
// strings with all their hex digits. `name` is null where the kernel has none.
// Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_JSON_H_
#define IRQD_CLIENT_IRQCTL_IRQ_JSON_H_

#include "absl/types/span.h"
#include "core/kvm_s390.h"
#include "nlohmann/json.hpp"

namespace irqd::irqctl {

using Json = nlohmann::ordered_json;

Json IrqToJson(const kvm_s390_irq& irq);
Json IrqsToJson(absl::Span<const kvm_s390_irq> irqs);

// A type each: {"type", "name", "count", "positions": "8-255"}, and "cpus": "0-247" where the
// records name the CPU that sent them.
Json IrqSummaryToJson(absl::Span<const kvm_s390_irq> irqs);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_JSON_H_
