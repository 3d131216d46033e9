// What is pending on one vCPU, and the registers that decide about its delivery, as a value.
//
// A LocalState says everything that the semantics of local interrupts depend on and nothing
// else: copying it copies the vCPU. It is plain data without locks or pointers;
// sharing one between threads is the caller's affair (Vcpu does it, see vcpu.h).
#ifndef IRQD_CORE_LOCAL_STATE_H_
#define IRQD_CORE_LOCAL_STATE_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/host_profile.h"
#include "core/kvm_s390.h"

namespace irqd {

// Without the popcnt instruction, which not every x86-64 has, the compiler calls a function here.
inline int CountBits(uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<int>(bits * 0x0101010101010101 >> 56);
}

// A set of vCPU ids: who sent an emergency signal.
class VcpuIdSet {
 public:
  void Add(uint32_t id) { words_[id / 64] |= uint64_t{1} << (id % 64); }
  void Remove(uint32_t id) { words_[id / 64] &= ~(uint64_t{1} << (id % 64)); }
  bool Contains(uint32_t id) const { return words_[id / 64] >> (id % 64) & 1; }
  int Count() const {
    int count = 0;
    for (uint64_t word : words_) count += CountBits(word);
    return count;
  }
  // The lowest id of a set that is not empty.
  uint32_t Lowest() const {
    uint32_t i = 0;
    while (words_[i] == 0) ++i;
    return i * 64 + static_cast<uint32_t>(__builtin_ctzll(words_[i]));
  }
  bool HasAtMostOne() const {
    int filled = 0;
    for (uint64_t word : words_) {
      if (word & (word - 1)) return false;
      filled += word != 0;
    }
    return filled <= 1;
  }
  bool IsEmpty() const { return (words_[0] | words_[1] | words_[2] | words_[3]) == 0; }
  // Calls `visit` with each id, the lowest first.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (uint32_t i = 0; i < words_.size(); ++i) {
      for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
        visit(i * 64 + static_cast<uint32_t>(__builtin_ctzll(word)));
      }
    }
  }

 private:
  std::array<uint64_t, 4> words_ = {};
};

// The data of pending interrupts. What belongs to an interrupt that is not pending is zero,
// with one exception, the kernel's own: machine-check data of a check that was neither exigent
// nor repressible stays behind until a reset or a delivered machine check.
struct LocalPayload {
  kvm_s390_pgm_info pgm = {};
  kvm_s390_mchk_info mchk = {};
  kvm_s390_ext_info pfault_init = {};
  kvm_s390_prefix_info prefix = {};
  kvm_s390_extcall_info extcall = {};
  uint16_t unused = 0;  // always zero
  VcpuIdSet emergency;

  friend bool operator==(const LocalPayload& a, const LocalPayload& b) {
    return std::memcmp(&a, &b, sizeof(a)) == 0;
  }
};
static_assert(std::has_unique_object_representations_v<LocalPayload>,
              "comparing bytes must compare values");

// The registers that decide which interrupts are delivered. A new vCPU has zeroes.
struct VcpuRegisters {
  uint64_t psw_mask = 0;
  uint64_t cr0 = 0;
  uint64_t cr6 = 0;
  uint64_t cr14 = 0;
  uint64_t clock_comparator = 0;  // in units of the TOD clock: 2^-12 microseconds
  uint64_t cpu_timer = 0;         // in the same units; it is pending when negative
  uint32_t prefix = 0;            // absolute address of the lowcore in bytes
  uint32_t unused = 0;            // always zero

  friend bool operator==(const VcpuRegisters& a, const VcpuRegisters& b) {
    return std::memcmp(&a, &b, sizeof(a)) == 0;
  }
};
static_assert(std::has_unique_object_representations_v<VcpuRegisters>,
              "comparing bytes must compare values");

// What KVM_S390_INITIAL_RESET and KVM_S390_CLEAR_RESET leave.
inline VcpuRegisters InitialRegisters() {
  VcpuRegisters registers;
  registers.cr0 = 0xe0;
  registers.cr14 = 0xc2000000;
  return registers;
}

// No data at all. Defined where the compiler does not see it: it would clear memory with an
// instruction that takes longer than copying this.
extern const LocalPayload kNoPayload;

struct LocalState {
  LocalState() = default;
  LocalState(uint16_t pending_bits, bool is_stopped, uint8_t flags, const LocalPayload& p,
             const VcpuRegisters& r)
      : pending(pending_bits), stopped(is_stopped), stop_flags(flags), payload(p), registers(r) {}

  // Bit n: LocalIrq n is pending. An external call is in here wherever the kernel keeps it.
  uint16_t pending = 0;
  bool stopped = true;     // a new vCPU is
  uint8_t stop_flags = 0;  // of a pending SIGP_STOP; KVM_S390_STOP_FLAG_STORE_STATUS or 0
  LocalPayload payload;
  VcpuRegisters registers;

  bool Has(LocalIrq irq) const { return pending >> static_cast<int>(irq) & 1; }
  void Set(LocalIrq irq) { pending |= 1 << static_cast<int>(irq); }
  void Unset(LocalIrq irq) { pending &= ~(1 << static_cast<int>(irq)); }

  // What the rules of the common interrupts do; see local_rules.h.
  bool IsStopped() const { return stopped; }
  void PutSigpStop(uint8_t flags) {
    stop_flags = flags;
    Set(LocalIrq::kSigpStop);
  }
  void PutExternalCall(uint16_t code) {
    payload.extcall.code = code;
    Set(LocalIrq::kExternalCall);
  }
  void PutEmergency(uint16_t sender) {
    payload.emergency.Add(sender);
    Set(LocalIrq::kEmergency);
  }

  friend bool operator==(const LocalState& a, const LocalState& b) {
    return a.pending == b.pending && a.stopped == b.stopped && a.stop_flags == b.stop_flags &&
           a.payload == b.payload && a.registers == b.registers;
  }
};

// What is pending, by reference: nothing large is copied.
struct PendingIrqs {
  PendingIrqs(const LocalState& state)
      : pending(state.pending),
        stop_flags(state.stop_flags),
        extcall(state.payload.extcall),
        emergency(state.payload.emergency),
        payload(state.payload) {}
  PendingIrqs(uint16_t pending_bits, uint8_t flags, const LocalPayload& data)
      : pending(pending_bits),
        stop_flags(flags),
        extcall(data.extcall),
        emergency(data.emergency),
        payload(data) {}

  bool Has(LocalIrq irq) const { return pending >> static_cast<int>(irq) & 1; }

  uint16_t pending;
  uint8_t stop_flags;
  kvm_s390_extcall_info extcall;
  VcpuIdSet emergency;
  // All but the two above.
  const LocalPayload& payload;
};

}  // namespace irqd

#endif  // IRQD_CORE_LOCAL_STATE_H_
