#include "server/guest_handlers.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/delivery.h"
#include "core/limits.h"
#include "core/sigp.h"
#include "server/guest_messages.h"
#include "server/status.h"
#include "server/vm_lookup.h"

namespace irqd {
namespace {

grpc::Status NoRegisters() { return InvalidArgument("registers", "is required"); }

}  // namespace

grpc::Status GuestHandlers::GetVcpuRegisters(const v1::GetVcpuRegistersRequest& request,
                                             v1::VcpuRegisters* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  return OnVcpu(registry_, request.vcpu(), [&](const Vm&, Vcpu& vcpu) {
    WriteVcpuRegisters(vcpu.GetRegisters(), response);
    return grpc::Status::OK;
  });
}

grpc::Status GuestHandlers::SetVcpuRegisters(const v1::SetVcpuRegistersRequest& request,
                                             google::protobuf::Empty*) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  if (!request.has_registers()) return NoRegisters();
  return OnVcpu(registry_, request.vcpu(), [&](const Vm&, Vcpu& vcpu) {
    vcpu.SetRegisters(ReadVcpuRegisters(request.registers()));
    return grpc::Status::OK;
  });
}

grpc::Status GuestHandlers::GetVmRegisters(const v1::GetVmRegistersRequest& request,
                                           v1::VmRegisters* response) {
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    WriteVmRegisters(vm.GetRegisters(), response);
    return grpc::Status::OK;
  });
}

grpc::Status GuestHandlers::SetVmRegisters(const v1::SetVmRegistersRequest& request,
                                           google::protobuf::Empty*) {
  grpc::Status valid = CheckVm(request);
  if (!valid.ok()) return valid;
  if (!request.has_registers()) return NoRegisters();
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    vm.SetRegisters(ReadVmRegisters(request.registers()));
    return grpc::Status::OK;
  });
}

grpc::Status GuestHandlers::Deliver(const v1::DeliverRequest& request,
                                    v1::DeliverResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  const uint32_t most =
      request.max_irqs() == 0 ? kMaxDeliveredIrqs : std::min(request.max_irqs(), kMaxDeliveredIrqs);
  return OnVcpu(registry_, request.vcpu(), [&](const Vm&, Vcpu& vcpu) {
    const DeliverResult result = vcpu.Deliver(most);
    response->set_ret(result.ret);
    WriteDelivered(result.delivered, response->mutable_delivered());
    WritePending(result.pending, response->mutable_pending());
    response->set_more(result.more);
    return grpc::Status::OK;
  });
}

grpc::Status GuestHandlers::GetDeliverable(const v1::GetDeliverableRequest& request,
                                           v1::GetDeliverableResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  return OnVcpu(registry_, request.vcpu(), [&](const Vm&, Vcpu& vcpu) {
    const Deliverable deliverable = vcpu.GetDeliverable();
    WritePending(deliverable.pending, response->mutable_pending());
    response->set_has_irq(deliverable.has_irq);
    response->set_has_irq_besides_stop(deliverable.has_irq_besides_stop);
    return grpc::Status::OK;
  });
}

grpc::Status GuestHandlers::StopIntercept(const v1::StopInterceptRequest& request,
                                          v1::StopInterceptResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  return RetOnVcpu(registry_, request.vcpu(), response,
                   [](Vcpu& vcpu) { return vcpu.StopIntercept(); });
}

grpc::Status GuestHandlers::Sigp(const v1::SigpRequest& request, v1::SigpResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  if (request.order() > kMaxSigpOrder) {
    return InvalidArgument(
        "order",
        absl::StrCat(request.order(), " is no order code; the highest is ", kMaxSigpOrder));
  }
  return OnVcpu(registry_, request.vcpu(), [&](Vm& vm, const Vcpu& sender) {
    Vcpu* const receiver = vm.FindVcpu(request.to_vcpu_id());
    SigpResult result = {kSigpNotOperational, 0};
    if (receiver != nullptr) {
      result =
          receiver->Sigp(static_cast<uint8_t>(request.order()), sender.id(), request.parameter());
    }
    response->set_condition_code(result.condition_code);
    response->set_status(result.status);
    return grpc::Status::OK;
  });
}

}  // namespace irqd
