// What the descriptors of irqd_kvm.h do: the simulated /dev/kvm, a VM, a vCPU.
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

namespace irqd {

// open("/dev/kvm") on a host of `profile` behind `connection`: a new descriptor.
int OpenKvm(std::shared_ptr<Connection> connection, const HostProfile& profile);

class KvmDescriptor final : public Descriptor {
 public:
  KvmDescriptor(std::shared_ptr<Connection> connection, const HostProfile& profile);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;
  // A descriptor for the VM called `name`.
  int OpenVm(absl::string_view name) const;

 private:
  int CreateVm(uint64_t type) const;

  const std::shared_ptr<Connection> connection_;
  const HostProfile profile_;
};

class VmDescriptor final : public Descriptor {
 public:
  // `lifetime` is the one that descriptors of this VM carry the token of. At its end the VM is
  // removed, if that `is_ours` to do.
  VmDescriptor(std::shared_ptr<Connection> connection, const VmInfo& vm,
               std::shared_ptr<Lifetime> lifetime, bool is_ours);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;
  void AtEnd(absl::Duration timeout) const override;
  // A descriptor for vCPU `id`, which exists. `fd` is a descriptor of this.
  int OpenVcpu(int fd, uint32_t id) const;

 private:
  int CreateVcpu(int fd, uint32_t id) const;
  int FindVcpu(uint32_t id) const;

  const std::shared_ptr<Connection> connection_;
  const uint64_t id_;
  const HostProfile profile_;
  const std::shared_ptr<Lifetime> lifetime_;
  const bool is_ours_;
};

class VcpuDescriptor final : public Descriptor {
 public:
  VcpuDescriptor(std::shared_ptr<Connection> connection, const VcpuAddress& vcpu,
                 const HostProfile& profile);

  int Ioctl(int fd, unsigned int request, uint64_t argument) const override;

 private:
  int S390Irq(uint64_t argument) const;
  int S390Interrupt(uint64_t argument) const;
  int SetIrqState(uint64_t argument) const;
  int GetIrqState(uint64_t argument) const;
  int SetMpState(uint64_t argument) const;

  const std::shared_ptr<Connection> connection_;
  const VcpuAddress vcpu_;
  const HostProfile profile_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_KVM_DESCRIPTORS_H_
