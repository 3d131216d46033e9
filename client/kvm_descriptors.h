// What the descriptors of irqd_kvm.h do: the simulated /dev/kvm, a VM, a vCPU, a VM's FLIC.
//
// All results are 0 or more, or -errno, as irqd_kvm.h lists them.
// Thread safety: all methods may be called from any thread.
#ifndef IRQD_CLIENT_KVM_DESCRIPTORS_H_
#define IRQD_CLIENT_KVM_DESCRIPTORS_H_

#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "client/connection.h"
#include "client/descriptor_table.h"
#include "client/open_profile.h"

namespace irqd {

// open("/dev/kvm") on a host of `profile` behind `connection`: a new descriptor.
int OpenKvm(std::shared_ptr<Connection> connection, const OpenProfile& profile);

class KvmDescriptor final : public Descriptor {
 public:
  KvmDescriptor(std::shared_ptr<Connection> connection, const OpenProfile& profile);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;
  // A descriptor for the VM called `name`.
  int OpenVm(absl::string_view name) const;

 private:
  int CreateVm(uint64_t type) const;

  const std::shared_ptr<Connection> connection_;
  const OpenProfile profile_;
};

// What a VM's descriptors know of it.
struct VmOfDescriptor {
  std::shared_ptr<Connection> connection;
  uint64_t id;
  OpenProfile profile;
};

class VmDescriptor final : public Descriptor {
 public:
  // `lifetime` is the one that descriptors of this VM carry the token of. At its end the VM is
  // removed, if that `is_ours` to do.
  VmDescriptor(VmOfDescriptor vm, std::shared_ptr<Lifetime> lifetime, bool is_ours);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;
  void AtEnd(absl::Duration timeout) const override;
  // A descriptor for vCPU `id`, which exists. `fd` is a descriptor of this.
  int OpenVcpu(int fd, uint32_t id) const;

  Connection& connection() const { return *vm_.connection; }
  uint64_t id() const { return vm_.id; }

 private:
  int CreateVcpu(int fd, uint32_t id) const;
  int FindVcpu(uint32_t id) const;
  int S390Interrupt(uint64_t argument) const;
  int CreateDevice(int fd, uint64_t argument) const;
  int CreateFlic(int fd, uint32_t flags) const;
  int EnableCap(uint64_t argument) const;

  const VmOfDescriptor vm_;
  const std::shared_ptr<Lifetime> lifetime_;
  const bool is_ours_;
};

class VcpuDescriptor final : public Descriptor {
 public:
  VcpuDescriptor(VmOfDescriptor vm, uint32_t id);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;

  Connection& connection() const { return *vm_.connection; }
  const VcpuAddress& address() const { return address_; }

 private:
  int S390Irq(uint64_t argument) const;
  int S390Interrupt(uint64_t argument) const;
  int SetIrqState(uint64_t argument) const;
  int SetDocumentedIrqState(uint64_t argument) const;
  int SetIrqState(uint64_t buf, uint32_t len) const;
  int GetIrqState(uint64_t argument) const;
  int SetMpState(uint64_t argument) const;

  const VmOfDescriptor vm_;
  const VcpuAddress address_;
};

// The floating interrupt controller of a VM, as KVM_CREATE_DEVICE makes it.
class FlicDescriptor final : public Descriptor {
 public:
  explicit FlicDescriptor(VmOfDescriptor vm);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;

 private:
  int SetAttr(const kvm_device_attr& attr) const;
  int Enqueue(const kvm_device_attr& attr) const;
  int GetAttr(const kvm_device_attr& attr) const;

  const VmOfDescriptor vm_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_KVM_DESCRIPTORS_H_
