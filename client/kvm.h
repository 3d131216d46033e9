// irqd as C++ classes: a host's /dev/kvm, its VMs and their vCPUs. What a VM's floating interrupt
// controller does is in flic_client.h, what is done to many vCPUs at once in batch_client.h.
//
//   absl::StatusOr<std::shared_ptr<Connection>> connection = Connect("127.0.0.1:50051");
//   if (!connection.ok()) return connection.status();
//   absl::StatusOr<VmClient> vm = KvmClient(*connection).CreateVm("dasher", {0, 1});
//   if (!vm.ok()) return vm.status();
//   kvm_s390_irq irq = {};
//   irq.type = KVM_S390_INT_EMERGENCY;
//   irq.u.emerg.code = 1;
//   absl::StatusOr<int> ret = vm->Vcpu(0).S390Irq(irq);
//   if (!ret.ok()) return ret.status();          // the call did not get there
//   if (*ret < 0) std::cerr << strerror(-*ret);  // the kernel said no
//
// Errors. A status that is not OK means that a call did not reach the simulated kernel; see
// Connection and proto/irqd/v1 for the codes. What the kernel answers is the value: 0 or more, or
// -errno, in the order that core/local_irq.h and core/float_irq.h list.
//
// Handles. All classes are cheap to copy; copies name the same thing. They own nothing but a
// share of the connection: a VM stays until somebody deletes it, and calls on a handle of a
// deleted one are NOT_FOUND.
//
// Byte order. Structures are the kernel's, from <linux/kvm.h>, in host byte order.
//
// Thread safety: all const methods may be called from any number of threads at once. Tests
// replace the connection: they derive from Connection.
#ifndef IRQD_CLIENT_KVM_H_
#define IRQD_CLIENT_KVM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/batch_client.h"
#include "client/connection.h"
#include "client/flic_client.h"
#include "core/delivery.h"
#include "core/float_irq.h"
#include "core/host_profile.h"
#include "core/kvm_s390.h"
#include "core/local_irq.h"
#include "core/registers_update.h"
#include "core/sigp.h"
#include "core/vm_info.h"

namespace irqd {

class VcpuClient {
 public:
  VcpuClient(std::shared_ptr<Connection> connection, const VcpuAddress& address,
             const CallOptions& options = CallOptions());

  const VcpuAddress& address() const { return address_; }
  // The same vCPU, called with other options.
  VcpuClient WithOptions(const CallOptions& options) const;

  absl::StatusOr<int> S390Irq(const kvm_s390_irq& irq) const;
  absl::StatusOr<int> S390Interrupt(const kvm_s390_interrupt& interrupt) const;
  // With room for `len` bytes; all that can be pending fits by default.
  //   INTERNAL  the answer is no list of records
  absl::StatusOr<IrqState> GetIrqState(uint32_t len = kMaxPendingIrqs * kIrqSize) const;
  absl::StatusOr<int> SetIrqState(absl::Span<const kvm_s390_irq> irqs) const;
  absl::StatusOr<int> Reset(ResetKind kind) const;
  absl::StatusOr<int> SetMpState(uint32_t mp_state) const;
  absl::StatusOr<int> GetMpState() const;

  // What a guest does: irqd's own calls, see proto/irqd/v1/guest.proto.
  absl::StatusOr<VcpuRegisters> GetRegisters() const;
  absl::Status SetRegisters(const VcpuRegistersUpdate& update) const;
  // At most `max` interrupts, and never more than kMaxDeliveredIrqs, which 0 stands for.
  absl::StatusOr<DeliverResult> Deliver(uint32_t max = 0) const;
  absl::StatusOr<Deliverable> GetDeliverable() const;
  absl::StatusOr<int> StopIntercept() const;
  // Gives vCPU `to` of the same VM an order. Any code may be cast to SigpOrder.
  absl::StatusOr<SigpResult> Sigp(uint32_t to, SigpOrder order, uint32_t parameter = 0) const;

 private:
  std::shared_ptr<Connection> connection_;
  VcpuAddress address_;
  CallOptions options_;
};

class VmClient {
 public:
  VmClient(std::shared_ptr<Connection> connection, const VmInfo& vm,
           const CallOptions& options = CallOptions());

  uint64_t id() const { return vm_.id; }
  const std::string& name() const { return vm_.name; }
  const HostProfile& profile() const { return vm_.profile; }
  // The same VM, called with other options; its vCPUs and its FLIC inherit them.
  VmClient WithOptions(const CallOptions& options) const;

  // KVM_CREATE_VCPU: 0, -EINVAL or -EEXIST.
  absl::StatusOr<int> CreateVcpu(uint32_t id) const;
  // A handle, whether there is such a vCPU or not: the first call finds out.
  VcpuClient Vcpu(uint32_t id) const;
  // Likewise, whether the FLIC was created or not.
  FlicClient Flic() const;
  // Calls on many of its vCPUs at once.
  BatchClient Batch() const;
  absl::StatusOr<std::vector<VcpuInfo>> ListVcpus() const;
  absl::StatusOr<FloatReply> S390Interrupt(const kvm_s390_interrupt& interrupt) const;
  absl::StatusOr<int> EnableCap(uint32_t cap, uint32_t flags = 0) const;
  // Clock and new PSW masks, which all vCPUs share; irqd's own calls.
  absl::StatusOr<VmRegisters> GetRegisters() const;
  absl::Status SetRegisters(const VmRegistersUpdate& update) const;
  absl::StatusOr<int> CheckExtension(uint64_t extension) const;
  absl::Status Delete() const;

 private:
  std::shared_ptr<Connection> connection_;
  VmInfo vm_;
  CallOptions options_;
};

class KvmClient {
 public:
  // `profile` is what the host of VMs created here is.
  explicit KvmClient(std::shared_ptr<Connection> connection,
                     const HostProfile& profile = DefaultHostProfile(),
                     const CallOptions& options = CallOptions());

  const HostProfile& profile() const { return profile_; }
  // The same host, called with other options; its VMs inherit them.
  KvmClient WithOptions(const CallOptions& options) const;

  // KVM_CREATE_VM and a KVM_CREATE_VCPU for each id, in one step. An empty name: one is made.
  absl::StatusOr<VmClient> CreateVm(absl::string_view name = "",
                                    absl::Span<const uint32_t> vcpu_ids = {}) const;
  // A VM that exists, whoever made it and whatever its profile.
  absl::StatusOr<VmClient> OpenVm(absl::string_view name) const;
  absl::StatusOr<std::vector<VmInfo>> ListVms() const;
  absl::StatusOr<int> CheckExtension(uint64_t extension) const;

 private:
  std::shared_ptr<Connection> connection_;
  HostProfile profile_;
  CallOptions options_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_KVM_H_
