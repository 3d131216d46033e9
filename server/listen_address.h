// Where a server listens, as --listen says it: "host:port" or "unix:PATH".
#ifndef IRQD_SERVER_LISTEN_ADDRESS_H_
#define IRQD_SERVER_LISTEN_ADDRESS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace irqd {

struct ListenAddress {
  std::string host;  // with brackets, if it is an IPv6 address; empty for a Unix socket
  int port = 0;      // 0: one that is free
  std::string path;  // of a Unix socket

  bool is_unix() const { return !path.empty(); }
  // As gRPC takes it and --ready_file gives it.
  std::string ToString() const;
};

// INVALID_ARGUMENT, naming what is wrong: no port, a port that is no number up to 65535, or a path
// that is empty or too long for a Unix socket (107 bytes).
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// Makes way for a server on a Unix socket: removes a socket that nobody listens on.
//   ALREADY_EXISTS  somebody listens on it, or it is no socket
absl::Status ClearStaleSocket(const std::string& path);

// The values of a flag that may be given several times, in order.
//
// abseil's flags know one value each. This takes every `--NAME=VALUE` and `--NAME VALUE` out of
// `*arguments` (whose first element is the program) and returns the values.
std::vector<std::string> TakeRepeatedFlag(absl::string_view name, std::vector<char*>* arguments);

}  // namespace irqd

#endif  // IRQD_SERVER_LISTEN_ADDRESS_H_
