#include "client/irqd_kvm.h"

#include <cerrno>
#include <cstdarg>
#include <memory>
#include <utility>

#include "client/c_call.h"
#include "client/connection.h"
#include "client/descriptor_table.h"
#include "client/kvm_descriptors.h"
#include "client/open_profile.h"
#include "core/vm_registry.h"

using ::irqd::CResult;
using ::irqd::Descriptor;
using ::irqd::DescriptorTable;

int irqd_open(const char* target, const char* host_profile) {
  if (target == nullptr) return CResult(-EINVAL);
  const auto profile = irqd::ParseOpenProfile(host_profile == nullptr ? "" : host_profile);
  if (!profile.ok()) return CResult(-EINVAL);
  auto connection = irqd::Connect(target);
  if (!connection.ok()) return CResult(-EINVAL);
  return CResult(irqd::OpenKvm(*std::move(connection), *profile));
}

int irqd_ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const auto argument = va_arg(arguments, unsigned long);
  va_end(arguments);

  std::shared_ptr<const Descriptor> descriptor;
  const int error = irqd::FindDescriptor(fd, &descriptor);
  if (error != 0) return CResult(error);
  // Like the kernel, which looks at 32 bits of it.
  return CResult(descriptor->Ioctl(fd, static_cast<unsigned int>(request), argument));
}

int irqd_close(int fd) { return CResult(DescriptorTable::Get().Close(fd)); }

int irqd_vm_open(int kvm_fd, const char* name) {
  std::shared_ptr<const irqd::KvmDescriptor> kvm;
  const int error = irqd::FindKind(kvm_fd, &kvm);
  if (error != 0) return CResult(error);
  if (name == nullptr) return CResult(-EFAULT);
  if (!irqd::IsValidVmName(name)) return CResult(-EINVAL);
  return CResult(kvm->OpenVm(name));
}

int irqd_vcpu_open(int vm_fd, uint32_t id) {
  std::shared_ptr<const irqd::VmDescriptor> vm;
  const int error = irqd::FindKind(vm_fd, &vm);
  if (error != 0) return CResult(error);
  return CResult(vm->OpenVcpu(vm_fd, id));
}
