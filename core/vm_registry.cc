#include "core/vm_registry.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

// Twice as many slots as VMs: the next free one is never far.
uint64_t SlotCount(uint32_t max_vms, uint64_t page) {
  return (uint64_t{max_vms} * 2 + page - 1) / page * page;
}

}  // namespace

VmInfo InfoOf(Vm& vm) {
  return {vm.id(), vm.name(), vm.profile(), vm.vcpu_count(), vm.floating_pending()};
}

bool IsValidVmName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxVmNameLength) return false;
  const auto valid = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  };
  return std::all_of(name.begin(), name.end(), valid) && absl::ascii_islower(name.front()) &&
         name.back() != '-';
}

VmRegistry::VmRegistry(const Limits& limits)
    : limits_(limits),
      slot_count_(std::max(SlotCount(limits.max_vms, kSlotsPerPage), kSlotsPerPage)),
      pages_(new Atomic<Slot*>[slot_count_ / kSlotsPerPage]()) {}

VmRegistry::~VmRegistry() {
  for (const auto& entry : by_id_) delete entry.second;
  for (uint64_t i = 0; i < slot_count_ / kSlotsPerPage; ++i) delete[] pages_[i].load();
}

VmRegistry::Slot* VmRegistry::FindSlot(uint64_t id) const {
  const uint64_t at = id % slot_count_;
  Slot* page = pages_[at / kSlotsPerPage].load(std::memory_order_acquire);
  return page ? &page[at % kSlotsPerPage] : nullptr;
}

VmRegistry::Slot& VmRegistry::MakeSlot(uint64_t id) {
  Atomic<Slot*>& page = pages_[id % slot_count_ / kSlotsPerPage];
  if (page.load() == nullptr) page.store(new Slot[kSlotsPerPage](), std::memory_order_release);
  return *FindSlot(id);
}

// The next id whose slot is free. There is one: no more than half of them are ever taken.
uint64_t VmRegistry::NextId() {
  do {
    ++last_id_;
  } while (MakeSlot(last_id_).load() != nullptr);
  return last_id_;
}

VmRegistry::Refusal VmRegistry::CheckSpec(const VmSpec& spec, size_t* bad_vcpu_index) const {
  if (!spec.name.empty() && !IsValidVmName(spec.name)) return Refusal::kBadName;
  std::bitset<kMaxVcpuIds> seen;
  for (size_t i = 0; i < spec.vcpu_ids.size(); ++i) {
    const uint32_t id = spec.vcpu_ids[i];
    *bad_vcpu_index = i;
    if (id >= VcpuIdLimit(spec.profile) || seen[id]) return Refusal::kBadVcpuId;
    seen[id] = true;
  }
  return Refusal::kNone;
}

// The name asked for, or one that nobody has.
std::string VmRegistry::NameFor(const VmSpec& spec, uint64_t id) const {
  if (!spec.name.empty()) return spec.name;
  std::string name = absl::StrCat("vm-", id);
  for (int i = 2; by_name_.contains(name); ++i) name = absl::StrCat("vm-", id, "-", i);
  return name;
}

VmRegistry::CreateVmResult VmRegistry::CreateVm(const VmSpec& spec) {
  CreateVmResult result;
  result.refusal = CheckSpec(spec, &result.bad_vcpu_index);
  if (result.refusal != Refusal::kNone) return result;

  std::lock_guard<Mutex> lock(mutex_);
  if (by_name_.contains(spec.name)) {
    result.refusal = Refusal::kNameTaken;
  } else if (by_id_.size() >= limits_.max_vms) {
    result.refusal = Refusal::kTooManyVms;
  } else if (spec.vcpu_ids.size() > limits_.max_vcpus - vcpu_count_) {
    result.refusal = Refusal::kTooManyVcpus;
  }
  if (result.refusal != Refusal::kNone) return result;

  const uint64_t id = NextId();
  auto vm = std::make_unique<Vm>(id, NameFor(spec, id), spec.profile);
  for (uint32_t vcpu_id : spec.vcpu_ids) vm->CreateVcpu(vcpu_id);
  vcpu_count_ += spec.vcpu_ids.size();
  result.vm = InfoOf(*vm);
  by_name_[vm->name()] = id;
  by_id_[id] = vm.get();
  MakeSlot(id).store(vm.release());
  return result;
}

VmRegistry::CreateVcpuResult VmRegistry::CreateVcpu(uint64_t vm_id, uint32_t vcpu_id) {
  CreateVcpuResult result;
  std::lock_guard<Mutex> lock(mutex_);
  const auto found = by_id_.find(vm_id);
  if (found == by_id_.end()) {
    result.refusal = Refusal::kNotFound;
  } else if (vcpu_count_ >= limits_.max_vcpus) {
    result.refusal = Refusal::kTooManyVcpus;
  } else {
    result.ret = found->second->CreateVcpu(vcpu_id);
    if (result.ret == 0) ++vcpu_count_;
  }
  return result;
}

absl::optional<int> VmRegistry::EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags) {
  std::lock_guard<Mutex> lock(mutex_);
  const auto found = by_id_.find(vm_id);
  if (found == by_id_.end()) return absl::nullopt;
  return found->second->EnableCap(cap, flags);
}

bool VmRegistry::DeleteVm(uint64_t id) {
  Vm* vm;
  {
    std::lock_guard<Mutex> lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    vm = found->second;
    by_id_.erase(found);
    by_name_.erase(vm->name());
    vcpu_count_ -= vm->vcpu_count();
    FindSlot(id)->store(nullptr);
  }
  Retire(vm);
  // A VM is large: it does not wait until its thread has retired enough small things.
  FreeRetired();
  return true;
}

VmRef::VmRef(const VmRegistry& registry, uint64_t id) {
  const VmRegistry::Slot* slot = registry.FindSlot(id);
  if (slot == nullptr) return;
  for (Vm* vm = slot->load(); vm != nullptr;) {
    hazard_.Protect(vm);
    Vm* const again = slot->load();
    if (again == vm) {
      if (vm->id() == id) vm_ = vm;
      return;
    }
    vm = again;
  }
}

uint64_t VmRegistry::FindId(absl::string_view name) const {
  std::lock_guard<Mutex> lock(mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? 0 : found->second;
}

std::vector<VmInfo> VmRegistry::List(uint64_t after, size_t most) const {
  std::vector<VmInfo> infos;
  std::lock_guard<Mutex> lock(mutex_);
  for (auto it = by_id_.upper_bound(after); it != by_id_.end() && infos.size() < most; ++it) {
    infos.push_back(InfoOf(*it->second));
  }
  return infos;
}

}  // namespace irqd
