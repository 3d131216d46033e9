#include "client/connection.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/grpc_connection.h"
#include "client/inproc_connection.h"
#include "core/limits.h"

namespace irqd {

absl::StatusOr<std::shared_ptr<Connection>> Connect(absl::string_view target) {
  if (target.empty()) return absl::InvalidArgumentError("target: is empty");
  if (target.size() > kMaxTargetLength) {
    return absl::InvalidArgumentError(
        absl::StrCat("target: is ", target.size(), " bytes long; the limit is ", kMaxTargetLength));
  }
  if (target == "inproc:") return std::make_shared<InprocConnection>();
  if (absl::StartsWith(target, "inproc:")) {
    return absl::InvalidArgumentError("target: nothing may follow 'inproc:'");
  }
  return std::make_shared<GrpcConnection>(target);
}

absl::StatusOr<FloatReply> Connection::S390InterruptVm(uint64_t, const kvm_s390_interrupt&,
                                                       const CallOptions&) {
  return absl::UnimplementedError("S390InterruptVm");
}

absl::StatusOr<FloatReply> Connection::SetDeviceAttr(uint64_t, const DeviceAttr&, absl::string_view,
                                                     const CallOptions&) {
  return absl::UnimplementedError("SetDeviceAttr");
}

absl::StatusOr<GetDeviceAttrReply> Connection::GetDeviceAttr(uint64_t, const DeviceAttr&,
                                                             const CallOptions&) {
  return absl::UnimplementedError("GetDeviceAttr");
}

absl::StatusOr<int32_t> Connection::HasDeviceAttr(uint64_t, const DeviceAttr&, const CallOptions&) {
  return absl::UnimplementedError("HasDeviceAttr");
}

absl::StatusOr<int32_t> Connection::CreateDevice(uint64_t, uint32_t, uint32_t, const CallOptions&) {
  return absl::UnimplementedError("CreateDevice");
}

absl::StatusOr<int32_t> Connection::EnableCap(uint64_t, uint32_t, uint32_t, const CallOptions&) {
  return absl::UnimplementedError("EnableCap");
}

absl::StatusOr<VcpuRegisters> Connection::GetVcpuRegisters(const VcpuAddress&, const CallOptions&) {
  return absl::UnimplementedError("GetVcpuRegisters");
}

absl::Status Connection::SetVcpuRegisters(const VcpuAddress&, const VcpuRegistersUpdate&,
                                          const CallOptions&) {
  return absl::UnimplementedError("SetVcpuRegisters");
}

absl::StatusOr<VmRegisters> Connection::GetVmRegisters(uint64_t, const CallOptions&) {
  return absl::UnimplementedError("GetVmRegisters");
}

absl::Status Connection::SetVmRegisters(uint64_t, const VmRegistersUpdate&, const CallOptions&) {
  return absl::UnimplementedError("SetVmRegisters");
}

absl::StatusOr<DeliverResult> Connection::Deliver(const VcpuAddress&, uint32_t,
                                                  const CallOptions&) {
  return absl::UnimplementedError("Deliver");
}

absl::StatusOr<Deliverable> Connection::GetDeliverable(const VcpuAddress&, const CallOptions&) {
  return absl::UnimplementedError("GetDeliverable");
}

absl::StatusOr<int32_t> Connection::StopIntercept(const VcpuAddress&, const CallOptions&) {
  return absl::UnimplementedError("StopIntercept");
}

absl::StatusOr<SigpResult> Connection::Sigp(const VcpuAddress&, uint32_t, uint8_t, uint32_t,
                                            const CallOptions&) {
  return absl::UnimplementedError("Sigp");
}

}  // namespace irqd
