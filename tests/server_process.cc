#include "tests/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

extern char** environ;

namespace irqd {
namespace {

using Clock = std::chrono::steady_clock;

// Closes a descriptor at the end of its life.
struct Fd {
  explicit Fd(int fd) : value(fd) {}
  ~Fd() {
    if (value >= 0) close(value);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  const int value;
};

std::runtime_error Failure(const std::string& what) {
  return std::runtime_error("ServerProcess: " + what);
}

// Tests run in the workspace's folder of their runfiles, but may have left it.
std::string Binary() {
  const char* runfiles = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  if (runfiles == nullptr || workspace == nullptr) return "server/irqd";
  return std::string(runfiles) + "/" + workspace + "/server/irqd";
}

pid_t Spawn(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t pid;
  const int error =
      posix_spawn(&pid, command[0].c_str(), nullptr, nullptr, arguments.data(), environ);
  if (error != 0) throw Failure(command[0] + ": " + std::strerror(error));
  return pid;
}

std::vector<std::string> Lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

int WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ServerProcess::ServerProcess(const Options& options) {
  const std::string ready_file = directory_.File("ready");
  std::vector<std::string> command = {Binary(), "--ready_file=" + ready_file};
  for (const std::string& address : options.listen) command.push_back("--listen=" + address);
  command.push_back("--listen=" + unix_address());
  command.insert(command.end(), options.flags.begin(), options.flags.end());

  const Fd folder(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  inotify_add_watch(folder.value, directory_.File("").c_str(), IN_MOVED_TO | IN_CLOSE_WRITE);
  pid_ = Spawn(command);
  // Readable when the process has ended. glibc's pidfd_open is not declared for C++.
  const Fd process(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  const auto give_up = Clock::now() + std::chrono::minutes(1);
  // The file appears complete, under its name, when irqd serves.
  while (access(ready_file.c_str(), F_OK) != 0) {
    pollfd events[] = {{folder.value, POLLIN, 0}, {process.value, POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - Clock::now());
    const int ready = left.count() > 0 ? poll(events, 2, static_cast<int>(left.count())) : 0;
    if (ready == 0) {
      kill(pid_, SIGKILL);
      Stop();
      throw Failure("not ready within a minute");
    }
    if (events[1].revents != 0) {
      throw Failure("irqd ended with status " + std::to_string(Stop()) + " before it was ready");
    }
    char drained[4096];
    while (read(folder.value, drained, sizeof(drained)) > 0) {
    }
  }
  addresses_ = Lines(ready_file);
}

ServerProcess::~ServerProcess() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  WaitFor(pid_);
}

std::string ServerProcess::tcp_address() const {
  for (const std::string& address : addresses_) {
    if (address.rfind("unix:", 0) != 0) return address;
  }
  throw Failure("it listens on no TCP port");
}

int ServerProcess::Stop() {
  kill(pid_, SIGTERM);
  const int status = WaitFor(pid_);
  pid_ = -1;
  return status;
}

}  // namespace irqd
