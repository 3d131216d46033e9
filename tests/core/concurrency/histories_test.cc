// Threads of the machine make random calls on one VM at the same time; some order of the calls must
// explain all answers.
//
//   IRQD_TEST_HISTORIES   how many programs each test case runs
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "tests/core/concurrency/history_recorder.h"
#include "tests/core/concurrency/racy_machine.h"
#include "tests/core/concurrency/vm_call_runner.h"
#include "tests/seed.h"

namespace irqd {
namespace {

constexpr int kMostThreads = 8;

class HistoriesTest : public testing::Test {
 protected:
  // "", or what nothing explains in the first of `count` histories that nothing explains.
  std::string FirstWrong(const MachineMaker& make, uint64_t count, uint64_t seed) {
    for (uint64_t i = 0; i < count; ++i) {
      Random random(seed + i);
      const int threads = 2 + static_cast<int>(Below(kMostThreads - 1, random));
      const CallProgram program = RandomProgram(threads, random);
      const std::unique_ptr<CallMachine> machine = make();
      std::string wrong;
      const VmModel model = StartBoth(profile_, program.start, machine.get(), &wrong);
      if (wrong.empty()) wrong = Judge(model, threads_.Run(program, machine.get()));
      if (!wrong.empty()) return "history " + std::to_string(i) + "\n" + wrong;
    }
    return "";
  }

  MachineMaker Racy(RacyFault fault) {
    return [this, fault] { return std::make_unique<RacyMachine>(profile_, fault); };
  }

  const HostProfile profile_ = DefaultHostProfile();
  HistoryThreads threads_{kMostThreads};
};

TEST_F(HistoriesTest, SomeOrderExplainsEveryAnswer) {
  const uint64_t seed = TestSeed();
  const MachineMaker make = [this] { return std::make_unique<VmCallRunner>(profile_); };

  EXPECT_EQ(FirstWrong(make, HistoryCount(5000), seed), "");
}

TEST_F(HistoriesTest, ARightMachineIsNotConvicted) {
  EXPECT_EQ(FirstWrong(Racy(RacyFault::kNone), 300, TestSeed()), "");
}

TEST_F(HistoriesTest, ARacyMachineIsConvicted) {
  const uint64_t seed = TestSeed();
  // As many as it takes: the machine's threads need not meet in the first.
  constexpr uint64_t kMany = 100000;

  const std::string wrong = FirstWrong(Racy(RacyFault::kStoreInsteadOfSwap), kMany, seed);

  EXPECT_THAT(wrong, testing::HasSubstr("No order explains all"));
  EXPECT_THAT(wrong, testing::HasSubstr("thread 1: "));
}

}  // namespace
}  // namespace irqd
