// For tests that make calls in every order of their steps.
//
//   IRQD_TEST_PREEMPTIONS   with how many preemptions at most; 3 unless given, 1 with a sanitizer
#ifndef IRQD_TESTS_CORE_CONCURRENCY_SCHEDULES_H_
#define IRQD_TESTS_CORE_CONCURRENCY_SCHEDULES_H_

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/core/concurrency/scheduled_calls.h"
#include "tests/core/concurrency/vm_call_runner.h"

namespace irqd {

inline std::unique_ptr<CallMachine> MakeRunner() {
  return std::make_unique<VmCallRunner>(DefaultHostProfile());
}

inline uint32_t Preemptions() {
  const char* given = std::getenv("IRQD_TEST_PREEMPTIONS");
  if (given != nullptr) return static_cast<uint32_t>(std::strtoul(given, nullptr, 10));
  return kSanitized ? 1 : 3;
}

class SchedulesTest : public testing::Test {
 protected:
  // Each unordered pair of `first` and `second` calls once, in all of `starts_`. "", or what was
  // wrong with the first that was.
  std::string RunPairs(const std::vector<VmCall>& first, const std::vector<VmCall>& second) {
    ScheduledCalls calls(make_);
    const bool same = &first == &second;
    for (const StartState& start : starts_) {
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
  // Each of `first` against each of `second`, which are the calls of one thread, in all start
  // states.
  std::string RunPrograms(const std::vector<std::vector<VmCall>>& first,
                          const std::vector<std::vector<VmCall>>& second) {
    ScheduledCalls calls(make_);
    for (const StartState& start : starts_) {
      for (const std::vector<VmCall>& one : first) {
        for (const std::vector<VmCall>& other : second) {
          ++pairs_;
          const std::string wrong =
              calls.RunAll({start.calls, {one, other}}, Preemptions(), &schedules_);
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
  std::vector<StartState> starts_ = StartStates();
  uint64_t pairs_ = 0;
  uint64_t schedules_ = 0;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_SCHEDULES_H_
