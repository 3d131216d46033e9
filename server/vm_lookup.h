// How handlers find the VM or vCPU that a request is about, and what they answer if it is not
// there.
#ifndef IRQD_SERVER_VM_LOOKUP_H_
#define IRQD_SERVER_VM_LOOKUP_H_

#include <grpcpp/support/status.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/vm_registry.h"
#include "irqd/v1/resources.pb.h"
#include "server/messages.h"
#include "server/status.h"

namespace irqd {

//   INVALID_ARGUMENT  the request has no vcpu
template <typename Request>
grpc::Status CheckVcpu(const Request& request) {
  if (!request.has_vcpu()) return InvalidArgument("vcpu", "is required");
  return grpc::Status::OK;
}

//   INVALID_ARGUMENT  the request has no vm
template <typename Request>
grpc::Status CheckVm(const Request& request) {
  if (request.vm().vm_case() == v1::VmRef::VM_NOT_SET) return VmRequired();
  return grpc::Status::OK;
}

// Calls `call(vm)`, which returns a status, on the VM that `ref` names.
template <typename Call>
grpc::Status OnVm(const VmRegistry& registry, const v1::VmRef& ref, Call call) {
  uint64_t id = 0;
  grpc::Status valid = ResolveVm(registry, ref, &id);
  if (!valid.ok()) return valid;
  const VmRef vm = registry.Find(id);
  if (!vm) return NotFound(kVmType, DescribeVm(ref));
  return call(*vm);
}

// Calls `call(vm, vcpu)`, which returns a status, on the vCPU that `ref` names.
template <typename Call>
grpc::Status OnVcpu(const VmRegistry& registry, const v1::VcpuRef& ref, Call call) {
  const VmRef vm = registry.Find(ref.vm_id());
  if (!vm) return NotFound(kVmType, absl::StrCat(ref.vm_id()));
  Vcpu* const vcpu = vm->FindVcpu(ref.vcpu_id());
  if (vcpu == nullptr) {
    return NotFound(kVcpuType, absl::StrCat(ref.vcpu_id(), " of VM ", ref.vm_id()));
  }
  return call(*vm, *vcpu);
}

// As OnVcpu for a `call(vcpu)` whose result is the response's ret.
template <typename Response, typename Call>
grpc::Status RetOnVcpu(const VmRegistry& registry, const v1::VcpuRef& ref, Response* response,
                       Call call) {
  return OnVcpu(registry, ref, [&](const Vm&, Vcpu& vcpu) {
    response->set_ret(static_cast<int32_t>(call(vcpu)));
    return grpc::Status::OK;
  });
}

}  // namespace irqd

#endif  // IRQD_SERVER_VM_LOOKUP_H_
