// A connection to a simulation of its own, inside this process: the core without a server.
//
// Calls on a vCPU neither lock nor wait but where vcpu.h says so, and none takes time that options
// could limit.
// Thread safety: as Connection.
#ifndef IRQD_CLIENT_INPROC_CONNECTION_H_
#define IRQD_CLIENT_INPROC_CONNECTION_H_

#include <memory>
#include <string>
#include <vector>

#include "client/connection.h"
#include "core/vm_registry.h"

namespace irqd {

class InprocConnection final : public Connection {
 public:
  explicit InprocConnection(const VmRegistry::Limits& limits = VmRegistry::Limits())
      : registry_(limits) {}

  absl::StatusOr<VmInfo> CreateVm(const VmSpec& spec, const CallOptions&) override;
  absl::StatusOr<VmInfo> GetVm(uint64_t id, const CallOptions&) override;
  absl::StatusOr<VmInfo> FindVm(absl::string_view name, const CallOptions&) override;
  absl::StatusOr<std::vector<VmInfo>> ListVms(const CallOptions&) override;
  absl::Status DeleteVm(uint64_t id, const CallOptions&) override;
  absl::StatusOr<int32_t> CreateVcpu(const VcpuAddress& vcpu, const CallOptions&) override;
  absl::StatusOr<std::vector<VcpuInfo>> ListVcpus(uint64_t vm_id, const CallOptions&) override;

  absl::StatusOr<GetIrqStateReply> GetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                               const CallOptions&) override;
  absl::StatusOr<int32_t> SetIrqState(const VcpuAddress& vcpu, uint32_t len, absl::string_view buf,
                                      const CallOptions&) override;
  absl::StatusOr<int32_t> S390Irq(const VcpuAddress& vcpu, absl::string_view record,
                                  const CallOptions&) override;
  absl::StatusOr<int32_t> S390Interrupt(const VcpuAddress& vcpu,
                                        const kvm_s390_interrupt& interrupt,
                                        const CallOptions&) override;
  absl::StatusOr<int32_t> Reset(const VcpuAddress& vcpu, ResetKind kind,
                                const CallOptions&) override;
  absl::StatusOr<int32_t> SetMpState(const VcpuAddress& vcpu, uint32_t mp_state,
                                     const CallOptions&) override;
  absl::StatusOr<int32_t> GetMpState(const VcpuAddress& vcpu, const CallOptions&) override;
  absl::StatusOr<GetIrqStatesReply> GetIrqStates(uint64_t vm_id,
                                                 absl::Span<const uint32_t> vcpu_ids, uint32_t len,
                                                 const CallOptions&) override;
  absl::StatusOr<GetIrqStatesReply> GetIrqStatesAtOneInstant(uint64_t vm_id,
                                                             absl::Span<const uint32_t> vcpu_ids,
                                                             uint32_t len,
                                                             const CallOptions&) override;
  absl::StatusOr<std::vector<int32_t>> SetIrqStates(uint64_t vm_id,
                                                    absl::Span<const uint32_t> vcpu_ids,
                                                    absl::Span<const uint32_t> len,
                                                    absl::string_view buf,
                                                    const CallOptions&) override;
  std::unique_ptr<InjectStream> OpenInjectStream(const CallOptions& options) override;
  absl::StatusOr<FloatReply> S390InterruptVm(uint64_t vm_id, const kvm_s390_interrupt& interrupt,
                                             const CallOptions&) override;
  absl::StatusOr<FloatReply> SetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                           absl::string_view memory, const CallOptions&) override;
  absl::StatusOr<GetDeviceAttrReply> GetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                   const CallOptions&) override;
  absl::StatusOr<int32_t> HasDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                        const CallOptions&) override;
  absl::StatusOr<int32_t> CreateDevice(uint64_t vm_id, uint32_t type, uint32_t flags,
                                       const CallOptions&) override;
  absl::StatusOr<int32_t> EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags,
                                    const CallOptions&) override;

  absl::StatusOr<VcpuRegisters> GetVcpuRegisters(const VcpuAddress& vcpu,
                                                 const CallOptions&) override;
  absl::Status SetVcpuRegisters(const VcpuAddress& vcpu, const VcpuRegistersUpdate& update,
                                const CallOptions&) override;
  absl::StatusOr<VmRegisters> GetVmRegisters(uint64_t vm_id, const CallOptions&) override;
  absl::Status SetVmRegisters(uint64_t vm_id, const VmRegistersUpdate& update,
                              const CallOptions&) override;
  absl::StatusOr<DeliverResult> Deliver(const VcpuAddress& vcpu, uint32_t max,
                                        const CallOptions&) override;
  absl::StatusOr<Deliverable> GetDeliverable(const VcpuAddress& vcpu, const CallOptions&) override;
  absl::StatusOr<int32_t> StopIntercept(const VcpuAddress& vcpu, const CallOptions&) override;
  absl::StatusOr<SigpResult> Sigp(const VcpuAddress& from, uint32_t to, uint8_t order_code,
                                  uint32_t parameter, const CallOptions&) override;

  absl::StatusOr<int32_t> CheckExtension(const HostProfile& profile, uint64_t extension,
                                         const CallOptions&) override;

  absl::StatusOr<bool> IsServing(const CallOptions&) override;

 private:
  VmRegistry registry_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_INPROC_CONNECTION_H_
