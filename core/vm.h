// One simulated virtual machine: a host profile and up to 255 vCPUs.
//
// Thread safety: all methods may be called from any number of threads, but CreateVcpu and EnableCap
// calls must not overlap each other (VmRegistry sees to it, as kvm->lock does in the kernel).
// Finding a vCPU neither locks nor waits, also while one is created. What is about floating
// interrupts, the FLIC, the clock and new PSWs takes a mutex of the VM, and so do deliveries
// (vcpu.h).
//
// What a thread wrote before CreateVcpu is visible to a thread that found the vCPU.
#ifndef IRQD_CORE_VM_H_
#define IRQD_CORE_VM_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "core/atomic.h"
#include "core/float_irq.h"
#include "core/hazard_pointer.h"
#include "core/host_profile.h"
#include "core/registers_update.h"
#include "core/vcpu.h"
#include "core/vm_floating.h"

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
  //   -EEXIST  the VM has it already; an external call that its SCA holds is lost then
  // Source: kvm_vm_ioctl_create_vcpu and sca_can_add_vcpu.
  int CreateVcpu(uint32_t id);

  // Null if the VM has no such vCPU.
  Vcpu* FindVcpu(uint32_t id);
  // Ascending.
  std::vector<uint32_t> VcpuIds() const;
  uint32_t vcpu_count() const { return facts().vcpu_count(); }

  // KVM_S390_INTERRUPT, KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, KVM_CREATE_DEVICE and
  // KVM_ENABLE_CAP; see float_irq.h. The FLIC answers whether it was created or not. Each
  // interrupt wakes an idle vCPU, the one created first; if none is idle, the next in turn that is
  // not stopped; if all are stopped, none.
  FloatReply S390Interrupt(const kvm_s390_interrupt& interrupt);
  FloatReply SetDeviceAttr(const DeviceAttr& attr, absl::Span<const uint8_t> memory);
  int64_t GetDeviceAttr(const DeviceAttr& attr, std::string* memory);
  int CreateDevice(uint32_t type, uint32_t flags);
  int EnableCap(uint32_t cap, uint32_t flags);
  // The pending word of floating interrupts as the host's kernel numbers its bits, and the
  // GISA's mask.
  uint64_t floating_pending();
  uint8_t gisa_ipm();

  VmRegisters GetRegisters();
  void SetRegisters(const VmRegistersUpdate& update);

  // Calls `visit` with every vCPU there is, by ascending id, and its state: all at one instant,
  // which lies between start and return. irqd's own; the kernel has nothing like it. Calls on
  // vCPUs do not wait for it; each vCPU's first change meanwhile copies its state. Snapshots of one
  // VM wait for each other, and `visit` must not take one.
  void Snapshot(absl::FunctionRef<void(uint32_t id, const LocalState& state)> visit);

  // A vCPU is idle, so that floating interrupts wake it before others, from a delivery that leaves
  // it in an enabled wait until it is woken, run, reset or otherwise changed.
  bool IsIdle(const Vcpu& vcpu) const;

  // For Vcpu: what its rules look at. A fact, once seen, stays.
  VmFacts facts() const { return VmFacts{facts_.load()}; }
  bool HasVcpu(uint32_t id, VmFacts facts) const;
  // Returns the facts, this one included.
  VmFacts LetUserControlRunState();
  // Whether the snapshot that began the epoch of `facts` may still have to look at a vCPU.
  bool IsSnapshotUnderWay(VmFacts facts) const { return snapshots_done_.load() != facts.epoch(); }
  void BeginIdle(const Vcpu& vcpu);
  void EndIdle(const Vcpu& vcpu);
  // Made when first needed: most VMs never have one.
  VmFloating& floating();

 private:
  // vCPUs come in groups: one allocation and one pointer for each eight.
  static constexpr uint32_t kGroupSize = 8;
  struct Group {
    Vcpu vcpus[kGroupSize];
  };
  static constexpr uint32_t kGroups = (kMaxVcpuIds + kGroupSize - 1) / kGroupSize;

  const Vcpu* Slot(uint32_t id) const;
  const Vcpu* FindVcpu(uint32_t id, VmFacts facts) const;
  // With the mutex of `floating` held.
  Vcpu* ByCreation(uint32_t index, VmFloating* floating);
  void WakeOne(VmFloating* floating, std::vector<uint32_t>* woken);
  uint32_t FirstIdle(uint32_t online) const;

  const uint64_t id_;
  const std::string name_;
  const HostProfile profile_;
  Atomic<uint32_t> facts_{0};
  Mutex snapshot_mutex_;
  // The epoch of the last snapshot that is through.
  Atomic<uint32_t> snapshots_done_{0};
  std::array<Atomic<Group*>, kGroups> groups_ = {};
  Atomic<VmFloating*> floating_{nullptr};
  // Bit n: the vCPU created as number n, from 0, is idle.
  std::array<Atomic<uint64_t>, 4> idle_ = {};
};

// What every call does is inline.

inline const Vcpu* Vm::Slot(uint32_t id) const {
  if (id >= kMaxVcpuIds) return nullptr;
  const Group* group = groups_[id / kGroupSize].load(std::memory_order_acquire);
  return group ? &group->vcpus[id % kGroupSize] : nullptr;
}

inline const Vcpu* Vm::FindVcpu(uint32_t id, VmFacts facts) const {
  const Vcpu* vcpu = Slot(id);
  if (vcpu == nullptr) return nullptr;
  const uint32_t nth = vcpu->nth_.load(std::memory_order_relaxed);
  return nth != 0 && nth <= facts.vcpu_count() ? vcpu : nullptr;
}

inline bool Vm::HasVcpu(uint32_t id, VmFacts facts) const { return FindVcpu(id, facts) != nullptr; }

inline Vcpu* Vm::FindVcpu(uint32_t id) { return const_cast<Vcpu*>(FindVcpu(id, facts())); }

inline bool Vm::IsIdle(const Vcpu& vcpu) const {
  const uint32_t index = vcpu.nth_.load(std::memory_order_relaxed) - 1;
  return idle_[index / 64].load() >> (index % 64) & 1;
}

inline void Vm::EndIdle(const Vcpu& vcpu) {
  // Few ever are: a load is cheaper than what it saves.
  if (!IsIdle(vcpu)) return;
  const uint32_t index = vcpu.nth_.load(std::memory_order_relaxed) - 1;
  idle_[index / 64].fetch_and(~(uint64_t{1} << (index % 64)));
}

}  // namespace irqd

#endif  // IRQD_CORE_VM_H_
