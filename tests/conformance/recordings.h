// The recordings of what Linux answered, as values for parameterised tests.
#ifndef IRQD_TESTS_CONFORMANCE_RECORDINGS_H_
#define IRQD_TESTS_CONFORMANCE_RECORDINGS_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "client/vectors/scenario.h"
#include "client/vectors/vector_file.h"

namespace irqd {

inline void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

// Throws what is wrong with the file.
inline std::vector<Scenario> LoadScenarios(const std::string& path) {
  VectorReader reader = VectorReader::Open(path).value();
  std::vector<Scenario> scenarios;
  while (absl::optional<Scenario> scenario = reader.Next().value()) {
    scenarios.push_back(*std::move(scenario));
  }
  return scenarios;
}

// As GoogleTest wants names.
inline std::string TestName(std::string name) {
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_RECORDINGS_H_
