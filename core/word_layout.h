// Where things stand in a vCPU's word; vcpu_word.h says what they mean.
#ifndef IRQD_CORE_WORD_LAYOUT_H_
#define IRQD_CORE_WORD_LAYOUT_H_

#include <cstdint>

#include "core/state_node.h"

namespace irqd {

inline constexpr int kStoppedBit = 11;
inline constexpr int kStoreStatusBit = 12;
inline constexpr int kFactsShift = 13;
inline constexpr int kInlineBit = 22;
// Of a word that carries its data:
inline constexpr int kExtcallShift = 23;
inline constexpr int kEmergencyShift = 31;
inline constexpr int kInitialRegistersBit = 39;
inline constexpr int kEpochShift = 40;
// Of a word that refers to a node:
inline constexpr int kNodeEpochBit = 23;
inline constexpr int kNodeShift = 24;
inline constexpr int kNodeAlignmentBits = 8;

static_assert(kLocalIrqCount == kStoppedBit, "pending bits end where the stopped bit is");
// A node's address has 48 bits, of which its alignment leaves the low 8 zero: 40 bits are stored.
static_assert(kStateNodeSize == 1 << kNodeAlignmentBits);
static_assert(64 - kNodeShift == 48 - kNodeAlignmentBits);

constexpr uint64_t Bit(int n) { return uint64_t{1} << n; }

}  // namespace irqd

#endif  // IRQD_CORE_WORD_LAYOUT_H_
