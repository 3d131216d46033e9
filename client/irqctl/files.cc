#include "client/irqctl/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace irqd::irqctl {
namespace {

absl::Status Error(absl::string_view name, int error) {
  return absl::InvalidArgumentError(absl::StrCat(name, ": ", std::strerror(error)));
}

absl::StatusOr<std::string> ReadFd(int fd, absl::string_view name) {
  constexpr size_t kChunk = size_t{64} << 10;
  std::string content;
  while (true) {
    const size_t size = content.size();
    if (size > kMaxInputSize) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": longer than ", kMaxInputSize, " bytes"));
    }
    content.resize(size + kChunk);
    const ssize_t got = read(fd, &content[size], kChunk);
    const int error = errno;
    content.resize(size + std::max<ssize_t>(got, 0));
    if (got == 0) return content;
    if (got < 0 && error != EINTR) return Error(name, error);
  }
}

}  // namespace

absl::StatusOr<std::string> ReadInput(const std::string& name, int stdin_fd) {
  if (name == "-") return ReadFd(stdin_fd, "standard input");
  const int fd = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error(name, errno);
  absl::StatusOr<std::string> content = ReadFd(fd, name);
  close(fd);
  return content;
}

absl::Status WriteToFd(int fd, absl::string_view bytes, absl::string_view name) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      return Error(name, errno);
    }
  }
  return absl::OkStatus();
}

absl::Status WriteFile(const std::string& name, absl::string_view bytes) {
  const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return Error(name, errno);
  const absl::Status status = WriteToFd(fd, bytes, name);
  // A full disk may show up only now.
  if (close(fd) != 0 && status.ok()) return Error(name, errno);
  return status;
}

}  // namespace irqd::irqctl
