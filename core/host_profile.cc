#include "core/host_profile.h"

#include <algorithm>
#include <limits>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

// ASYNC_PF_PER_VCPU: page faults under way that the kernel allows for each vCPU.
constexpr uint32_t kAsyncPfPerVcpu = 64;
constexpr uint8_t kNoBit = 0xff;

constexpr KernelRules kKernels[] = {
    {
        "linux-6.1",
        kMaxVcpuIds,
        static_cast<uint32_t>(kMaxPendingIrqs* kIrqSize),
        /*has_extended_sca=*/true,
        /*last_capability=*/std::numeric_limits<uint32_t>::max(),
        /*max_pfault_done=*/kAsyncPfPerVcpu* kMaxVcpuIds,
        /*completes_program=*/true,
        /*has_service_event=*/true,
        /*local_cr14_counts=*/true,
        /*has_gisa=*/true,
        /*has_signed_clock_comparator=*/true,
        /*last_flic_group=*/11,  // KVM_DEV_FLIC_AISM_ALL
        // enum irq_types, arch/s390/include/asm/kvm_host.h: the lowest priority first.
        {{
            {LocalIrq::kSetPrefix, 0},
            {LocalIrq::kRestart, 1},
            {LocalIrq::kSigpStop, 2},
            {LocalIrq::kPfaultInit, 13},
            {LocalIrq::kCpuTimer, 18},
            {LocalIrq::kClockComp, 19},
            {LocalIrq::kExternalCall, 20},
            {LocalIrq::kEmergency, 21},
            {LocalIrq::kMchkRepressible, 24},
            {LocalIrq::kProgram, 25},
            {LocalIrq::kMchkExigent, 27},
        }},
        {24, 16, 15, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3},
    },
    {
        "linux-4.1",
        kBscaCpuSlots,
        static_cast<uint32_t>((kBscaCpuSlots + kLocalIrqs) * kIrqSize),
        /*has_extended_sca=*/false,
        /*last_capability=*/116,  // KVM_CAP_DISABLE_QUIRKS
        /*max_pfault_done=*/kAsyncPfPerVcpu* kBscaCpuSlots,
        /*completes_program=*/false,
        /*has_service_event=*/false,
        /*local_cr14_counts=*/false,
        /*has_gisa=*/false,
        /*has_signed_clock_comparator=*/false,
        /*last_flic_group=*/7,  // KVM_DEV_FLIC_ADAPTER_MODIFY
        // The same enum there: the highest priority first.
        {{
            {LocalIrq::kMchkExigent, 0},
            {LocalIrq::kProgram, 2},
            {LocalIrq::kMchkRepressible, 3},
            {LocalIrq::kEmergency, 6},
            {LocalIrq::kExternalCall, 7},
            {LocalIrq::kClockComp, 8},
            {LocalIrq::kCpuTimer, 9},
            {LocalIrq::kPfaultInit, 13},
            {LocalIrq::kSigpStop, 24},
            {LocalIrq::kRestart, 25},
            {LocalIrq::kSetPrefix, 26},
        }},
        {3, kNoBit, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
    },
};

// Facilities that a profile names and the words that set them.
struct FacilityWord {
  absl::string_view word;
  bool HostProfile::*facility;
  bool is_usual;  // whether the text form tells that it is missing
};
constexpr FacilityWord kFacilities[] = {
    {"sigpif", &HostProfile::sigp_interpretation, true},
    {"esca", &HostProfile::extended_sca, true},
    {"gisa", &HostProfile::gisa, false},
};

// Applies one word of the text form; false if it means nothing. `seen` collects what it set.
bool ApplyWord(absl::string_view word, HostProfile* profile, std::string* seen) {
  if (const KernelRules* kernel = FindKernelRules(word)) {
    profile->kernel = kernel;
    *seen = "kernel";
    return true;
  }
  for (const FacilityWord& facility : kFacilities) {
    if (word != facility.word && word != absl::StrCat("no-", facility.word)) continue;
    profile->*facility.facility = word == facility.word;
    *seen = std::string(facility.word);
    return true;
  }
  return false;
}

}  // namespace

HostProfile DefaultHostProfile() { return HostProfile{&kKernels[0]}; }

const KernelRules* FindKernelRules(absl::string_view name) {
  for (const KernelRules& kernel : kKernels) {
    if (kernel.name == name) return &kernel;
  }
  return nullptr;
}

std::string KernelRulesNames() {
  return absl::StrJoin(kKernels, ", ", [](std::string* out, const KernelRules& kernel) {
    absl::StrAppend(out, kernel.name);
  });
}

absl::StatusOr<HostProfile> ParseHostProfile(absl::string_view text) {
  HostProfile profile = DefaultHostProfile();
  if (text.empty()) return profile;
  std::set<std::string> seen;
  for (absl::string_view word : absl::StrSplit(text, ',')) {
    std::string what;
    if (!ApplyWord(word, &profile, &what)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "host profile: unknown word '", word.substr(0, 64), "'; it takes a kernel (",
          KernelRulesNames(),
          "), sigpif or no-sigpif, esca or no-esca, gisa or no-gisa, separated by commas"));
    }
    if (!seen.insert(what).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("host profile: '", word, "' sets ", what, " a second time"));
    }
  }
  return profile;
}

std::string FormatHostProfile(const HostProfile& profile) {
  std::string text(profile.kernel->name);
  for (const FacilityWord& facility : kFacilities) {
    const bool is_there = profile.*facility.facility;
    if (is_there || facility.is_usual) {
      absl::StrAppend(&text, is_there ? "," : ",no-", facility.word);
    }
  }
  return text;
}

uint32_t VcpuIdLimit(const HostProfile& profile) {
  if (!profile.sigp_interpretation) return profile.kernel->max_vcpu_ids;
  const bool extended = profile.extended_sca && profile.kernel->has_extended_sca;
  return std::min(extended ? kEscaCpuSlots : kBscaCpuSlots, profile.kernel->max_vcpu_ids);
}

int CheckExtension(const HostProfile& profile, uint64_t extension) {
  if (extension > profile.kernel->last_capability) return 0;
  switch (extension) {
    case KVM_CAP_MP_STATE:
    case KVM_CAP_DEVICE_CTRL:
    case KVM_CAP_S390_IRQCHIP:
    case KVM_CAP_S390_INJECT_IRQ:
    case KVM_CAP_S390_IRQ_STATE:
    case KVM_CAP_S390_AIS:
    case KVM_CAP_S390_AIS_MIGRATION:
    case KVM_CAP_S390_VCPU_RESETS:
    case KVM_CAP_CHECK_EXTENSION_VM:
      return 1;
    case KVM_CAP_NR_VCPUS:
    case KVM_CAP_MAX_VCPUS:
    case KVM_CAP_MAX_VCPU_ID:
      return static_cast<int>(VcpuIdLimit(profile));
    default:
      return 0;
  }
}

}  // namespace irqd
