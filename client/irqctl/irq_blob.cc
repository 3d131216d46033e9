#include "client/irqctl/irq_blob.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace irqd::irqctl {
namespace {

absl::StatusOr<std::string> HexToBytes(absl::string_view content) {
  std::string digits;
  digits.reserve(content.size());
  for (size_t i = 0; i < content.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(content[i]);
    if (absl::ascii_isspace(c)) continue;
    if (!absl::ascii_isxdigit(c)) {
      const std::string shown = absl::ascii_isprint(c)
                                    ? absl::StrCat("'", content.substr(i, 1), "'")
                                    : absl::StrCat("byte 0x", absl::Hex(c, absl::kZeroPad2));
      return absl::InvalidArgumentError(absl::StrCat(shown, " at offset ", i, " is no hex digit"));
    }
    digits.push_back(content[i]);
  }
  if (digits.size() % 2 != 0) {
    return absl::InvalidArgumentError(absl::StrCat("an odd number of hex digits, ", digits.size()));
  }
  return absl::HexStringToBytes(digits);
}

}  // namespace

BlobFormat DetectBlobFormat(absl::string_view content) {
  const bool is_text = absl::c_all_of(
      content, [](unsigned char c) { return absl::ascii_isprint(c) || absl::ascii_isspace(c); });
  return is_text ? BlobFormat::kHex : BlobFormat::kRaw;
}

absl::StatusOr<std::string> ReadBlob(absl::string_view content, absl::optional<BlobFormat> format) {
  if (!format) format = DetectBlobFormat(content);
  if (*format == BlobFormat::kRaw) return std::string(content);
  return HexToBytes(content);
}

std::string BlobToHex(absl::string_view bytes) {
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += kIrqSize) {
    absl::StrAppend(&text, absl::BytesToHexString(bytes.substr(at, kIrqSize)), "\n");
  }
  return text;
}

absl::StatusOr<std::vector<kvm_s390_irq>> DecodeIrqs(absl::string_view bytes) {
  if (bytes.size() % kIrqSize != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        bytes.size(), " bytes are no whole number of records of ", kIrqSize, " bytes"));
  }
  return irqd::DecodeIrqs(bytes);
}

}  // namespace irqd::irqctl
