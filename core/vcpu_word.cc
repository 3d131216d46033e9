#include "core/vcpu_word.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace irqd {
namespace {

uint64_t NodeBits(const StateNode* node) {
  const uint64_t address = reinterpret_cast<uintptr_t>(node);
  if (address >> 48 != 0) {
    std::fprintf(stderr, "irqd: a state node lies above the 48-bit address range\n");
    std::abort();
  }
  return address << (kNodeShift - kNodeAlignmentBits);
}

const VcpuRegisters kZeroRegisters;
const VcpuRegisters kInitialRegisters = InitialRegisters();

// Adds to data that are all zero what a word without a node means.
void ReadInline(VcpuWord word, kvm_s390_extcall_info* extcall, VcpuIdSet* emergency) {
  const auto has = [word](LocalIrq irq) { return word >> static_cast<int>(irq) & 1; };
  if (has(LocalIrq::kExternalCall)) extcall->code = word >> kExtcallShift & 0xff;
  if (has(LocalIrq::kEmergency)) emergency->Add(word >> kEmergencyShift & 0xff);
}

// In one expression, without a copy: what was just written in pieces is slow to read as a whole.
bool IsZero(const kvm_s390_mchk_info& mchk) {
  uint64_t logout[2];
  static_assert(sizeof(logout) == sizeof(mchk.fixed_logout));
  std::memcpy(logout, mchk.fixed_logout, sizeof(logout));
  return (mchk.cr14 | mchk.mcic | mchk.failing_storage_address | mchk.ext_damage_code | mchk.pad |
          logout[0] | logout[1]) == 0;
}

// The register bit of an inline word, or -1 if they do not fit into one.
int InlineRegisters(const VcpuRegisters& registers) {
  const uint64_t rest = registers.psw_mask | registers.cr6 | registers.clock_comparator |
                        registers.cpu_timer | registers.prefix | registers.unused;
  if (rest != 0) return -1;
  if (registers.cr0 == 0 && registers.cr14 == 0) return 0;
  const bool initial =
      registers.cr0 == kInitialRegisters.cr0 && registers.cr14 == kInitialRegisters.cr14;
  return initial ? 1 : -1;
}

// What an inline word has for `state`, but for its facts; 0 if it does not fit. What is not pending
// has no data, but for machine checks; comparing whole payloads instead would take longer than
// everything else together.
uint64_t InlineBits(const LocalState& state) {
  constexpr uint16_t kNeedNode =
      Bit(static_cast<int>(LocalIrq::kSetPrefix)) | Bit(static_cast<int>(LocalIrq::kPfaultInit)) |
      Bit(static_cast<int>(LocalIrq::kProgram)) | Bit(static_cast<int>(LocalIrq::kMchkExigent)) |
      Bit(static_cast<int>(LocalIrq::kMchkRepressible));
  if ((state.pending & kNeedNode) != 0) return 0;
  const LocalPayload& payload = state.payload;
  const int registers = InlineRegisters(state.registers);
  if (registers < 0 || !payload.emergency.HasAtMostOne() || !IsZero(payload.mchk)) return 0;
  uint64_t bits = Bit(kInlineBit) | uint64_t{payload.extcall.code & 0xffu} << kExtcallShift;
  if (registers == 1) bits |= Bit(kInitialRegistersBit);
  if (!payload.emergency.IsEmpty()) bits |= uint64_t{payload.emergency.Lowest()} << kEmergencyShift;
  return bits;
}

uint64_t HeaderBits(const LocalState& state, VmFacts facts) {
  return state.pending | (state.stopped ? Bit(kStoppedBit) : 0) |
         (state.stop_flags ? Bit(kStoreStatusBit) : 0) | uint64_t{facts.lasting()} << kFactsShift;
}

// Whether `node` says what a node made now would say. Of one epoch, what was before is the same.
bool CanBeUsedAgain(const StateNode& node, const LocalState& state, VmFacts facts,
                    const LocalState* before) {
  return node.epoch == facts.epoch() && node.has_before == (before != nullptr) &&
         node.payload == state.payload && node.registers == state.registers;
}

}  // namespace

VcpuWord IdleWord() { return Bit(kStoppedBit) | Bit(kInlineBit); }

LocalState Unpack(VcpuWord word) {
  const StateNode* node = NodeOf(word);
  const bool initial = word & Bit(kInitialRegistersBit);
  // One object and one return: it is made where the caller wants it.
  LocalState state(PendingOf(word), IsStopped(word), StopFlagsOf(word),
                   node ? node->payload : kNoPayload,
                   node      ? node->registers
                   : initial ? kInitialRegisters
                             : kZeroRegisters);
  if (node == nullptr) ReadInline(word, &state.payload.extcall, &state.payload.emergency);
  return state;
}

PendingIrqs IrqsOf(VcpuWord word) {
  const StateNode* node = NodeOf(word);
  PendingIrqs irqs(PendingOf(word), StopFlagsOf(word), node ? node->payload : kNoPayload);
  if (node == nullptr) ReadInline(word, &irqs.extcall, &irqs.emergency);
  return irqs;
}

VcpuWord WithoutPayload(VcpuWord word, VmFacts facts) {
  const int registers = InlineRegisters(NodeOf(word)->registers);
  if (registers < 0) return 0;
  return (word & Bit(kStoppedBit)) | Bit(kInlineBit) |
         (registers == 1 ? Bit(kInitialRegistersBit) : 0) |
         uint64_t{facts.lasting()} << kFactsShift | uint64_t{facts.epoch()} << kEpochShift;
}

VcpuWord Pack(const LocalState& state, VmFacts facts, VcpuWord current, const LocalState* before) {
  const uint64_t header = HeaderBits(state, facts);
  if (before == nullptr) {
    const uint64_t data = InlineBits(state);
    if (data != 0) return header | data | uint64_t{facts.epoch()} << kEpochShift;
  }
  StateNode* node = NodeOf(current);
  if (node == nullptr || !CanBeUsedAgain(*node, state, facts, before)) {
    node = NewStateNode(state, facts.epoch(), before);
  }
  return header | NodeBits(node) | uint64_t{facts.epoch() & 1} << kNodeEpochBit;
}

}  // namespace irqd
