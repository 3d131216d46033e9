// The simulated /dev/kvm.
#include "client/kvm_descriptors.h"

#include <cerrno>
#include <utility>

#include "client/ioctl_result.h"
#include "client/new_descriptor.h"
#include "core/kvm_s390.h"

namespace irqd {

int OpenKvm(std::shared_ptr<Connection> connection, const OpenProfile& profile) {
  NewDescriptor made;
  const int error = Prepare(&made);
  if (error != 0) return error;
  return std::move(made).Publish(std::make_shared<KvmDescriptor>(std::move(connection), profile));
}

KvmDescriptor::KvmDescriptor(std::shared_ptr<Connection> connection, const OpenProfile& profile)
    : connection_(std::move(connection)), profile_(profile) {}

// Source: kvm_dev_ioctl, and kvm_arch_dev_ioctl of s390 for what that does not know.
int KvmDescriptor::Ioctl(int, unsigned int request, uint64_t argument) const {
  switch (request) {
    case KVM_GET_API_VERSION:
      return argument == 0 ? KVM_API_VERSION : -EINVAL;
    case KVM_CHECK_EXTENSION:
      return IoctlResult(connection_->CheckExtension(profile_.host, argument, CallOptions()));
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
  spec.profile = profile_.host;
  const absl::StatusOr<VmInfo> vm = connection_->CreateVm(spec, CallOptions());
  if (!vm.ok()) return IoctlError(vm.status());
  auto descriptor = std::make_shared<VmDescriptor>(
      VmOfDescriptor{connection_, vm->id, {vm->profile, profile_.ioctls}}, made.lifetimes[0],
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
  auto descriptor = std::make_shared<VmDescriptor>(
      VmOfDescriptor{connection_, vm->id, {vm->profile, profile_.ioctls}}, made.lifetimes[0],
      /*is_ours=*/false);
  return std::move(made).Publish(std::move(descriptor));
}

}  // namespace irqd
