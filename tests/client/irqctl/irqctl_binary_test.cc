// The program itself, alone and against an irqd.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/server_process.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;

constexpr char kIrqctl[] = "client/irqctl/irqctl";

struct Output {
  int exit_code;
  std::string text;
};

// Runs a line of the shell, in which $irqctl is the program. The text is what it prints.
Output Shell(const std::string& line) {
  const std::string script = absl::StrCat("set -o pipefail; irqctl=", kIrqctl, "; ", line);
  setenv("IRQCTL_TEST_SCRIPT", script.c_str(), 1);
  FILE* pipe = popen("exec bash -c \"$IRQCTL_TEST_SCRIPT\" 2>&1", "r");
  Output output;
  char buffer[4096];
  while (size_t size = fread(buffer, 1, sizeof(buffer), pipe)) output.text.append(buffer, size);
  const int status = pclose(pipe);
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

TEST(IrqctlBinary, ExplainsItself) {
  const Output output = Shell("$irqctl --help");
  EXPECT_EQ(output.exit_code, 0);
  EXPECT_THAT(output.text, HasSubstr("usage: irqctl [OPTION]... COMMAND"));
  EXPECT_EQ(Shell("$irqctl").exit_code, 2);
  EXPECT_EQ(Shell("$irqctl frobnicate").text,
            "irqctl: unknown command 'frobnicate'; see irqctl --help\n");
}

TEST(IrqctlBinary, DecodesWhatItEncodes) {
  const Output output =
      Shell("$irqctl encode INT_EMERGENCY code=1 -- MCHK mcic=1 | $irqctl decode -");

  EXPECT_EQ(output.exit_code, 0);
  EXPECT_EQ(output.text,
            "#  TYPE           PAYLOAD\n"
            "0  INT_EMERGENCY  code=0x1 (CPU 1)\n"
            "1  MCHK           mcic=0x1\n"
            "2 interrupts, 144 bytes\n");
}

TEST(IrqctlBinary, ReportsWhatItCannotWrite) {
  const Output full = Shell("$irqctl --help >/dev/full");
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_EQ(full.text, "irqctl: standard output: No space left on device\n");
  // The other end of descriptor 3 is gone before irqctl starts.
  const Output broken = Shell("exec 3> >(true); wait $!; $irqctl --help >&3");
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_EQ(broken.text, "irqctl: standard output: Broken pipe\n");
}

TEST(IrqctlBinary, ReportsThatNobodyServes) {
  const Output output = Shell("$irqctl --target unix:/nonexistent/irqd health");

  EXPECT_EQ(output.exit_code, 3);
  EXPECT_THAT(output.text, HasSubstr("irqctl: UNAVAILABLE: "));
  EXPECT_THAT(output.text, HasSubstr("(target unix:/nonexistent/irqd)\n"));
}

class IrqctlServerTest : public testing::Test {
 protected:
  void SetUp() override { setenv("IRQD_TARGET", server_.unix_address().c_str(), 1); }

  ServerProcess server_;
};

TEST_F(IrqctlServerTest, MovesInterruptsFromVcpuToVcpu) {
  EXPECT_EQ(Shell("$irqctl health").text, "serving\n");
  EXPECT_EQ(Shell("$irqctl vm create demo --vcpus 2").text, "demo\n");
  EXPECT_EQ(Shell("$irqctl mp-state demo 1 && $irqctl mp-state demo 1 operating && "
                  "$irqctl mp-state demo 1")
                .text,
            "stopped\noperating\n");
  EXPECT_EQ(Shell("$irqctl inject demo 0 MCHK mcic=0x8000000000000000 cr14=0x10000000 && "
                  "$irqctl inject demo 0 emergency code=1 && "
                  "$irqctl get demo 0 --format raw | $irqctl set demo 1 - && $irqctl get 1 1")
                .text,
            "#  TYPE           PAYLOAD\n"
            "0  MCHK           cr14=0x10000000 mcic=0x8000000000000000\n"
            "1  INT_EMERGENCY  code=0x1 (CPU 1)\n"
            "2 interrupts, 144 bytes\n");
  EXPECT_EQ(Shell("$irqctl vcpu list demo").text,
            "ID  STATE      PENDING\n"
            " 0  stopped    0x8200000\n"
            " 1  operating  0x8200000\n");
  EXPECT_EQ(Shell("$irqctl reset demo 0 clear && $irqctl get demo 0").text, "no interrupts\n");
}

TEST_F(IrqctlServerTest, EndsWithTheKindOfError) {
  ASSERT_EQ(Shell("$irqctl vm create demo --vcpus 1").exit_code, 0);
  const Output busy = Shell("for i in 1 2; do $irqctl encode RESTART | $irqctl set demo 0; done");
  EXPECT_EQ(busy.exit_code, 1);
  EXPECT_EQ(busy.text, "irqctl: KVM_S390_SET_IRQ_STATE: Device or resource busy (EBUSY)\n");
  EXPECT_EQ(Shell("$irqctl vcpu create demo 0").exit_code, 1);
  EXPECT_EQ(Shell("$irqctl get demo 0 --len x").exit_code, 2);
  const Output no_vcpu = Shell("$irqctl get demo 1");
  EXPECT_EQ(no_vcpu.exit_code, 3);
  EXPECT_THAT(no_vcpu.text, HasSubstr("irqctl: NOT_FOUND: "));
  EXPECT_EQ(Shell("$irqctl vm delete demo && $irqctl vm list").text, "no VMs\n");
  EXPECT_EQ(Shell("$irqctl vm delete demo").exit_code, 3);
}

}  // namespace
}  // namespace irqd::irqctl
