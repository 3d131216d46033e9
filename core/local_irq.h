// The kernel's rules for local interrupts, as pure functions over a LocalState.
//
// Each function is one ioctl after its arguments were copied in. It reads `context`, changes
// `*state` and nothing else, and returns what the ioctl returns: 0 or more, or -errno. Where it
// fails, the state is what the kernel leaves: unchanged, but for SetIrqState's half-way stop.
// They may be called from any thread on values of its own.
//
// Source: arch/s390/kvm/interrupt.c and kvm-s390.c of Linux 6.1.
#ifndef IRQD_CORE_LOCAL_IRQ_H_
#define IRQD_CORE_LOCAL_IRQ_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "core/host_profile.h"
#include "core/kvm_s390.h"
#include "core/local_state.h"

namespace irqd {

// What the rules look at besides the vCPU itself.
struct LocalContext {
  const HostProfile& profile;
  // Whether the VM has a vCPU of this id.
  absl::FunctionRef<bool(uint32_t id)> vcpu_exists;
  // Userspace set a run state with KVM_SET_MP_STATE, in this VM, ever.
  bool user_controls_run_state = false;
};

// KVM_S390_IRQ. Errors, by type:
//   SIGP_SET_PREFIX     EBUSY   the vCPU is not stopped
//   SIGP_STOP           EINVAL  flags other than KVM_S390_STOP_FLAG_STORE_STATUS
//                       EBUSY   a stop is pending already
//   INT_EXTERNAL_CALL   EINVAL  code names no vCPU
//                       EBUSY   an external call is pending already
//   INT_EMERGENCY       EINVAL  code names no vCPU
//   any type not local  EINVAL
// A stop on a stopped vCPU succeeds and leaves nothing; its flag to store the status has no
// effect that irqd could show, as it simulates no memory.
int InjectIrq(const kvm_s390_irq& irq, const LocalContext& context, LocalState* state);

// KVM_S390_INTERRUPT: makes the record that `interrupt` means, then as InjectIrq.
//   EINVAL  PROGRAM_INT, INT_EXTERNAL_CALL, INT_EMERGENCY: parm above 0xffff
//   EINVAL  a type not local
// and the errors of InjectIrq.
int InjectInterrupt(const kvm_s390_interrupt& interrupt, const LocalContext& context,
                    LocalState* state);
// Its first step alone, with the first of its errors (s390int_to_s390irq).
int InterruptToIrq(const kvm_s390_interrupt& interrupt, kvm_s390_irq* irq);

// KVM_S390_GET_IRQ_STATE with room for `len` bytes. `*images` becomes the records that fit,
// kIrqSize bytes each: by ascending bit of the pending word, then the emergency signals by
// ascending sender, then an external call that the SCA holds. Returns their size in bytes.
//   EINVAL   len is 0
//   ENOBUFS  more is pending than fits; `*images` holds what fits
// From 0x80000000 `len` means "no limit", as in the kernel.
int64_t GetIrqState(const PendingIrqs& state, const LocalContext& context, uint32_t len,
                    std::string* images);
// The same, with the records after what `*images` holds already.
int64_t AppendIrqState(const PendingIrqs& state, const HostProfile& profile, uint32_t len,
                       std::string* images);

// The checks that KVM_S390_SET_IRQ_STATE makes before it looks at the buffer: 0 or
//   EINVAL   len above the kernel's limit (20,664 on linux-6.1), 0, or no multiple of kIrqSize
int CheckSetIrqStateLen(const HostProfile& profile, uint32_t len);

// The rest of KVM_S390_SET_IRQ_STATE on a list of images, whose size CheckSetIrqStateLen
// accepts:
//   EBUSY    something is pending; an external call in the SCA does not count
//   and the errors of InjectIrq, from the first record that fails. Records before it stay.
int SetIrqState(absl::Span<const uint8_t> images, const LocalContext& context, LocalState* state);

// KVM_S390_NORMAL_RESET, _INITIAL_RESET, _CLEAR_RESET.
enum class ResetKind { kNormal, kInitial, kClear };

// All kinds do the same to interrupts: all local ones are gone, and the vCPU stops unless
// userspace controls run states. kNormal keeps the registers but for bit 24 of the PSW mask; the
// others set InitialRegisters. Returns 0.
int Reset(ResetKind kind, const LocalContext& context, LocalState* state);

// What a KVM_CREATE_VCPU that fails because the vCPU is there does to it: an external call that the
// SCA holds is lost. Source: kvm_vm_ioctl_create_vcpu finds out late, and kvm_arch_vcpu_destroy
// then clears the SCA entry of the id.
void LoseScaExternalCall(const LocalContext& context, LocalState* state);

// KVM_SET_MP_STATE, but for its effect on user_controls_run_state, which is the VM's:
//   ENXIO    mp_state is neither KVM_MP_STATE_STOPPED nor KVM_MP_STATE_OPERATING
// Stopping a running vCPU clears a pending SIGP_STOP and nothing else.
int SetMpState(uint32_t mp_state, LocalState* state);

// KVM_GET_MP_STATE: the state itself is the ioctl's result.
int GetMpState(const LocalState& state);

// The pending word as this kernel numbers its bits. An external call in the SCA is not in it.
uint64_t PendingWord(uint16_t pending, const HostProfile& profile);

}  // namespace irqd

#endif  // IRQD_CORE_LOCAL_IRQ_H_
