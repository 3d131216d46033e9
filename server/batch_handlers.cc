#include "server/batch_handlers.h"

#include <vector>

#include "core/batch.h"
#include "server/batch_messages.h"
#include "server/vm_lookup.h"

namespace irqd {

grpc::Status BatchHandlers::GetIrqStates(const v1::GetIrqStatesRequest& request,
                                         v1::GetIrqStatesResponse* response) {
  grpc::Status valid = CheckVm(request);
  if (!valid.ok()) return valid;
  if (const auto fault = CheckGetBatch(request.vcpu_ids_size())) return Malformed(*fault);
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    if (request.vcpu_ids().empty()) {
      const std::vector<uint32_t> all = vm.VcpuIds();
      response->mutable_vcpu_ids()->Add(all.begin(), all.end());
    } else {
      *response->mutable_vcpu_ids() = request.vcpu_ids();
    }
    std::vector<Vcpu*> vcpus;
    const auto missing = FindEach(vm, SpanOf(response->vcpu_ids()), &vcpus);
    if (missing) return NoVcpu(*missing, vm);
    GetEach(vcpus, request.len(), Resize(vcpus.size(), response->mutable_ret()),
            Resize(vcpus.size(), response->mutable_size()), response->mutable_buf());
    return grpc::Status::OK;
  });
}

grpc::Status BatchHandlers::SetIrqStates(const v1::SetIrqStatesRequest& request,
                                         v1::SetIrqStatesResponse* response) {
  grpc::Status valid = CheckVm(request);
  if (!valid.ok()) return valid;
  const absl::Span<const uint32_t> len = SpanOf(request.len());
  if (const auto fault = CheckSetBatch(request.vcpu_ids_size(), len, request.buf().size())) {
    return Malformed(*fault);
  }
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    std::vector<Vcpu*> vcpus;
    const auto missing = FindEach(vm, SpanOf(request.vcpu_ids()), &vcpus);
    if (missing) return NoVcpu(*missing, vm);
    SetEach(vcpus, len, SpanOf(request.buf()), Resize(vcpus.size(), response->mutable_ret()));
    return grpc::Status::OK;
  });
}

}  // namespace irqd
