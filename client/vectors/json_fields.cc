#include "client/vectors/json_fields.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

using nlohmann::json;

// Of what is wrong no more than fits into a message.
std::string Shown(const json& value) {
  constexpr size_t kMost = 40;
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace);
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  return text;
}

bool IsHex(absl::string_view digits) {
  return std::all_of(digits.begin(), digits.end(),
                     [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

bool ReadNumber(const json& from, uint64_t* value) {
  if (from.is_number_unsigned()) {
    *value = from.get<uint64_t>();
    return true;
  }
  if (!from.is_string()) return false;
  const absl::string_view text = from.get_ref<const std::string&>();
  return absl::StartsWith(text, "0x") && text.size() > 2 && IsHex(text.substr(2)) &&
         absl::SimpleHexAtoi(text, value);
}

}  // namespace

FieldError::FieldError(absl::string_view field, absl::string_view why)
    : std::runtime_error(absl::StrCat(field, field.empty() ? "" : ": ", why)) {}

JsonFields::JsonFields(const json& object, std::string path)
    : object_(object), path_(std::move(path)) {
  if (!object.is_object()) throw FieldError(path_, Shown(object) + " is no object");
}

std::string JsonFields::PathOf(absl::string_view name) const {
  return absl::StrCat(path_, path_.empty() ? "" : ".", name);
}

const json& JsonFields::Get(const char* name) {
  const auto found = object_.find(name);
  if (found == object_.end()) throw FieldError(PathOf(name), "is missing");
  taken_.push_back(name);
  return *found;
}

uint64_t JsonFields::Number(const char* name, uint64_t max) {
  const json& from = Get(name);
  uint64_t value = 0;
  if (ReadNumber(from, &value) && value <= max) return value;
  throw FieldError(PathOf(name), absl::StrCat(Shown(from), " is no number from 0 to ", max));
}

int64_t JsonFields::Integer(const char* name) {
  const json& from = Get(name);
  const bool fits = from.is_number_integer() &&
                    (!from.is_number_unsigned() || from.get<uint64_t>() <= uint64_t{INT64_MAX});
  if (fits) return from.get<int64_t>();
  throw FieldError(PathOf(name), Shown(from) + " is no integer of 64 bits");
}

bool JsonFields::Bool(const char* name) {
  const json& from = Get(name);
  if (from.is_boolean()) return from.get<bool>();
  throw FieldError(PathOf(name), Shown(from) + " is neither true nor false");
}

std::string JsonFields::Text(const char* name) {
  const json& from = Get(name);
  if (from.is_string()) return from.get<std::string>();
  throw FieldError(PathOf(name), Shown(from) + " is no string");
}

std::string JsonFields::Bytes(const char* name) {
  const std::string digits = Text(name);
  if (digits.size() % 2 != 0 || !IsHex(digits)) {
    throw FieldError(PathOf(name), Shown(digits) + " is not made of pairs of hexadecimal digits");
  }
  return absl::HexStringToBytes(digits);
}

const json& JsonFields::Array(const char* name) {
  const json& from = Get(name);
  if (from.is_array()) return from;
  throw FieldError(PathOf(name), Shown(from) + " is no array");
}

void JsonFields::Finish() const {
  for (const auto& field : object_.items()) {
    const bool is_known = std::find(taken_.begin(), taken_.end(), field.key()) != taken_.end();
    if (is_known || (field.key() == "comment" && field.value().is_string())) continue;
    throw FieldError(PathOf(Shown(field.key())), "is no field that belongs here");
  }
}

}  // namespace irqd
