#include "core/irq_layout.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "core/irq_fields.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

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
  return VisitMember(type, [](auto member) -> const IrqMember& { return *member.value; });
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
