// The states of all vCPUs of a VM at one instant: when the VM's epoch grows.
//
// Whatever a call writes carries the epoch that the call found. So what was written under an older
// epoch is before the instant, and the rest after it. A call that changes a vCPU for the first time
// after the instant keeps the state before in its node. docs/concurrency.md tells why this is
// enough.
#include <mutex>

#include "core/vcpu_update.h"
#include "core/vm.h"

namespace irqd {

LocalState Vcpu::CollectForSnapshot(VmFacts facts) {
  HazardPointer hazard;
  for (;;) {
    const VcpuWord word = LoadProtected(&hazard);
    if (FactsOf(word).epoch() == facts.epoch()) return *NodeOf(word)->before();
    // Nobody need keep this state from here on.
    const LocalState state = Unpack(word);
    if (Replace(word, Pack(state, LoadFacts(word), word))) return state;
  }
}

void Vm::Snapshot(absl::FunctionRef<void(uint32_t id, const LocalState& state)> visit) {
  const std::lock_guard<Mutex> lock(snapshot_mutex_);
  const VmFacts facts{facts_.fetch_add(VmFacts::kNextEpoch) + VmFacts::kNextEpoch};
  for (uint32_t id = 0; id < kMaxVcpuIds; ++id) {
    if (HasVcpu(id, facts)) visit(id, FindVcpu(id)->CollectForSnapshot(facts));
  }
  snapshots_done_.store(facts.epoch());
}

}  // namespace irqd
