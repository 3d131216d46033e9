// The program itself, alone and against an irqd.
#include <cstdlib>
#include <string>

#include "gmock/gmock.h"
#include "tests/client/irqctl/irqctl_shell.h"
#include "tests/server_process.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;

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

TEST_F(IrqctlServerTest, MovesAllOfAVmToAnotherServer) {
  ServerProcess other;
  const std::string there = " --target " + other.unix_address();
  ASSERT_EQ(Shell("$irqctl vm create demo --vcpus 3 && $irqctl vm create demo --vcpus 3" + there)
                .exit_code,
            0);
  EXPECT_EQ(Shell("printf '0 RESTART\\n2 emergency code=1\\n0 INT_CPU_TIMER\\n' | "
                  "$irqctl inject-stream demo --repeat 2")
                .text,
            "injected 6\n");

  const Output moved = Shell("$irqctl get-all demo --format hex | $irqctl set-all demo" + there);

  EXPECT_EQ(moved.text, "");
  EXPECT_EQ(moved.exit_code, 0);
  EXPECT_EQ(Shell("$irqctl get-all demo" + there).text, Shell("$irqctl get-all demo").text);
  EXPECT_THAT(Shell("$irqctl get-all demo" + there).text, HasSubstr("vCPU 2\n"));
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

TEST_F(IrqctlServerTest, DeliversFloatingInterruptsAsTheMasksSay) {
  ASSERT_EQ(Shell("$irqctl vm create demo --vcpus 2 --profile gisa").exit_code, 0);
  EXPECT_EQ(Shell("$irqctl flic enqueue demo 0x10001 subchannel_id=1 io_int_word=0x18000000 "
                  "service ext_params=0x1000 && $irqctl flic list demo")
                .text,
            "#  TYPE            PAYLOAD\n"
            "0  INT_IO 0x10001  subchannel_id=0x1 io_int_word=0x18000000\n"
            "1  INT_SERVICE     ext_params=0x1000\n"
            "2 interrupts, 144 bytes\n");
  EXPECT_EQ(Shell("$irqctl inject demo 1 emergency code=0 && "
                  "$irqctl registers demo 1 psw_mask=0x0300000000000000 cr0=0x200 && "
                  "$irqctl registers demo new_psw_external=0x0300000000000000 && "
                  "$irqctl deliver demo 1")
                .text,
            "delivered:\n"
            "#  TYPE         PAYLOAD\n"
            "0  INT_SERVICE  ext_params=0x1000\n"
            "1 interrupt, 72 bytes\n"
            "\n"
            "pending:\n"
            "TYPE           ISC  COUNT  HELD BY\n"
            "INT_EMERGENCY  -        1  CR0 bit 49 (emergency signal)\n"
            "INT_IO         3        1  CR6 bit 35 (ISC 3)\n");
  EXPECT_EQ(Shell("$irqctl flic clear-io demo 1 0; $irqctl flic list demo").text,
            "no interrupts\n");
}

TEST_F(IrqctlServerTest, GivesOrders) {
  ASSERT_EQ(Shell("$irqctl vm create demo --vcpus 2").exit_code, 0);
  EXPECT_EQ(Shell("$irqctl sigp demo 0 1 sense; $irqctl sigp demo 0 1 start; "
                  "$irqctl sigp demo 0 1 stop; $irqctl sigp demo 0 1 sense; "
                  "$irqctl sigp demo 0 9 sense; $irqctl deliverable demo 1")
                .text,
            "condition code 1 (status stored), status 0x40: stopped\n"
            "condition code 0 (accepted)\n"
            "condition code 0 (accepted)\n"
            "condition code 2 (busy)\n"
            "condition code 3 (not operational)\n"
            "TYPE       ISC  COUNT  HELD BY\n"
            "SIGP_STOP  -        1  nothing delivers it: see stop-intercept\n"
            "only a stop would be noticed\n");
  const Output stopped = Shell("$irqctl stop-intercept demo 1; $irqctl mp-state demo 1");
  EXPECT_EQ(stopped.text,
            "irqctl: stop-intercept: Operation not supported (EOPNOTSUPP)\nstopped\n");
}

TEST_F(IrqctlServerTest, SuppressesAdapterInterrupts) {
  ASSERT_EQ(Shell("$irqctl vm create demo && $irqctl flic ais demo enable && "
                  "$irqctl flic ais demo 3 single && "
                  "$irqctl flic adapter demo 7 register --isc 3 --suppressible && "
                  "$irqctl flic adapter demo 7 inject && $irqctl flic adapter demo 7 inject")
                .exit_code,
            0);
  EXPECT_THAT(Shell("$irqctl flic list demo").text, HasSubstr("1 interrupt, 72 bytes\n"));
  EXPECT_THAT(Shell("$irqctl flic ais demo").text, HasSubstr("\n3    no interruptions\n"));
  EXPECT_EQ(Shell("$irqctl flic adapter demo 7 mask").text,
            "irqctl: KVM_DEV_FLIC_ADAPTER_MODIFY: Invalid argument (EINVAL)\n");
}

TEST_F(IrqctlServerTest, EnqueuesALongFile) {
  ASSERT_EQ(Shell("$irqctl vm create demo").exit_code, 0);
  EXPECT_EQ(Shell("head -c $((72 * 2000)) /dev/zero | $irqctl flic enqueue demo --format raw && "
                  "$irqctl flic list demo | tail -n 1")
                .text,
            "2,000 interrupts, 144,000 bytes\n");
}

}  // namespace
}  // namespace irqd::irqctl
