// inject, get, set, reset, mp-state.
#include "absl/strings/escaping.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_json.h"
#include "tests/client/irqctl/irqctl_test_case.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

const std::string& TwoRecords() {
  static const std::string images = Images({Irq(KVM_S390_RESTART), Emergency(3)});
  return images;
}
constexpr char kTwoRecordsTable[] =
    "#  TYPE           PAYLOAD\n"
    "0  RESTART        -\n"
    "1  INT_EMERGENCY  code=0x3 (CPU 3)\n"
    "2 interrupts, 144 bytes\n";

TEST_F(IrqctlTest, InjectSendsTheImage) {
  EXPECT_CALL(*connection_, FindVm(absl::string_view("vm-1"), _))
      .WillOnce(Return(VmInfo{9, "vm-1", DefaultHostProfile(), 1}));
  const std::string image = Image(Emergency(5));
  EXPECT_CALL(*connection_, S390Irq(Vcpu(9u, 0u), absl::string_view(image), _)).WillOnce(Return(0));

  const Reply reply = Irqctl("inject vm-1 0 INT_EMERGENCY code=5");

  EXPECT_EQ(reply.exit_code, 0);
  EXPECT_EQ(reply.out + reply.err, "");
}

TEST_F(IrqctlTest, KernelErrorsEndWithOne) {
  const struct {
    int ret;
    const char* err;
    const char* name;
  } kCases[] = {
      {-EBUSY, "irqctl: KVM_S390_IRQ: Device or resource busy (EBUSY)\n", "EBUSY"},
      {-EINVAL, "irqctl: KVM_S390_IRQ: Invalid argument (EINVAL)\n", "EINVAL"},
      {-4000, "irqctl: KVM_S390_IRQ: errno 4000\n", "errno 4000"},
      {INT32_MIN, "irqctl: KVM_S390_IRQ: errno 2147483648\n", "errno 2147483648"},
  };
  for (const auto& c : kCases) {
    EXPECT_CALL(*connection_, S390Irq(_, _, _)).Times(2).WillRepeatedly(Return(c.ret));
    const Reply text = Irqctl("inject 9 0 RESTART");
    EXPECT_EQ(text.exit_code, 1);
    EXPECT_EQ(text.err, c.err);
    EXPECT_EQ(text.out, "");
    const Reply json = Irqctl("inject 9 0 RESTART --json");
    EXPECT_EQ(json.exit_code, 1);
    EXPECT_EQ(json.err, c.err);
    EXPECT_EQ(Json::parse(json.out), (Json{{"ret", c.ret}, {"errno", c.name}}));
  }
}

TEST_F(IrqctlTest, GetShowsATableWithRoomForAll) {
  EXPECT_CALL(*connection_, GetIrqState(Vcpu(9u, 4u), 20664, _))
      .WillOnce(Return(GetIrqStateReply{144, TwoRecords()}));

  const Reply reply = Irqctl("get 9 4");

  EXPECT_EQ(reply.exit_code, 0);
  EXPECT_EQ(reply.out, kTwoRecordsTable);
}

TEST_F(IrqctlTest, GetWritesRawHexAndJson) {
  EXPECT_CALL(*connection_, GetIrqState(_, _, _))
      .WillRepeatedly(Return(GetIrqStateReply{144, TwoRecords()}));

  EXPECT_EQ(Irqctl("get 9 4 --format raw").out, TwoRecords());
  EXPECT_EQ(Irqctl("get 9 4 --format hex").out,
            absl::BytesToHexString(TwoRecords().substr(0, 72)) + "\n" +
                absl::BytesToHexString(TwoRecords().substr(72)) + "\n");
  EXPECT_EQ(Irqctl("get 9 4 --format table").out, kTwoRecordsTable);
  EXPECT_EQ(Json::parse(Irqctl("get 9 4 --json").out), Json::parse(R"({"ret": 144, "irqs": [
    {"type": "0xfffe0003", "name": "RESTART"},
    {"type": "0xffff1201", "name": "INT_EMERGENCY", "emerg": {"code": 3}}]})"));
  EXPECT_EQ(Json::parse(Irqctl("get 9 4 --json --summary").out)["summary"].size(), 2u);
  EXPECT_THAT(Irqctl("get 9 4 --summary").out, HasSubstr("from CPU 3\n"));
}

