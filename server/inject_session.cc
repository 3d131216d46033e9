#include "server/inject_session.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/batch.h"
#include "server/batch_messages.h"
#include "server/messages.h"
#include "server/vm_lookup.h"

namespace irqd {

grpc::Status InjectSession::Answer(const v1::InjectStreamRequest& request,
                                   v1::InjectStreamResponse* response) {
  if (request.has_vm() || !has_vm_) {
    grpc::Status named = ResolveVm(registry_, request.vm(), &vm_id_);
    if (!named.ok()) return named;
    has_vm_ = true;
  }
  const size_t size = request.records().size();
  if (const auto fault = CheckInjectBatch(request.vcpu_ids_size(), size)) return Malformed(*fault);
  const VmRef vm = registry_.Find(vm_id_);
  if (!vm) {
    return NotFound(kVmType, request.has_vm() ? DescribeVm(request.vm()) : absl::StrCat(vm_id_));
  }
  const auto missing = FindEach(*vm, SpanOf(request.vcpu_ids()), &vcpus_);
  if (missing) return NoVcpu(*missing, *vm);
  InjectEach(vcpus_, SpanOf(request.records()), Resize(size / kIrqSize, response->mutable_ret()));
  return grpc::Status::OK;
}

}  // namespace irqd
