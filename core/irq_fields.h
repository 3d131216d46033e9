// The members of kvm_s390_irq's union as constants of the compiler's, for the codec. Others ask
// irq_layout.h.
#ifndef IRQD_CORE_IRQ_FIELDS_H_
#define IRQD_CORE_IRQ_FIELDS_H_

#include <type_traits>

#include "core/irq_layout.h"
#include "core/kvm_s390.h"

namespace irqd {

#define IRQD_FIELD(type, field)                                                                   \
  IrqField {                                                                                      \
#field, offsetof(kvm_s390_##type##_info, field), sizeof(kvm_s390_##type##_info::field), false \
  }
#define IRQD_PADDING(type, field)                                                                \
  IrqField {                                                                                     \
#field, offsetof(kvm_s390_##type##_info, field), sizeof(kvm_s390_##type##_info::field), true \
  }

inline constexpr IrqField kIoFields[] = {
    IRQD_FIELD(io, subchannel_id),
    IRQD_FIELD(io, subchannel_nr),
    IRQD_FIELD(io, io_int_parm),
    IRQD_FIELD(io, io_int_word),
};
inline constexpr IrqField kExtFields[] = {
    IRQD_FIELD(ext, ext_params),
    IRQD_PADDING(ext, pad),
    IRQD_FIELD(ext, ext_params2),
};
inline constexpr IrqField kPgmFields[] = {
    IRQD_FIELD(pgm, trans_exc_code),
    IRQD_FIELD(pgm, mon_code),
    IRQD_FIELD(pgm, per_address),
    IRQD_FIELD(pgm, data_exc_code),
    IRQD_FIELD(pgm, code),
    IRQD_FIELD(pgm, mon_class_nr),
    IRQD_FIELD(pgm, per_code),
    IRQD_FIELD(pgm, per_atmid),
    IRQD_FIELD(pgm, exc_access_id),
    IRQD_FIELD(pgm, per_access_id),
    IRQD_FIELD(pgm, op_access_id),
    IRQD_FIELD(pgm, flags),
    // Two bytes, but not an integer: the order of padding bytes is the order they came in.
    IrqField{"pad", offsetof(kvm_s390_pgm_info, pad), 1, true},
    IrqField{"pad", offsetof(kvm_s390_pgm_info, pad) + 1, 1, true},
};
inline constexpr IrqField kEmergFields[] = {IRQD_FIELD(emerg, code)};
inline constexpr IrqField kExtcallFields[] = {IRQD_FIELD(extcall, code)};
inline constexpr IrqField kPrefixFields[] = {IRQD_FIELD(prefix, address)};
inline constexpr IrqField kStopFields[] = {IRQD_FIELD(stop, flags)};
inline constexpr IrqField kMchkFields[] = {
    IRQD_FIELD(mchk, cr14),
    IRQD_FIELD(mchk, mcic),
    IRQD_FIELD(mchk, failing_storage_address),
    IRQD_FIELD(mchk, ext_damage_code),
    IRQD_PADDING(mchk, pad),
    IRQD_FIELD(mchk, fixed_logout),
};

#undef IRQD_FIELD
#undef IRQD_PADDING

inline constexpr IrqMember kIoMember = {"io", sizeof(kvm_s390_io_info), kIoFields};
inline constexpr IrqMember kExtMember = {"ext", sizeof(kvm_s390_ext_info), kExtFields};
inline constexpr IrqMember kPgmMember = {"pgm", sizeof(kvm_s390_pgm_info), kPgmFields};
inline constexpr IrqMember kEmergMember = {"emerg", sizeof(kvm_s390_emerg_info), kEmergFields};
inline constexpr IrqMember kExtcallMember = {"extcall", sizeof(kvm_s390_extcall_info),
                                             kExtcallFields};
inline constexpr IrqMember kPrefixMember = {"prefix", sizeof(kvm_s390_prefix_info), kPrefixFields};
inline constexpr IrqMember kStopMember = {"stop", sizeof(kvm_s390_stop_info), kStopFields};
inline constexpr IrqMember kMchkMember = {"mchk", sizeof(kvm_s390_mchk_info), kMchkFields};
inline constexpr IrqMember kNoMember = {"", 0, {}};

// Calls `visit` with the member that `type` selects, as a constant: std::integral_constant of a
// pointer to it.
template <typename Visit>
decltype(auto) VisitMember(uint64_t type, Visit visit) {
  switch (type) {
    case KVM_S390_INT_PFAULT_INIT:
    case KVM_S390_INT_PFAULT_DONE:
    case KVM_S390_INT_VIRTIO:
    case KVM_S390_INT_SERVICE:
      return visit(std::integral_constant<const IrqMember*, &kExtMember>());
    case KVM_S390_PROGRAM_INT:
      return visit(std::integral_constant<const IrqMember*, &kPgmMember>());
    case KVM_S390_INT_EMERGENCY:
      return visit(std::integral_constant<const IrqMember*, &kEmergMember>());
    case KVM_S390_INT_EXTERNAL_CALL:
      return visit(std::integral_constant<const IrqMember*, &kExtcallMember>());
    case KVM_S390_SIGP_SET_PREFIX:
      return visit(std::integral_constant<const IrqMember*, &kPrefixMember>());
    case KVM_S390_SIGP_STOP:
      return visit(std::integral_constant<const IrqMember*, &kStopMember>());
    case KVM_S390_MCHK:
      return visit(std::integral_constant<const IrqMember*, &kMchkMember>());
    default:
      if (type > KVM_S390_INT_IO_MAX) {
        return visit(std::integral_constant<const IrqMember*, &kNoMember>());
      }
      return visit(std::integral_constant<const IrqMember*, &kIoMember>());
  }
}

}  // namespace irqd

#endif  // IRQD_CORE_IRQ_FIELDS_H_
