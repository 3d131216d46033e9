// get-all, set-all, inject-stream.
#include <deque>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_json.h"
#include "tests/client/irqctl/irqctl_test_case.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::ByMove;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Return;

std::string Hex(const kvm_s390_irq& irq) { return absl::BytesToHexString(Image(irq)); }

// vCPU 0 has nothing, 3 has two records, and of 5 one does fit.
GetIrqStatesReply ThreeVcpus() {
  return {{0, 3, 5},
          {0, 144, -ENOBUFS},
          {0, 144, 72},
          Images({Irq(KVM_S390_RESTART), Emergency(3), Emergency(9)})};
}

TEST_F(IrqctlTest, GetAllShowsEachVcpu) {
  EXPECT_CALL(*connection_, FindVm(absl::string_view("vm-1"), _))
      .WillOnce(Return(VmInfo{9, "vm-1", DefaultHostProfile(), 1}));
  EXPECT_CALL(*connection_, GetIrqStates(9, IsEmpty(), 20664, _)).WillOnce(Return(ThreeVcpus()));

  const Reply reply = Irqctl("get-all vm-1");

  EXPECT_EQ(reply.out,
            "vCPU 3\n"
            "#  TYPE           PAYLOAD\n"
            "0  RESTART        -\n"
            "1  INT_EMERGENCY  code=0x3 (CPU 3)\n"
            "2 interrupts, 144 bytes\n"
            "\n"
            "vCPU 5\n"
            "#  TYPE           PAYLOAD\n"
            "0  INT_EMERGENCY  code=0x9 (CPU 9)\n"
            "1 interrupt, 72 bytes\n");
  EXPECT_EQ(reply.err,
            "irqctl: KVM_S390_GET_IRQ_STATE of vCPU 5: No buffer space available (ENOBUFS)\n");
  EXPECT_EQ(reply.exit_code, 1);
}

TEST_F(IrqctlTest, GetAllOfAnIdleVm) {
  EXPECT_CALL(*connection_, GetIrqStates(9, _, _, _))
      .WillRepeatedly(Return(GetIrqStatesReply{{0, 1}, {0, 0}, {0, 0}, ""}));

  EXPECT_EQ(Irqctl("get-all 9").out, "no interrupts\n");
  EXPECT_EQ(Irqctl("get-all 9 --format hex").out, "");
}

TEST_F(IrqctlTest, GetAllWritesLines) {
  EXPECT_CALL(*connection_, GetIrqStates(9, ElementsAre(0, 3, 5), 144, _))
      .WillRepeatedly(Return(ThreeVcpus()));
  const std::string lines = absl::StrCat("3 ", Hex(Irq(KVM_S390_RESTART)), "\n3 ",
                                         Hex(Emergency(3)), "\n5 ", Hex(Emergency(9)), "\n");

  EXPECT_EQ(Irqctl("get-all 9 --vcpu-ids 0,3,5 --len 144 --format hex").out, lines);
  const std::string file = TempFile("");
  EXPECT_EQ(Irqctl("get-all 9 --vcpu-ids 0,3,5 --len 144 --format hex --output " + file).out, "");
  EXPECT_EQ(*ReadInput(file, -1), lines);
}

TEST_F(IrqctlTest, GetAllAsJson) {
  EXPECT_CALL(*connection_, GetIrqStates(9, _, _, _)).WillOnce(Return(ThreeVcpus()));

  const Json json = Json::parse(Irqctl("get-all 9 --json").out);

  ASSERT_EQ(json["vcpus"].size(), 3);
  EXPECT_EQ(json["vcpus"][0], (Json{{"id", 0}, {"ret", 0}, {"irqs", Json::array()}}));
  EXPECT_EQ(json["vcpus"][1]["irqs"][1]["emerg"]["code"], 3);
  EXPECT_EQ(json["vcpus"][2]["errno"], "ENOBUFS");
}

TEST_F(IrqctlTest, GetAllOfAServerThatMakesNoSense) {
  EXPECT_CALL(*connection_, GetIrqStates(_, _, _, _))
      .WillOnce(Return(GetIrqStatesReply{{0}, {71}, {71}, std::string(71, 'x')}));

  const Reply reply = Irqctl("get-all 9");

  EXPECT_EQ(reply.exit_code, 3);
  EXPECT_THAT(reply.err, HasSubstr("INTERNAL: the server's answer: 71 bytes"));
}

