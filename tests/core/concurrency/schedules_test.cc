// Every two calls at once in every order of their atomic accesses, up to a number of preemptions:
// some order of the two must explain what they said and left, in each.
#include "tests/core/concurrency/schedules.h"

namespace irqd {
namespace {

TEST_F(SchedulesTest, CallsOnAVcpu) {
  const std::vector<VmCall> calls = LocalCalls(0);

  EXPECT_EQ(RunPairs(calls, calls), "");

  Report();
}

TEST_F(SchedulesTest, CreatingAndFindingVcpus) {
  std::vector<VmCall> calls = LocalCalls(0);
  for (const VmCall& call : LocalCalls(1)) calls.push_back(call);

  for (const VmCall& call : VcpuSetCalls()) {
    if (call.kind != VmCallKind::kCreateVcpu) calls.push_back(call);
  }

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

}  // namespace
}  // namespace irqd
