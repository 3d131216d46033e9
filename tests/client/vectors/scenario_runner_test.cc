// The runner itself: that it sees differences, and says where.
#include "client/vectors/scenario_runner.h"

#include <string>

#include "client/vectors/connection_backend.h"
#include "gmock/gmock.h"

namespace irqd {
namespace {

using testing::HasSubstr;

Step StepOf(Op op, int64_t ret) {
  Step step;
  step.op = op;
  step.reply.ret = ret;
  return step;
}

class ScenarioRunnerTest : public testing::Test {
 protected:
  RunResult Run() { return RunScenario(scenario_, backend_.get()); }

  std::unique_ptr<Backend> backend_ = MakeConnectionBackend(Connect("inproc:").value());
  Scenario scenario_ = {"a-name", DefaultHostProfile(), {StepOf(Op::kCreateVcpu, 0)}};
};

TEST_F(ScenarioRunnerTest, CountsStepsOfAMatchingScenario) {
  scenario_.steps.push_back(StepOf(Op::kGetMpState, 5));

  const RunResult result = Run();

  EXPECT_TRUE(result.passed());
  EXPECT_EQ(DescribeFailure(scenario_, result), "");
  EXPECT_EQ(result.steps_run, 2);
}

TEST_F(ScenarioRunnerTest, SeesAnotherResultAndStopsThere) {
  scenario_.steps.push_back(StepOf(Op::kCreateVcpu, 0));
  scenario_.steps.push_back(StepOf(Op::kGetMpState, 5));

  const RunResult result = Run();

  const std::string text = DescribeFailure(scenario_, result);
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(text, HasSubstr("a-name, step 1, create_vcpu"));
  EXPECT_THAT(text, HasSubstr("want ret 0"));
  EXPECT_THAT(text, HasSubstr("got  ret -17"));
  EXPECT_EQ(result.steps_run, 2);
}

TEST_F(ScenarioRunnerTest, SeesAnotherByte) {
  Step restart = StepOf(Op::kS390Irq, 0);
  restart.images = std::string("\0\0\0\0\xff\xfe\0\x03", 8) + std::string(64, '\0');
  Step get = StepOf(Op::kGetIrqState, 72);
  get.len = 72;
  get.reply.buf = restart.images;
  get.reply.buf[71] = 1;
  scenario_.steps.push_back(restart);
  scenario_.steps.push_back(get);

  const std::string text = DescribeFailure(scenario_, Run());

  EXPECT_THAT(text, HasSubstr("step 2"));
  EXPECT_THAT(text, HasSubstr("00000000fffe0003"));
}

TEST_F(ScenarioRunnerTest, SeesAnotherDelivery) {
  Step deliver = StepOf(Op::kDeliver, 0);
  deliver.reply.delivered = {{KVM_S390_RESTART, 0, 0}};
  scenario_.steps.push_back(deliver);

  EXPECT_THAT(DescribeFailure(scenario_, Run()), HasSubstr("delivered 0xfffe0003"));
}

TEST_F(ScenarioRunnerTest, LeavesNoVmBehind) {
  const std::shared_ptr<Connection> connection = Connect("inproc:").value();

  RunScenario(scenario_, MakeConnectionBackend(connection).get());

  EXPECT_THAT(connection->ListVms(CallOptions()).value(), testing::IsEmpty());
}

TEST_F(ScenarioRunnerTest, SaysThatNobodyAnswered) {
  backend_ = MakeConnectionBackend(Connect("unix:/nonexistent/irqd").value(), {absl::Seconds(30)});

  const RunResult result = Run();

  EXPECT_FALSE(result.passed());
  EXPECT_TRUE(absl::IsUnavailable(result.status)) << result.status;
  EXPECT_THAT(DescribeFailure(scenario_, result), HasSubstr("a-name, after 0 steps: UNAVAILABLE"));
}

TEST_F(ScenarioRunnerTest, NamesWhatAConnectionCannotBeAsked) {
  Step get = StepOf(Op::kGetIrqState, 0);
  get.room = 72;
  Step short_set = StepOf(Op::kSetIrqState, -14);
  short_set.len = 72;
  Step refused_set = StepOf(Op::kSetIrqState, -22);
  refused_set.len = 71;
  const struct {
    Step step;
    std::string call;
  } kCases[] = {
      {get, "KVM_S390_GET_IRQ_STATE on vCPU 0"},
      {short_set, "KVM_S390_SET_IRQ_STATE on vCPU 0"},
      {StepOf(Op::kNullArgument, -14), "null_argument on vCPU 0"},
      {StepOf(Op::kGetDeviceAttr, -14), "KVM_GET_DEVICE_ATTR on the VM"},
      {refused_set, ""},
      {StepOf(Op::kRegisters, 0), ""},
  };
  for (const auto& c : kCases) {
    scenario_.steps.resize(1);
    scenario_.steps.push_back(c.step);

    EXPECT_EQ(
        WhyNotRunnable(scenario_, *backend_),
        c.call.empty() ? "" : "step 1, " + c.call + ", needs memory that ends early or is missing");
  }
}

}  // namespace
}  // namespace irqd
