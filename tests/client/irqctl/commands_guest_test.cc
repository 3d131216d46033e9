// deliver, deliverable, stop-intercept, sigp.
#include "client/irqctl/irq_json.h"
#include "tests/client/irqctl/irqctl_test_case.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

DeliverResult OneOfTwo() {
  DeliverResult result;
  result.delivered = {{Irq(KVM_S390_RESTART), 0, 0}};
  result.pending = {{KVM_S390_INT_EMERGENCY, 0, 2, HeldBy::kCr0EmergencySignal}};
  return result;
}

TEST_F(IrqctlTest, DeliverShowsWhatWentAndWhatStays) {
  EXPECT_CALL(*connection_, Deliver(Vcpu(9u, 4u), 0, _)).WillOnce(Return(OneOfTwo()));

  const Reply reply = Irqctl("deliver 9 4");

  EXPECT_EQ(reply.exit_code, 0);
  EXPECT_EQ(reply.out,
            "delivered:\n"
            "#  TYPE     PAYLOAD\n"
            "0  RESTART  -\n"
            "1 interrupt, 72 bytes\n"
            "\n"
            "pending:\n"
            "TYPE           ISC  COUNT  HELD BY\n"
            "INT_EMERGENCY  -        2  CR0 bit 49 (emergency signal)\n");
}

TEST_F(IrqctlTest, DeliverTakesAMaximum) {
  DeliverResult more = OneOfTwo();
  more.more = true;
  more.pending[0].held_by = HeldBy::kNothing;
  EXPECT_CALL(*connection_, Deliver(Vcpu(9u, 4u), 1, _)).Times(2).WillRepeatedly(Return(more));

  EXPECT_THAT(Irqctl("deliver 9 4 --max 1").out, HasSubstr("2  -\nmore could be delivered\n"));
  EXPECT_EQ(Json::parse(Irqctl("deliver 9 4 --max 1 --json").out)["more"], true);
}

TEST_F(IrqctlTest, DeliverWritesJson) {
  DeliverResult result = OneOfTwo();
  result.delivered = {{Emergency(3), 3, 0x123456789abcdef0}};
  EXPECT_CALL(*connection_, Deliver(_, _, _))
      .WillOnce(Return(result))
      .WillOnce(Return(DeliverResult()))
      .WillOnce(Return(DeliverResult{-EFAULT, {}, {}, false}));

  EXPECT_EQ(Json::parse(Irqctl("deliver 9 4 --json").out), Json::parse(R"({"ret": 0,
    "delivered": [{"type": "0xffff1201", "name": "INT_EMERGENCY", "emerg": {"code": 3},
                   "data0": "0x3", "data1": "0x123456789abcdef0"}],
    "pending": [{"type": "0xffff1201", "name": "INT_EMERGENCY", "count": 2,
                 "held_by": "CR0_EMERGENCY_SIGNAL"}],
    "more": false})"));
  EXPECT_EQ(Irqctl("deliver 9 4").out, "delivered:\nno interrupts\n\npending:\nnothing pending\n");
  const Reply failed = Irqctl("deliver 9 4");
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_EQ(failed.out, "");
  EXPECT_EQ(failed.err, "irqctl: deliver: Bad address (EFAULT)\n");
}

TEST_F(IrqctlTest, DeliverableSaysWhatWouldHappen) {
  const std::vector<PendingIrq> stop = {{KVM_S390_SIGP_STOP, 0, 1, HeldBy::kStopIntercept}};
  EXPECT_CALL(*connection_, GetDeliverable(Vcpu(9u, 4u), _))
      .WillOnce(Return(Deliverable{{}, false, false}))
      .WillOnce(Return(Deliverable{stop, true, false}))
      .WillOnce(Return(Deliverable{stop, true, true}))
      .WillOnce(Return(Deliverable{stop, true, false}));

  EXPECT_EQ(Irqctl("deliverable 9 4").out, "nothing pending\nnothing would be delivered\n");
  EXPECT_EQ(Irqctl("deliverable 9 4").out,
            "TYPE       ISC  COUNT  HELD BY\n"
            "SIGP_STOP  -        1  nothing delivers it: see stop-intercept\n"
            "only a stop would be noticed\n");
  EXPECT_THAT(Irqctl("deliverable 9 4").out, HasSubstr("\nsomething would be delivered\n"));
  EXPECT_EQ(Json::parse(Irqctl("deliverable 9 4 --json").out), Json::parse(R"({
    "pending": [{"type": "0xfffe0000", "name": "SIGP_STOP", "count": 1,
                 "held_by": "STOP_INTERCEPT"}],
    "has_irq": true, "has_irq_besides_stop": false})"));
}

