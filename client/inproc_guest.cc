// The FLIC and what a guest does, in this process: calls that need more of a VM than one vCPU's
// local interrupts.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "client/inproc_calls.h"
#include "client/inproc_connection.h"
#include "core/limits.h"

namespace irqd {

absl::StatusOr<FloatReply> InprocConnection::S390InterruptVm(uint64_t vm_id,
                                                             const kvm_s390_interrupt& interrupt,
                                                             const CallOptions&) {
  return OnVm<FloatReply>(registry_, vm_id, [&](Vm& vm) { return vm.S390Interrupt(interrupt); });
}

absl::StatusOr<FloatReply> InprocConnection::SetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                           absl::string_view memory,
                                                           const CallOptions&) {
  if (memory.size() > kMaxDeviceAttrMemory) {
    return absl::InvalidArgumentError(absl::StrCat(
        "memory: is ", memory.size(), " bytes long; the limit is ", kMaxDeviceAttrMemory));
  }
  return OnVm<FloatReply>(registry_, vm_id, [&](Vm& vm) {
    return vm.SetDeviceAttr(attr, absl::MakeSpan(Bytes(memory), memory.size()));
  });
}

absl::StatusOr<GetDeviceAttrReply> InprocConnection::GetDeviceAttr(uint64_t vm_id,
                                                                   const DeviceAttr& attr,
                                                                   const CallOptions&) {
  return OnVm<GetDeviceAttrReply>(registry_, vm_id, [&](Vm& vm) {
    GetDeviceAttrReply reply;
    reply.ret = static_cast<int32_t>(vm.GetDeviceAttr(attr, &reply.memory));
    return reply;
  });
}

absl::StatusOr<int32_t> InprocConnection::HasDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                        const CallOptions&) {
  return OnVm<int32_t>(registry_, vm_id, [&](Vm&) { return irqd::HasDeviceAttr(attr); });
}

absl::StatusOr<int32_t> InprocConnection::CreateDevice(uint64_t vm_id, uint32_t type,
                                                       uint32_t flags, const CallOptions&) {
  return OnVm<int32_t>(registry_, vm_id, [&](Vm& vm) { return vm.CreateDevice(type, flags); });
}

absl::StatusOr<int32_t> InprocConnection::EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags,
                                                    const CallOptions&) {
  const absl::optional<int> ret = registry_.EnableCap(vm_id, cap, flags);
  if (!ret) return NoVm(absl::StrCat(vm_id));
  return *ret;
}

absl::StatusOr<VcpuRegisters> InprocConnection::GetVcpuRegisters(const VcpuAddress& vcpu,
                                                                 const CallOptions&) {
  return OnVcpu<VcpuRegisters>(registry_, vcpu,
                               [](Vm&, Vcpu& found) { return found.GetRegisters(); });
}

absl::Status InprocConnection::SetVcpuRegisters(const VcpuAddress& vcpu,
                                                const VcpuRegistersUpdate& update,
                                                const CallOptions&) {
  const auto set = [&](Vm&, Vcpu& found) {
    found.SetRegisters(update);
    return 0;
  };
  return OnVcpu<int>(registry_, vcpu, set).status();
}

absl::StatusOr<VmRegisters> InprocConnection::GetVmRegisters(uint64_t vm_id, const CallOptions&) {
  return OnVm<VmRegisters>(registry_, vm_id, [](Vm& vm) { return vm.GetRegisters(); });
}

absl::Status InprocConnection::SetVmRegisters(uint64_t vm_id, const VmRegistersUpdate& update,
                                              const CallOptions&) {
  const auto set = [&](Vm& vm) {
    vm.SetRegisters(update);
    return 0;
  };
  return OnVm<int>(registry_, vm_id, set).status();
}

absl::StatusOr<DeliverResult> InprocConnection::Deliver(const VcpuAddress& vcpu, uint32_t max,
                                                        const CallOptions&) {
  const uint32_t most = max == 0 ? kMaxDeliveredIrqs : std::min(max, kMaxDeliveredIrqs);
  return OnVcpu<DeliverResult>(registry_, vcpu,
                               [&](Vm&, Vcpu& found) { return found.Deliver(most); });
}

absl::StatusOr<Deliverable> InprocConnection::GetDeliverable(const VcpuAddress& vcpu,
                                                             const CallOptions&) {
  return OnVcpu<Deliverable>(registry_, vcpu,
                             [](Vm&, Vcpu& found) { return found.GetDeliverable(); });
}

absl::StatusOr<int32_t> InprocConnection::StopIntercept(const VcpuAddress& vcpu,
                                                        const CallOptions&) {
  return OnVcpu<int32_t>(registry_, vcpu, [](Vm&, Vcpu& found) { return found.StopIntercept(); });
}

absl::StatusOr<SigpResult> InprocConnection::Sigp(const VcpuAddress& from, uint32_t to,
                                                  uint8_t order_code, uint32_t parameter,
                                                  const CallOptions&) {
  return OnVcpu<SigpResult>(registry_, from, [&](Vm& vm, Vcpu& sender) -> SigpResult {
    Vcpu* const receiver = vm.FindVcpu(to);
    if (receiver == nullptr) return {kSigpNotOperational, 0};
    return receiver->Sigp(order_code, sender.id(), parameter);
  });
}

}  // namespace irqd