TEST_F(IrqctlTest, GetWritesAFile) {
  EXPECT_CALL(*connection_, GetIrqState(_, _, _))
      .WillRepeatedly(Return(GetIrqStateReply{144, TwoRecords()}));
  const std::string file = TempFile(
      "what was there before, and is longer than two records "
      "of 72 bytes each would be, so that cutting it shows: "
      "0123456789012345678901234567890123456789");

  EXPECT_EQ(Irqctl("get 9 4 --format raw --output " + file).out, "");
  EXPECT_EQ(*ReadInput(file, -1), TwoRecords());
  EXPECT_EQ(Irqctl("get 9 4 --output -").out, kTwoRecordsTable);
  const Reply full = Irqctl("get 9 4 --output /dev/full");
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_EQ(full.err, "irqctl: get: /dev/full: No space left on device\n");
}

TEST_F(IrqctlTest, GetShowsWhatFittedOnEnobufs) {
  EXPECT_CALL(*connection_, GetIrqState(_, 150, _))
      .WillRepeatedly(Return(GetIrqStateReply{-ENOBUFS, TwoRecords()}));

  const Reply reply = Irqctl("get 9 4 --len 150");

  EXPECT_EQ(reply.exit_code, 1);
  EXPECT_EQ(reply.out, kTwoRecordsTable);
  EXPECT_EQ(reply.err, "irqctl: KVM_S390_GET_IRQ_STATE: No buffer space available (ENOBUFS)\n");
  const Json json = Json::parse(Irqctl("get 9 4 --len 150 --json").out);
  EXPECT_EQ(json["ret"], -ENOBUFS);
  EXPECT_EQ(json["irqs"].size(), 2u);
}

TEST_F(IrqctlTest, GetShowsNoTableOnOtherErrors) {
  EXPECT_CALL(*connection_, GetIrqState(_, 0, _)).WillOnce(Return(GetIrqStateReply{-EINVAL, ""}));

  const Reply reply = Irqctl("get 9 4 --len 0");

  EXPECT_EQ(reply.exit_code, 1);
  EXPECT_EQ(reply.out, "");
}

TEST_F(IrqctlTest, GetDoubtsAnAnswerOfHalfARecord) {
  EXPECT_CALL(*connection_, GetIrqState(_, _, _))
      .WillOnce(Return(GetIrqStateReply{71, std::string(71, 'x')}));

  const Reply reply = Irqctl("get 9 4");

  EXPECT_EQ(reply.exit_code, 3);
  EXPECT_THAT(reply.err, HasSubstr("INTERNAL: the server's answer: 71 bytes are no whole"));
}

TEST_F(IrqctlTest, SetTakesRawAndHexFromFileAndStdin) {
  EXPECT_CALL(*connection_, SetIrqState(Vcpu(9u, 4u), 144, absl::string_view(TwoRecords()), _))
      .Times(6)
      .WillRepeatedly(Return(0));
  const std::string hex = absl::BytesToHexString(TwoRecords()) + "\n";

  EXPECT_EQ(Irqctl("set 9 4 " + TempFile(TwoRecords())).exit_code, 0);
  EXPECT_EQ(Irqctl("set 9 4 --format raw " + TempFile(TwoRecords())).exit_code, 0);
  EXPECT_EQ(Irqctl("set 9 4 " + TempFile(hex)).exit_code, 0);
  EXPECT_EQ(Irqctl("set 9 4 --format hex " + TempFile(hex)).exit_code, 0);
  SetStdin(hex);
  EXPECT_EQ(Irqctl("set 9 4").exit_code, 0);
  EXPECT_EQ(Irqctl("set 9 4 -").exit_code, 0);
}

TEST_F(IrqctlTest, SetLeavesAWrongSizeToTheKernel) {
  EXPECT_CALL(*connection_, SetIrqState(_, 0, _, _)).WillOnce(Return(-EINVAL));
  EXPECT_CALL(*connection_, SetIrqState(_, 71, _, _)).WillOnce(Return(-EINVAL));

  const Reply reply = Irqctl("set 9 4 /dev/null");
  EXPECT_EQ(reply.exit_code, 1);
  EXPECT_EQ(reply.err, "irqctl: KVM_S390_SET_IRQ_STATE: Invalid argument (EINVAL)\n");
  EXPECT_EQ(Irqctl("set 9 4 " + TempFile(TwoRecords().substr(1, 71))).exit_code, 1);
}

