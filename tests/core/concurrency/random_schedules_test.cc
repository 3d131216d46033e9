// Random calls of several threads whose steps come in random order, down to the single atomic
// access. The order is the seed's alone: a failure repeats.
//
//   IRQD_TEST_HISTORIES   how many programs
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "tests/core/concurrency/racy_machine.h"
#include "tests/core/concurrency/scheduled_calls.h"
#include "tests/core/concurrency/vm_call_runner.h"
#include "tests/seed.h"

namespace irqd {
namespace {

constexpr int kMostThreads = 4;

std::unique_ptr<CallMachine> MakeRunner() {
  return std::make_unique<VmCallRunner>(DefaultHostProfile());
}

// "", or what nothing explains in the first of `count` histories that nothing explains.
std::string FirstWrong(MachineMaker make, uint64_t count, uint64_t seed) {
  ScheduledCalls calls(std::move(make), kMostThreads);
  for (uint64_t i = 0; i < count; ++i) {
    Random random(seed + i);
    const int threads = 2 + static_cast<int>(Below(kMostThreads - 1, random));
    const CallProgram program = RandomProgram(threads, random);
    RandomSteps policy(&random);
    const std::string wrong = calls.Run(program, &policy);
    if (!wrong.empty()) return "history " + std::to_string(i) + "\n" + wrong;
  }
  return "";
}

TEST(RandomSchedulesTest, SomeOrderExplainsEveryAnswer) {
  EXPECT_EQ(FirstWrong(MakeRunner, HistoryCount(5000), TestSeed()), "");
}

class RacyMachineTest : public testing::TestWithParam<RacyFault> {};

TEST_P(RacyMachineTest, IsConvicted) {
  const auto make = [] { return std::make_unique<RacyMachine>(DefaultHostProfile(), GetParam()); };

  EXPECT_THAT(FirstWrong(make, 5000, TestSeed()), testing::HasSubstr("No order explains all"));
}

INSTANTIATE_TEST_SUITE_P(Faults, RacyMachineTest,
                         testing::Values(RacyFault::kStoreInsteadOfSwap,
                                         RacyFault::kGetAtTwoInstants, RacyFault::kSetByRecords,
                                         RacyFault::kLateEffect));

TEST(RandomSchedulesTest, ARightMachineIsNotConvicted) {
  for (RacyFault fault : {RacyFault::kNone, RacyFault::kLock}) {
    const auto make = [fault] {
      return std::make_unique<RacyMachine>(DefaultHostProfile(), fault);
    };

    EXPECT_EQ(FirstWrong(make, 200, TestSeed()), "");
  }
}

TEST(RandomSchedulesTest, TheSeedRepeatsAHistory) {
  const auto make = [] {
    return std::make_unique<RacyMachine>(DefaultHostProfile(), RacyFault::kStoreInsteadOfSwap);
  };
  const uint64_t seed = TestSeed();

  EXPECT_EQ(FirstWrong(make, 5000, seed), FirstWrong(make, 5000, seed));
}

}  // namespace
}  // namespace irqd
