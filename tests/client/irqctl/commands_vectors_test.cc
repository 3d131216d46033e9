// vectors run: what it prints and how it ends, on a simulation inside the test.
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/connection.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_json.h"
#include "client/irqctl/run.h"
#include "gmock/gmock.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kCreate[] = R"({"op":"create_vcpu","vcpu":0,"ret":0})";
constexpr char kRunning[] = R"({"op":"KVM_GET_MP_STATE","vcpu":0,"ret":7})";
constexpr char kStopped[] = R"({"op":"KVM_GET_MP_STATE","vcpu":0,"ret":5})";
constexpr char kHole[] =
    R"({"op":"KVM_S390_GET_IRQ_STATE","vcpu":0,"len":72,"room":0,"ret":0,"buf":""})";

std::string Scenario(const std::string& name, const std::vector<std::string>& steps) {
  return absl::StrCat(R"({"name":")", name,
                      R"(","host":{"kernel":"linux-6.1","sigp_interpretation":false,)"
                      R"("extended_sca":false},"steps":[)",
                      kCreate, ",", absl::StrJoin(steps, ","), "]}\n");
}

std::string Record(const std::string& head) {
  return "00000000" + head + std::string(144 - 8 - head.size(), '0');
}

class VectorsRunTest : public testing::Test {
 protected:
  // irqctl vectors run FILE with these other words.
  Reply Run(const std::string& content, const std::string& words = "--target inproc:") {
    file_ = absl::StrCat(testing::TempDir(), "/vectors_", getpid());
    EXPECT_TRUE(WriteFile(file_, content).ok());
    return Irqctl(absl::StrCat("vectors run ", file_, " ", words));
  }
  Reply Irqctl(const std::string& words) {
    Environment environment;
    environment.connect = [this](absl::string_view target) {
      auto connection = Connect(target);
      if (connection.ok()) connection_ = *connection;
      return connection;
    };
    environment.stdin_fd = stdin_fd_;
    const std::vector<std::string> list = absl::StrSplit(words, ' ', absl::SkipEmpty());
    return irqctl::Run(list, environment);
  }
  // `text` with the file's name as FILE.
  std::string Plain(std::string text) const {
    for (size_t at; (at = text.find(file_)) != std::string::npos;) {
      text.replace(at, file_.size(), "FILE");
    }
    return text;
  }

  std::shared_ptr<Connection> connection_;
  std::string file_;
  int stdin_fd_ = -1;
};

TEST_F(VectorsRunTest, CountsWhatPasses) {
  const Reply reply = Run(Scenario("a", {kStopped}) + Scenario("b", {kStopped, kStopped}));

  EXPECT_EQ(reply.out, "2 passed, 0 failed\n");
  EXPECT_EQ(reply.err, "");
  EXPECT_EQ(reply.exit_code, 0);
  EXPECT_THAT(connection_->ListVms(CallOptions()).value(), IsEmpty());
}

TEST_F(VectorsRunTest, ShowsAnotherResult) {
  const Reply reply = Run(Scenario("a", {kRunning, kStopped}) + Scenario("b", {kStopped}));

  EXPECT_EQ(Plain(reply.out),
            "FILE:1: a, step 1, KVM_GET_MP_STATE on vCPU 0: expected ret 7, got ret 5\n"
            "1 passed, 1 failed\n");
  EXPECT_EQ(reply.exit_code, 1);
}

TEST_F(VectorsRunTest, NamesErrnos) {
  const Reply reply =
      Run(Scenario("a", {R"({"op":"KVM_SET_MP_STATE","vcpu":0,"mp_state":9,"ret":-22})"}));

  EXPECT_THAT(reply.out, HasSubstr("expected ret -22 (EINVAL), got ret -6 (ENXIO)\n"));
}

