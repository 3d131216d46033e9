// How a vCPU's word is read and replaced. For the .cc files of Vcpu.
#ifndef IRQD_CORE_VCPU_UPDATE_H_
#define IRQD_CORE_VCPU_UPDATE_H_

#include "core/vcpu.h"
#include "core/vm.h"

namespace irqd {

// The existence check of a context, bound to the facts of one attempt.
struct ExistsUnder {
  const Vm* vm;
  VmFacts facts;
  bool operator()(uint32_t id) const { return vm->HasVcpu(id, facts); }
};

template <typename Op>
auto Vcpu::Update(Op op, VmFacts also) {
  HazardPointer hazard;
  for (;;) {
    const VcpuWord word = LoadProtected(&hazard);
    const VmFacts facts{LoadFacts(word).bits | also.bits};
    const ExistsUnder exists{vm_, facts};
    LocalState state = Unpack(word);
    auto result = op(LocalContext{vm_->profile(), exists, facts.user_controls_run_state()}, &state);
    const VcpuWord next = Pack(state, facts, word);
    if (next == word || Replace(word, next)) return result;
  }
}

template <typename Op>
auto Vcpu::Observe(Op op) {
  HazardPointer hazard;
  for (;;) {
    const VcpuWord word = LoadProtected(&hazard);
    const VmFacts facts = LoadFacts(word);
    const ExistsUnder exists{vm_, facts};
    const LocalState state = Unpack(word);
    auto result = op(LocalContext{vm_->profile(), exists, facts.user_controls_run_state()}, state);
    // Whoever acts on facts older than these must not succeed after this call has returned.
    const VcpuWord next = WithFacts(word, facts);
    if (next == word || Replace(word, next)) return result;
  }
}

}  // namespace irqd

#endif  // IRQD_CORE_VCPU_UPDATE_H_
