#include "server/listen_address.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace irqd {
namespace {

constexpr size_t kMaxPathLength = sizeof(sockaddr_un::sun_path) - 1;

// Whether a server accepts connections on `path`.
bool SomebodyListens(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), kMaxPathLength);
  const bool connected =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

}  // namespace

std::string ListenAddress::ToString() const {
  return is_unix() ? absl::StrCat("unix:", path) : absl::StrCat(host, ":", port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  ListenAddress address;
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    address.path = std::string(rest);
    if (rest.empty() || rest.size() > kMaxPathLength) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", text, "': the path of a Unix socket has 1 to ", kMaxPathLength, " bytes"));
    }
    return address;
  }
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is neither host:port nor unix:PATH"));
  }
  address.host = std::string(text.substr(0, colon));
  if (!absl::SimpleAtoi(text.substr(colon + 1), &address.port) || address.port < 0 ||
      address.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': the port is a number from 0 to 65535"));
  }
  return address;
}

absl::Status ClearStaleSocket(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return absl::OkStatus();
  if (!S_ISSOCK(info.st_mode)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " exists and is no socket"));
  }
  if (SomebodyListens(path)) {
    return absl::AlreadyExistsError(absl::StrCat("somebody listens on ", path, " already"));
  }
  unlink(path.c_str());
  return absl::OkStatus();
}

std::vector<std::string> TakeRepeatedFlag(absl::string_view name, std::vector<char*>* arguments) {
  std::vector<std::string> values;
  std::vector<char*> others;
  for (size_t i = 0; i < arguments->size(); ++i) {
    absl::string_view argument((*arguments)[i]);
    const bool is_flag = i > 0 && absl::ConsumePrefix(&argument, "-") &&
                         (absl::ConsumePrefix(&argument, "-"), true) &&
                         absl::ConsumePrefix(&argument, name);
    if (is_flag && absl::ConsumePrefix(&argument, "=")) {
      values.emplace_back(argument);
    } else if (is_flag && argument.empty() && i + 1 < arguments->size()) {
      values.emplace_back((*arguments)[++i]);
    } else {
      others.push_back((*arguments)[i]);
    }
  }
  *arguments = std::move(others);
  return values;
}

}  // namespace irqd
