#include "tests/client/irqctl/irqctl_test_case.h"

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/irqctl/files.h"
#include "client/irqctl/run.h"

namespace irqd::irqctl {

Reply IrqctlTest::Irqctl(const std::string& words) {
  Environment environment;
  environment.irqd_target = irqd_target_;
  environment.connect =
      [this](absl::string_view target) -> absl::StatusOr<std::shared_ptr<Connection>> {
    targets_.emplace_back(target);
    if (!connect_status_.ok()) return connect_status_;
    return connection_;
  };
  environment.stdin_fd = open(stdin_file_.c_str(), O_RDONLY | O_CLOEXEC);
  const std::vector<std::string> list = absl::StrSplit(words, ' ', absl::SkipEmpty());
  Reply reply = irqctl::Run(list, environment);
  close(environment.stdin_fd);
  return reply;
}

void IrqctlTest::SetStdin(const std::string& content) { stdin_file_ = TempFile(content); }

std::string IrqctlTest::TempFile(const std::string& content) {
  static int count = 0;
  const std::string name =
      absl::StrCat(testing::TempDir(), "/irqctl_test_", getpid(), "_", ++count);
  EXPECT_TRUE(WriteFile(name, content).ok());
  return name;
}

}  // namespace irqd::irqctl
