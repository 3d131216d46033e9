// What the simulated machine is: the kernel it runs and the facilities it has.
//
// A profile is data. The semantics look things up in it and never ask for a kernel by name, so
// another kernel is another KernelRules table in host_profile.cc. Profiles are small values;
// the tables they refer to are constants, safe to use from any thread.
#ifndef IRQD_CORE_HOST_PROFILE_H_
#define IRQD_CORE_HOST_PROFILE_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace irqd {

// The local interrupts: what can be pending on one vCPU. The order is ours; where each stands
// in the pending word is the kernel's business, see KernelRules.
enum class LocalIrq : uint8_t {
  kSetPrefix,
  kRestart,
  kSigpStop,
  kPfaultInit,
  kCpuTimer,
  kClockComp,
  kExternalCall,  // in the pending word, or in the SCA with SIGP interpretation
  kEmergency,
  kMchkRepressible,
  kProgram,
  kMchkExigent,
};
inline constexpr int kLocalIrqCount = 11;

// The floating interrupts: what can be pending on a VM for any of its vCPUs to take.
enum class FloatIrq : uint8_t {
  kMchkRepressible,
  kServiceEvent,
  kService,
  kPfaultDone,
  kVirtio,
  kIoIsc0,  // .. kIoIsc0 + 7
};
inline constexpr int kIscCount = 8;
inline constexpr int kFloatIrqCount = 5 + kIscCount;

// Where a local interrupt stands in a kernel's pending word.
struct PendingBit {
  LocalIrq irq;
  uint8_t bit;  // counted from the right
};

// How one kernel version differs from another. docs/decisions/0007 shows how to add one.
struct KernelRules {
  absl::string_view name;  // as in the text form of a profile
  uint32_t max_vcpu_ids;   // KVM_MAX_VCPU_IDS: ids below it, without a SCA in the way
  // VCPU_IRQS_MAX_BUF: the most bytes that KVM_S390_SET_IRQ_STATE takes.
  uint32_t set_irq_state_max_len;
  bool has_extended_sca;  // false: the kernel does not use it where the machine has it
  // KVM_CAP_ numbers above it were given out later, and get 0.
  uint32_t last_capability;
  // The most INT_PFAULT_DONE that can be pending: 64 for each vCPU the kernel can have.
  uint32_t max_pfault_done;
  // A program interruption: the ILC is completed, and PER merged with what is pending.
  // false: the record replaces what is pending, as it came.
  bool completes_program;
  // The event part of a service signal is an interrupt of its own.
  bool has_service_event;
  // A repressible machine check is let through by the cr14 of local data too.
  bool local_cr14_counts;
  bool has_gisa;  // false: the kernel does not use it where the machine has it
  // Bit 10 of CR0 makes the clock comparator a signed number.
  bool has_signed_clock_comparator;
  // FLIC attribute groups above it came later, and are invalid.
  uint32_t last_flic_group;
  // By ascending bit, which is the order of KVM_S390_GET_IRQ_STATE.
  std::array<PendingBit, kLocalIrqCount> pending_bits;
  // Of FloatIrq n, in the same word. kServiceEvent has none without has_service_event.
  std::array<uint8_t, kFloatIrqCount> float_bits;
};

struct HostProfile {
  const KernelRules* kernel;
  // The machine interprets SIGP: an external call lives in the vCPU's SCA entry.
  bool sigp_interpretation = true;
  // The machine has the extended SCA: 248 vCPU ids instead of 64. Without SIGP interpretation
  // the kernel does not use SCA entries, and this says nothing.
  bool extended_sca = true;
  // The machine has adapter-interruption virtualization, and the kernel a GISA: adapter
  // interrupts are one bit for each ISC there, instead of entries in the VM's queues.
  bool gisa = false;

  friend bool operator==(const HostProfile& a, const HostProfile& b) {
    return a.kernel == b.kernel && a.sigp_interpretation == b.sigp_interpretation &&
           a.extended_sca == b.extended_sca && a.gisa == b.gisa;
  }
};

// linux-6.1 with SIGP interpretation and the extended SCA, without a GISA.
HostProfile DefaultHostProfile();

// The rules called `name`, e.g. "linux-6.1"; null if there are none.
const KernelRules* FindKernelRules(absl::string_view name);
// Every name that FindKernelRules knows, comma-separated, for messages.
std::string KernelRulesNames();

// Reads "linux-6.1,sigpif,esca,no-gisa": words in any order, each at most once, the rest as in
// DefaultHostProfile; "no-" turns a facility off; "" is the default.
// INVALID_ARGUMENT, naming the word, for any other.
absl::StatusOr<HostProfile> ParseHostProfile(absl::string_view text);
// The inverse: "linux-6.1,sigpif,esca" for the default, ",gisa" only where there is one.
std::string FormatHostProfile(const HostProfile& profile);

// One more than the highest vCPU id of this machine (sca_can_add_vcpu in the kernel).
uint32_t VcpuIdLimit(const HostProfile& profile);

// KVM_CHECK_EXTENSION: 0 for what the kernel does not have, and for what irqd does not
// simulate; otherwise as kvm_vm_ioctl_check_extension answers. The simulated host has as many
// CPUs online as a VM may have vCPUs.
int CheckExtension(const HostProfile& profile, uint64_t extension);

}  // namespace irqd

#endif  // IRQD_CORE_HOST_PROFILE_H_