TEST_F(IrqctlTest, SetAllGroupsLinesByVcpu) {
  SetStdin(absl::StrCat("3 ", Hex(Irq(KVM_S390_RESTART)), "\n0 INT_EMERGENCY code=1\n3 ",
                        Hex(Emergency(3)), "\n"));
  const std::string buf = Images({Irq(KVM_S390_RESTART), Emergency(3), Emergency(1)});
  EXPECT_CALL(*connection_,
              SetIrqStates(9, ElementsAre(3, 0), ElementsAre(144, 72), absl::string_view(buf), _))
      .WillRepeatedly(Return(std::vector<int32_t>{0, 0}));

  const Reply text = Irqctl("set-all 9");
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_EQ(text.out + text.err, "");
  EXPECT_EQ(Json::parse(Irqctl("set-all 9 - --json").out),
            (Json{{"vcpus", {{{"id", 3}, {"ret", 0}}, {{"id", 0}, {"ret", 0}}}}}));
}

TEST_F(IrqctlTest, SetAllNamesTheFirstVcpuThatFailed) {
  EXPECT_CALL(*connection_, SetIrqStates(_, _, _, _, _))
      .WillOnce(Return(std::vector<int32_t>{0, -EBUSY, -EINVAL}));

  const Reply reply = Irqctl("set-all 9 " + TempFile("0 RESTART\n4 RESTART\n2 RESTART\n"));

  EXPECT_EQ(reply.exit_code, 1);
  EXPECT_EQ(reply.err,
            "irqctl: KVM_S390_SET_IRQ_STATE of vCPU 4: Device or resource busy (EBUSY)\n");
}

