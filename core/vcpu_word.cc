#include "core/vcpu_word.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace irqd {
namespace {

constexpr int kStoppedBit = 11;
constexpr int kStoreStatusBit = 12;
constexpr int kFactsShift = 13;
constexpr int kInlineBit = 22;
constexpr int kExtcallShift = 23;
constexpr int kEmergencyShift = 31;
constexpr int kInitialRegistersBit = 39;
constexpr int kNodeShift = 23;

static_assert(kLocalIrqCount == kStoppedBit, "pending bits end where the stopped bit is");
// A node's address has 48 bits, of which its alignment leaves the low 7 zero: 41 bits are stored.
static_assert(alignof(StateNode) == 128 && 64 - kNodeShift == 48 - 7);
static_assert(sizeof(StateNode) == 256);

constexpr uint64_t Bit(int n) { return uint64_t{1} << n; }

uint64_t NodeBits(const StateNode* node) {
  const uint64_t address = reinterpret_cast<uintptr_t>(node);
  if (address >> 48 != 0) {
    std::fprintf(stderr, "irqd: a state node lies above the 48-bit address range\n");
    std::abort();
  }
  return address << (kNodeShift - 7);
}

// Fills `*state`, whose payload and registers are all zero, with what a word without a node means.
void ReadInline(VcpuWord word, LocalState* state) {
  LocalPayload* const payload = &state->payload;
  const auto has = [word](LocalIrq irq) { return word >> static_cast<int>(irq) & 1; };
  if (has(LocalIrq::kExternalCall)) payload->extcall.code = word >> kExtcallShift & 0xff;
  if (has(LocalIrq::kEmergency)) payload->emergency.Add(word >> kEmergencyShift & 0xff);
  if (word & Bit(kInitialRegistersBit)) state->registers = InitialRegisters();
}

// Whether a word can carry payload and registers itself. What is not pending has no data, but for
// machine checks; comparing whole payloads instead would take longer than everything else together.
bool FitsInline(const LocalState& state) {
  constexpr uint16_t kNeedNode = Bit(static_cast<int>(LocalIrq::kSetPrefix)) |
                                 Bit(static_cast<int>(LocalIrq::kPfaultInit)) |
                                 Bit(static_cast<int>(LocalIrq::kProgram));
  static constexpr kvm_s390_mchk_info kNoMchk = {};
  return (state.pending & kNeedNode) == 0 && state.payload.emergency.Count() <= 1 &&
         std::memcmp(&state.payload.mchk, &kNoMchk, sizeof(kNoMchk)) == 0 &&
         (state.registers == VcpuRegisters() || state.registers == InitialRegisters());
}

// The data bits of a word for a state that fits.
uint64_t InlineBits(const LocalState& state) {
  const LocalPayload& payload = state.payload;
  uint64_t bits = Bit(kInlineBit) | uint64_t{payload.extcall.code & 0xffu} << kExtcallShift;
  if (!(state.registers == VcpuRegisters())) bits |= Bit(kInitialRegistersBit);
  if (!payload.emergency.IsEmpty()) bits |= uint64_t{payload.emergency.Lowest()} << kEmergencyShift;
  return bits;
}

uint64_t HeaderBits(const LocalState& state, VmFacts facts) {
  return state.pending | (state.stopped ? Bit(kStoppedBit) : 0) |
         (state.stop_flags ? Bit(kStoreStatusBit) : 0) | uint64_t{facts.bits} << kFactsShift;
}

}  // namespace

StateNode::StateNode(const LocalPayload& p, const VcpuRegisters& r)
    : Retirable([](Retirable* self) { delete static_cast<StateNode*>(self); }),
      payload(p),
      registers(r) {}

VcpuWord IdleWord() { return Bit(kStoppedBit) | Bit(kInlineBit); }

VcpuWord WithFacts(VcpuWord word, VmFacts facts) {
  constexpr uint64_t kAllFacts = uint64_t{0x1ff} << kFactsShift;
  return (word & ~kAllFacts) | uint64_t{facts.bits} << kFactsShift;
}

StateNode* NodeOf(VcpuWord word) {
  if (word & Bit(kInlineBit)) return nullptr;
  return reinterpret_cast<StateNode*>(word >> kNodeShift << 7);
}

LocalState Unpack(VcpuWord word) {
  LocalState state;
  state.pending = PendingOf(word);
  state.stopped = word & Bit(kStoppedBit);
  state.stop_flags = word & Bit(kStoreStatusBit) ? KVM_S390_STOP_FLAG_STORE_STATUS : 0;
  if (const StateNode* node = NodeOf(word)) {
    state.payload = node->payload;
    state.registers = node->registers;
  } else {
    ReadInline(word, &state);
  }
  return state;
}

VcpuWord Pack(const LocalState& state, VmFacts facts, VcpuWord current) {
  const uint64_t header = HeaderBits(state, facts);
  if (FitsInline(state)) return header | InlineBits(state);
  StateNode* node = NodeOf(current);
  if (node == nullptr || !(node->payload == state.payload && node->registers == state.registers)) {
    node = new StateNode(state.payload, state.registers);
  }
  return header | NodeBits(node);
}

}  // namespace irqd
