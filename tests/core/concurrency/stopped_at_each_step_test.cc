// A thread that stands still anywhere in a call on a vCPU keeps nobody waiting: for each two calls,
// one is stopped before each of its atomic accesses, and the other must finish meanwhile. What both
// said, and what is left, is what some order of the two explains.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/core/concurrency/racy_machine.h"
#include "tests/core/concurrency/scheduled_calls.h"
#include "tests/core/concurrency/vm_call_runner.h"
#include "tests/core/concurrency/watchdog.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

std::unique_ptr<CallMachine> MakeRunner() {
  return std::make_unique<VmCallRunner>(DefaultHostProfile());
}

std::vector<VmCall> Joined(std::vector<VmCall> calls, const std::vector<VmCall>& more) {
  calls.insert(calls.end(), more.begin(), more.end());
  return calls;
}

// What waits for nobody, on one vCPU and on the set of vCPUs.
std::vector<VmCall> CallsThatNeverWait() {
  std::vector<VmCall> calls = LocalCalls(0);
  for (const VmCall& call : VcpuSetCalls()) {
    const bool waits = call.kind == VmCallKind::kCreateVcpu || call.kind == VmCallKind::kSnapshot;
    if (!waits) calls.push_back(call);
  }
  // The other vCPU shares only what is the VM's.
  return Joined(calls, {GetCall(1), VcpuCall(VmCallKind::kReset, 0, 1), InjectCall(Emergency(2), 1),
                        SetCall({Emergency(2)}, 1)});
}

class StoppedAtEachStepTest : public testing::Test {
 protected:
  // Stops `first` at each of its steps, and makes `second` meanwhile. "", or what was wrong.
  std::string StopAndCall(const StartState& start, const VmCall& first, const VmCall& second) {
    const CallProgram program = PairOf(start.calls, first, second);
    for (uint64_t steps = 0;; ++steps) {
      const std::string where =
          absl::StrCat(start.name, ": ", ToString(first), " stopped before step ", steps,
                       ", meanwhile ", ToString(second));
      watchdog_.Say(where);
      StopAtStep policy(steps);
      const std::string wrong = calls_->Run(program, &policy);
      if (policy.others_waited()) return where + " waits";
      if (!wrong.empty()) return absl::StrCat(where, "\n", wrong);
      if (!policy.stopped()) return "";
      ++stops_;
    }
  }

  // Each of `stopped` with each of `others`, in all start states.
  std::string StopAndCallAll(const std::vector<VmCall>& stopped,
                             const std::vector<VmCall>& others) {
    for (const StartState& start : StartStates()) {
      for (const VmCall& first : stopped) {
        for (const VmCall& second : others) {
          const std::string wrong = StopAndCall(start, first, second);
          if (!wrong.empty()) return wrong;
        }
      }
    }
    return "";
  }

  void Use(MachineMaker make) { calls_ = std::make_unique<ScheduledCalls>(std::move(make)); }
  void Report() { std::cout << stops_ << " stops in the middle of a call" << std::endl; }

  Watchdog watchdog_;
  std::unique_ptr<ScheduledCalls> calls_;
  uint64_t stops_ = 0;
};

TEST_F(StoppedAtEachStepTest, CallsOnVcpusWaitForNoCallOnAVcpu) {
  Use(MakeRunner);

  EXPECT_EQ(StopAndCallAll(LocalCalls(0), CallsThatNeverWait()), "");

  Report();
  EXPECT_GT(stops_, 0u);
}

TEST_F(StoppedAtEachStepTest, CallsOnVcpusWaitForNoCreationAndNoSnapshot) {
  Use(MakeRunner);

  EXPECT_EQ(StopAndCallAll(VcpuSetCalls(), CallsThatNeverWait()), "");

  Report();
  EXPECT_GT(stops_, 0u);
}

TEST_F(StoppedAtEachStepTest, CallsOnVcpusWaitForNoDeliveryAndNoFloatingInterrupt) {
  Use(MakeRunner);

  EXPECT_EQ(StopAndCallAll(FloatingCalls(0), CallsThatNeverWait()), "");

  Report();
  EXPECT_GT(stops_, 0u);
}

TEST_F(StoppedAtEachStepTest, CreatingAndSnapshotsWaitForNoCallOnAVcpu) {
  Use(MakeRunner);

  EXPECT_EQ(
      StopAndCallAll(Joined(LocalCalls(0), FloatingCalls(0)),
                     {VcpuCall(VmCallKind::kCreateVcpu, 0, 0),
                      VcpuCall(VmCallKind::kCreateVcpu, 0, 2), VcpuCall(VmCallKind::kSnapshot)}),
      "");

  Report();
  EXPECT_GT(stops_, 0u);
}

TEST_F(StoppedAtEachStepTest, AMachineWithALockIsConvicted) {
  Use([] { return std::make_unique<RacyMachine>(DefaultHostProfile(), RacyFault::kLock); });

  EXPECT_THAT(StopAndCallAll({GetCall()}, {GetCall()}), testing::HasSubstr("step 1, meanwhile"));
}

TEST_F(StoppedAtEachStepTest, AMachineWithoutOneIsNot) {
  Use([] { return std::make_unique<RacyMachine>(DefaultHostProfile(), RacyFault::kNone); });

  EXPECT_EQ(StopAndCallAll(LocalCalls(0), {GetCall()}), "");
}

TEST_F(StoppedAtEachStepTest, DeliveriesDoWaitForEachOther) {
  Use(MakeRunner);

  EXPECT_THAT(
      StopAndCallAll({VcpuCall(VmCallKind::kDeliver, 1)}, {VcpuCall(VmCallKind::kDeliver, 1)}),
      testing::HasSubstr("waits"));
}

}  // namespace
}  // namespace irqd
