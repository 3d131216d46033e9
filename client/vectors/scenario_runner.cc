#include "client/vectors/scenario_runner.h"

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

absl::string_view NeedOf(Feature feature) {
  switch (feature) {
    case Feature::kDelivery:
      return "registers and deliveries";
    case Feature::kFloating:
      return "floating interrupts";
    case Feature::kUserMemory:
      return "memory that ends early or is missing";
    case Feature::kPendingWords:
      return "a look at pending words and registers";
  }
  return "";
}

// The listing met the end of its memory; where that is, only a caller with addresses can say.
bool ListsBeyondItsMemory(const Step& step) {
  return step.op == Op::kGetDeviceAttr && step.reply.ret == -EFAULT;
}

}  // namespace

RunResult RunScenario(const Scenario& scenario, Backend* backend) {
  RunResult result;
  try {
    const std::unique_ptr<BackendVm> vm = backend->CreateVm(scenario.host);
    for (const Step& step : scenario.steps) {
      Reply got = Run(step, vm.get());
      ++result.steps_run;
      if (got == step.reply) continue;
      result.got = std::move(got);
      break;
    }
  } catch (const NotReached& error) {
    result.status = error.status();
  }
  return result;
}

std::string WhyNotRunnable(const Scenario& scenario, const Backend& backend) {
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    absl::optional<Feature> feature = FeatureFor(step);
    if (ListsBeyondItsMemory(step)) feature = Feature::kUserMemory;
    if (!feature || backend.Has(*feature)) continue;
    return absl::StrCat("step ", i, ", ", Describe(step), ", needs ", NeedOf(*feature));
  }
  return "";
}

std::string DescribeFailure(const Scenario& scenario, const RunResult& result) {
  if (!result.status.ok()) {
    return absl::StrCat(scenario.name, ", after ", result.steps_run,
                        " steps: ", result.status.ToString());
  }
  if (!result.got) return "";
  const int last = result.steps_run - 1;
  const Step& step = scenario.steps[last];
  return absl::StrCat(scenario.name, ", step ", last, ", ", Describe(step), " with ",
                      FormatHostProfile(scenario.host), ": \n  want ", Describe(step.reply),
                      "\n  got  ", Describe(*result.got));
}

}  // namespace irqd