TEST_F(IrqctlTest, StopInterceptShowsTheKernelsAnswer) {
  EXPECT_CALL(*connection_, StopIntercept(Vcpu(9u, 4u), _))
      .WillOnce(Return(0))
      .WillOnce(Return(-EOPNOTSUPP))
      .WillOnce(Return(-EOPNOTSUPP));

  EXPECT_EQ(Irqctl("stop-intercept 9 4").exit_code, 0);
  const Reply exits = Irqctl("stop-intercept 9 4");
  EXPECT_EQ(exits.exit_code, 1);
  EXPECT_EQ(exits.err, "irqctl: stop-intercept: Operation not supported (EOPNOTSUPP)\n");
  EXPECT_EQ(Json::parse(Irqctl("stop-intercept 9 4 --json").out)["errno"], "EOPNOTSUPP");
}

TEST_F(IrqctlTest, SigpNamesConditionCodeAndStatus) {
  EXPECT_CALL(*connection_, Sigp(Vcpu(9u, 4u), 5, 1, 0, _))
      .WillOnce(Return(SigpResult{1, 0xc0}))
      .WillOnce(Return(SigpResult{1, 0}))
      .WillOnce(Return(SigpResult{3, 0}))
      .WillOnce(Return(SigpResult{1, 0x40}));
  EXPECT_CALL(*connection_, Sigp(Vcpu(9u, 4u), 6, 13, 0x2000, _)).WillOnce(Return(SigpResult{}));

  EXPECT_EQ(Irqctl("sigp 9 4 5 sense").out,
            "condition code 1 (status stored), status 0xc0: stopped, external call pending\n");
  EXPECT_EQ(Irqctl("sigp 9 4 5 1").out, "condition code 1 (status stored), status 0x0\n");
  const Reply nobody = Irqctl("sigp 9 4 5 sense");
  EXPECT_EQ(nobody.exit_code, 0);
  EXPECT_EQ(nobody.out, "condition code 3 (not operational)\n");
  EXPECT_EQ(Json::parse(Irqctl("sigp 9 4 5 sense --json").out), Json::parse(R"({
    "condition_code": 1, "status": 64, "status_names": ["stopped"]})"));
  EXPECT_EQ(Irqctl("sigp 9 4 6 set-prefix 0x2000").out, "condition code 0 (accepted)\n");
}

TEST_F(IrqctlTest, GuestCommandsRefuseBadArgumentsBeforeAnyCall) {
  const struct {
    const char* words;
    const char* message;
  } kCases[] = {
      {"deliver 9", "deliver: VCPU is missing"},
      {"deliver 9 x", "deliver: VCPU: 'x' is no vCPU id"},
      {"deliver 9 0 --max 0", "--max: '0' is no number from 1 to 0xffffffff"},
      {"deliver 9 0 --max 4294967296", "--max: '4294967296' is no number from 1"},
      {"deliverable 9 0 1", "'1' is one argument too many"},
      {"sigp 9 0 1", "sigp: ORDER is missing"},
      {"sigp 9 0 x sense", "sigp: TO: 'x' is no number from 0 to 0xffffffff"},
      {"sigp 9 x 0 sense", "sigp: VCPU: 'x' is no vCPU id"},
      {"sigp 9 0 1 hello", "sigp: ORDER: 'hello' is none of sense, external-call,"},
      {"sigp 9 0 1 256", "sigp: ORDER: '256' is none of"},
      {"sigp 9 0 1 set-prefix x", "PARAMETER: 'x' is no number from 0 to 0xffffffff"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_EQ(reply.out, "");
    EXPECT_THAT(reply.err, HasSubstr(c.message));
  }
}

TEST_F(IrqctlTest, GuestCommandsSayThatTheCallDidNotArrive) {
  const absl::Status lost = absl::UnavailableError("lost");
  EXPECT_CALL(*connection_, Deliver(_, _, _)).WillOnce(Return(lost));
  EXPECT_CALL(*connection_, GetDeliverable(_, _)).WillOnce(Return(lost));
  EXPECT_CALL(*connection_, StopIntercept(_, _)).WillOnce(Return(lost));
  EXPECT_CALL(*connection_, Sigp(_, _, _, _, _)).WillOnce(Return(lost));

  for (const char* words :
       {"deliver 9 0", "deliverable 9 0", "stop-intercept 9 0", "sigp 9 0 1 sense"}) {
    const Reply reply = Irqctl(words);
    EXPECT_EQ(reply.exit_code, 3) << words;
    EXPECT_THAT(reply.err, HasSubstr("UNAVAILABLE: lost"));
  }
}

}  // namespace
}  // namespace irqd::irqctl
