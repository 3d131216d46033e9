// How a LocalState lies in one 64-bit word, so that one compare-and-swap replaces it.
//
//   bit  0..10  pending, a bit for each LocalIrq
//       11      stopped
//       12      the pending SIGP_STOP asks to store the status
//       13..21  VmFacts (see vm.h) that the word was written under
//       22      the rest is data, not a reference
//       23..63  data: 23..30 sender of the external call, 31..38 sender of the one emergency
//               signal, 39 the registers are as after an INITIAL reset (0: as when created)
//               reference: address of a StateNode, 7 bits to the left of where it is here
//
// The common interrupts fit into the word. Payloads that do not are in a StateNode, which is
// immutable from its publication on. Two equal words with the same node, protected by a hazard
// pointer, mean equal states: that is what makes the compare-and-swap correct without a version.
#ifndef IRQD_CORE_VCPU_WORD_H_
#define IRQD_CORE_VCPU_WORD_H_

#include <cstdint>

#include "core/hazard_pointer.h"
#include "core/local_state.h"

namespace irqd {

using VcpuWord = uint64_t;

// The facts about a VM that the rules look at. They only ever grow.
struct VmFacts {
  uint32_t bits = 0;  // 0..7: how many vCPUs there are; 8: userspace controls run states

  static constexpr uint32_t kUserControlsRunState = 0x100;
  uint32_t vcpu_count() const { return bits & 0xff; }
  bool user_controls_run_state() const { return bits & kUserControlsRunState; }
};

// Payloads and registers of one state, shared by reference. 256 bytes with what the allocator adds
// nothing to.
struct alignas(128) StateNode : Retirable {
  StateNode(const LocalPayload& p, const VcpuRegisters& r);
  LocalPayload payload;
  VcpuRegisters registers;
};

// The word of a vCPU that was just created: stopped, nothing pending, no facts.
VcpuWord IdleWord();

inline uint16_t PendingOf(VcpuWord word) { return word & ((1u << kLocalIrqCount) - 1); }
inline bool IsStopped(VcpuWord word) { return word >> 11 & 1; }
inline VmFacts FactsOf(VcpuWord word) { return VmFacts{static_cast<uint32_t>(word >> 13) & 0x1ff}; }
// The same state under other facts.
VcpuWord WithFacts(VcpuWord word, VmFacts facts);
// Null if the word carries all data itself.
StateNode* NodeOf(VcpuWord word);

// The state that a word means. Its node, if it has one, must be protected.
LocalState Unpack(VcpuWord word);

// The word that means `state` under `facts`. `current`, whose node must be protected, is the word
// it is to replace: if the payloads are the same, its node is used again. Otherwise a new
// node is made where one is needed; the caller owns it until the word is published.
VcpuWord Pack(const LocalState& state, VmFacts facts, VcpuWord current);

}  // namespace irqd

#endif  // IRQD_CORE_VCPU_WORD_H_
