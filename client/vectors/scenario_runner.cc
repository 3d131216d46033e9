#include "client/vectors/scenario_runner.h"

#include "absl/strings/str_cat.h"

namespace irqd {

RunResult RunScenario(const Scenario& scenario, Backend* backend) {
  RunResult result;
  const std::unique_ptr<BackendVm> vm = backend->CreateVm(scenario.host);
  for (const Step& step : scenario.steps) {
    const Reply got = Run(step, vm.get());
    ++result.steps_run;
    if (got == step.reply) continue;
    result.first_difference =
        absl::StrCat(scenario.name, ", step ", result.steps_run - 1, ", ", Describe(step), " with ",
                     FormatHostProfile(scenario.host), ": \n  want ", Describe(step.reply),
                     "\n  got  ", Describe(got));
    break;
  }
  return result;
}

}  // namespace irqd
