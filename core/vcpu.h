// One simulated vCPU: its pending local interrupts, its run state, and the registers that decide
// what is delivered.
//
// Every method takes effect in one atomic step: at some instant between its
// start and its return, all of it or, where the kernel stops half-way, exactly what the kernel
// leaves (linearizable, together with all other calls on the VM). So GetIrqState shows
// one instant, payloads included.
//
// Thread safety: all methods may be called from any number of threads at once. Those above the line
// take no lock and do not wait: of the threads that work on one vCPU one always gets on, and a
// thread stopped anywhere stops nobody else. Those below it take the VM's mutex for floating
// interrupts. What a thread wrote before a call that changed the vCPU is visible to a thread after
// the call that saw the change.
//
// A Vcpu lives as long as its Vm. Errors are documented with the rules, in local_irq.h.
#ifndef IRQD_CORE_VCPU_H_
#define IRQD_CORE_VCPU_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "core/atomic.h"
#include "core/delivery.h"
#include "core/hazard_pointer.h"
#include "core/local_irq.h"
#include "core/registers_update.h"
#include "core/sigp.h"
#include "core/vcpu_word.h"

namespace irqd {

class Vm;

// A cache line of its own: neighbours do not disturb each other.
class alignas(64) Vcpu {
 public:
  Vcpu() = default;
  ~Vcpu();
  Vcpu(const Vcpu&) = delete;
  Vcpu& operator=(const Vcpu&) = delete;

  uint32_t id() const { return id_; }

  // The pending word as the host's kernel numbers its bits, by one atomic load. A glance: it
  // orders nothing.
  uint64_t pending() const;

  int S390Irq(const kvm_s390_irq& irq);
  int S390Interrupt(const kvm_s390_interrupt& interrupt);
  int64_t GetIrqState(uint32_t len, std::string* images);
  // The same, with the records after what `*images` holds already.
  int64_t AppendIrqState(uint32_t len, std::string* images);
  // `images` holds at least `len` bytes where CheckSetIrqStateLen accepts `len`; otherwise it is
  // not looked at.
  int SetIrqState(uint32_t len, absl::Span<const uint8_t> images);
  int Reset(ResetKind kind);
  int SetMpState(uint32_t mp_state);
  int GetMpState();

  VcpuRegisters GetRegisters();
  void SetRegisters(const VcpuRegistersUpdate& update);
  // The order that vCPU `from` of the same VM gives this one; see sigp.h.
  SigpResult Sigp(uint8_t order_code, uint32_t from, uint32_t parameter);

  // ---- These take the VM's mutex. See delivery.h.

  // At most `max` interrupts.
  DeliverResult Deliver(size_t max);
  Deliverable GetDeliverable();
  int StopIntercept();

 private:
  friend class Vm;

  // Replaces the state by what `op(context, &state)` makes of it, and returns its result. `op`
  // runs again when another call came in between.
  template <typename Op>
  auto Update(Op op, VmFacts also = VmFacts());
  // The same with an `op(context, &word_state)`. Does nothing and returns false if `op` returns
  // false, its change does not fit into the word, or the word was written under other facts.
  template <typename Op>
  bool UpdateWord(Op op);
  // As Update for an `op(context, state)`, or an `op(context, word)`, that changes nothing.
  template <typename Op>
  auto Observe(Op op);
  template <typename Op>
  auto ObserveWord(Op op);
  bool ResetToWord(ResetKind kind);
  VcpuWord LoadProtected(HazardPointer* hazard) const;
  VmFacts LoadFacts(VcpuWord word) const;
  bool MustKeepBefore(VcpuWord word, VmFacts facts) const;
  LocalState BeforeSnapshot(VcpuWord word, VmFacts facts) const;
  VcpuWord Successor(const LocalState& state, VmFacts facts, VcpuWord word) const;
  LocalState CollectForSnapshot(VmFacts facts);
  bool Replace(VcpuWord word, VcpuWord next);
  bool stopped() const { return IsStopped(word_.load()); }
  void MarkIdleIfWaiting();
  void LoseScaExternalCall();

  Atomic<VcpuWord> word_{IdleWord()};
  Vm* vm_ = nullptr;
  uint32_t id_ = 0;
  // This is the nth vCPU of its VM; 0: not created yet. See Vm::HasVcpu.
  Atomic<uint32_t> nth_{0};
};
static_assert(sizeof(Vcpu) == 64);

}  // namespace irqd

#endif  // IRQD_CORE_VCPU_H_
