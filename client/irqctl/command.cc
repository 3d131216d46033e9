#include "client/irqctl/command.h"

#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace irqd::irqctl {
namespace {

// MAX_ERRNO in the kernel: below it a result is no errno.
constexpr int32_t kMaxErrno = 4095;

// Of the errno that `ret` is: "Device or resource busy (EBUSY)".
std::string DescribeErrno(int32_t ret) {
  const char* description = ret >= -kMaxErrno ? strerrordesc_np(-ret) : nullptr;
  if (description == nullptr) return ErrnoName(ret);
  return absl::StrCat(description, " (", ErrnoName(ret), ")");
}

}  // namespace

std::string ErrorLine(absl::string_view message) {
  std::string line = absl::StrCat("irqctl: ", message);
  for (char& c : line) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
  }
  return line + "\n";
}

Reply Done(std::string out) { return {kDone, std::move(out), ""}; }

Reply UsageError(const Invocation& invocation, absl::string_view message) {
  return {kUsageError, "", ErrorLine(absl::StrCat(invocation.line.command->name, ": ", message))};
}

Reply UsageError(const Invocation& invocation, const absl::Status& status) {
  return UsageError(invocation, status.message());
}

Reply KernelAnswer(absl::string_view ioctl, int32_t ret, std::string out) {
  if (ret >= 0) return Done(std::move(out));
  return {kKernelError, std::move(out), ErrorLine(absl::StrCat(ioctl, ": ", DescribeErrno(ret)))};
}

Reply BareKernelAnswer(const Invocation& invocation, absl::string_view ioctl, int32_t ret) {
  return KernelAnswer(ioctl, ret, invocation.wants_json() ? FormatJson(RetToJson(ret)) : "");
}

Json RetToJson(int32_t ret) {
  Json json;
  json["ret"] = ret;
  if (ret < 0) json["errno"] = ErrnoName(ret);
  return json;
}

std::string ErrnoName(int32_t ret) {
  const char* name = ret >= -kMaxErrno ? strerrorname_np(-ret) : nullptr;
  return name != nullptr ? name : absl::StrCat("errno ", -int64_t{ret});
}

std::string FormatJson(const Json& json) {
  // A name from a server that is no UTF-8 must not end the program.
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace irqd::irqctl
