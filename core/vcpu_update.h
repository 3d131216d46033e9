// How a vCPU's word is read and replaced. For the .cc files of Vcpu.
#ifndef IRQD_CORE_VCPU_UPDATE_H_
#define IRQD_CORE_VCPU_UPDATE_H_

#include "core/vcpu.h"
#include "core/vm.h"
#include "core/word_state.h"

namespace irqd {

// The existence check of a context, bound to the facts of one attempt.
struct ExistsUnder {
  const Vm* vm;
  VmFacts facts;
  bool operator()(uint32_t id) const { return vm->HasVcpu(id, facts); }
};

template <typename Op>
bool Vcpu::UpdateWord(Op op) {
  for (;;) {
    VcpuWord word = word_.load();
    const VmFacts facts = LoadFacts(word);
    if (!IsUnder(word, facts)) return false;
    const ExistsUnder exists{vm_, facts};
    WordState state(word);
    const LocalContext context{vm_->profile(), exists, facts.user_controls_run_state()};
    if (!op(context, &state) || !state.Fits()) return false;
    if (state.word() == word || word_.compare_exchange_strong(word, state.word())) return true;
  }
}

template <typename Op>
auto Vcpu::Update(Op op, VmFacts also) {
  HazardPointer hazard;
  for (;;) {
    const VcpuWord word = LoadProtected(&hazard);
    const VmFacts facts{LoadFacts(word).bits | also.bits};
    const ExistsUnder exists{vm_, facts};
    LocalState state = Unpack(word);
    auto result = op(LocalContext{vm_->profile(), exists, facts.user_controls_run_state()}, &state);
    const VcpuWord next = Successor(state, facts, word);
    if (next == word || Replace(word, next)) return result;
  }
}

template <typename Op>
auto Vcpu::ObserveWord(Op op) {
  HazardPointer hazard;
  for (;;) {
    const VcpuWord word = LoadProtected(&hazard);
    const VmFacts facts = LoadFacts(word);
    const ExistsUnder exists{vm_, facts};
    auto result = op(LocalContext{vm_->profile(), exists, facts.user_controls_run_state()}, word);
    // Whoever acts on facts older than these must not succeed after this call has returned.
    if (FactsOf(word).bits == facts.bits) return result;
    if (Replace(word, Successor(Unpack(word), facts, word))) return result;
  }
}

template <typename Op>
auto Vcpu::Observe(Op op) {
  return ObserveWord(
      [&](const LocalContext& context, VcpuWord word) { return op(context, Unpack(word)); });
}

}  // namespace irqd

#endif  // IRQD_CORE_VCPU_UPDATE_H_
