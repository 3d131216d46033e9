// One simulated virtual machine: a host profile and up to 255 vCPUs.
//
// Thread safety: all methods may be called from any number of threads, but CreateVcpu calls must
// not overlap each other (VmRegistry sees to it, as kvm->lock does in the kernel). Finding a vCPU
// and all that vCPUs do neither lock nor wait, also while one is created.
//
// What a thread wrote before CreateVcpu is visible to a thread that found the vCPU.
#ifndef IRQD_CORE_VM_H_
#define IRQD_CORE_VM_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/hazard_pointer.h"
#include "core/host_profile.h"
#include "core/vcpu.h"

namespace irqd {

class Vm : public Retirable {
 public:
  Vm(uint64_t id, std::string name, const HostProfile& profile);
  ~Vm();
  Vm(const Vm&) = delete;
  Vm& operator=(const Vm&) = delete;

  uint64_t id() const { return id_; }
  const std::string& name() const { return name_; }
  const HostProfile& profile() const { return profile_; }

  // KVM_CREATE_VCPU. 0, or
  //   -EINVAL  no vCPU of this machine can have the id
  //   -EEXIST  the VM has it already
  // Source: kvm_vm_ioctl_create_vcpu and sca_can_add_vcpu.
  int CreateVcpu(uint32_t id);

  // Null if the VM has no such vCPU.
  Vcpu* FindVcpu(uint32_t id);
  // Ascending.
  std::vector<uint32_t> VcpuIds() const;
  uint32_t vcpu_count() const { return facts().vcpu_count(); }

  // For Vcpu: what its rules look at. A fact, once seen, stays.
  VmFacts facts() const { return VmFacts{facts_.load()}; }
  bool HasVcpu(uint32_t id, VmFacts facts) const;
  // Returns the facts, this one included.
  VmFacts LetUserControlRunState();

 private:
  // vCPUs come in groups: one allocation and one pointer for each eight.
  static constexpr uint32_t kGroupSize = 8;
  struct Group {
    Vcpu vcpus[kGroupSize];
  };
  static constexpr uint32_t kGroups = (kMaxVcpuIds + kGroupSize - 1) / kGroupSize;

  const Vcpu* Slot(uint32_t id) const;

  const uint64_t id_;
  const std::string name_;
  const HostProfile profile_;
  std::atomic<uint32_t> facts_{0};
  std::array<std::atomic<Group*>, kGroups> groups_ = {};
};

}  // namespace irqd

#endif  // IRQD_CORE_VM_H_
