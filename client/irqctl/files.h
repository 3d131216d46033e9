// Files and descriptors, read and written whole. Safe to use from any thread, as far as nobody
// else uses the same descriptor.
#ifndef IRQD_CLIENT_IRQCTL_FILES_H_
#define IRQD_CLIENT_IRQCTL_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace irqd::irqctl {

// More is refused, so that a mistaken name takes no memory: 800 times what a vCPU can hold.
inline constexpr size_t kMaxInputSize = size_t{16} << 20;

// "-" is `stdin_fd`.
//   INVALID_ARGUMENT  "NAME: No such file or directory" and the like; longer than kMaxInputSize
absl::StatusOr<std::string> ReadInput(const std::string& name, int stdin_fd);

// All of `bytes`, or INVALID_ARGUMENT, "NAME: Broken pipe" and the like.
absl::Status WriteToFd(int fd, absl::string_view bytes, absl::string_view name);
// Makes the file, or replaces what is in it.
absl::Status WriteFile(const std::string& name, absl::string_view bytes);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_FILES_H_
