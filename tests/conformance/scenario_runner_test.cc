// The runner itself: that it sees differences, and says where. And the line of JSON.
#include "client/vectors/scenario_runner.h"

#include <string>

#include "gmock/gmock.h"
#include "tests/conformance/core_backend.h"

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

  std::unique_ptr<Backend> backend_ = MakeCoreBackend();
  Scenario scenario_ = {"a-name", DefaultHostProfile(), {StepOf(Op::kCreateVcpu, 0)}};
};

TEST_F(ScenarioRunnerTest, CountsStepsOfAMatchingScenario) {
  scenario_.steps.push_back(StepOf(Op::kGetMpState, 5));

  const RunResult result = Run();

  EXPECT_EQ(result.first_difference, "");
  EXPECT_EQ(result.steps_run, 2);
}

TEST_F(ScenarioRunnerTest, SeesAnotherResultAndStopsThere) {
  scenario_.steps.push_back(StepOf(Op::kCreateVcpu, 0));
  scenario_.steps.push_back(StepOf(Op::kGetMpState, 5));

  const RunResult result = Run();

  EXPECT_THAT(result.first_difference, HasSubstr("a-name, step 1, create_vcpu"));
  EXPECT_THAT(result.first_difference, HasSubstr("want ret 0"));
  EXPECT_THAT(result.first_difference, HasSubstr("got  ret -17"));
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

  const RunResult result = Run();

  EXPECT_THAT(result.first_difference, HasSubstr("step 2"));
  EXPECT_THAT(result.first_difference, HasSubstr("00000000fffe0003"));
}

TEST_F(ScenarioRunnerTest, SeesAnotherDelivery) {
  Step deliver = StepOf(Op::kDeliver, 0);
  deliver.reply.delivered = {{KVM_S390_RESTART, 0, 0}};
  scenario_.steps.push_back(deliver);

  EXPECT_THAT(Run().first_difference, HasSubstr("delivered 0xfffe0003"));
}

TEST(ScenarioTest, RefusesCallsThatItDoesNotKnow) {
  const std::string line = R"({"name":"n","host":{"kernel":"linux-6.1","sigp_interpretation":true,)"
                           R"("extended_sca":true},"steps":[{"op":"fly","ret":0}]})";

  EXPECT_THROW(ParseScenario(line), std::runtime_error);
}

TEST(ScenarioTest, TellsInterruptsOfTheVmFromThoseOfAVcpu) {
  const std::string line =
      R"({"name":"n","host":{"kernel":"linux-6.1","sigp_interpretation":true,)"
      R"("extended_sca":true},"steps":[)"
      R"({"op":"KVM_S390_INTERRUPT","type":4294905857,"parm":1,"parm64":2,"ret":0},)"
      R"({"op":"KVM_S390_INTERRUPT","vcpu":3,"type":1,"parm":1,"parm64":2,"ret":-22}]})";

  const Scenario scenario = ParseScenario(line);

  EXPECT_EQ(scenario.steps.at(0).op, Op::kVmInterrupt);
  EXPECT_EQ(scenario.steps.at(1).op, Op::kS390Interrupt);
  EXPECT_EQ(scenario.steps.at(1).vcpu, 3u);
}

TEST(ScenarioTest, WritesEveryArgumentOfEveryCall) {
  Scenario scenario = {"all", DefaultHostProfile(), {}};
  for (int op = 0; op < kOps; ++op) {
    Step step;
    step.op = static_cast<Op>(op);
    step.vcpu = 3;
    step.len = 144;
    step.images = std::string("\x12\x34", 2);
    step.interrupt = {0xffff1201, 5, uint64_t{1} << 63};
    step.attr = {1, 6, ~uint64_t{0}, "abc"};
    step.number = 6;
    step.value = 0x0304000000000000;
    scenario.steps.push_back(step);
  }

  const std::string line = FormatScenario(scenario);

  EXPECT_EQ(FormatScenario(ParseScenario(line)), line);
  EXPECT_THAT(line, HasSubstr(R"("value":"0x304000000000000")"));
  EXPECT_THAT(line, HasSubstr(R"("parm64":9223372036854775808)"));
}

}  // namespace
}  // namespace irqd
