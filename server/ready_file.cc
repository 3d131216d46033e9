#include "server/ready_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace irqd {

absl::Status WriteReadyFile(const std::string& path, const std::vector<std::string>& addresses) {
  // Beside it, so that the rename stays within one file system.
  const std::string unfinished = absl::StrCat(path, ".", getpid());
  std::ofstream file(unfinished);
  for (const std::string& address : addresses) file << address << '\n';
  file.close();
  if (file && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  const std::string why = std::strerror(errno);
  unlink(unfinished.c_str());
  return absl::InternalError(absl::StrCat("cannot write ", path, ": ", why));
}

}  // namespace irqd
