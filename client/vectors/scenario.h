// A sequence of calls and the answers to them, and its line of JSON. The format is described beside
// the recordings, in tests/testdata/README.md.
#ifndef IRQD_CLIENT_VECTORS_SCENARIO_H_
#define IRQD_CLIENT_VECTORS_SCENARIO_H_

#include <string>
#include <vector>

#include "client/vectors/step.h"
#include "core/host_profile.h"

namespace irqd {

struct Scenario {
  std::string name;
  HostProfile host;
  std::vector<Step> steps;
};

// Every line of the file at `path`, a runfile. Throws std::runtime_error on what is not as
// described.
std::vector<Scenario> LoadScenarios(const std::string& path);
// One line. Throws std::runtime_error.
Scenario ParseScenario(const std::string& line);
// The inverse, without the newline.
std::string FormatScenario(const Scenario& scenario);

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_SCENARIO_H_
