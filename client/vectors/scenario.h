// A vector: a sequence of calls on a VM of its own and the answers to them, and its line of JSON.
// docs/vectors.md specifies the format.
//
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_VECTORS_SCENARIO_H_
#define IRQD_CLIENT_VECTORS_SCENARIO_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/vectors/step.h"
#include "core/host_profile.h"

namespace irqd {

// Bounds on one scenario: its line in bytes, its steps, its name in characters.
inline constexpr size_t kMaxScenarioLine = size_t{16} << 20;
inline constexpr size_t kMaxScenarioSteps = 100'000;
inline constexpr size_t kMaxScenarioName = 200;

struct Scenario {
  std::string name;
  HostProfile host;
  std::vector<Step> steps;
};

// One line, with or without its end.
//   INVALID_ARGUMENT  "steps[3].len: ...": the field, and what the format says about it; a field or
//                     a call that is not in the format, and what is above a bound
absl::StatusOr<Scenario> ParseScenario(absl::string_view line);

// The inverse, without the line end; ParseScenario takes it back if the scenario is within bounds.
std::string FormatScenario(const Scenario& scenario);

// The parts of the same line, for who cannot keep a whole scenario: the start, the steps with
// commas between them, the end.
std::string FormatScenarioStart(absl::string_view name, const HostProfile& host);
std::string FormatStep(const Step& step);
inline constexpr absl::string_view kScenarioEnd = "]}";

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_SCENARIO_H_
