// Runs until a program ends, or until somebody asks irqctl to end.
#ifndef IRQD_CLIENT_IRQCTL_CHILD_COMMAND_H_
#define IRQD_CLIENT_IRQCTL_CHILD_COMMAND_H_

#include <signal.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace irqd::irqctl {

// While there is one, SIGINT, SIGTERM and SIGCHLD wait for AwaitEnd or RunChild. Threads that begin
// meanwhile leave them alone too. One at a time in a process.
class SignalsHeld {
 public:
  SignalsHeld();
  ~SignalsHeld();
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  // Until SIGINT or SIGTERM.
  void AwaitEnd();

  // Runs `words`, a program and its arguments, with `variable` ("NAME=value") in its environment,
  // and gives its exit code; 128 and the signal's number if a signal ended it. SIGINT and SIGTERM
  // are handed on to it.
  //   INVALID_ARGUMENT  "WORD: No such file or directory" and the like
  absl::StatusOr<int> RunChild(absl::Span<const std::string> words, const std::string& variable);

 private:
  int AwaitChild(int pid);

  sigset_t held_;
  sigset_t before_;
};

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_CHILD_COMMAND_H_
