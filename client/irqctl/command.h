// What a command of irqctl gets and gives: values, so that a test can look at all of it.
#ifndef IRQD_CLIENT_IRQCTL_COMMAND_H_
#define IRQD_CLIENT_IRQCTL_COMMAND_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/connection.h"
#include "client/irqctl/command_line.h"
#include "client/irqctl/irq_json.h"

namespace irqd::irqctl {

// The exit codes.
inline constexpr int kDone = 0;
inline constexpr int kKernelError = 1;  // the simulated kernel answered an errno, or a vector fails
inline constexpr int kUsageError = 2;   // the command line, or a file and what is in it
inline constexpr int kNotReached = 3;   // the call did not reach the simulated kernel

// How a command ended: what to write where, and the exit code.
struct Reply {
  int exit_code = kDone;
  std::string out;
  std::string err;  // "", or lines, ended
};

// What of the world a command sees.
struct Environment {
  std::function<absl::StatusOr<std::shared_ptr<Connection>>(absl::string_view target)> connect;
  std::string irqd_target;  // the variable IRQD_TARGET; "" if there is none
  int stdin_fd = 0;
};

struct Invocation {
  const CommandLine& line;
  const Environment& environment;

  const std::string& argument(size_t i) const { return line.arguments[i]; }
  size_t argument_count() const { return line.arguments.size(); }
  bool wants_json() const { return line.Has("json"); }
};

// One line for stderr: "irqctl: ...". What is not printable in `message`, which may come from a
// server, is replaced.
std::string ErrorLine(absl::string_view message);

Reply Done(std::string out);
Reply UsageError(const Invocation& invocation, absl::string_view message);
Reply UsageError(const Invocation& invocation, const absl::Status& status);
// The answer of `ioctl`, e.g. "KVM_S390_IRQ": exit code and error line by the sign of `ret`.
Reply KernelAnswer(absl::string_view ioctl, int32_t ret, std::string out);
// The same for a command whose only answer it is: nothing, or with --json {"ret": 0}.
Reply BareKernelAnswer(const Invocation& invocation, absl::string_view ioctl, int32_t ret);

// {"ret": -16, "errno": "EBUSY"}; without "errno" where there is none.
Json RetToJson(int32_t ret);
// Of a negative `ret`: "EBUSY"; "errno 4000" for what has no name.
std::string ErrnoName(int32_t ret);
// Indented and ended with a line end.
std::string FormatJson(const Json& json);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_COMMAND_H_
