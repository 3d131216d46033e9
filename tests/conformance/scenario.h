// A recorded sequence of calls and what Linux answered, read from a line of JSON. The format is
// described beside the recordings, in tests/testdata/README.md.
#ifndef IRQD_TESTS_CONFORMANCE_SCENARIO_H_
#define IRQD_TESTS_CONFORMANCE_SCENARIO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/host_profile.h"
#include "core/kvm_s390.h"

namespace irqd {

struct Step {
  std::string op;
  uint32_t vcpu = 0;
  // Arguments, as far as the op has them.
  uint32_t len = 0;
  std::string images;  // `arg` of KVM_S390_IRQ, `buf` of KVM_S390_SET_IRQ_STATE
  kvm_s390_interrupt interrupt = {};
  uint32_t mp_state = 0;
  // The answer.
  int64_t ret = 0;
  std::string buf;  // what was written
};

struct Scenario {
  std::string name;
  HostProfile host;
  std::vector<Step> steps;
};

// Every line of the file at `path`, a runfile. Throws std::runtime_error on what is not as
// described.
std::vector<Scenario> LoadScenarios(const std::string& path);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_SCENARIO_H_
