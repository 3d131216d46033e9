// Two calls at once in every order of their atomic accesses, up to a number of preemptions: some
// order of the two must explain what they said and left, in each.
//
//   IRQD_TEST_PREEMPTIONS   how many; 3 unless given
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/core/racy_machine.h"
#include "tests/core/scheduled_calls.h"
#include "tests/core/vm_call_runner.h"

namespace irqd {
namespace {

std::unique_ptr<CallMachine> MakeRunner() {
  return std::make_unique<VmCallRunner>(DefaultHostProfile());
}

uint32_t Preemptions() {
  const char* given = std::getenv("IRQD_TEST_PREEMPTIONS");
  return given ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10)) : 3;
}

class SchedulesTest : public testing::Test {
 protected:
  // Each unordered pair of `first` and `second` calls once, in all start states. "", or what was
  // wrong with the first that was.
  std::string RunPairs(const std::vector<VmCall>& first, const std::vector<VmCall>& second) {
    ScheduledCalls calls(make_);
    const bool same = &first == &second;
    for (const StartState& start : StartStates()) {
      for (size_t i = 0; i < first.size(); ++i) {
        for (size_t j = same ? i : 0; j < second.size(); ++j) {
          ++pairs_;
          const std::string wrong =
              calls.RunAll(PairOf(start.calls, first[i], second[j]), Preemptions(), &schedules_);
          if (!wrong.empty()) return absl::StrCat(start.name, "\n", wrong);
        }
      }
    }
    return "";
  }
  void Report() {
    std::cout << pairs_ << " pairs of calls, " << schedules_ << " orders of their steps, each with "
              << "at most " << Preemptions() << " preemptions" << std::endl;
  }

  MachineMaker make_ = MakeRunner;
  uint64_t pairs_ = 0;
  uint64_t schedules_ = 0;
};

TEST_F(SchedulesTest, CallsOnAVcpu) {
  const std::vector<VmCall> calls = LocalCalls(0);

  EXPECT_EQ(RunPairs(calls, calls), "");

  Report();
}

TEST_F(SchedulesTest, CreatingAndFindingVcpus) {
  std::vector<VmCall> calls = LocalCalls(0);
  for (const VmCall& call : LocalCalls(1)) calls.push_back(call);

  EXPECT_EQ(RunPairs(VcpuSetCalls(), calls), "");

  Report();
}

TEST_F(SchedulesTest, DeliveriesAndFloatingInterrupts) {
  std::vector<VmCall> calls = LocalCalls(0);
  for (const VmCall& call : VcpuSetCalls()) calls.push_back(call);
  for (const VmCall& call : FloatingCalls(0)) calls.push_back(call);

  EXPECT_EQ(RunPairs(FloatingCalls(0), calls), "");

  Report();
}

TEST_F(SchedulesTest, RacyMachinesAreConvicted) {
  const std::vector<VmCall> calls = LocalCalls(0);
  for (RacyFault fault : {RacyFault::kStoreInsteadOfSwap, RacyFault::kGetAtTwoInstants,
                          RacyFault::kSetByRecords, RacyFault::kLateEffect}) {
    make_ = [fault] { return std::make_unique<RacyMachine>(DefaultHostProfile(), fault); };

    EXPECT_THAT(RunPairs(calls, calls), testing::HasSubstr("No order explains all"))
        << "fault " << static_cast<int>(fault);
  }
}

// Two threads that each load a word and store it: 4 choose 2.
TEST_F(SchedulesTest, NoOrderIsLeftOut) {
  make_ = [] {
    return std::make_unique<RacyMachine>(DefaultHostProfile(), RacyFault::kStoreInsteadOfSwap);
  };
  ScheduledCalls calls(make_);
  const CallProgram program =
      PairOf({}, VcpuCall(VmCallKind::kVcpuIds), VcpuCall(VmCallKind::kVcpuIds));

  EXPECT_EQ(calls.RunAll(program, 10, &schedules_), "");

  EXPECT_EQ(schedules_, 6u);
}

}  // namespace
}  // namespace irqd
