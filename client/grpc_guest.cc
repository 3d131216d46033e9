// The FLIC and what a guest does, on a server.
#include "absl/strings/str_cat.h"
#include "client/grpc_call.h"
#include "client/grpc_connection.h"
#include "client/guest_messages.h"
#include "core/kvm_flic.h"

namespace irqd {
namespace {

template <typename Request>
Request MakeAttrRequest(uint64_t vm_id, const DeviceAttr& attr) {
  Request request = MakeRequest<Request>(vm_id);
  request.mutable_attr()->set_flags(attr.flags);
  request.mutable_attr()->set_group(attr.group);
  request.mutable_attr()->set_attr(attr.attr);
  return request;
}

template <typename Response>
absl::StatusOr<FloatReply> ToFloatReply(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return FloatReply{response->ret(),
                    {response->woken_vcpu_ids().begin(), response->woken_vcpu_ids().end()}};
}

// Whether the kernel could have answered this. What a caller writes to memory must fit there.
bool IsPlausible(const DeviceAttr& attr, const v1::GetDeviceAttrResponse& response) {
  const size_t size = response.memory().size();
  if (response.ret() < 0) return size == 0;
  if (size > attr.attr) return false;
  switch (static_cast<FlicGroup>(attr.group)) {
    case FlicGroup::kGetAllIrqs:
      return size == static_cast<size_t>(response.ret()) * kIrqSize;
    case FlicGroup::kAismAll:
      return size == kAisAllSize;
    default:
      return size == 0;
  }
}

// The response as the core has it.
template <typename Result, typename Response>
absl::StatusOr<Result> Read(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return FromMessage(*response);
}

}  // namespace

absl::StatusOr<FloatReply> GrpcConnection::S390InterruptVm(uint64_t vm_id,
                                                           const kvm_s390_interrupt& interrupt,
                                                           const CallOptions& options) {
  auto request = MakeRequest<v1::FlicS390InterruptRequest>(vm_id);
  request.set_type(interrupt.type);
  request.set_parm(interrupt.parm);
  request.set_parm64(interrupt.parm64);
  return ToFloatReply(Call<v1::FlicS390InterruptResponse>(options, &v1::Flic::Stub::S390Interrupt,
                                                          *flic_, request));
}

absl::StatusOr<FloatReply> GrpcConnection::SetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                         absl::string_view memory,
                                                         const CallOptions& options) {
  auto request = MakeAttrRequest<v1::SetDeviceAttrRequest>(vm_id, attr);
  request.set_memory(memory.data(), memory.size());
  return ToFloatReply(
      Call<v1::SetDeviceAttrResponse>(options, &v1::Flic::Stub::SetDeviceAttr, *flic_, request));
}

absl::StatusOr<GetDeviceAttrReply> GrpcConnection::GetDeviceAttr(uint64_t vm_id,
                                                                 const DeviceAttr& attr,
                                                                 const CallOptions& options) {
  const auto request = MakeAttrRequest<v1::GetDeviceAttrRequest>(vm_id, attr);
  absl::StatusOr<v1::GetDeviceAttrResponse> response =
      Call<v1::GetDeviceAttrResponse>(options, &v1::Flic::Stub::GetDeviceAttr, *flic_, request);
  if (!response.ok()) return response.status();
  if (!IsPlausible(attr, *response)) {
    return absl::InternalError(absl::StrCat("the server answered ", response->ret(), " and ",
                                            response->memory().size(), " bytes to group ",
                                            attr.group, ", attr ", attr.attr));
  }
  return GetDeviceAttrReply{response->ret(), std::move(*response->mutable_memory())};
}

absl::StatusOr<int32_t> GrpcConnection::HasDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                      const CallOptions& options) {
  const auto request = MakeAttrRequest<v1::HasDeviceAttrRequest>(vm_id, attr);
  return Ret(
      Call<v1::HasDeviceAttrResponse>(options, &v1::Flic::Stub::HasDeviceAttr, *flic_, request));
}

