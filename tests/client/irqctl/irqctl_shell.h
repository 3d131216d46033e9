// Lines of the shell with the program irqctl in them, which a test has as data.
#ifndef IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_SHELL_H_
#define IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_SHELL_H_

#include <string>

namespace irqd::irqctl {

struct Output {
  int exit_code;
  std::string text;
};

// Runs a line of the shell, in which $irqctl is the program. The text is what it prints.
Output Shell(const std::string& line);

}  // namespace irqd::irqctl

#endif  // IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_SHELL_H_
