#include "client/irqctl/irq_fields.h"

#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/irqctl/numbers.h"
#include "core/irq_layout.h"

namespace irqd::irqctl {
namespace {

const char* Payload(const kvm_s390_irq& irq) { return reinterpret_cast<const char*>(&irq.u); }
char* Payload(kvm_s390_irq* irq) { return reinterpret_cast<char*>(&irq->u); }

template <typename T>
uint64_t Load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

template <typename T>
void Store(uint64_t value, char* to) {
  const T narrow = static_cast<T>(value);
  std::memcpy(to, &narrow, sizeof(narrow));
}

}  // namespace

std::vector<NamedField> FieldsOf(uint64_t type) {
  std::vector<NamedField> fields;
  for (const IrqField& field : MemberOf(type).fields) {
    // The layout lists an array of padding byte by byte, under one name.
    if (!fields.empty() && fields.back().name == field.name) {
      fields.back().size += field.size;
      fields.back().is_integer = false;
    } else {
      fields.push_back({field.name, field.offset, field.size, field.is_integer()});
    }
  }
  return fields;
}

uint64_t IntegerOf(const kvm_s390_irq& irq, const NamedField& field) {
  const char* from = Payload(irq) + field.offset;
  switch (field.size) {
    case 1:
      return Load<uint8_t>(from);
    case 2:
      return Load<uint16_t>(from);
    case 4:
      return Load<uint32_t>(from);
    default:
      return Load<uint64_t>(from);
  }
}

std::string BytesOf(const kvm_s390_irq& irq, const NamedField& field) {
  return std::string(Payload(irq) + field.offset, field.size);
}

bool IsZero(const kvm_s390_irq& irq, const NamedField& field) {
  return BytesOf(irq, field) == std::string(field.size, '\0');
}

void SetInteger(const NamedField& field, uint64_t value, kvm_s390_irq* irq) {
  char* to = Payload(irq) + field.offset;
  switch (field.size) {
    case 1:
      return Store<uint8_t>(value, to);
    case 2:
      return Store<uint16_t>(value, to);
    case 4:
      return Store<uint32_t>(value, to);
    default:
      return Store<uint64_t>(value, to);
  }
}

void SetBytes(const NamedField& field, absl::string_view bytes, kvm_s390_irq* irq) {
  std::memcpy(Payload(irq) + field.offset, bytes.data(), field.size);
}

std::string FormatValue(const kvm_s390_irq& irq, const NamedField& field) {
  if (field.is_integer) return FormatHex(IntegerOf(irq, field));
  return absl::StrCat("0x", absl::BytesToHexString(BytesOf(irq, field)));
}

std::string FormatIrqType(uint64_t type) {
  const absl::optional<absl::string_view> name = IrqTypeName(type);
  if (!name) return FormatHex(type);
  // Only a name of one type can be read back.
  if (!IrqTypeFromName(*name)) return absl::StrCat(*name, " ", FormatHex(type));
  return std::string(*name);
}

bool NamesSendingCpu(uint64_t type) {
  return type == KVM_S390_INT_EMERGENCY || type == KVM_S390_INT_EXTERNAL_CALL;
}

}  // namespace irqd::irqctl