absl::StatusOr<int32_t> GrpcConnection::CreateDevice(uint64_t vm_id, uint32_t type, uint32_t flags,
                                                     const CallOptions& options) {
  auto request = MakeRequest<v1::CreateDeviceRequest>(vm_id);
  request.set_type(type);
  request.set_flags(flags);
  return Ret(
      Call<v1::CreateDeviceResponse>(options, &v1::Flic::Stub::CreateDevice, *flic_, request));
}

absl::StatusOr<int32_t> GrpcConnection::EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags,
                                                  const CallOptions& options) {
  auto request = MakeRequest<v1::EnableCapRequest>(vm_id);
  request.set_cap(cap);
  request.set_flags(flags);
  return Ret(Call<v1::EnableCapResponse>(options, &v1::Flic::Stub::EnableCap, *flic_, request));
}

absl::StatusOr<VcpuRegisters> GrpcConnection::GetVcpuRegisters(const VcpuAddress& vcpu,
                                                               const CallOptions& options) {
  const auto request = MakeRequest<v1::GetVcpuRegistersRequest>(vcpu);
  return Read<VcpuRegisters>(
      Call<v1::VcpuRegisters>(options, &v1::Guest::Stub::GetVcpuRegisters, *guest_, request));
}

absl::Status GrpcConnection::SetVcpuRegisters(const VcpuAddress& vcpu,
                                              const VcpuRegistersUpdate& update,
                                              const CallOptions& options) {
  auto request = MakeRequest<v1::SetVcpuRegistersRequest>(vcpu);
  *request.mutable_registers() = ToMessage(update);
  return Call<google::protobuf::Empty>(options, &v1::Guest::Stub::SetVcpuRegisters, *guest_,
                                       request)
      .status();
}

absl::StatusOr<VmRegisters> GrpcConnection::GetVmRegisters(uint64_t vm_id,
                                                           const CallOptions& options) {
  const auto request = MakeRequest<v1::GetVmRegistersRequest>(vm_id);
  return Read<VmRegisters>(
      Call<v1::VmRegisters>(options, &v1::Guest::Stub::GetVmRegisters, *guest_, request));
}

absl::Status GrpcConnection::SetVmRegisters(uint64_t vm_id, const VmRegistersUpdate& update,
                                            const CallOptions& options) {
  auto request = MakeRequest<v1::SetVmRegistersRequest>(vm_id);
  *request.mutable_registers() = ToMessage(update);
  return Call<google::protobuf::Empty>(options, &v1::Guest::Stub::SetVmRegisters, *guest_, request)
      .status();
}

absl::StatusOr<DeliverResult> GrpcConnection::Deliver(const VcpuAddress& vcpu, uint32_t max,
                                                      const CallOptions& options) {
  auto request = MakeRequest<v1::DeliverRequest>(vcpu);
  request.set_max_irqs(max);
  return Read<DeliverResult>(
      Call<v1::DeliverResponse>(options, &v1::Guest::Stub::Deliver, *guest_, request));
}

absl::StatusOr<Deliverable> GrpcConnection::GetDeliverable(const VcpuAddress& vcpu,
                                                           const CallOptions& options) {
  const auto request = MakeRequest<v1::GetDeliverableRequest>(vcpu);
  return Read<Deliverable>(Call<v1::GetDeliverableResponse>(
      options, &v1::Guest::Stub::GetDeliverable, *guest_, request));
}

absl::StatusOr<int32_t> GrpcConnection::StopIntercept(const VcpuAddress& vcpu,
                                                      const CallOptions& options) {
  const auto request = MakeRequest<v1::StopInterceptRequest>(vcpu);
  return Ret(
      Call<v1::StopInterceptResponse>(options, &v1::Guest::Stub::StopIntercept, *guest_, request));
}

absl::StatusOr<SigpResult> GrpcConnection::Sigp(const VcpuAddress& from, uint32_t to,
                                                uint8_t order_code, uint32_t parameter,
                                                const CallOptions& options) {
  auto request = MakeRequest<v1::SigpRequest>(from);
  request.set_to_vcpu_id(to);
  request.set_order(order_code);
  request.set_parameter(parameter);
  return Read<SigpResult>(
      Call<v1::SigpResponse>(options, &v1::Guest::Stub::Sigp, *guest_, request));
}

}  // namespace irqd
