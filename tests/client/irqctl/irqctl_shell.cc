#include "tests/client/irqctl/irqctl_shell.h"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace irqd::irqctl {
namespace {

constexpr char kIrqctl[] = "client/irqctl/irqctl";

}  // namespace

Output Shell(const std::string& line) {
  const std::string script = absl::StrCat("set -o pipefail; export irqctl=", kIrqctl, "; ", line);
  setenv("IRQCTL_TEST_SCRIPT", script.c_str(), 1);
  FILE* pipe = popen("exec bash -c \"$IRQCTL_TEST_SCRIPT\" 2>&1", "r");
  Output output;
  char buffer[4096];
  while (size_t size = fread(buffer, 1, sizeof(buffer), pipe)) output.text.append(buffer, size);
  const int status = pclose(pipe);
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

}  // namespace irqd::irqctl
