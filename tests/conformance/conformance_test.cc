// One suite for every back end: each recording of Linux 6.1 is a test case on each of them.
#include <string>
#include <tuple>
#include <vector>

#include "client/vectors/scenario_runner.h"
#include "gmock/gmock.h"
#include "tests/conformance/back_ends.h"
#include "tests/conformance/recordings.h"

namespace irqd {

void PrintTo(const BackendKind& kind, std::ostream* out) { *out << kind.name; }

namespace {

using Param = std::tuple<BackendKind, Scenario>;

class ConformanceTest : public testing::TestWithParam<Param> {};

std::string NameOf(const testing::TestParamInfo<Param>& info) {
  return TestName(std::get<0>(info.param).name + "_" + std::get<1>(info.param).name);
}

TEST_P(ConformanceTest, AnswersAsLinux) {
  const auto& [kind, scenario] = GetParam();
  const std::unique_ptr<Backend> backend = kind.make();

  const RunResult result = RunScenario(scenario, backend.get());

  EXPECT_EQ(DescribeFailure(scenario, result), "");
  EXPECT_EQ(result.steps_run, static_cast<int>(scenario.steps.size()));
}

auto AllOf(const char* path) {
  return testing::Combine(testing::ValuesIn(BackendKinds()),
                          testing::ValuesIn(LoadScenarios(path)));
}
INSTANTIATE_TEST_SUITE_P(Named, ConformanceTest, AllOf("tests/testdata/named.jsonl"), NameOf);
INSTANTIATE_TEST_SUITE_P(Local, ConformanceTest, AllOf("tests/testdata/local.jsonl"), NameOf);
INSTANTIATE_TEST_SUITE_P(Delivery, ConformanceTest, AllOf("tests/testdata/delivery.jsonl"), NameOf);
INSTANTIATE_TEST_SUITE_P(Floating, ConformanceTest, AllOf("tests/testdata/floating.jsonl"), NameOf);

TEST(RecordingsTest, AllAreThere) {
  EXPECT_EQ(LoadScenarios("tests/testdata/named.jsonl").size(), 14u);
  EXPECT_EQ(LoadScenarios("tests/testdata/local.jsonl").size(), 150u);
  EXPECT_EQ(LoadScenarios("tests/testdata/delivery.jsonl").size(), 100u);
  EXPECT_EQ(LoadScenarios("tests/testdata/floating.jsonl").size(), 100u);
}

}  // namespace
}  // namespace irqd
