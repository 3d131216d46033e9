// irqctl: see and change the interrupts pending on the vCPUs of an irqd. irqctl --help explains.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "client/connection.h"
#include "client/irqctl/command.h"
#include "client/irqctl/files.h"
#include "client/irqctl/run.h"

int main(int argc, char** argv) {
  // A reader that went away is an error to report, not one to die of.
  signal(SIGPIPE, SIG_IGN);
  irqd::irqctl::Environment environment;
  environment.connect = irqd::Connect;
  if (const char* target = std::getenv("IRQD_TARGET")) environment.irqd_target = target;
  environment.stdin_fd = STDIN_FILENO;

  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  irqd::irqctl::Reply reply = irqd::irqctl::Run(words, environment);

  const absl::Status written = irqd::irqctl::WriteToFd(STDOUT_FILENO, reply.out, "standard output");
  if (!written.ok()) {
    reply.err += irqd::irqctl::ErrorLine(written.message());
    if (reply.exit_code == irqd::irqctl::kDone) reply.exit_code = irqd::irqctl::kUsageError;
  }
  // Nobody is left to tell if this fails.
  irqd::irqctl::WriteToFd(STDERR_FILENO, reply.err, "standard error").IgnoreError();
  return reply.exit_code;
}
