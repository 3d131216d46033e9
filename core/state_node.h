// The part of a vCPU's state that does not fit into its word.
//
// A node is immutable from its publication on, and freed by hazard pointers. A thread keeps a few
// freed ones for its next calls, so that a steady stream of them allocates nothing.
#ifndef IRQD_CORE_STATE_NODE_H_
#define IRQD_CORE_STATE_NODE_H_

#include <cstddef>
#include <cstdint>

#include "core/hazard_pointer.h"
#include "core/local_state.h"

namespace irqd {

inline constexpr size_t kStateNodeSize = 256;

// Freed nodes that a thread keeps. What reads a freed node is seen only if it is freed: by
// sanitizers, and by tests that spoil it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(IRQD_SCHEDULE_POINTS)
inline constexpr size_t kMostKeptNodes = 0;
#else
inline constexpr size_t kMostKeptNodes = 64;
#endif

// Payloads and registers of one state, shared by reference.
struct alignas(kStateNodeSize) StateNode : Retirable {
  LocalPayload payload;
  VcpuRegisters registers;
  // The VmFacts::epoch() that the state was written under.
  uint32_t epoch;
  bool has_before;

  // What the vCPU was when snapshot `epoch` began, for the thread that takes it; null if the state
  // was first changed when that thread had been here.
  const LocalState* before() const;
};
static_assert(sizeof(StateNode) == kStateNodeSize);

// A node for `state`. `before`, unless null, is copied.
StateNode* NewStateNode(const LocalState& state, uint32_t epoch, const LocalState* before);
// Takes back a node that nobody else can reach; null does nothing.
void DeleteStateNode(StateNode* node);

}  // namespace irqd

#endif  // IRQD_CORE_STATE_NODE_H_
