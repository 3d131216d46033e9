#include "server/batch_handlers.h"

#include <utility>
#include <vector>

#include "core/batch.h"
#include "server/batch_messages.h"
#include "server/vm_lookup.h"

namespace irqd {
namespace {

void GetAtOneInstant(Vm& vm, const v1::GetIrqStatesRequest& request,
                     v1::GetIrqStatesResponse* response) {
  GetBatchResult result = GetEachAtOneInstant(vm, SpanOf(request.vcpu_ids()), request.len());
  response->mutable_vcpu_ids()->Add(result.vcpu_ids.begin(), result.vcpu_ids.end());
  response->mutable_ret()->Add(result.ret.begin(), result.ret.end());
  response->mutable_size()->Add(result.size.begin(), result.size.end());
  response->set_buf(std::move(result.images));
}

// `vcpus` are those asked for; none: all of the VM.
void GetOneByOne(Vm& vm, std::vector<Vcpu*> vcpus, const v1::GetIrqStatesRequest& request,
                 v1::GetIrqStatesResponse* response) {
  if (vcpus.empty()) FindEach(vm, vm.VcpuIds(), &vcpus);
  for (const Vcpu* vcpu : vcpus) response->add_vcpu_ids(vcpu->id());
  GetEach(vcpus, request.len(), Resize(vcpus.size(), response->mutable_ret()),
          Resize(vcpus.size(), response->mutable_size()), response->mutable_buf());
}

}  // namespace

grpc::Status BatchHandlers::GetIrqStates(const v1::GetIrqStatesRequest& request,
                                         v1::GetIrqStatesResponse* response) {
  grpc::Status valid = CheckVm(request);
  if (!valid.ok()) return valid;
  if (const auto fault = CheckGetBatch(request.vcpu_ids_size())) return Malformed(*fault);
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    std::vector<Vcpu*> vcpus;
    const auto missing = FindEach(vm, SpanOf(request.vcpu_ids()), &vcpus);
    if (missing) return NoVcpu(*missing, vm);
    if (request.one_instant()) {
      GetAtOneInstant(vm, request, response);
    } else {
      GetOneByOne(vm, std::move(vcpus), request, response);
    }
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
