// Linux's own code beside irqd: random calls, the same on both, each answer compared.
//
// Environment:
//   IRQD_TEST_STEPS         how many calls on the core, 200,000 unless given
//   IRQD_TEST_SERVER_STEPS  how many through each way to an irqd, 2,000 unless given
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "gmock/gmock.h"
#include "tests/conformance/back_ends.h"
#include "tests/conformance/difference_text.h"
#include "tests/conformance/kernel_backend.h"
#include "tests/conformance/shrinker.h"
#include "tests/seed.h"

namespace irqd {

void PrintTo(const BackendKind& kind, std::ostream* out) { *out << kind.name; }

namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

class KernelTest : public testing::TestWithParam<BackendKind> {};

TEST_P(KernelTest, AnswersAsTheKernel) {
  const bool is_core = GetParam().name == "Core";
  const uint64_t steps = is_core ? FromEnvironment("IRQD_TEST_STEPS", 200'000)
                                 : FromEnvironment("IRQD_TEST_SERVER_STEPS", 2'000);
  const std::unique_ptr<Backend> kernel = MakeKernelBackend();
  const std::unique_ptr<Backend> tested = GetParam().make();
  const auto start = std::chrono::steady_clock::now();

  const RandomRun run = RunRandomly(TestSeed(), steps, kernel.get(), tested.get());

  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::cout << run.steps << " steps in " << run.sequences << " VMs, "
            << static_cast<uint64_t>(run.steps / seconds.count()) << " steps/s" << std::endl;
  RecordProperty("steps", std::to_string(run.steps));
  if (!run.difference) return;
  const Difference shrunk =
      Shrink(*run.difference, is_core ? 20'000 : 2'000, kernel.get(), tested.get());
  ADD_FAILURE() << "To repeat: the command above with IRQD_TEST_SEED=" << run.difference->seed
                << "\n\n"
                << TextOf(shrunk) << "\nAs a recording:\n"
                << FormatScenario(shrunk.scenario) << "\n\nAs a test:\n"
                << TestOf(shrunk);
}

std::vector<BackendKind> AllButTheKernel() {
  return {BackendKinds().begin() + 1, BackendKinds().end()};
}
INSTANTIATE_TEST_SUITE_P(BackEnds, KernelTest, testing::ValuesIn(AllButTheKernel()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace irqd
