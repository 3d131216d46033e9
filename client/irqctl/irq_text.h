// Interrupt records as words: "MCHK mcic=0x8000000000000000 cr14=0x10000000".
//
// A type is the kernel's name, as IrqTypeFromName knows them, or a number. Numbers are decimal
// or 0x...; rows of bytes are hex digits, all of them, with or without 0x. Fields that are not
// given are zero. Errors are INVALID_ARGUMENT and name the word. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_TEXT_H_
#define IRQD_CLIENT_IRQCTL_IRQ_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {

// One record: a type, then fields, each at most once.
absl::StatusOr<kvm_s390_irq> ParseIrq(absl::Span<const std::string> words);

// One or more: a word without '=' begins the next. A "--" or "," between records, or a ',' at
// the end of a word, changes nothing.
absl::StatusOr<std::vector<kvm_s390_irq>> ParseIrqs(absl::Span<const std::string> words);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_TEXT_H_
