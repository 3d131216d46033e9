// The payload of an interrupt record as fields by name, for those who print and parse them.
//
// A field is an integer or a row of plain bytes, such as fixed_logout. Padding is a field like
// any other: the kernel keeps some of it. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_FIELDS_H_
#define IRQD_CLIENT_IRQCTL_IRQ_FIELDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {

struct NamedField {
  absl::string_view name;  // as in <linux/kvm.h>; unique among the fields of a type
  uint8_t offset;          // bytes from the start of the union
  uint8_t size;            // bytes
  bool is_integer;         // false: plain bytes
};

// In the kernel's order. Empty for a type without payload.
std::vector<NamedField> FieldsOf(uint64_t type);

// `field` is one of FieldsOf(irq.type).
uint64_t IntegerOf(const kvm_s390_irq& irq, const NamedField& field);
std::string BytesOf(const kvm_s390_irq& irq, const NamedField& field);
bool IsZero(const kvm_s390_irq& irq, const NamedField& field);
// `value` fits into field.size bytes.
void SetInteger(const NamedField& field, uint64_t value, kvm_s390_irq* irq);
// `bytes` are field.size bytes.
void SetBytes(const NamedField& field, absl::string_view bytes, kvm_s390_irq* irq);

// "0x1f"; plain bytes with all their digits.
std::string FormatValue(const kvm_s390_irq& irq, const NamedField& field);

// "MCHK", "INT_IO 0x10001"; the number where the kernel has no name.
std::string FormatIrqType(uint64_t type);

// The record's only field is the id of the CPU that sent it.
bool NamesSendingCpu(uint64_t type);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_FIELDS_H_
