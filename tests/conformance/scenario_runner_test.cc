// The runner itself: that it sees differences, and says where.
#include "tests/conformance/scenario_runner.h"

#include <string>

#include "gmock/gmock.h"
#include "tests/conformance/core_backend.h"

namespace irqd {
namespace {

using testing::HasSubstr;

Step StepOf(const std::string& op, int64_t ret) {
  Step step;
  step.op = op;
  step.ret = ret;
  return step;
}

class ScenarioRunnerTest : public testing::Test {
 protected:
  RunResult Run() { return RunScenario(scenario_, backend_.get()); }

  std::unique_ptr<Backend> backend_ = MakeCoreBackend();
  Scenario scenario_ = {"a-name", DefaultHostProfile(), {StepOf("create_vcpu", 0)}};
};

TEST_F(ScenarioRunnerTest, CountsStepsOfAMatchingScenario) {
  scenario_.steps.push_back(StepOf("KVM_GET_MP_STATE", 5));
  scenario_.steps.push_back(StepOf("KVM_DEV_FLIC_GET_ALL_IRQS", 0));

  const RunResult result = Run();

  EXPECT_EQ(result.first_difference, "");
  EXPECT_EQ(result.steps_run, 2);
  EXPECT_EQ(result.steps_not_run, 1);
}

TEST_F(ScenarioRunnerTest, SeesAnotherResultAndStopsThere) {
  scenario_.steps.push_back(StepOf("create_vcpu", 0));
  scenario_.steps.push_back(StepOf("KVM_GET_MP_STATE", 5));

  const RunResult result = Run();

  EXPECT_THAT(result.first_difference, HasSubstr("a-name, step 1, create_vcpu"));
  EXPECT_THAT(result.first_difference, HasSubstr("want ret 0"));
  EXPECT_THAT(result.first_difference, HasSubstr("got  ret -17"));
  EXPECT_EQ(result.steps_run, 2);
}

TEST_F(ScenarioRunnerTest, SeesAnotherByte) {
  Step restart = StepOf("KVM_S390_IRQ", 0);
  restart.images = std::string("\0\0\0\0\xff\xfe\0\x03", 8) + std::string(64, '\0');
  Step get = StepOf("KVM_S390_GET_IRQ_STATE", 72);
  get.len = 72;
  get.buf = restart.images;
  get.buf[71] = 1;
  scenario_.steps.push_back(restart);
  scenario_.steps.push_back(get);

  const RunResult result = Run();

  EXPECT_THAT(result.first_difference, HasSubstr("step 2"));
  EXPECT_THAT(result.first_difference, HasSubstr("00000000fffe0003"));
}

TEST_F(ScenarioRunnerTest, RefusesFloatingInterrupts) {
  scenario_.steps.push_back(StepOf("KVM_DEV_FLIC_GET_ALL_IRQS", 1));

  EXPECT_THAT(Run().first_difference, HasSubstr("floating"));
}

TEST_F(ScenarioRunnerTest, RefusesCallsItDoesNotKnow) {
  scenario_.steps.push_back(StepOf("deliver", 0));

  EXPECT_THAT(Run().first_difference, HasSubstr("does not know"));
}

}  // namespace
}  // namespace irqd
