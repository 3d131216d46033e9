// Which fields the record of an interrupt type has, and what the kernel calls them.
//
// One table serves the codec, which swaps their bytes, and the tools, which print and parse
// them by name. The tables are constants: safe to use from any thread.
#ifndef IRQD_CORE_IRQ_LAYOUT_H_
#define IRQD_CORE_IRQ_LAYOUT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace irqd {

// A field of a member of kvm_s390_irq's union.
struct IrqField {
  absl::string_view name;  // as in <linux/kvm.h>, e.g. "ext_params2"
  uint8_t offset;          // bytes from the start of the union
  uint8_t size;            // 1, 2, 4 or 8: an integer; anything else: that many plain bytes
  bool is_padding;         // carries no meaning; kept only where the kernel keeps it

  bool is_integer() const { return size == 1 || size == 2 || size == 4 || size == 8; }
};

// A member of the union: the part of a record that its type gives meaning to.
struct IrqMember {
  absl::string_view name;  // as in <linux/kvm.h>, e.g. "mchk"; "" for a type without payload
  uint8_t size;            // bytes; the union beyond it is ignored and written as zero
  absl::Span<const IrqField> fields;
};

// The member that `type` selects. Types of no payload, and types the kernel does not know, give
// a member of size 0.
const IrqMember& MemberOf(uint64_t type);

// The kernel's name without its prefix, e.g. "SIGP_STOP", "INT_EMERGENCY", "MCHK"; all of the
// I/O range is "INT_IO". Nothing for a type that the kernel does not know.
absl::optional<absl::string_view> IrqTypeName(uint64_t type);

// The inverse, for the types that have a number of their own: case does not matter, and the
// prefixes "KVM_S390_" and "KVM_S390_INT_" may be left out or given.
absl::optional<uint64_t> IrqTypeFromName(absl::string_view name);

// The names that IrqTypeFromName knows, as IrqTypeName spells them.
absl::Span<const absl::string_view> IrqTypeNames();

}  // namespace irqd

#endif  // IRQD_CORE_IRQ_LAYOUT_H_
