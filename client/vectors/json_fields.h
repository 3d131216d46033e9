// Reads a JSON object field by field and remembers which, so that what is left over is an error.
#ifndef IRQD_CLIENT_VECTORS_JSON_FIELDS_H_
#define IRQD_CLIENT_VECTORS_JSON_FIELDS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace irqd {

// The field that is wrong, and why.
class FieldError : public std::runtime_error {
 public:
  FieldError(absl::string_view field, absl::string_view why);
};

// Every method throws FieldError if the field is missing or another kind of value. Names outlive
// it.
class JsonFields {
 public:
  // `path` is what `object` is called in errors: "" for the whole line, or "steps[3]". Does not own
  // the object, which must outlive it.
  JsonFields(const nlohmann::json& object, std::string path);

  bool Has(const char* name) const { return object_.contains(name); }
  // A JSON integer, or a string "0x...".
  uint64_t Number(const char* name, uint64_t max);
  // A JSON integer, with or without a sign.
  int64_t Integer(const char* name);
  bool Bool(const char* name);
  std::string Text(const char* name);
  // Pairs of hexadecimal digits.
  std::string Bytes(const char* name);
  const nlohmann::json& Array(const char* name);
  // Whatever it is.
  const nlohmann::json& Value(const char* name) { return Get(name); }
  // What a field is called in errors: "steps[3].len".
  std::string PathOf(absl::string_view name) const;
  // Names a field that was not asked for; "comment" may always be there, a string.
  void Finish() const;

 private:
  const nlohmann::json& Get(const char* name);

  const nlohmann::json& object_;
  const std::string path_;
  std::vector<absl::string_view> taken_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_JSON_FIELDS_H_
