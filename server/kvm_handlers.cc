#include "server/kvm_handlers.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "core/irq_codec.h"
#include "core/limits.h"
#include "server/messages.h"
#include "server/status.h"
#include "server/vm_lookup.h"

namespace irqd {
namespace {

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// What GET and SET check alike.
template <typename Request>
grpc::Status CheckStateRequest(const Request& request) {
  if (!request.has_vcpu()) return InvalidArgument("vcpu", "is required");
  if (!request.has_arg()) return InvalidArgument("arg", "is required");
  if (request.arg().reserved_size() > kMaxReservedWords) {
    return InvalidArgument(
        "arg.reserved", absl::StrCat("has ", request.arg().reserved_size(),
                                     " words; struct kvm_s390_irq_state has ", kMaxReservedWords));
  }
  return grpc::Status::OK;
}

bool ReadResetKind(v1::ResetRequest::Kind from, ResetKind* kind) {
  switch (from) {
    case v1::ResetRequest::NORMAL:
      *kind = ResetKind::kNormal;
      return true;
    case v1::ResetRequest::INITIAL:
      *kind = ResetKind::kInitial;
      return true;
    case v1::ResetRequest::CLEAR:
      *kind = ResetKind::kClear;
      return true;
    default:
      return false;
  }
}

}  // namespace

grpc::Status KvmHandlers::GetIrqState(const v1::GetIrqStateRequest& request,
                                      v1::GetIrqStateResponse* response) {
  grpc::Status valid = CheckStateRequest(request);
  if (!valid.ok()) return valid;
  return RetOnVcpu(registry_, request.vcpu(), response, [&](Vcpu& vcpu) {
    return vcpu.GetIrqState(request.arg().len(), response->mutable_buf());
  });
}

grpc::Status KvmHandlers::SetIrqState(const v1::SetIrqStateRequest& request,
                                      v1::SetIrqStateResponse* response) {
  grpc::Status valid = CheckStateRequest(request);
  if (!valid.ok()) return valid;
  const std::string& buf = request.buf();
  const uint32_t len = request.arg().len();
  if (buf.size() > kMaxIrqStateBuf) {
    return InvalidArgument(
        "buf", absl::StrCat("is ", buf.size(), " bytes long; the limit is ", kMaxIrqStateBuf));
  }
  return OnVcpu(registry_, request.vcpu(), [&](const Vm& vm, Vcpu& vcpu) {
    if (buf.size() < len && CheckSetIrqStateLen(vm.profile(), len) == 0) {
      return InvalidArgument("buf",
                             absl::StrCat("is ", buf.size(), " bytes long, but arg.len is ", len));
    }
    response->set_ret(vcpu.SetIrqState(len, absl::MakeSpan(Bytes(buf), buf.size())));
    return grpc::Status::OK;
  });
}

grpc::Status KvmHandlers::S390Irq(const v1::S390IrqRequest& request,
                                  v1::S390IrqResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  if (request.record().size() != kIrqSize) {
    return InvalidArgument("record",
                           absl::StrCat("is ", request.record().size(),
                                        " bytes long; struct kvm_s390_irq has ", kIrqSize));
  }
  return RetOnVcpu(registry_, request.vcpu(), response,
                   [&](Vcpu& vcpu) { return vcpu.S390Irq(DecodeIrq(Bytes(request.record()))); });
}

grpc::Status KvmHandlers::S390Interrupt(const v1::S390InterruptRequest& request,
                                        v1::S390InterruptResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  const kvm_s390_interrupt interrupt = {request.type(), request.parm(), request.parm64()};
  return RetOnVcpu(registry_, request.vcpu(), response,
                   [&](Vcpu& vcpu) { return vcpu.S390Interrupt(interrupt); });
}

grpc::Status KvmHandlers::Reset(const v1::ResetRequest& request, v1::ResetResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  ResetKind kind;
  if (!ReadResetKind(request.kind(), &kind)) {
    return InvalidArgument("kind", "is required, one of NORMAL, INITIAL and CLEAR");
  }
  return RetOnVcpu(registry_, request.vcpu(), response,
                   [&](Vcpu& vcpu) { return vcpu.Reset(kind); });
}

grpc::Status KvmHandlers::SetMpState(const v1::SetMpStateRequest& request,
                                     v1::SetMpStateResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  return RetOnVcpu(registry_, request.vcpu(), response,
                   [&](Vcpu& vcpu) { return vcpu.SetMpState(request.mp_state()); });
}

grpc::Status KvmHandlers::GetMpState(const v1::GetMpStateRequest& request,
                                     v1::GetMpStateResponse* response) {
  grpc::Status valid = CheckVcpu(request);
  if (!valid.ok()) return valid;
  return RetOnVcpu(registry_, request.vcpu(), response,
                   [](Vcpu& vcpu) { return vcpu.GetMpState(); });
}

grpc::Status KvmHandlers::CheckExtension(const v1::CheckExtensionRequest& request,
                                         v1::CheckExtensionResponse* response) {
  HostProfile profile = DefaultHostProfile();
  if (request.has_vm()) {
    uint64_t id = 0;
    grpc::Status valid = ResolveVm(registry_, request.vm(), &id);
    if (!valid.ok()) return valid;
    const VmRef vm = registry_.Find(id);
    if (!vm) return NotFound(kVmType, DescribeVm(request.vm()));
    profile = vm->profile();
  } else {
    grpc::Status valid = ReadHostProfile(request.host_profile(), &profile);
    if (!valid.ok()) return valid;
  }
  response->set_ret(irqd::CheckExtension(profile, request.extension()));
  return grpc::Status::OK;
}

}  // namespace irqd
