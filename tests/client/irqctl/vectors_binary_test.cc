// vectors run and capture as the program does them: all recordings, and live sessions.
#include <cstdlib>
#include <string>

#include "gmock/gmock.h"
#include "tests/client/irqctl/irqctl_shell.h"
#include "tests/server_process.h"
#include "tests/socket_directory.h"

namespace irqd::irqctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kRecordings[] = "tests/testdata/*.jsonl";

TEST(VectorsBinary, AllRecordingsPassInsideTheProgram) {
  const Output output = Shell(std::string("$irqctl --target inproc: vectors run ") + kRecordings);

  EXPECT_EQ(output.text, "364 passed, 0 failed\n");
  EXPECT_EQ(output.exit_code, 0);
}

// With a server at IRQD_TARGET, and a folder for files at $tmp.
class VectorsServerTest : public testing::Test {
 protected:
  void SetUp() override {
    setenv("IRQD_TARGET", server_.unix_address().c_str(), 1);
    setenv("tmp", testing::TempDir().c_str(), 1);
  }

  ServerProcess server_;
};

TEST_F(VectorsServerTest, AllRecordingsPassAndLeaveNothing) {
  EXPECT_EQ(Shell(std::string("$irqctl --timeout 1m vectors run ") + kRecordings).text,
            "364 passed, 0 failed\n");
  EXPECT_EQ(Shell("$irqctl vm list").text, "no VMs\n");
}

TEST_F(VectorsServerTest, CapturesWhatACommandDoes) {
  const Output captured = Shell(
      "$irqctl capture $tmp/session -- bash -c '"
      "$irqctl vm create demo --vcpus 2 && $irqctl inject demo 1 MCHK mcic=0x8000000000000000 && "
      "echo 0 EMERGENCY code=1 | $irqctl inject-stream demo && "
      "$irqctl get demo 0 --format raw | $irqctl set demo 1; $irqctl get-all demo --format hex; "
      "exit 7'");

  EXPECT_THAT(captured.text, AllOf(StartsWith("demo\n"), HasSubstr("(EBUSY)"),
                                   HasSubstr("irqctl: capture: scenarios: 1, steps: 8\n")));
  EXPECT_EQ(captured.exit_code, 7);
  EXPECT_EQ(Shell("$irqctl --target inproc: vectors run $tmp/session").text,
            "1 passed, 0 failed\n");
  EXPECT_EQ(Shell("$irqctl vectors run $tmp/session").text, "1 passed, 0 failed\n");
  const Output planted = Shell(
      "sed 's/ffff12010001/ffff12010000/2' $tmp/session | "
      "$irqctl --target inproc: vectors run");
  EXPECT_THAT(planted.text, AllOf(HasSubstr("expected  INT_EMERGENCY code=0x0 (CPU 0)"),
                                  HasSubstr("got       INT_EMERGENCY code=0x1 (CPU 1)"),
                                  HasSubstr("0 passed, 1 failed\n")));
  EXPECT_EQ(planted.exit_code, 1);
}

TEST_F(VectorsServerTest, CapturesARunOfRecordings) {
  const Output captured = Shell(
      "$irqctl capture $tmp/again -- $irqctl --timeout 1m vectors run tests/testdata/named.jsonl "
      "tests/testdata/floating.jsonl");

  EXPECT_THAT(captured.text, AllOf(StartsWith("114 passed, 0 failed\n"),
                                   HasSubstr("irqctl: capture: scenarios: 114, steps: ")));
  EXPECT_EQ(Shell("$irqctl --target inproc: vectors run $tmp/again").text,
            "114 passed, 0 failed\n");
}

TEST_F(VectorsServerTest, CapturesUntilASignal) {
  const SocketDirectory sockets;
  for (const char* name : {"TERM", "INT"}) {
    const std::string address = "unix:" + sockets.File(name);
    setenv("name", name, 1);
    setenv("address", address.c_str(), 1);

    const Output output = Shell(
        "coproc exec $irqctl capture $tmp/signal --listen $address --ready-file $tmp/ready 2>&1; "
        "capture=$COPROC_PID; exec 4<&${COPROC[0]}; read -r said <&4; echo $said; cat $tmp/ready; "
        "$irqctl --target $address vm create a --vcpus 1; "
        "kill -$name $capture; wait $capture; echo $?; cat <&4; "
        "$irqctl vectors run $tmp/signal");

    EXPECT_EQ(output.text, "irqctl: capture: listening on " + address + "\n" + address +
                               "\na\n0\nirqctl: capture: scenarios: 1, steps: 1\n"
                               "1 passed, 0 failed\n");
    EXPECT_EQ(Shell("$irqctl vm delete a").exit_code, 0);
  }
}

TEST_F(VectorsServerTest, SaysWhatItLeavesOut) {
  const Output output = Shell(
      "$irqctl vm create old --vcpus 1; $irqctl capture $tmp/session --json -- bash -c '"
      "$irqctl get old 0; $irqctl vm create new --vcpus 2; $irqctl sigp new 0 1 restart; "
      "$irqctl get new 1'");

  EXPECT_THAT(output.text,
              AllOf(HasSubstr("\"scenarios\": 1,\n  \"steps\": 2,\n"),
                    HasSubstr("irqctl: capture: VM 1: left out: it was there before\n"),
                    HasSubstr("irqctl: capture: VM new: its scenario ends after 2 steps: an order "
                              "started or reset a vCPU\n")));
  EXPECT_EQ(Shell("$irqctl vectors run $tmp/session").text, "1 passed, 0 failed\n");
}

TEST_F(VectorsServerTest, HandsSignalsAndExitCodesOn) {
  EXPECT_EQ(Shell("$irqctl capture $tmp/session -- bash -c 'kill -TERM $$'").exit_code, 128 + 15);
  EXPECT_EQ(Shell(R"($irqctl capture $tmp/session -- python3 -c '
import os, signal
signal.signal(signal.SIGTERM, lambda *_: os._exit(5))
os.kill(os.getppid(), signal.SIGTERM)
while True: signal.pause()')")
                .exit_code,
            5);
}

TEST_F(VectorsServerTest, SaysWhatItCannotHave) {
  const struct {
    const char* line;
    const char* error;
  } kCases[] = {
      {"$irqctl capture /nonexistent/file", "capture: /nonexistent/file: No such file"},
      {"$irqctl capture $tmp/session -- /nonexistent/program",
       "capture: /nonexistent/program: No such file or directory"},
      {"$irqctl capture $tmp/session --listen unix:/nonexistent/socket -- true",
       "capture: --listen: cannot listen on unix:/nonexistent/socket"},
      {"$irqctl capture $tmp/session --ready-file /nonexistent/ready -- true",
       "capture: /nonexistent/ready.part: No such file or directory"},
      {"$irqctl capture --target inproc: $tmp/session", "capture: --target: the simulation inside"},
  };
  for (const auto& c : kCases) {
    const Output output = Shell(c.line);
    EXPECT_THAT(output.text, HasSubstr(c.error));
    EXPECT_EQ(output.exit_code, 2) << c.line;
  }
}

}  // namespace
}  // namespace irqd::irqctl