TEST_F(IrqctlTest, BatchCommandsCheckTheirWordsFirst) {
  const std::string bad = TempFile("0 RESTART\nzero RESTART\n");
  const struct {
    std::string words;
    std::string message;
  } kCases[] = {
      {"get-all 9 --len x", "get-all: --len: 'x'"},
      {"get-all 9 --vcpu-ids 300", "get-all: --vcpu-ids: "},
      {"get-all 9 --format raw", "get-all: --format: 'raw' is none of table, hex"},
      {"get-all 9 --format hex --json", "get-all: --format hex does not go with --json"},
      {"set-all 9 " + bad, "line 2: 'zero' is no vCPU id"},
      {"set-all 9 /nonexistent/file", "No such file or directory"},
      {"inject-stream 9 " + bad, "line 2: 'zero' is no vCPU id"},
      {"inject-stream 9 --batch 0", "--batch: '0' is no number from 1 to 1024"},
      {"inject-stream 9 --batch 1025", "--batch: '1025' is no number from 1 to 1024"},
      {"inject-stream 9 --repeat x", "--repeat: 'x' is no number from 1 to 1000000000"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_THAT(reply.err, HasSubstr(c.message)) << c.words;
  }
}

TEST_F(IrqctlTest, BatchCommandsSayThatTheyDidNotGetThere) {
  const absl::Status gone = absl::NotFoundError("no irqd.v1.Vm 9 on this server");
  EXPECT_CALL(*connection_, GetIrqStates(_, _, _, _)).WillOnce(Return(gone));
  EXPECT_CALL(*connection_, SetIrqStates(_, _, _, _, _)).WillOnce(Return(gone));

  for (const char* words : {"get-all 9", "set-all 9"}) {
    const Reply reply = Irqctl(words);
    EXPECT_EQ(reply.exit_code, 3);
    EXPECT_EQ(reply.err, "irqctl: NOT_FOUND: no irqd.v1.Vm 9 on this server\n");
  }
}

// A stream whose kernel refuses every record but RESTART, and notes what it gets.
class FakeStream final : public InjectStream {
 public:
  struct Log {
    std::vector<std::vector<uint32_t>> messages;  // the vCPUs of each
    size_t most_unread = 0;
  };

  // Ends with `end` when it has answered `most` messages. Adds `odd` results to each answer.
  explicit FakeStream(Log* log, size_t most = 1000, absl::Status end = {}, int odd = 0)
      : log_(*log), most_(most), end_(std::move(end)), odd_(odd) {}

  bool Write(uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids,
             absl::string_view records) override {
    EXPECT_EQ(vm_id, 9);
    if (log_.messages.size() == most_) return false;
    log_.messages.emplace_back(vcpu_ids.begin(), vcpu_ids.end());
    std::vector<int32_t> ret(odd_, 0);
    for (; !records.empty(); records.remove_prefix(kIrqSize)) {
      const bool restart = records.substr(0, kIrqSize) == Image(Irq(KVM_S390_RESTART));
      ret.push_back(restart ? 0 : -EBUSY);
    }
    answers_.push_back(ret);
    log_.most_unread = std::max(log_.most_unread, answers_.size());
    return true;
  }
  void WritesDone() override {}
  bool Read(std::vector<int32_t>* ret) override {
    if (answers_.empty()) return false;
    *ret = answers_.front();
    answers_.pop_front();
    return true;
  }
  absl::Status Finish() override { return end_; }

 private:
  Log& log_;
  const size_t most_;
  const absl::Status end_;
  const int odd_;
  std::deque<std::vector<int32_t>> answers_;
};

TEST_F(IrqctlTest, InjectStreamSendsMessagesAndCounts) {
  FakeStream::Log log;
  EXPECT_CALL(*connection_, OpenInjectStream(_))
      .WillOnce(Return(ByMove(std::make_unique<FakeStream>(&log))));
  SetStdin("0 RESTART\n# and\n1 INT_EMERGENCY code=1\n2 RESTART\n");

  const Reply reply = Irqctl("inject-stream 9 --batch 2 --repeat 2");

  EXPECT_THAT(log.messages,
              ElementsAre(ElementsAre(0, 1), ElementsAre(2), ElementsAre(0, 1), ElementsAre(2)));
  EXPECT_EQ(reply.out, "injected 4\nEBUSY 2\n");
  EXPECT_EQ(reply.err, "irqctl: KVM_S390_IRQ of line 3, vCPU 1: Device or resource busy (EBUSY)\n");
  EXPECT_EQ(reply.exit_code, 1);
}

TEST_F(IrqctlTest, InjectStreamAsJson) {
  FakeStream::Log log;
  EXPECT_CALL(*connection_, OpenInjectStream(_))
      .WillOnce(Return(ByMove(std::make_unique<FakeStream>(&log))))
      .WillOnce(Return(ByMove(std::make_unique<FakeStream>(&log))));

  const Reply all = Irqctl("inject-stream 9 --json " + TempFile("0 RESTART\n"));
  EXPECT_EQ(Json::parse(all.out), (Json{{"injected", 1}, {"refused", Json::object()}}));
  EXPECT_EQ(all.exit_code, 0);
  const Reply none = Irqctl("inject-stream 9 --json " + TempFile("0 INT_CPU_TIMER\n"));
  EXPECT_EQ(Json::parse(none.out), (Json{{"injected", 0}, {"refused", {{"EBUSY", 1}}}}));
}

TEST_F(IrqctlTest, InjectStreamBoundsWhatIsUnderWay) {
  FakeStream::Log log;
  EXPECT_CALL(*connection_, OpenInjectStream(_))
      .WillOnce(Return(ByMove(std::make_unique<FakeStream>(&log))));

  const Reply reply = Irqctl("inject-stream 9 --repeat 100 " + TempFile("0 RESTART\n"));

  EXPECT_EQ(reply.out, "injected 100\n");
  EXPECT_EQ(log.messages.size(), 100);
  EXPECT_EQ(log.most_unread, 16);
}

TEST_F(IrqctlTest, InjectStreamSaysWhyItEndedEarly) {
  FakeStream::Log log;
  EXPECT_CALL(*connection_, OpenInjectStream(_))
      .WillOnce(Return(
          ByMove(std::make_unique<FakeStream>(&log, 1, absl::NotFoundError("no irqd.v1.Vm 9")))))
      .WillOnce(Return(ByMove(std::make_unique<FakeStream>(&log, 1000, absl::OkStatus(), 1))));
  const std::string file = TempFile("0 RESTART\n0 RESTART\n");

  const Reply gone = Irqctl("inject-stream 9 --batch 1 " + file);
  EXPECT_EQ(gone.exit_code, 3);
  EXPECT_EQ(gone.err, "irqctl: NOT_FOUND: no irqd.v1.Vm 9\n");
  const Reply odd = Irqctl("inject-stream 9 " + file);
  EXPECT_EQ(odd.exit_code, 3);
  EXPECT_THAT(odd.err, HasSubstr("INTERNAL: the server's answers are not those"));
}

}  // namespace
}  // namespace irqd::irqctl
