// The floating interrupts of one VM, and what its FLIC knows, as data.
//
// Queues hold their entries in order of arrival; adding one and taking the first copy nothing else.
// Plain data without locks; Vm shares one between threads under a mutex.
//
// Source: struct kvm_s390_float_interrupt.
#ifndef IRQD_CORE_FLOAT_STATE_H_
#define IRQD_CORE_FLOAT_STATE_H_

#include <array>
#include <cstdint>
#include <deque>

#include "absl/types/optional.h"
#include "core/host_profile.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"

namespace irqd {

// An I/O interrupt in its queue: the record without the bytes that mean nothing.
struct QueuedIo {
  uint32_t type;
  kvm_s390_io_info io;
};
static_assert(sizeof(QueuedIo) == 16);

// struct s390_io_adapter, as far as it matters without guest memory.
struct IoAdapter {
  uint8_t isc = 0;
  bool maskable = false;
  bool masked = false;
  bool suppressible = false;
};

// What is pending without a queue: each kind is there once.
struct FloatConditions {
  uint32_t service_parm = 0;
  uint64_t mchk_cr14 = 0;
  uint64_t mchk_mcic = 0;
  bool service_pending = false;
  bool service_event_pending = false;
  bool mchk_pending = false;
  // The GISA's interruption-pending mask: bit 0x80 >> ISC. 0 without a GISA.
  uint8_t gisa_ipm = 0;
};

struct FloatState : FloatConditions {
  // By ISC; kMaxFloatIrqs together.
  std::array<std::deque<QueuedIo>, kIscCount> io;
  uint32_t io_count = 0;
  std::deque<kvm_s390_ext_info> pfault_done;
  std::deque<kvm_s390_ext_info> virtio;

  // Adapter-interruption suppression: whether the VM has it (facility 72), and the masks of
  // single mode and no interruptions, 0x80 >> ISC.
  bool has_ais = false;
  uint8_t ais_simm = 0;
  uint8_t ais_nimm = 0;
  std::array<absl::optional<IoAdapter>, kMaxIoAdapters> adapters;

  bool flic_created = false;    // KVM_CREATE_DEVICE was called
  bool pfault_enabled = false;  // KVM_DEV_FLIC_APF_ENABLE
  // Where the search for a vCPU to wake goes on, by order of creation.
  uint32_t next_rr_cpu = 0;

  // Bit n: FloatIrq n is pending, without what only the GISA holds.
  uint32_t Pending() const {
    uint32_t pending = 0;
    const auto set = [&](FloatIrq irq, bool on) {
      pending |= uint32_t{on} << static_cast<int>(irq);
    };
    set(FloatIrq::kMchkRepressible, mchk_pending);
    set(FloatIrq::kServiceEvent, service_event_pending);
    set(FloatIrq::kService, service_pending);
    set(FloatIrq::kPfaultDone, !pfault_done.empty());
    set(FloatIrq::kVirtio, !virtio.empty());
    for (int isc = 0; isc < kIscCount; ++isc) {
      pending |= uint32_t{!io[isc].empty()} << (static_cast<int>(FloatIrq::kIoIsc0) + isc);
    }
    return pending;
  }
};

// Where in the GISA's and AIS's masks an ISC stands. The kernel shifts by what the adapter was
// registered with, and the machine takes six bits of that.
inline uint8_t IscMask(uint8_t isc) { return (isc & 63) < 8 ? 0x80 >> (isc & 63) : 0; }
// The ISC in a word of an I/O interrupt.
inline int IscOf(uint32_t io_int_word) { return static_cast<int>(io_int_word >> 27 & 7); }
// The word of an adapter interrupt.
inline uint32_t IoIntWord(uint8_t isc) { return uint32_t{isc} << 27 | 0x80000000; }

}  // namespace irqd

#endif  // IRQD_CORE_FLOAT_STATE_H_
