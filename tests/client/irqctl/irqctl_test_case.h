// irqctl against a connection that a test programs, or against none.
#ifndef IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_TEST_CASE_H_
#define IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_TEST_CASE_H_

#include <memory>
#include <string>
#include <vector>

#include "client/irqctl/command.h"
#include "gmock/gmock.h"
#include "tests/client/mock_connection.h"

namespace irqd::irqctl {

MATCHER_P2(Vcpu, vm_id, vcpu_id, "") { return arg.vm_id == vm_id && arg.vcpu_id == vcpu_id; }

MATCHER_P2(FlicAttr, group, attr, "") {
  return arg.flags == 0 && arg.group == static_cast<uint32_t>(group) && arg.attr == attr;
}

// Calls that a test does not expect fail it.
class IrqctlTest : public testing::Test {
 protected:
  // Runs irqctl with these words, separated by spaces.
  Reply Irqctl(const std::string& words);

  // What the commands read as standard input.
  void SetStdin(const std::string& content);
  // A file of this content; its name.
  std::string TempFile(const std::string& content);

  std::shared_ptr<testing::StrictMock<MockConnection>> connection_ =
      std::make_shared<testing::StrictMock<MockConnection>>();
  std::string irqd_target_;
  std::vector<std::string> targets_;  // what was connected to
  absl::Status connect_status_;

 private:
  std::string stdin_file_ = "/dev/null";
};

}  // namespace irqd::irqctl

#endif  // IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_TEST_CASE_H_
