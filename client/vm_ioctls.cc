// The ioctls on a VM: the kernel's checks of memory, in its order, around a call each.
#include <cerrno>
#include <utility>

#include "client/ioctl_result.h"
#include "client/kvm_descriptors.h"
#include "client/new_descriptor.h"
#include "client/user_memory.h"
#include "core/kvm_s390.h"

namespace irqd {

VmDescriptor::VmDescriptor(VmOfDescriptor vm, std::shared_ptr<Lifetime> lifetime, bool is_ours)
    : vm_(std::move(vm)), lifetime_(std::move(lifetime)), is_ours_(is_ours) {}

// Source: kvm_vm_ioctl, and kvm_arch_vm_ioctl of s390 for what that does not know.
int VmDescriptor::Ioctl(int fd, unsigned int request, uint64_t argument) const {
  switch (request) {
    case KVM_CHECK_EXTENSION:
      return IoctlResult(connection().CheckExtension(vm_.profile.host, argument, CallOptions()));
    case KVM_CREATE_VCPU:
      return CreateVcpu(fd, static_cast<uint32_t>(argument));
    case KVM_ENABLE_CAP:
      return EnableCap(argument);
    case KVM_CREATE_DEVICE:
      return CreateDevice(fd, argument);
    case KVM_S390_INTERRUPT:
      return S390Interrupt(argument);
    default:
      return -ENOTTY;
  }
}

void VmDescriptor::AtEnd(absl::Duration timeout) const {
  if (!is_ours_) return;
  CallOptions options;
  options.timeout = timeout;
  // There is nobody to tell of a failure. Somebody else may have deleted it already.
  connection().DeleteVm(vm_.id, options).IgnoreError();
}

int VmDescriptor::CreateVcpu(int fd, uint32_t id) const {
  NewDescriptor made;
  const int error = PrepareInVm(fd, lifetime_, &made);
  if (error != 0) return error;
  const int result = IoctlResult(connection().CreateVcpu({vm_.id, id}, CallOptions()));
  if (result < 0) return result;
  return std::move(made).Publish(std::make_shared<VcpuDescriptor>(vm_, id));
}

int VmDescriptor::OpenVcpu(int fd, uint32_t id) const {
  NewDescriptor made;
  const int missing = FindVcpu(id);
  if (missing != 0) return missing;
  const int error = PrepareBesideVm(fd, lifetime_, &made);
  if (error != 0) return error;
  return std::move(made).Publish(std::make_shared<VcpuDescriptor>(vm_, id));
}

int VmDescriptor::FindVcpu(uint32_t id) const {
  const absl::Status vcpu = connection().GetMpState({vm_.id, id}, CallOptions()).status();
  if (vcpu.ok()) return 0;
  if (!absl::IsNotFound(vcpu)) return IoctlError(vcpu);
  // Which of the two is missing?
  const absl::Status vm = connection().GetVm(vm_.id, CallOptions()).status();
  return vm.ok() ? -ENOENT : IoctlError(vm);
}

int VmDescriptor::S390Interrupt(uint64_t argument) const {
  kvm_s390_interrupt interrupt;
  const int fault = CopyFromUser(&interrupt, argument, sizeof(interrupt));
  if (fault != 0) return fault;
  return IoctlResult(connection().S390InterruptVm(vm_.id, interrupt, CallOptions()));
}

int VmDescriptor::CreateDevice(int fd, uint64_t argument) const {
  kvm_create_device device;
  const int fault = CopyFromUser(&device, argument, sizeof(device));
  if (fault != 0) return fault;
  if (device.type == KVM_DEV_TYPE_FLIC && !(device.flags & KVM_CREATE_DEVICE_TEST)) {
    const int made = CreateFlic(fd, device.flags);
    if (made < 0) return made;
    device.fd = static_cast<uint32_t>(made);
  } else {
    const int result =
        IoctlResult(connection().CreateDevice(vm_.id, device.type, device.flags, CallOptions()));
    if (result != 0) return result;
  }
  // Also after a test, which changed nothing in it. A descriptor whose number cannot be written
  // stays open, as in the kernel.
  return CopyToUser(argument, &device, sizeof(device));
}

int VmDescriptor::CreateFlic(int fd, uint32_t flags) const {
  NewDescriptor made;
  const int error = PrepareInVm(fd, lifetime_, &made);
  if (error != 0) return error;
  const int result =
      IoctlResult(connection().CreateDevice(vm_.id, KVM_DEV_TYPE_FLIC, flags, CallOptions()));
  if (result < 0) return result;
  return std::move(made).Publish(std::make_shared<FlicDescriptor>(vm_));
}

int VmDescriptor::EnableCap(uint64_t argument) const {
  kvm_enable_cap cap;
  const int fault = CopyFromUser(&cap, argument, sizeof(cap));
  if (fault != 0) return fault;
  return IoctlResult(connection().EnableCap(vm_.id, cap.cap, cap.flags, CallOptions()));
}

}  // namespace irqd
