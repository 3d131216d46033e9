#include "server/flic_handlers.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/float_irq.h"
#include "core/limits.h"
#include "server/status.h"
#include "server/vm_lookup.h"

namespace irqd {
namespace {

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return absl::MakeSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

// What all calls on an attribute check.
template <typename Request>
grpc::Status CheckAttrRequest(const Request& request) {
  grpc::Status valid = CheckVm(request);
  if (!valid.ok()) return valid;
  if (!request.has_attr()) return InvalidArgument("attr", "is required");
  return grpc::Status::OK;
}

DeviceAttr ReadAttr(const v1::DeviceAttr& message) {
  return {message.flags(), message.group(), message.attr()};
}

template <typename Response>
void Write(const FloatReply& reply, Response* response) {
  response->set_ret(reply.ret);
  response->mutable_woken_vcpu_ids()->Add(reply.woken.begin(), reply.woken.end());
}

}  // namespace

grpc::Status FlicHandlers::S390Interrupt(const v1::FlicS390InterruptRequest& request,
                                         v1::FlicS390InterruptResponse* response) {
  const kvm_s390_interrupt interrupt = {request.type(), request.parm(), request.parm64()};
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    Write(vm.S390Interrupt(interrupt), response);
    return grpc::Status::OK;
  });
}

grpc::Status FlicHandlers::CreateDevice(const v1::CreateDeviceRequest& request,
                                        v1::CreateDeviceResponse* response) {
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    response->set_ret(vm.CreateDevice(request.type(), request.flags()));
    return grpc::Status::OK;
  });
}

grpc::Status FlicHandlers::SetDeviceAttr(const v1::SetDeviceAttrRequest& request,
                                         v1::SetDeviceAttrResponse* response) {
  grpc::Status valid = CheckAttrRequest(request);
  if (!valid.ok()) return valid;
  if (request.memory().size() > kMaxDeviceAttrMemory) {
    return InvalidArgument(
        "memory", absl::StrCat("is ", request.memory().size(), " bytes long; the limit is ",
                               kMaxDeviceAttrMemory));
  }
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    Write(vm.SetDeviceAttr(ReadAttr(request.attr()), Bytes(request.memory())), response);
    return grpc::Status::OK;
  });
}

grpc::Status FlicHandlers::GetDeviceAttr(const v1::GetDeviceAttrRequest& request,
                                         v1::GetDeviceAttrResponse* response) {
  grpc::Status valid = CheckAttrRequest(request);
  if (!valid.ok()) return valid;
  return OnVm(registry_, request.vm(), [&](Vm& vm) {
    const int64_t ret = vm.GetDeviceAttr(ReadAttr(request.attr()), response->mutable_memory());
    response->set_ret(static_cast<int32_t>(ret));
    return grpc::Status::OK;
  });
}

grpc::Status FlicHandlers::HasDeviceAttr(const v1::HasDeviceAttrRequest& request,
                                         v1::HasDeviceAttrResponse* response) {
  grpc::Status valid = CheckAttrRequest(request);
  if (!valid.ok()) return valid;
  return OnVm(registry_, request.vm(), [&](Vm&) {
    response->set_ret(irqd::HasDeviceAttr(ReadAttr(request.attr())));
    return grpc::Status::OK;
  });
}

grpc::Status FlicHandlers::EnableCap(const v1::EnableCapRequest& request,
                                     v1::EnableCapResponse* response) {
  uint64_t id = 0;
  grpc::Status valid = ResolveVm(registry_, request.vm(), &id);
  if (!valid.ok()) return valid;
  const absl::optional<int> ret = registry_.EnableCap(id, request.cap(), request.flags());
  if (!ret) return NotFound(kVmType, DescribeVm(request.vm()));
  response->set_ret(*ret);
  return grpc::Status::OK;
}

}  // namespace irqd
