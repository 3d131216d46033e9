#include "core/vm.h"

#include <cerrno>
#include <utility>

namespace irqd {

Vm::Vm(uint64_t id, std::string name, const HostProfile& profile)
    : Retirable([](Retirable* self) { delete static_cast<Vm*>(self); }),
      id_(id),
      name_(std::move(name)),
      profile_(profile) {}

Vm::~Vm() {
  for (Atomic<Group*>& group : groups_) delete group.load(std::memory_order_relaxed);
  delete floating_.load(std::memory_order_relaxed);
}

int Vm::CreateVcpu(uint32_t id) {
  if (id >= VcpuIdLimit(profile_)) return -EINVAL;
  if (Vcpu* const present = FindVcpu(id)) {
    present->LoseScaExternalCall();
    return -EEXIST;
  }
  Atomic<Group*>& place = groups_[id / kGroupSize];
  Group* group = place.load(std::memory_order_relaxed);
  if (group == nullptr) {
    group = new Group;
    for (uint32_t i = 0; i < kGroupSize; ++i) {
      group->vcpus[i].vm_ = this;
      group->vcpus[i].id_ = id / kGroupSize * kGroupSize + i;
    }
    place.store(group, std::memory_order_release);
  }
  Vcpu& vcpu = group->vcpus[id % kGroupSize];
  vcpu.nth_.store(vcpu_count() + 1, std::memory_order_relaxed);
  // From this step on the vCPU exists, for FindVcpu and for the rules alike.
  facts_.fetch_add(1);
  return 0;
}

std::vector<uint32_t> Vm::VcpuIds() const {
  const VmFacts now = facts();
  std::vector<uint32_t> ids;
  for (uint32_t id = 0; id < kMaxVcpuIds; ++id) {
    if (HasVcpu(id, now)) ids.push_back(id);
  }
  return ids;
}

VmFacts Vm::LetUserControlRunState() {
  const uint32_t flag = VmFacts::kUserControlsRunState;
  const uint32_t before = facts_.load();
  if (before & flag) return VmFacts{before};
  return VmFacts{facts_.fetch_or(flag) | flag};
}

}  // namespace irqd
