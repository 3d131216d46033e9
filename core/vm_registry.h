// All VMs of one irqd: found by a 64-bit id or by name.
//
// Thread safety: all methods may be called from any number of threads.
//   Find                 neither locks nor waits
//   everything else      takes one mutex, which no call on an existing vCPU ever needs
//
// An id is never used again, so a call for a deleted VM finds nothing rather than another VM.
// Deleting a VM does not wait for calls on it: they finish on a VM that nobody finds any more, and
// its memory is freed after the last one.
#ifndef IRQD_CORE_VM_REGISTRY_H_
#define IRQD_CORE_VM_REGISTRY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/atomic.h"
#include "core/hazard_pointer.h"
#include "core/limits.h"
#include "core/vm.h"
#include "core/vm_info.h"

namespace irqd {

class VmRegistry;

// A VM that was found, kept from being freed while this lives. Belongs to one thread.
class VmRef {
 public:
  VmRef(const VmRegistry& registry, uint64_t id);
  explicit operator bool() const { return vm_ != nullptr; }
  Vm* operator->() const { return vm_; }
  Vm& operator*() const { return *vm_; }

 private:
  HazardPointer hazard_;
  Vm* vm_ = nullptr;
};

class VmRegistry {
 public:
  struct Limits {
    uint32_t max_vms = kDefaultMaxVms;
    uint32_t max_vcpus = kDefaultMaxVcpus;  // of all VMs together
  };

  // Why a call did not come about, in the order checked.
  enum class Refusal {
    kNone,
    kBadName,    // not as kMaxVmNameLength demands
    kBadVcpuId,  // no vCPU of this machine can have it, or it is given twice
    kNameTaken,
    kTooManyVms,
    kTooManyVcpus,
    kNotFound,
  };
  struct CreateVmResult {
    Refusal refusal = Refusal::kNone;
    size_t bad_vcpu_index = 0;  // into vcpu_ids, with kBadVcpuId
    VmInfo vm;
  };
  struct CreateVcpuResult {
    Refusal refusal = Refusal::kNone;  // kTooManyVcpus or kNotFound
    int ret = 0;                       // what KVM_CREATE_VCPU returns
  };

  explicit VmRegistry(const Limits& limits);
  VmRegistry() : VmRegistry(Limits()) {}
  ~VmRegistry();
  VmRegistry(const VmRegistry&) = delete;
  VmRegistry& operator=(const VmRegistry&) = delete;

  const Limits& limits() const { return limits_; }

  CreateVmResult CreateVm(const VmSpec& spec);
  CreateVcpuResult CreateVcpu(uint64_t vm_id, uint32_t vcpu_id);
  // KVM_ENABLE_CAP, which must not overlap with the creation of vCPUs. Nothing if there is no such
  // VM.
  absl::optional<int> EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags);
  bool DeleteVm(uint64_t id);

  // Empty if there is no such VM.
  VmRef Find(uint64_t id) const { return VmRef(*this, id); }
  // 0 if there is no such VM.
  uint64_t FindId(absl::string_view name) const;
  // At most `most` VMs with ids above `after`, by id.
  std::vector<VmInfo> List(uint64_t after, size_t most) const;

 private:
  friend class VmRef;
  using Slot = Atomic<Vm*>;
  static constexpr uint64_t kSlotsPerPage = 4096;

  Slot* FindSlot(uint64_t id) const;
  Slot& MakeSlot(uint64_t id);
  uint64_t NextId();
  Refusal CheckSpec(const VmSpec& spec, size_t* bad_vcpu_index) const;
  std::string NameFor(const VmSpec& spec, uint64_t id) const;

  const Limits limits_;
  // VM `id` lies in slot `id % slot_count_`. Pages of slots are made when first needed.
  const uint64_t slot_count_;
  const std::unique_ptr<Atomic<Slot*>[]> pages_;

  mutable Mutex mutex_;
  uint64_t last_id_ = 0;
  uint64_t vcpu_count_ = 0;
  std::map<uint64_t, Vm*> by_id_;
  absl::flat_hash_map<std::string, uint64_t> by_name_;
};

VmInfo InfoOf(Vm& vm);

// Whether `name` may name a VM.
bool IsValidVmName(absl::string_view name);

}  // namespace irqd

#endif  // IRQD_CORE_VM_REGISTRY_H_