TEST_F(IrqctlTest, ResetIsOneOfThree) {
  EXPECT_CALL(*connection_, Reset(Vcpu(9u, 4u), ResetKind::kNormal, _)).WillOnce(Return(0));
  EXPECT_CALL(*connection_, Reset(Vcpu(9u, 4u), ResetKind::kInitial, _)).WillOnce(Return(0));
  EXPECT_CALL(*connection_, Reset(Vcpu(9u, 4u), ResetKind::kClear, _)).WillOnce(Return(-EINTR));

  EXPECT_EQ(Irqctl("reset 9 4 normal").exit_code, 0);
  EXPECT_EQ(Json::parse(Irqctl("reset 9 4 initial --json").out), Json::parse(R"({"ret": 0})"));
  EXPECT_EQ(Irqctl("reset 9 4 clear").err,
            "irqctl: KVM_S390_CLEAR_RESET: Interrupted system call (EINTR)\n");
}

TEST_F(IrqctlTest, MpStateShowsAndSets) {
  EXPECT_CALL(*connection_, GetMpState(Vcpu(9u, 4u), _))
      .WillOnce(Return(KVM_MP_STATE_STOPPED))
      .WillOnce(Return(KVM_MP_STATE_OPERATING))
      .WillOnce(Return(8))
      .WillOnce(Return(7))
      .WillOnce(Return(-EINTR));
  EXPECT_CALL(*connection_, SetMpState(_, 5, _)).WillOnce(Return(0));
  EXPECT_CALL(*connection_, SetMpState(_, 7, _)).Times(2).WillRepeatedly(Return(0));
  EXPECT_CALL(*connection_, SetMpState(_, 9, _)).WillOnce(Return(-ENXIO));

  EXPECT_EQ(Irqctl("mp-state 9 4").out, "stopped\n");
  EXPECT_EQ(Irqctl("mp-state 9 4").out, "operating\n");
  EXPECT_EQ(Irqctl("mp-state 9 4").out, "8\n");
  EXPECT_EQ(Json::parse(Irqctl("mp-state 9 4 --json").out), Json::parse(R"({"ret": 7})"));
  EXPECT_EQ(Irqctl("mp-state 9 4").exit_code, 1);
  EXPECT_EQ(Irqctl("mp-state 9 4 stopped").exit_code, 0);
  EXPECT_EQ(Irqctl("mp-state 9 4 operating").exit_code, 0);
  EXPECT_EQ(Irqctl("mp-state 9 4 0x7").exit_code, 0);
  EXPECT_EQ(Irqctl("mp-state 9 4 9").err,
            "irqctl: KVM_SET_MP_STATE: No such device or address (ENXIO)\n");
}

TEST_F(IrqctlTest, VcpuCommandsRefuseBadArgumentsBeforeAnyCall) {
  const std::string odd = TempFile("abc");
  const struct {
    std::string words;
    std::string message;
  } kCases[] = {
      {"inject 9 0 FOO", "inject: type 'FOO' is none of"},
      {"inject 9 x RESTART", "inject: VCPU: 'x' is no vCPU id"},
      {"inject 9 0 INT_EMERGENCY code=-1", "inject: 'code=-1': not a number from 0 to 0xffff"},
      {"get 9 0 --len -1", "get: --len: '-1' is no number from 0 to 0xffffffff"},
      {"get 9 0 --len 4294967296", "--len: '4294967296' is no number"},
      {"get 9 0 --format xml", "--format: 'xml' is none of table, hex, raw"},
      {"get 9 0 --format raw --json", "--format raw does not go with --json"},
      {"get 9 0 --format hex --summary", "--format hex does not go with --summary"},
      {"set 9 0 /nonexistent", "set: /nonexistent: No such file or directory"},
      {"set 9 0 --format table " + odd, "--format: 'table' is none of raw, hex"},
      {"set 9 0 " + odd, "set: " + odd + ": an odd number of hex digits, 3"},
      {"reset 9 0 soft", "reset: 'soft' is none of normal, initial, clear"},
      {"mp-state 9 0 running", "mp-state: 'running' is none of stopped, operating"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_EQ(reply.out, "");
    EXPECT_THAT(reply.err, HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace irqd::irqctl
