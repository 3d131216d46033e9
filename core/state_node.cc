#include "core/state_node.h"

#include <new>

namespace irqd {
namespace {

constexpr std::align_val_t kAlignment{kStateNodeSize};

// Memory for nodes that this thread keeps. Without a destructor of its own: threads free nodes in
// those of other variables too.
struct KeptMemory {
  void* blocks[kMostKeptNodes + 1];
  size_t count;
  bool closed;
};
thread_local KeptMemory kept;

struct FreeKeptMemory {
  ~FreeKeptMemory() {
    kept.closed = true;
    while (kept.count > 0) ::operator delete(kept.blocks[--kept.count], kAlignment);
  }
};

void* TakeMemory() {
  if (kept.count > 0) return kept.blocks[--kept.count];
  return ::operator new(kStateNodeSize, kAlignment);
}

void KeepMemory(void* block) {
  if (kept.closed || kept.count >= kMostKeptNodes) {
    ::operator delete(block, kAlignment);
    return;
  }
  thread_local FreeKeptMemory at_exit;
  (void)at_exit;
  kept.blocks[kept.count++] = block;
}

// Only while a snapshot is taken, so its memory is not kept.
struct CrossingNode : StateNode {
  LocalState state_before;
};

void Destroy(Retirable* retirable) { DeleteStateNode(static_cast<StateNode*>(retirable)); }

}  // namespace

const LocalState* StateNode::before() const {
  return has_before ? &static_cast<const CrossingNode*>(this)->state_before : nullptr;
}

StateNode* NewStateNode(const LocalState& state, uint32_t epoch, const LocalState* before) {
  if (before == nullptr) {
    return new (TakeMemory())
        StateNode{Retirable(&Destroy), state.payload, state.registers, epoch, false};
  }
  return new CrossingNode{{Retirable(&Destroy), state.payload, state.registers, epoch, true},
                          *before};
}

void DeleteStateNode(StateNode* node) {
  if (node == nullptr) return;
  if (node->has_before) {
    delete static_cast<CrossingNode*>(node);
  } else {
    KeepMemory(node);
  }
}

}  // namespace irqd
