// The kernel's own names, numbers and layouts for s390 interrupts.
//
// <linux/kvm.h> declares them on every architecture. The assertions below pin the sizes and
// offsets that the 72-byte big-endian image of a record relies on, so that a header that
// differs fails the build. All sizes and offsets are in bytes.
//
// Source: include/uapi/linux/kvm.h and arch/s390/kvm/interrupt.c of Linux 6.1.
#ifndef IRQD_CORE_KVM_S390_H_
#define IRQD_CORE_KVM_S390_H_

#include <linux/kvm.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace irqd {

// KVM_MAX_VCPU_IDS: no vCPU id reaches it, whatever the machine.
inline constexpr uint32_t kMaxVcpuIds = 255;
// KVM_S390_BSCA_CPU_SLOTS and KVM_S390_ESCA_CPU_SLOTS: vCPU ids that fit into a basic and an
// extended system control area.
inline constexpr uint32_t kBscaCpuSlots = 64;
inline constexpr uint32_t kEscaCpuSlots = 248;
// LOCAL_IRQS: records that the kernel reserves for a vCPU besides its emergency signals.
inline constexpr uint32_t kLocalIrqs = 32;

inline constexpr size_t kIrqSize = sizeof(kvm_s390_irq);
// The most records a vCPU can have pending: machine check twice, one of each other type, and
// an emergency signal from every id.
inline constexpr size_t kMaxPendingIrqs = kMaxVcpuIds + kLocalIrqs;

// MCHK_EX_MASK and MCHK_REP_MASK: machine-check interruption code bits (0, 1 and 5, 7, 8 from
// the left) that make a check exigent or repressible.
inline constexpr uint64_t kMchkExigentMask = 0xc000000000000000;
inline constexpr uint64_t kMchkRepressibleMask = 0x0580000000000000;
// PGM_PER: the program-interruption code of a PER event.
inline constexpr uint16_t kPgmPer = 0x80;
// GUEST_PREFIX_MASK: what of an address can be a prefix.
inline constexpr uint32_t kGuestPrefixMask = 0x7fffe000;
// SCCB_EVENT_PENDING: the event part of a service signal's parameter.
inline constexpr uint32_t kSccbEventPending = 3;

// A record of `type` whose other bytes are zero.
inline kvm_s390_irq EmptyIrq(uint64_t type) {
  kvm_s390_irq irq;
  std::memset(&irq, 0, sizeof(irq));
  irq.type = type;
  return irq;
}

#define IRQD_LAYOUT(type, member, offset, size)                                       \
  static_assert(offsetof(type, member) == (offset) && sizeof(type::member) == (size), \
                #type "." #member " is not where the kernel of s390x has it")

static_assert(sizeof(kvm_s390_irq) == 72);
IRQD_LAYOUT(kvm_s390_irq, type, 0, 8);
IRQD_LAYOUT(kvm_s390_irq, u, 8, 64);

static_assert(sizeof(kvm_s390_io_info) == 12);
IRQD_LAYOUT(kvm_s390_io_info, subchannel_id, 0, 2);
IRQD_LAYOUT(kvm_s390_io_info, subchannel_nr, 2, 2);
IRQD_LAYOUT(kvm_s390_io_info, io_int_parm, 4, 4);
IRQD_LAYOUT(kvm_s390_io_info, io_int_word, 8, 4);

static_assert(sizeof(kvm_s390_ext_info) == 16);
IRQD_LAYOUT(kvm_s390_ext_info, ext_params, 0, 4);
IRQD_LAYOUT(kvm_s390_ext_info, pad, 4, 4);
IRQD_LAYOUT(kvm_s390_ext_info, ext_params2, 8, 8);

static_assert(sizeof(kvm_s390_pgm_info) == 40);
IRQD_LAYOUT(kvm_s390_pgm_info, trans_exc_code, 0, 8);
IRQD_LAYOUT(kvm_s390_pgm_info, mon_code, 8, 8);
IRQD_LAYOUT(kvm_s390_pgm_info, per_address, 16, 8);
IRQD_LAYOUT(kvm_s390_pgm_info, data_exc_code, 24, 4);
IRQD_LAYOUT(kvm_s390_pgm_info, code, 28, 2);
IRQD_LAYOUT(kvm_s390_pgm_info, mon_class_nr, 30, 2);
IRQD_LAYOUT(kvm_s390_pgm_info, per_code, 32, 1);
IRQD_LAYOUT(kvm_s390_pgm_info, per_atmid, 33, 1);
IRQD_LAYOUT(kvm_s390_pgm_info, exc_access_id, 34, 1);
IRQD_LAYOUT(kvm_s390_pgm_info, per_access_id, 35, 1);
IRQD_LAYOUT(kvm_s390_pgm_info, op_access_id, 36, 1);
IRQD_LAYOUT(kvm_s390_pgm_info, flags, 37, 1);
IRQD_LAYOUT(kvm_s390_pgm_info, pad, 38, 2);

static_assert(sizeof(kvm_s390_emerg_info) == 2);
IRQD_LAYOUT(kvm_s390_emerg_info, code, 0, 2);
static_assert(sizeof(kvm_s390_extcall_info) == 2);
IRQD_LAYOUT(kvm_s390_extcall_info, code, 0, 2);
static_assert(sizeof(kvm_s390_prefix_info) == 4);
IRQD_LAYOUT(kvm_s390_prefix_info, address, 0, 4);
static_assert(sizeof(kvm_s390_stop_info) == 4);
IRQD_LAYOUT(kvm_s390_stop_info, flags, 0, 4);

static_assert(sizeof(kvm_s390_mchk_info) == 48);
IRQD_LAYOUT(kvm_s390_mchk_info, cr14, 0, 8);
IRQD_LAYOUT(kvm_s390_mchk_info, mcic, 8, 8);
IRQD_LAYOUT(kvm_s390_mchk_info, failing_storage_address, 16, 8);
IRQD_LAYOUT(kvm_s390_mchk_info, ext_damage_code, 24, 4);
IRQD_LAYOUT(kvm_s390_mchk_info, pad, 28, 4);
IRQD_LAYOUT(kvm_s390_mchk_info, fixed_logout, 32, 16);

static_assert(sizeof(kvm_s390_irq_state) == 32);
IRQD_LAYOUT(kvm_s390_irq_state, buf, 0, 8);
IRQD_LAYOUT(kvm_s390_irq_state, flags, 8, 4);
IRQD_LAYOUT(kvm_s390_irq_state, len, 12, 4);
IRQD_LAYOUT(kvm_s390_irq_state, reserved, 16, 16);

static_assert(sizeof(kvm_s390_interrupt) == 16);
IRQD_LAYOUT(kvm_s390_interrupt, type, 0, 4);
IRQD_LAYOUT(kvm_s390_interrupt, parm, 4, 4);
IRQD_LAYOUT(kvm_s390_interrupt, parm64, 8, 8);

#undef IRQD_LAYOUT

static_assert(KVM_S390_INTERRUPT == 0x4010ae94 && KVM_S390_IRQ == 0x4048aeb4 &&
              KVM_S390_SET_IRQ_STATE == 0x4020aeb5 && KVM_S390_GET_IRQ_STATE == 0x4020aeb6);
static_assert(KVM_S390_INITIAL_RESET == 0xae97 && KVM_S390_NORMAL_RESET == 0xaec3 &&
              KVM_S390_CLEAR_RESET == 0xaec4);
static_assert(KVM_SET_MP_STATE == 0x4004ae99 && KVM_GET_MP_STATE == 0x8004ae98);

}  // namespace irqd

#endif  // IRQD_CORE_KVM_S390_H_