TEST_F(VectorsRunTest, DecodesTheFirstRecordThatDiffers) {
  const std::string restart = Record("fffe0003");
  const std::string prefix = Record("fffe000200002000");
  const auto inject = [](const std::string& record) {
    return absl::StrCat(R"({"op":"KVM_S390_IRQ","vcpu":0,"arg":")", record, R"(","ret":0})");
  };
  const auto get = [&](const std::string& buf) {
    return absl::StrCat(R"({"op":"KVM_S390_GET_IRQ_STATE","vcpu":0,"len":144,"ret":144,"buf":")",
                        buf, R"("})");
  };
  const std::string other = Record("fffe000300000001");

  const Reply reply = Run(Scenario("a", {inject(prefix), inject(restart), get(prefix + other)}) +
                          Scenario("b", {inject(prefix), inject(restart), get(prefix)}));

  EXPECT_EQ(Plain(reply.out),
            absl::StrCat("FILE:1: a, step 3, KVM_S390_GET_IRQ_STATE on vCPU 0: expected ret 144, "
                         "got ret 144\n"
                         "  record 1\n"
                         "    expected  RESTART\n"
                         "              ",
                         other,
                         "\n"
                         "    got       RESTART\n"
                         "              ",
                         restart,
                         "\n"
                         "FILE:2: b, step 3, KVM_S390_GET_IRQ_STATE on vCPU 0: expected ret 144, "
                         "got ret 144\n"
                         "  record 1\n"
                         "    expected  nothing\n"
                         "    got       RESTART\n"
                         "              ",
                         restart, "\n0 passed, 2 failed\n"));
}

TEST_F(VectorsRunTest, ShowsDeliveriesAndRegisters) {
  const std::string deliver =
      R"({"op":"deliver","vcpu":0,"ret":0,"delivered":[{"type":4294836227,"data0":1,"data1":0}]})";
  const std::string registers = R"({"op":"registers","vcpu":0,"ret":0,"buf":"01"})";
  const std::string restart =
      absl::StrCat(R"({"op":"KVM_S390_IRQ","vcpu":0,"arg":")", Record("fffe0003"), R"(","ret":0})");

  const Reply reply = Run(Scenario("a", {restart, deliver}) + Scenario("b", {registers}));

  EXPECT_EQ(Plain(reply.out),
            absl::StrCat("FILE:1: a, step 2, deliver on vCPU 0: expected ret 0, got ret 0\n"
                         "  delivery 0\n"
                         "    expected  RESTART data0=0x1 data1=0x0\n"
                         "    got       RESTART data0=0x0 data1=0x0\n"
                         "FILE:2: b, step 1, registers on vCPU 0: expected ret 0, got ret 0\n"
                         "  bytes\n"
                         "    expected  01\n"
                         "    got       ",
                         std::string(112, '0'), "\n0 passed, 2 failed\n"));
}

TEST_F(VectorsRunTest, PrintsJson) {
  const Reply reply =
      Run(Scenario("a", {kStopped}) + Scenario("b", {kRunning}) + Scenario("c", {kHole}),
          "--json --target inproc:");

  Json json = Json::parse(reply.out);
  EXPECT_EQ(json["differences"][0]["file"], file_);
  json["differences"][0].erase("file");
  json["not_run"][0].erase("file");
  EXPECT_EQ(json, Json::parse(R"({"passed": 1, "failed": 1, "skipped": 1,
    "differences": [{"line": 2, "name": "b", "step": 1, "op": "KVM_GET_MP_STATE", "vcpu": 0,
                     "expected": {"ret": 7}, "got": {"ret": 5}}],
    "not_run": [{"line": 3, "name": "c", "reason": "step 1, KVM_S390_GET_IRQ_STATE on vCPU 0, )"
                              R"(needs memory that ends early or is missing"}]})"));
}

TEST_F(VectorsRunTest, PrintsAnswersAsJson) {
  const Reply reply =
      Run(Scenario("a", {R"({"op":"KVM_S390_GET_IRQ_STATE","vcpu":0,"len":0,"ret":0,"buf":""})"}) +
              Scenario("b", {R"({"op":"deliver","vcpu":0,"ret":0,)"
                             R"("delivered":[{"type":4294836227,"data0":1,"data1":0}]})"}),
          "--json --target inproc:");

  const Json differences = Json::parse(reply.out)["differences"];
  EXPECT_EQ(differences[0]["got"],
            Json::parse(R"({"ret": -22, "errno": "EINVAL", "buf": "", "irqs": []})"));
  EXPECT_EQ(differences[1]["expected"], Json::parse(R"({"ret": 0, "delivered": [
    {"type": "0xfffe0003", "name": "RESTART", "data0": "0x1", "data1": "0x0"}]})"));
}

