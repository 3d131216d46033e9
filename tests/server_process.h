// A real irqd, started for a test and stopped by it.
//
// The library brings the irqd that it starts along as data.
#ifndef IRQD_TESTS_SERVER_PROCESS_H_
#define IRQD_TESTS_SERVER_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/socket_directory.h"

namespace irqd {

class ServerProcess {
 public:
  struct Options {
    // Values of --listen; besides them it listens on a Unix socket of its own.
    std::vector<std::string> listen = {"127.0.0.1:0"};
    // Any other flags, e.g. "--max_vms=3".
    std::vector<std::string> flags;
  };

  // Starts irqd and waits until it serves. Throws std::runtime_error if it ends instead, or is
  // not ready within a minute.
  explicit ServerProcess(const Options& options);
  ServerProcess() : ServerProcess(Options()) {}
  // Kills it, unless Stop was called.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // What the ready file said, in order: host:port or unix:PATH.
  const std::vector<std::string>& addresses() const { return addresses_; }
  // The first of them that is host:port.
  std::string tcp_address() const;
  // That of the Unix socket of its own.
  std::string unix_address() const { return "unix:" + directory_.File("own.sock"); }
  pid_t pid() const { return pid_; }

  // Sends SIGTERM and waits for the end. Returns the exit status: 0 for a clean end, 128 and the
  // signal's number if a signal ended it.
  int Stop();

 private:
  SocketDirectory directory_;
  pid_t pid_ = -1;
  std::vector<std::string> addresses_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_SERVER_PROCESS_H_
