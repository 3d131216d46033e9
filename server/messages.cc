#include "server/messages.h"

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "server/status.h"

namespace irqd {

grpc::Status ReadHostProfile(const v1::HostProfile& message, HostProfile* profile) {
  *profile = DefaultHostProfile();
  if (!message.kernel().empty()) {
    profile->kernel = FindKernelRules(message.kernel());
    if (profile->kernel == nullptr) {
      return InvalidArgument(
          "host_profile.kernel",
          absl::StrCat("'", Excerpt(message.kernel(), kMaxKernelNameLength),
                       "' is no kernel that irqd knows; it knows ", KernelRulesNames()));
    }
  }
  if (message.has_sigp_interpretation()) {
    profile->sigp_interpretation = message.sigp_interpretation();
  }
  if (message.has_extended_sca()) profile->extended_sca = message.extended_sca();
  if (message.has_gisa()) profile->gisa = message.gisa();
  return grpc::Status::OK;
}

void WriteHostProfile(const HostProfile& profile, v1::HostProfile* message) {
  message->set_kernel(std::string(profile.kernel->name));
  message->set_sigp_interpretation(profile.sigp_interpretation);
  message->set_extended_sca(profile.extended_sca);
  message->set_gisa(profile.gisa);
}

void WriteVm(const VmInfo& vm, v1::Vm* message) {
  message->set_name(vm.name);
  message->set_id(vm.id);
  WriteHostProfile(vm.profile, message->mutable_host_profile());
  message->set_vcpu_count(vm.vcpu_count);
  message->set_floating_pending(vm.floating_pending);
}

grpc::Status ResolveVm(const VmRegistry& registry, const v1::VmRef& ref, uint64_t* id) {
  switch (ref.vm_case()) {
    case v1::VmRef::kId:
      *id = ref.id();
      return grpc::Status::OK;
    case v1::VmRef::kName:
      *id = registry.FindId(ref.name());
      return grpc::Status::OK;
    default:
      return VmRequired();
  }
}

grpc::Status VmRequired() { return InvalidArgument("vm", "is required, an id or a name"); }

std::string DescribeVm(const v1::VmRef& ref) {
  if (ref.vm_case() == v1::VmRef::kId) return absl::StrCat(ref.id());
  return absl::StrCat("'", Excerpt(ref.name(), kMaxVmNameLength), "'");
}

}  // namespace irqd
