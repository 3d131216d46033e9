#include "tests/fuzz/messages.h"

#include <google/protobuf/descriptor.h>

#include <iterator>
#include <string>

#include "core/kvm_s390.h"
#include "tests/fuzz/records.h"

namespace irqd {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

uint64_t TakeNumber(FuzzInput* input) {
  switch (input->Below(8)) {
    case 0:
      return input->Number(8);
    case 1:
      return input->Number(4);
    case 2:
      return TakeType(input);
    case 3:
      return kIrqSize * input->Below(8);
    default:
      return input->Below(9);  // as ids, states and kinds are
  }
}

// Text is UTF-8: a request that is not does not parse.
std::string TakeText(FuzzInput* input) {
  static constexpr const char* kWords[] = {"",   "a",      "vm-1", "vm-2",      "vm-1-2", "-a",
                                           "a-", "\u00e9", "2",    "linux-6.1", "x y"};
  const uint32_t which = input->Below(16);
  if (which < std::size(kWords)) return kWords[which];
  std::string text;
  const uint32_t repeats = input->Byte();
  for (uint32_t i = 0; i < repeats; ++i) text += which & 1 ? "\u20ac" : "z";
  return text + std::string(1, static_cast<char>(' ' + input->Below(90)));
}

std::string TakeBytes(FuzzInput* input) {
  const uint8_t how = input->Byte();
  if (how == 0xff) return std::string((64 << 10) + input->Below(2), '\0');
  if (how & 0x80) return input->Bytes(how & 0x7f);
  std::string records;
  for (int left = how % 5; left > 0; --left) records += TakeRecord(input);
  return records;
}

void FillOnce(FuzzInput* input, const FieldDescriptor* field, Message* message);
void FillMessage(FuzzInput* input, Message* message);

// Adds one value to a repeated field. The interface has no repeated field but these.
void AddOne(FuzzInput* input, const FieldDescriptor* field, Message* message) {
  const Reflection* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->AddUInt32(message, field, static_cast<uint32_t>(TakeNumber(input)));
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      reflection->AddUInt64(message, field, TakeNumber(input));
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      reflection->AddString(message, field, TakeBytes(input));
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      FillMessage(input, reflection->AddMessage(message, field));
      return;
    default:
      FUZZ_CHECK(false, "no values for %s", field->full_name().c_str());
  }
}

void FillOnce(FuzzInput* input, const FieldDescriptor* field, Message* message) {
  const Reflection* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->SetUInt32(message, field, static_cast<uint32_t>(TakeNumber(input)));
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection->SetInt32(message, field, static_cast<int32_t>(TakeNumber(input)));
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      reflection->SetUInt64(message, field, TakeNumber(input));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection->SetInt64(message, field, static_cast<int64_t>(TakeNumber(input)));
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection->SetBool(message, field, input->Byte() & 1);
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection->SetEnumValue(message, field, static_cast<int>(TakeNumber(input)));
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      reflection->SetString(
          message, field,
          field->type() == FieldDescriptor::TYPE_BYTES ? TakeBytes(input) : TakeText(input));
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      FillMessage(input, reflection->MutableMessage(message, field));
      return;
    default:
      FUZZ_CHECK(false, "no values for %s", field->full_name().c_str());
  }
}

void FillMessage(FuzzInput* input, Message* message) {
  const auto* descriptor = message->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const uint8_t how = input->Byte();
    if (how % 8 == 7) continue;
    if (field->real_containing_oneof() != nullptr && how % 2 != 0) continue;
    if (!field->is_repeated()) {
      FillOnce(input, field, message);
      continue;
    }
    for (int left = how == 0xf6 ? 256 : how % 6; left > 0; --left) AddOne(input, field, message);
  }
}

}  // namespace

bool TakeMessage(FuzzInput* input, google::protobuf::Message* message) {
  if (input->Below(4) == 0) {
    const std::string wire = input->Bytes(input->Number(2) % 512);
    return message->ParseFromArray(wire.data(), static_cast<int>(wire.size()));
  }
  FillMessage(input, message);
  return true;
}

}  // namespace irqd
