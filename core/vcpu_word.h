// How a LocalState lies in one 64-bit word, so that one compare-and-swap replaces it.
//
//   bit  0..10  pending, a bit for each LocalIrq
//       11      stopped
//       12      the pending SIGP_STOP asks to store the status
//       13..21  VmFacts::lasting() that the word was written under
//       22      the rest is data, not a reference
//       data: 23..30 sender of the external call, 31..38 sender of the one emergency signal,
//             39 the registers are as after an INITIAL reset (0: as when created),
//             40..62 VmFacts::epoch() that the word was written under
//       reference: 23 the lowest bit of that epoch; 24..63 address of a StateNode, shifted down by
//       8 and up by 24
//
// The common interrupts fit into the word. Payloads that do not are in a StateNode, which is
// immutable from its publication on. Two equal words with the same node, protected by a hazard
// pointer, mean equal states: that is what makes the compare-and-swap correct without a version.
#ifndef IRQD_CORE_VCPU_WORD_H_
#define IRQD_CORE_VCPU_WORD_H_

#include <cstdint>

#include "core/local_state.h"
#include "core/state_node.h"
#include "core/word_layout.h"

namespace irqd {

using VcpuWord = uint64_t;

// The facts about a VM that its vCPUs' words depend on. The lasting ones only ever grow.
struct VmFacts {
  // 0..7: how many vCPUs there are; 8: userspace controls run states; 9..31: epoch.
  uint32_t bits = 0;

  static constexpr uint32_t kUserControlsRunState = 0x100;
  static constexpr int kEpochShift = 9;
  static constexpr uint32_t kNextEpoch = 1u << kEpochShift;

  uint32_t vcpu_count() const { return bits & 0xff; }
  bool user_controls_run_state() const { return bits & kUserControlsRunState; }
  uint32_t lasting() const { return bits & (kNextEpoch - 1); }
  // How many snapshots of the VM have begun, modulo 2^23.
  uint32_t epoch() const { return bits >> kEpochShift; }
};

// The word of a vCPU that was just created: stopped, nothing pending, no facts.
VcpuWord IdleWord();

inline uint16_t PendingOf(VcpuWord word) { return word & ((1u << kLocalIrqCount) - 1); }
inline bool IsStopped(VcpuWord word) { return word & Bit(kStoppedBit); }
inline uint8_t StopFlagsOf(VcpuWord word) {
  return word & Bit(kStoreStatusBit) ? KVM_S390_STOP_FLAG_STORE_STATUS : 0;
}
// Null if the word carries all data itself.
inline StateNode* NodeOf(VcpuWord word) {
  if (word & Bit(kInlineBit)) return nullptr;
  return reinterpret_cast<StateNode*>(word >> kNodeShift << kNodeAlignmentBits);
}

// The lasting facts alone, without a look at the node.
inline uint32_t LastingFactsOf(VcpuWord word) { return word >> kFactsShift & 0x1ff; }
// Whether the word was written under `facts`. Of a word with a node the epoch is compared by its
// lowest bit: enough for a word that is current, which is at most one epoch behind its VM.
inline bool IsUnder(VcpuWord word, VmFacts facts) {
  if (LastingFactsOf(word) != facts.lasting()) return false;
  if (word & Bit(kInlineBit)) return word >> kEpochShift == facts.epoch();
  return (word >> kNodeEpochBit & 1) == (facts.epoch() & 1);
}

// In what follows the word's node, if it has one, must be protected.

inline VmFacts FactsOf(VcpuWord word) {
  const StateNode* node = NodeOf(word);
  const uint32_t epoch = node ? node->epoch : static_cast<uint32_t>(word >> kEpochShift);
  return VmFacts{LastingFactsOf(word) | epoch << VmFacts::kEpochShift};
}
LocalState Unpack(VcpuWord word);
// What is pending, without copying the node.
PendingIrqs IrqsOf(VcpuWord word);

// What `word`, which has a node, means but for what is pending and its data, under `facts`, as a
// word without a node; 0 if its registers do not fit into one.
VcpuWord WithoutPayload(VcpuWord word, VmFacts facts);

// The word that means `state` under `facts`, to replace `current`. `before`, unless null, is what a
// snapshot that is under way has still to see of the vCPU. If only bits of the word change, its
// node is used again. Otherwise a new node is made where one is needed; the caller owns it until
// the word is published.
VcpuWord Pack(const LocalState& state, VmFacts facts, VcpuWord current,
              const LocalState* before = nullptr);

}  // namespace irqd

#endif  // IRQD_CORE_VCPU_WORD_H_
