// A connection to an irqd server: one gRPC channel, a blocking call per method.
//
// The channel connects when it is first used, and again after a break: not earlier than 0.1 s,
// not later than 1 s after the attempt before. It sends in the clear, so the way to the server
// should be the loopback interface or a Unix socket.
//
// Errors besides those of Connection:
//   INTERNAL  the server's answer makes no sense to this client; it may be a newer one
// Thread safety: as Connection.
#ifndef IRQD_CLIENT_GRPC_CONNECTION_H_
#define IRQD_CLIENT_GRPC_CONNECTION_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "client/connection.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "irqd/v1/batch.grpc.pb.h"
#include "irqd/v1/flic.grpc.pb.h"
#include "irqd/v1/guest.grpc.pb.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"

namespace irqd {

class GrpcConnection final : public Connection {
 public:
  explicit GrpcConnection(absl::string_view target);

  absl::StatusOr<VmInfo> CreateVm(const VmSpec& spec, const CallOptions& options) override;
  absl::StatusOr<VmInfo> GetVm(uint64_t id, const CallOptions& options) override;
  absl::StatusOr<VmInfo> FindVm(absl::string_view name, const CallOptions& options) override;
  absl::StatusOr<std::vector<VmInfo>> ListVms(const CallOptions& options) override;
  absl::Status DeleteVm(uint64_t id, const CallOptions& options) override;
  absl::StatusOr<int32_t> CreateVcpu(const VcpuAddress& vcpu, const CallOptions& options) override;
  absl::StatusOr<std::vector<VcpuInfo>> ListVcpus(uint64_t vm_id,
                                                  const CallOptions& options) override;

  absl::StatusOr<GetIrqStateReply> GetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                               const CallOptions& options) override;
  absl::StatusOr<int32_t> SetIrqState(const VcpuAddress& vcpu, uint32_t len, absl::string_view buf,
                                      const CallOptions& options) override;
  absl::StatusOr<int32_t> S390Irq(const VcpuAddress& vcpu, absl::string_view record,
                                  const CallOptions& options) override;
  absl::StatusOr<int32_t> S390Interrupt(const VcpuAddress& vcpu,
                                        const kvm_s390_interrupt& interrupt,
                                        const CallOptions& options) override;
  absl::StatusOr<int32_t> Reset(const VcpuAddress& vcpu, ResetKind kind,
                                const CallOptions& options) override;
  absl::StatusOr<int32_t> SetMpState(const VcpuAddress& vcpu, uint32_t mp_state,
                                     const CallOptions& options) override;
  absl::StatusOr<int32_t> GetMpState(const VcpuAddress& vcpu, const CallOptions& options) override;
  absl::StatusOr<GetIrqStatesReply> GetIrqStates(uint64_t vm_id,
                                                 absl::Span<const uint32_t> vcpu_ids, uint32_t len,
                                                 const CallOptions& options) override;
  absl::StatusOr<GetIrqStatesReply> GetIrqStatesAtOneInstant(uint64_t vm_id,
                                                             absl::Span<const uint32_t> vcpu_ids,
                                                             uint32_t len,
                                                             const CallOptions& options) override;
  absl::StatusOr<std::vector<int32_t>> SetIrqStates(uint64_t vm_id,
                                                    absl::Span<const uint32_t> vcpu_ids,
                                                    absl::Span<const uint32_t> len,
                                                    absl::string_view buf,
                                                    const CallOptions& options) override;
  std::unique_ptr<InjectStream> OpenInjectStream(const CallOptions& options) override;
  absl::StatusOr<FloatReply> S390InterruptVm(uint64_t vm_id, const kvm_s390_interrupt& interrupt,
                                             const CallOptions& options) override;
  absl::StatusOr<FloatReply> SetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                           absl::string_view memory,
                                           const CallOptions& options) override;
  absl::StatusOr<GetDeviceAttrReply> GetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                   const CallOptions& options) override;
  absl::StatusOr<int32_t> HasDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                        const CallOptions& options) override;
  absl::StatusOr<int32_t> CreateDevice(uint64_t vm_id, uint32_t type, uint32_t flags,
                                       const CallOptions& options) override;
  absl::StatusOr<int32_t> EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags,
                                    const CallOptions& options) override;

  absl::StatusOr<VcpuRegisters> GetVcpuRegisters(const VcpuAddress& vcpu,
                                                 const CallOptions& options) override;
  absl::Status SetVcpuRegisters(const VcpuAddress& vcpu, const VcpuRegistersUpdate& update,
                                const CallOptions& options) override;
  absl::StatusOr<VmRegisters> GetVmRegisters(uint64_t vm_id, const CallOptions& options) override;
  absl::Status SetVmRegisters(uint64_t vm_id, const VmRegistersUpdate& update,
                              const CallOptions& options) override;
  absl::StatusOr<DeliverResult> Deliver(const VcpuAddress& vcpu, uint32_t max,
                                        const CallOptions& options) override;
  absl::StatusOr<Deliverable> GetDeliverable(const VcpuAddress& vcpu,
                                             const CallOptions& options) override;
  absl::StatusOr<int32_t> StopIntercept(const VcpuAddress& vcpu,
                                        const CallOptions& options) override;
  absl::StatusOr<SigpResult> Sigp(const VcpuAddress& from, uint32_t to, uint8_t order_code,
                                  uint32_t parameter, const CallOptions& options) override;

  absl::StatusOr<int32_t> CheckExtension(const HostProfile& profile, uint64_t extension,
                                         const CallOptions& options) override;

  absl::StatusOr<bool> IsServing(const CallOptions& options) override;

 private:
  explicit GrpcConnection(std::shared_ptr<grpc::Channel> channel);

  absl::StatusOr<GetIrqStatesReply> CallGetIrqStates(const v1::GetIrqStatesRequest& request,
                                                     const CallOptions& options);

  const std::unique_ptr<v1::Vms::Stub> vms_;
  const std::unique_ptr<v1::Kvm::Stub> kvm_;
  const std::unique_ptr<v1::Batch::Stub> batch_;
  const std::unique_ptr<v1::Flic::Stub> flic_;
  const std::unique_ptr<v1::Guest::Stub> guest_;
  const std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_GRPC_CONNECTION_H_
