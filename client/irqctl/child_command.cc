#include "client/irqctl/child_command.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace irqd::irqctl {
namespace {

// The environment with `variable` instead of whatever had its name.
std::vector<char*> EnvironmentWith(std::string* variable) {
  const absl::string_view name = absl::string_view(*variable).substr(0, variable->find('=') + 1);
  std::vector<char*> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!absl::StartsWith(*entry, name)) entries.push_back(*entry);
  }
  entries.push_back(&(*variable)[0]);
  entries.push_back(nullptr);
  return entries;
}

}  // namespace

SignalsHeld::SignalsHeld() {
  // Where it is ignored the child would leave no exit code.
  signal(SIGCHLD, SIG_DFL);
  sigemptyset(&held_);
  for (int one : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&held_, one);
  pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

SignalsHeld::~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void SignalsHeld::AwaitEnd() {
  int received = 0;
  while (received != SIGINT && received != SIGTERM) sigwait(&held_, &received);
}

absl::StatusOr<int> SignalsHeld::RunChild(absl::Span<const std::string> words,
                                          const std::string& variable) {
  std::string entry = variable;
  std::vector<char*> environment = EnvironmentWith(&entry);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  // The child begins with the signals as they were for irqctl.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &before_);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid;
  const int error =
      posix_spawnp(&pid, arguments[0], nullptr, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    return absl::InvalidArgumentError(absl::StrCat(words[0], ": ", std::strerror(error)));
  }
  return AwaitChild(pid);
}

int SignalsHeld::AwaitChild(int pid) {
  while (true) {
    int status;
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    int received;
    sigwait(&held_, &received);
    if (received != SIGCHLD) kill(pid, received);
  }
}

}  // namespace irqd::irqctl