TEST_F(VectorsRunTest, NamesWhatItSkips) {
  const Reply some = Run(Scenario("a", {kHole}) + Scenario("b", {kStopped}));
  EXPECT_EQ(Plain(some.out),
            "FILE:1: a: skipped: step 1, KVM_S390_GET_IRQ_STATE on vCPU 0, needs memory that ends "
            "early or is missing\n1 passed, 0 failed, 1 skipped\n");
  EXPECT_EQ(some.exit_code, 0);

  const Reply all = Run(Scenario("a", {kHole}));
  EXPECT_THAT(all.out, HasSubstr("0 passed, 0 failed, 1 skipped\n"));
  EXPECT_EQ(all.err, "irqctl: vectors run: all scenarios were skipped\n");
  EXPECT_EQ(all.exit_code, 2);
}

TEST_F(VectorsRunTest, ChoosesByName) {
  const std::string three =
      Scenario("local-1", {kStopped}) + Scenario("local-2", {kStopped}) + Scenario("x", {kRunning});

  EXPECT_EQ(Run(three, "--target inproc: --name local-*").out, "2 passed, 0 failed\n");
  EXPECT_EQ(Run(three, "--target inproc: --name local-[2]").out, "1 passed, 0 failed\n");
  const Reply none = Run(three, "--target inproc: --name local");
  EXPECT_EQ(none.err, "irqctl: vectors run: --name: no scenario has such a name\n");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(Run("").err, "irqctl: vectors run: there is no scenario\n");
}

TEST_F(VectorsRunTest, StopsAtTheFirstDifference) {
  const std::string three =
      Scenario("a", {kStopped}) + Scenario("b", {kRunning}) + Scenario("c", {kRunning});

  const Reply reply = Run(three, "--target inproc: --stop-at-first");

  EXPECT_THAT(reply.out, HasSubstr("1 passed, 1 failed\n"));
  EXPECT_EQ(reply.exit_code, 1);
}

TEST_F(VectorsRunTest, SaysWhatIsWrongWithAFileAfterWhatWasRun) {
  const Reply reply = Run(Scenario("a", {kStopped}) + Scenario("b", {R"({"op":"fly"})"}));

  EXPECT_EQ(reply.out, "1 passed, 0 failed\n");
  EXPECT_EQ(Plain(reply.err),
            "irqctl: vectors run: FILE:2: steps[1].op: is no call of this format\n");
  EXPECT_EQ(reply.exit_code, 2);
  const Reply missing = Irqctl("vectors run /nonexistent/a --target inproc:");
  EXPECT_EQ(missing.err, "irqctl: vectors run: /nonexistent/a: No such file or directory\n");
  EXPECT_EQ(missing.exit_code, 2);
}

TEST_F(VectorsRunTest, ReadsStandardInputAndManyFiles) {
  for (const char* files : {"", "-"}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ASSERT_TRUE(WriteToFd(ends[1], Scenario("a", {kRunning}), "pipe").ok());
    close(ends[1]);
    stdin_fd_ = ends[0];

    EXPECT_EQ(Irqctl(absl::StrCat("vectors run --target inproc: ", files)).out,
              "standard input:1: a, step 1, KVM_GET_MP_STATE on vCPU 0: expected ret 7, got ret 5\n"
              "0 passed, 1 failed\n");
    close(ends[0]);
  }
  Run(Scenario("a", {kStopped}));
  EXPECT_EQ(Irqctl(absl::StrCat("vectors run --target inproc: ", file_, " ", file_)).out,
            "2 passed, 0 failed\n");
}

TEST_F(VectorsRunTest, SaysThatNobodyAnswers) {
  const Reply reply = Run(Scenario("a", {kStopped}), "--target unix:/nonexistent/irqd");

  EXPECT_EQ(reply.out, "0 passed, 0 failed\n");
  EXPECT_THAT(reply.err, HasSubstr("irqctl: UNAVAILABLE: a, after 0 steps: "));
  EXPECT_EQ(reply.exit_code, 3);
}

}  // namespace
}  // namespace irqd::irqctl
