#include "client/irqd_kvm.h"

#include <cerrno>
#include <cstdarg>
#include <memory>
#include <utility>

#include "client/connection.h"
#include "client/descriptor_table.h"
#include "client/kvm_descriptors.h"
#include "core/host_profile.h"
#include "core/vm_registry.h"

namespace {

using ::irqd::Descriptor;
using ::irqd::DescriptorTable;

// From -errno to the habit of C.
int Return(int result) {
  if (result >= 0) return result;
  errno = -result;
  return -1;
}

// What `fd` stands for, if this process may use it. 0, or -EBADF, -ENOTTY, -EIO.
int Find(int fd, std::shared_ptr<const Descriptor>* descriptor) {
  const int error = DescriptorTable::Get().Find(fd, descriptor);
  if (error != 0) return error;
  return (*descriptor)->belongs_to_this_process() ? 0 : -EIO;
}

// As Find, with -ENOTTY for a descriptor of another kind.
template <typename Kind>
int FindKind(int fd, std::shared_ptr<const Kind>* found) {
  std::shared_ptr<const Descriptor> descriptor;
  const int error = Find(fd, &descriptor);
  if (error == -EBADF || error == -ENOTTY) return error;
  *found = std::dynamic_pointer_cast<const Kind>(std::move(descriptor));
  return *found == nullptr ? -ENOTTY : error;
}

}  // namespace

int irqd_open(const char* target, const char* host_profile) {
  if (target == nullptr) return Return(-EINVAL);
  const auto profile = irqd::ParseHostProfile(host_profile == nullptr ? "" : host_profile);
  if (!profile.ok()) return Return(-EINVAL);
  auto connection = irqd::Connect(target);
  if (!connection.ok()) return Return(-EINVAL);
  return Return(irqd::OpenKvm(*std::move(connection), *profile));
}

int irqd_ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const auto argument = va_arg(arguments, unsigned long);
  va_end(arguments);

  std::shared_ptr<const Descriptor> descriptor;
  const int error = Find(fd, &descriptor);
  if (error != 0) return Return(error);
  // Like the kernel, which looks at 32 bits of it.
  return Return(descriptor->Ioctl(fd, static_cast<unsigned int>(request), argument));
}

int irqd_close(int fd) { return Return(DescriptorTable::Get().Close(fd)); }

int irqd_vm_open(int kvm_fd, const char* name) {
  std::shared_ptr<const irqd::KvmDescriptor> kvm;
  const int error = FindKind(kvm_fd, &kvm);
  if (error != 0) return Return(error);
  if (name == nullptr) return Return(-EFAULT);
  if (!irqd::IsValidVmName(name)) return Return(-EINVAL);
  return Return(kvm->OpenVm(name));
}

int irqd_vcpu_open(int vm_fd, uint32_t id) {
  std::shared_ptr<const irqd::VmDescriptor> vm;
  const int error = FindKind(vm_fd, &vm);
  if (error != 0) return Return(error);
  return Return(vm->OpenVcpu(vm_fd, id));
}
