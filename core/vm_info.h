// Plain descriptions of VMs and vCPUs, for those who ask for them and those who answer.
#ifndef IRQD_CORE_VM_INFO_H_
#define IRQD_CORE_VM_INFO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/host_profile.h"

namespace irqd {

// What CreateVm makes.
struct VmSpec {
  std::string name;  // "": one is made, vm-ID
  HostProfile profile = DefaultHostProfile();
  std::vector<uint32_t> vcpu_ids;  // created with it
};

// What a VM looked like at one instant.
struct VmInfo {
  uint64_t id = 0;
  std::string name;
  HostProfile profile = DefaultHostProfile();
  uint32_t vcpu_count = 0;
  // The pending word of floating interrupts as the host's kernel numbers its bits. What only the
  // GISA holds is not in it.
  uint64_t floating_pending = 0;
};

// What a vCPU looked like.
struct VcpuInfo {
  uint32_t id = 0;
  uint32_t mp_state = 0;  // KVM_MP_STATE_STOPPED or KVM_MP_STATE_OPERATING
  uint64_t pending = 0;   // the pending word as the host's kernel numbers its bits
};

}  // namespace irqd

#endif  // IRQD_CORE_VM_INFO_H_
