#include "core/vcpu.h"

#include "core/local_rules.h"
#include "core/vcpu_update.h"
#include "core/vm.h"

namespace irqd {

Vcpu::~Vcpu() {
  // Nobody can reach this vCPU any more, so nobody reads its node.
  DeleteStateNode(NodeOf(word_.load(std::memory_order_relaxed)));
}

// Returns a word whose node, if any, cannot be freed until `hazard` lets go. The word was
// current at the last load.
VcpuWord Vcpu::LoadProtected(HazardPointer* hazard) const {
  VcpuWord word = word_.load();
  while (const StateNode* node = NodeOf(word)) {
    hazard->Protect(node);
    const VcpuWord again = word_.load();
    if (NodeOf(again) == node) return again;
    word = again;
  }
  return word;
}

// The VM's facts, loaded after `word` was. A word may be ahead of them by a SetMpState that is
// not through: its effect on the VM is brought about before anybody acts on the word.
VmFacts Vcpu::LoadFacts(VcpuWord word) const {
  VmFacts facts = vm_->facts();
  if (VmFacts{LastingFactsOf(word)}.user_controls_run_state() && !facts.user_controls_run_state()) {
    facts = vm_->LetUserControlRunState();
  }
  return facts;
}

// One attempt to publish `next` in place of `word`, which is protected. On failure `next` is
// taken back.
bool Vcpu::Replace(VcpuWord word, VcpuWord next) {
  StateNode* const old_node = NodeOf(word);
  StateNode* const new_node = NodeOf(next);
  VcpuWord expected = word;
  if (word_.compare_exchange_strong(expected, next)) {
    if (old_node != nullptr && old_node != new_node) Retire(old_node);
    return true;
  }
  if (new_node != old_node) DeleteStateNode(new_node);
  return false;
}

// Whether a word that replaces `word`, which is protected, has to keep BeforeSnapshot for a
// snapshot under way.
bool Vcpu::MustKeepBefore(VcpuWord word, VmFacts facts) const {
  const StateNode* node = NodeOf(word);
  const bool crosses = FactsOf(word).epoch() != facts.epoch();
  const bool keeps = crosses || (node != nullptr && node->has_before);
  return keeps && vm_->IsSnapshotUnderWay(facts);
}

// The state as it was when that snapshot began.
LocalState Vcpu::BeforeSnapshot(VcpuWord word, VmFacts facts) const {
  const bool crosses = FactsOf(word).epoch() != facts.epoch();
  return crosses ? Unpack(word) : *NodeOf(word)->before();
}

// The word that means `state` under `facts`, to replace `word`, which is protected.
VcpuWord Vcpu::Successor(const LocalState& state, VmFacts facts, VcpuWord word) const {
  if (!MustKeepBefore(word, facts)) return Pack(state, facts, word);
  const LocalState before = BeforeSnapshot(word, facts);
  return Pack(state, facts, word, &before);
}

uint64_t Vcpu::pending() const { return PendingWord(PendingOf(word_.load()), vm_->profile()); }

int Vcpu::S390Irq(const kvm_s390_irq& irq) {
  int result = 0;
  const bool on_word = UpdateWord([&](const LocalContext& context, WordState* word) {
    return InjectCommonIrq(irq, context, word, &result);
  });
  if (!on_word) {
    result = Update([&](const LocalContext& context, LocalState* state) {
      return InjectIrq(irq, context, state);
    });
  }
  if (result == 0) vm_->EndIdle(*this);
  return result;
}

int Vcpu::S390Interrupt(const kvm_s390_interrupt& interrupt) {
  kvm_s390_irq irq;
  const int result = InterruptToIrq(interrupt, &irq);
  return result != 0 ? result : S390Irq(irq);
}

int64_t Vcpu::GetIrqState(uint32_t len, std::string* images) {
  images->clear();
  return AppendIrqState(len, images);
}

int64_t Vcpu::AppendIrqState(uint32_t len, std::string* images) {
  const size_t start = images->size();
  return ObserveWord([&](const LocalContext& context, VcpuWord word) {
    images->resize(start);
    return irqd::AppendIrqState(IrqsOf(word), context.profile, len, images);
  });
}

int Vcpu::SetIrqState(uint32_t len, absl::Span<const uint8_t> images) {
  const int valid = CheckSetIrqStateLen(vm_->profile(), len);
  if (valid != 0) return valid;
  return Update([&](const LocalContext& context, LocalState* state) {
    return irqd::SetIrqState(images.first(len), context, state);
  });
}

// The reset of a vCPU that has a node and needs none afterwards. Nothing of the node is copied:
// that takes longer than all the rest. Does nothing and returns false if it is not so.
bool Vcpu::ResetToWord(ResetKind kind) {
  HazardPointer hazard;
  for (;;) {
    const VcpuWord word = LoadProtected(&hazard);
    const VmFacts facts = LoadFacts(word);
    if (NodeOf(word) == nullptr || MustKeepBefore(word, facts)) return false;
    const VcpuWord rest = WithoutPayload(word, facts);
    if (rest == 0) return false;
    WordState state(rest);
    state.Reset(kind, facts.user_controls_run_state());
    if (Replace(word, state.word())) return true;
  }
}

int Vcpu::Reset(ResetKind kind) {
  const bool on_word = UpdateWord([&](const LocalContext& context, WordState* word) {
    word->Reset(kind, context.user_controls_run_state);
    return true;
  });
  if (!on_word && !ResetToWord(kind)) {
    Update([&](const LocalContext& context, LocalState* state) {
      return irqd::Reset(kind, context, state);
    });
  }
  // Not before: a delivery in between could set the mark again.
  vm_->EndIdle(*this);
  return 0;
}

void Vcpu::LoseScaExternalCall() {
  Update([](const LocalContext& context, LocalState* state) {
    irqd::LoseScaExternalCall(context, state);
    return 0;
  });
}

int Vcpu::SetMpState(uint32_t mp_state) {
  const int result = Update(
      [&](const LocalContext&, LocalState* state) { return irqd::SetMpState(mp_state, state); },
      VmFacts{VmFacts::kUserControlsRunState});
  vm_->LetUserControlRunState();
  vm_->EndIdle(*this);
  return result;
}

int Vcpu::GetMpState() {
  return Observe(
      [](const LocalContext&, const LocalState& state) { return irqd::GetMpState(state); });
}

}  // namespace irqd
