#include "core/irq_layout.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

#define IRQD_FIELD(type, field)                                                                   \
  IrqField {                                                                                      \
#field, offsetof(kvm_s390_##type##_info, field), sizeof(kvm_s390_##type##_info::field), false \
  }
#define IRQD_PADDING(type, field)                                                                \
  IrqField {                                                                                     \
#field, offsetof(kvm_s390_##type##_info, field), sizeof(kvm_s390_##type##_info::field), true \
  }

constexpr IrqField kIo[] = {
    IRQD_FIELD(io, subchannel_id),
    IRQD_FIELD(io, subchannel_nr),
    IRQD_FIELD(io, io_int_parm),
    IRQD_FIELD(io, io_int_word),
};
constexpr IrqField kExt[] = {
    IRQD_FIELD(ext, ext_params),
    IRQD_PADDING(ext, pad),
    IRQD_FIELD(ext, ext_params2),
};
constexpr IrqField kPgm[] = {
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
constexpr IrqField kEmerg[] = {IRQD_FIELD(emerg, code)};
constexpr IrqField kExtcall[] = {IRQD_FIELD(extcall, code)};
constexpr IrqField kPrefix[] = {IRQD_FIELD(prefix, address)};
constexpr IrqField kStop[] = {IRQD_FIELD(stop, flags)};
constexpr IrqField kMchk[] = {
    IRQD_FIELD(mchk, cr14),
    IRQD_FIELD(mchk, mcic),
    IRQD_FIELD(mchk, failing_storage_address),
    IRQD_FIELD(mchk, ext_damage_code),
    IRQD_PADDING(mchk, pad),
    IRQD_FIELD(mchk, fixed_logout),
};

#undef IRQD_FIELD
#undef IRQD_PADDING

const IrqMember kIoMember = {"io", sizeof(kvm_s390_io_info), kIo};
const IrqMember kExtMember = {"ext", sizeof(kvm_s390_ext_info), kExt};
const IrqMember kPgmMember = {"pgm", sizeof(kvm_s390_pgm_info), kPgm};
const IrqMember kEmergMember = {"emerg", sizeof(kvm_s390_emerg_info), kEmerg};
const IrqMember kExtcallMember = {"extcall", sizeof(kvm_s390_extcall_info), kExtcall};
const IrqMember kPrefixMember = {"prefix", sizeof(kvm_s390_prefix_info), kPrefix};
const IrqMember kStopMember = {"stop", sizeof(kvm_s390_stop_info), kStop};
const IrqMember kMchkMember = {"mchk", sizeof(kvm_s390_mchk_info), kMchk};
const IrqMember kNoMember = {"", 0, {}};

// In the order of the kernel's header; kTypes[i] is called kTypeNames[i].
constexpr absl::string_view kTypeNames[] = {
    "SIGP_STOP",       "PROGRAM_INT",   "SIGP_SET_PREFIX",   "RESTART",       "INT_PFAULT_INIT",
    "INT_PFAULT_DONE", "MCHK",          "INT_CLOCK_COMP",    "INT_CPU_TIMER", "INT_VIRTIO",
    "INT_SERVICE",     "INT_EMERGENCY", "INT_EXTERNAL_CALL",
};
constexpr uint64_t kTypes[] = {
    KVM_S390_SIGP_STOP,
    KVM_S390_PROGRAM_INT,
    KVM_S390_SIGP_SET_PREFIX,
    KVM_S390_RESTART,
    KVM_S390_INT_PFAULT_INIT,
    KVM_S390_INT_PFAULT_DONE,
    KVM_S390_MCHK,
    KVM_S390_INT_CLOCK_COMP,
    KVM_S390_INT_CPU_TIMER,
    KVM_S390_INT_VIRTIO,
    KVM_S390_INT_SERVICE,
    KVM_S390_INT_EMERGENCY,
    KVM_S390_INT_EXTERNAL_CALL,
};
static_assert(std::size(kTypeNames) == std::size(kTypes));

}  // namespace

const IrqMember& MemberOf(uint64_t type) {
  switch (type) {
    case KVM_S390_INT_PFAULT_INIT:
    case KVM_S390_INT_PFAULT_DONE:
    case KVM_S390_INT_VIRTIO:
    case KVM_S390_INT_SERVICE:
      return kExtMember;
    case KVM_S390_PROGRAM_INT:
      return kPgmMember;
    case KVM_S390_INT_EMERGENCY:
      return kEmergMember;
    case KVM_S390_INT_EXTERNAL_CALL:
      return kExtcallMember;
    case KVM_S390_SIGP_SET_PREFIX:
      return kPrefixMember;
    case KVM_S390_SIGP_STOP:
      return kStopMember;
    case KVM_S390_MCHK:
      return kMchkMember;
    default:
      return type <= KVM_S390_INT_IO_MAX ? kIoMember : kNoMember;
  }
}

absl::optional<absl::string_view> IrqTypeName(uint64_t type) {
  for (size_t i = 0; i < std::size(kTypes); ++i) {
    if (kTypes[i] == type) return kTypeNames[i];
  }
  if (type <= KVM_S390_INT_IO_MAX) return "INT_IO";
  return absl::nullopt;
}

absl::optional<uint64_t> IrqTypeFromName(absl::string_view name) {
  std::string upper = absl::AsciiStrToUpper(name);
  absl::string_view wanted = absl::StripPrefix(upper, "KVM_S390_");
  for (size_t i = 0; i < std::size(kTypes); ++i) {
    if (wanted == kTypeNames[i] || wanted == absl::StripPrefix(kTypeNames[i], "INT_")) {
      return kTypes[i];
    }
  }
  return absl::nullopt;
}

absl::Span<const absl::string_view> IrqTypeNames() { return kTypeNames; }

}  // namespace irqd
