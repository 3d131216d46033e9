// Runs a scenario on a back end and tells where the two first differ.
//
//   absl::StatusOr<Scenario> scenario = ParseScenario(line);
//   if (!scenario.ok()) return scenario.status();
//   const std::unique_ptr<Backend> irqd = MakeConnectionBackend(*Connect("127.0.0.1:50051"));
//   const RunResult result = RunScenario(*scenario, irqd.get());
//   if (!result.passed()) std::cerr << DescribeFailure(*scenario, result);
#ifndef IRQD_CLIENT_VECTORS_SCENARIO_RUNNER_H_
#define IRQD_CLIENT_VECTORS_SCENARIO_RUNNER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "client/vectors/backend.h"
#include "client/vectors/scenario.h"

namespace irqd {

struct RunResult {
  int steps_run = 0;
  // The answer to the last of them, if it is not the scenario's. What would follow a difference
  // says nothing, so nothing is run after it.
  absl::optional<Reply> got;
  // Not OK: the call after the last step run (or making the VM) did not reach the simulated kernel.
  absl::Status status;

  bool passed() const { return !got && status.ok(); }
};

// On a VM of its own, which is gone afterwards. Every call of it must be one that `backend` has.
RunResult RunScenario(const Scenario& scenario, Backend* backend);

// What of the scenario `backend` cannot be asked, e.g. "step 3, null_argument on vCPU 0, needs
// memory that ends early or is missing"; "" if it can be run.
std::string WhyNotRunnable(const Scenario& scenario, const Backend& backend);

// For people: scenario, step, call, and what was wanted and got. "" if it passed.
std::string DescribeFailure(const Scenario& scenario, const RunResult& result);

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_SCENARIO_RUNNER_H_
