// What a vCPU takes from what is pending when it enters the guest, as functions over values.
//
// The simulated guest has no memory but for the masks of its new PSWs, which are the same for
// all vCPUs of a VM, whatever their prefix. So storing never faults, and what an interruption
// stores besides PSWs is in the record that Deliver returns.
//
// Deliver takes in this order: exigent machine check, program, repressible machine check, emergency
// signals by sender, external call, clock comparator, CPU timer, service signal (event part first),
// pfault-init, pfault-done, virtio, I/O by ISC, restart, set-prefix. After each one masks are
// looked at anew: an interruption loads the PSW mask of its class.
//
// Source: kvm_s390_deliver_pending_interrupts, deliverable_irqs, handle_stop and
// kvm_s390_handle_wait of Linux 6.1.
#ifndef IRQD_CORE_DELIVERY_H_
#define IRQD_CORE_DELIVERY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/float_taker.h"
#include "core/host_profile.h"
#include "core/kvm_s390.h"
#include "core/local_irq.h"
#include "core/local_state.h"

namespace irqd {

// Of the PSWs that the guest's lowcores hold for the classes of interruptions.
struct NewPswMasks {
  uint64_t restart = 0;
  uint64_t external = 0;
  uint64_t program = 0;
  uint64_t machine_check = 0;
  uint64_t io = 0;
};

// What the guest's VM looks like to its vCPUs, besides interrupts.
struct VmRegisters {
  uint64_t tod_clock = 0x2000000000000000;  // stands still until it is set
  NewPswMasks new_psw_masks;
};

// What keeps a pending interrupt from being delivered. Bits count from the left.
enum class HeldBy : uint8_t {
  kNothing,
  kPswExternal,         // bit 7 of the PSW mask is 0
  kPswIo,               // bit 6
  kPswMachineCheck,     // bit 13
  kCr0EmergencySignal,  // bit 49 of CR0
  kCr0ExternalCall,     // bit 50
  kCr0ClockComparator,  // bit 52
  kCr0CpuTimer,         // bit 53
  kCr0ServiceSignal,    // bit 54
  kCr6Isc,              // bit 32 + ISC of CR6; for ISC 0 bits 0 to 32
  kCr14Subclass,        // CR14 has none of the bits that the pending checks' cr14 have
  kTimerNotReached,     // the clock does not agree: the next delivery drops it
  kStopIntercept,       // a stop is never delivered; StopIntercept takes it
  kSigpInterpretation,  // the machine delivers it itself, not the kernel
};

// One kind of interrupt that is pending.
struct PendingIrq {
  uint64_t type = 0;   // KVM_S390_...; for I/O KVM_S390_INT_IO_MIN
  uint32_t isc = 0;    // I/O only
  uint32_t count = 0;  // how many of them
  HeldBy held_by = HeldBy::kNothing;
};

struct DeliveredIrq {
  kvm_s390_irq irq;
  // What the kernel's trace point of a delivery says:
  //   emergency, external call   the sending CPU's id, 0
  //   pfault-init, pfault-done   0, ext_params2
  //   virtio                     ext_params, ext_params2
  //   service signal             ext_params, 0
  //   program                    code, 0
  //   machine check              cr14, mcic, of local and floating checks together
  //   set-prefix                 address as injected, 0
  //   I/O                        subchannel_id << 16 | subchannel_nr,
  //                              io_int_parm << 32 | io_int_word
  //   timers, restart            0, 0
  uint64_t data0 = 0;
  uint64_t data1 = 0;
};

struct DeliverResult {
  int ret = 0;
  std::vector<DeliveredIrq> delivered;
  std::vector<PendingIrq> pending;  // afterwards, by descending priority
  bool more = false;                // `max` ended it: something could still be delivered
};

struct Deliverable {
  std::vector<PendingIrq> pending;    // by descending priority
  bool has_irq = false;               // HasIrq: something would be delivered, or a stop is pending
  bool has_irq_besides_stop = false;  // the same without the stop
};

struct DeliveryContext {
  const HostProfile& profile;
  const VmRegisters& vm;
};

// Delivers until nothing more can be, or `max` have been. First brings clock-comparator and
// CPU-timer interrupts into line with the clock: injected ones that do not agree are lost.
DeliverResult Deliver(const DeliveryContext& context, size_t max, LocalState* local,
                      FloatTaker* floating);

// What is pending, by descending priority, as Deliver would find it. Changes nothing.
std::vector<PendingIrq> ListPending(const DeliveryContext& context, const LocalState& local,
                                    const FloatTaker& floating);

// kvm_s390_vcpu_has_irq: whether anything would be delivered.
bool HasIrq(const DeliveryContext& context, const LocalState& local, const FloatTaker& floating,
            bool exclude_stop);

// handle_stop, what a stop intercept leads to:
//   0            nothing: something else is deliverable, or no stop is pending
//   -EOPNOTSUPP  the exit goes to userspace. Unless userspace controls run states, the vCPU is
//                stopped, and the pending stop gone
int StopIntercept(const DeliveryContext& context, const LocalContext& local_context,
                  const FloatTaker& floating, LocalState* local);

// kvm_s390_handle_wait: whether the vCPU would go to sleep, as an idle one that a floating
// interrupt may wake.
bool WouldWait(const DeliveryContext& context, const LocalState& local, const FloatTaker& floating);

}  // namespace irqd

#endif  // IRQD_CORE_DELIVERY_H_
