// The kernel's code and a back end side by side: the same calls on both, and where they differ.
#ifndef IRQD_TESTS_CONFORMANCE_DIFFERENTIAL_H_
#define IRQD_TESTS_CONFORMANCE_DIFFERENTIAL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "client/vectors/backend.h"
#include "client/vectors/scenario.h"

namespace irqd {

// A sequence of calls whose last answer differs.
struct Difference {
  uint64_t seed = 0;  // of the sequence, where it is random
  Scenario scenario;  // with the kernel's answers
  Reply got;          // what the back end answered to the last step
};

// One VM on either side.
class Pair {
 public:
  // Does not own the back ends, which must outlive it.
  Pair(const HostProfile& profile, Backend* kernel, Backend* tested);

  // Runs the step on both, and puts the kernel's answer into it. False if the other one's, `*got`,
  // differs. A call on a vCPU that does not exist does nothing.
  bool Run(Step* step, Reply* got);
  // Looks at everything that can be seen of the vCPU `id`, or of the VM, without changing it. The
  // step that shows a difference, if there is one.
  absl::optional<Step> Look(uint32_t id, Reply* got);
  absl::optional<Step> LookAtVm(Reply* got);

 private:
  absl::optional<Step> LookBy(const std::vector<Step>& looks, uint32_t id, Reply* got);

  const std::unique_ptr<BackendVm> kernel_;
  const std::unique_ptr<BackendVm> tested_;
  std::vector<Step> looks_;
  std::vector<Step> vm_looks_;
  std::set<uint32_t> vcpus_;
};

// What of `steps` shows a difference, or nothing: fresh VMs, and no looks between the steps.
absl::optional<Difference> RunOnBoth(const HostProfile& profile, const std::vector<Step>& steps,
                                     Backend* kernel, Backend* tested);

struct RandomRun {
  uint64_t steps = 0;      // calls, without the looks after each
  uint64_t sequences = 0;  // VMs
  // How often the kernel gave each answer; results above 0 count as 1.
  std::map<std::pair<Op, int64_t>, uint64_t> answers;
  std::map<uint64_t, uint64_t> delivered;  // by type; all I/O as 0
  absl::optional<Difference> difference;
};

// Random sequences from `seed` on, one seed each, until `steps` calls were made or answers differ.
RandomRun RunRandomly(uint64_t seed, uint64_t steps, Backend* kernel, Backend* tested);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_DIFFERENTIAL_H_
