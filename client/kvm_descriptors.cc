#include "client/kvm_descriptors.h"

#include <cerrno>
#include <utility>

#include "client/ioctl_result.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

// A descriptor that nobody knows yet.
struct NewDescriptor {
  UniqueFd carrier;
  std::vector<std::shared_ptr<Lifetime>> lifetimes;  // whose tokens it carries

  int Publish(std::shared_ptr<const Descriptor> descriptor) && {
    return DescriptorTable::Get().Add(std::move(carrier), std::move(descriptor),
                                      std::move(lifetimes));
  }
};

// With a lifetime of its own.
int Prepare(NewDescriptor* made) {
  UniqueFd token;
  made->lifetimes.resize(1);
  const int error = DescriptorTable::Get().BeginLifetime(&made->lifetimes[0], &token);
  return error != 0 ? error : MakeCarrier({token.get()}, &made->carrier);
}

// With the lifetime of the VM that `vm_fd` stands for.
int PrepareInVm(int vm_fd, std::shared_ptr<Lifetime> vm, NewDescriptor* made) {
  UniqueFd vm_token;
  const int error = CopyToken(vm_fd, &vm_token);
  if (error != 0) return error;
  made->lifetimes = {std::move(vm)};
  return MakeCarrier({vm_token.get()}, &made->carrier);
}

// With both: it leaves the table when it is closed, and keeps the VM until then.
int PrepareBesideVm(int vm_fd, std::shared_ptr<Lifetime> vm, NewDescriptor* made) {
  UniqueFd token, vm_token;
  made->lifetimes = {nullptr, std::move(vm)};
  int error = DescriptorTable::Get().BeginLifetime(&made->lifetimes[0], &token);
  if (error == 0) error = CopyToken(vm_fd, &vm_token);
  return error != 0 ? error : MakeCarrier({token.get(), vm_token.get()}, &made->carrier);
}

}  // namespace

int OpenKvm(std::shared_ptr<Connection> connection, const HostProfile& profile) {
  NewDescriptor made;
  const int error = Prepare(&made);
  if (error != 0) return error;
  return std::move(made).Publish(std::make_shared<KvmDescriptor>(std::move(connection), profile));
}

KvmDescriptor::KvmDescriptor(std::shared_ptr<Connection> connection, const HostProfile& profile)
    : connection_(std::move(connection)), profile_(profile) {}

// Source: kvm_dev_ioctl, and kvm_arch_dev_ioctl of s390 for what that does not know.
int KvmDescriptor::Ioctl(int, unsigned int request, uint64_t argument) const {
  switch (request) {
    case KVM_GET_API_VERSION:
      return argument == 0 ? KVM_API_VERSION : -EINVAL;
    case KVM_CHECK_EXTENSION:
      return IoctlResult(connection_->CheckExtension(profile_, argument, CallOptions()));
    case KVM_CREATE_VM:
      return CreateVm(argument);
    default:
      return -EINVAL;
  }
}

int KvmDescriptor::CreateVm(uint64_t type) const {
  if (type != 0) return -EINVAL;
  NewDescriptor made;
  const int error = Prepare(&made);
  if (error != 0) return error;
  VmSpec spec;
  spec.profile = profile_;
  const absl::StatusOr<VmInfo> vm = connection_->CreateVm(spec, CallOptions());
  if (!vm.ok()) return IoctlError(vm.status());
  auto descriptor = std::make_shared<VmDescriptor>(connection_, *vm, made.lifetimes[0],
                                                   /*is_ours=*/true);
  return std::move(made).Publish(std::move(descriptor));
}

int KvmDescriptor::OpenVm(absl::string_view name) const {
  const absl::StatusOr<VmInfo> vm = connection_->FindVm(name, CallOptions());
  if (absl::IsNotFound(vm.status())) return -ENOENT;
  if (!vm.ok()) return IoctlError(vm.status());
  NewDescriptor made;
  const int error = Prepare(&made);
  if (error != 0) return error;
  auto descriptor = std::make_shared<VmDescriptor>(connection_, *vm, made.lifetimes[0],
                                                   /*is_ours=*/false);
  return std::move(made).Publish(std::move(descriptor));
}

VmDescriptor::VmDescriptor(std::shared_ptr<Connection> connection, const VmInfo& vm,
                           std::shared_ptr<Lifetime> lifetime, bool is_ours)
    : connection_(std::move(connection)),
      id_(vm.id),
      profile_(vm.profile),
      lifetime_(std::move(lifetime)),
      is_ours_(is_ours) {}

// Source: kvm_vm_ioctl, and kvm_arch_vm_ioctl of s390 for what that does not know.
int VmDescriptor::Ioctl(int fd, unsigned int request, uint64_t argument) const {
  switch (request) {
    case KVM_CHECK_EXTENSION:
      return IoctlResult(connection_->CheckExtension(profile_, argument, CallOptions()));
    case KVM_CREATE_VCPU:
      return CreateVcpu(fd, static_cast<uint32_t>(argument));
    default:
      return -ENOTTY;
  }
}

void VmDescriptor::AtEnd(absl::Duration timeout) const {
  if (!is_ours_) return;
  CallOptions options;
  options.timeout = timeout;
  // There is nobody to tell of a failure. Somebody else may have deleted it already.
  connection_->DeleteVm(id_, options).IgnoreError();
}

int VmDescriptor::CreateVcpu(int fd, uint32_t id) const {
  NewDescriptor made;
  const int error = PrepareInVm(fd, lifetime_, &made);
  if (error != 0) return error;
  const VcpuAddress vcpu = {id_, id};
  const int result = IoctlResult(connection_->CreateVcpu(vcpu, CallOptions()));
  if (result < 0) return result;
  return std::move(made).Publish(std::make_shared<VcpuDescriptor>(connection_, vcpu, profile_));
}

int VmDescriptor::OpenVcpu(int fd, uint32_t id) const {
  NewDescriptor made;
  const int missing = FindVcpu(id);
  if (missing != 0) return missing;
  const int error = PrepareBesideVm(fd, lifetime_, &made);
  if (error != 0) return error;
  return std::move(made).Publish(
      std::make_shared<VcpuDescriptor>(connection_, VcpuAddress{id_, id}, profile_));
}

int VmDescriptor::FindVcpu(uint32_t id) const {
  const absl::Status vcpu = connection_->GetMpState({id_, id}, CallOptions()).status();
  if (vcpu.ok()) return 0;
  if (!absl::IsNotFound(vcpu)) return IoctlError(vcpu);
  // Which of the two is missing?
  const absl::Status vm = connection_->GetVm(id_, CallOptions()).status();
  return vm.ok() ? -ENOENT : IoctlError(vm);
}

}  // namespace irqd
