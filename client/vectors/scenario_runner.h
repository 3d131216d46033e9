// Runs a recording on a back end and tells where the two first differ.
#ifndef IRQD_CLIENT_VECTORS_SCENARIO_RUNNER_H_
#define IRQD_CLIENT_VECTORS_SCENARIO_RUNNER_H_

#include <string>

#include "client/vectors/backend.h"
#include "client/vectors/scenario.h"

namespace irqd {

struct RunResult {
  int steps_run = 0;
  // Empty if there was none; else scenario, step, call, and what was wanted and got.
  std::string first_difference;
};

RunResult RunScenario(const Scenario& scenario, Backend* backend);

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_SCENARIO_RUNNER_H_
