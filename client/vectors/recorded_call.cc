#include "client/vectors/recorded_call.h"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

#include "absl/strings/match.h"
#include "client/vectors/call_steps.h"

namespace irqd {
namespace {

using google::protobuf::Empty;

NamedVm Named(const v1::VmRef& vm) { return {vm.id(), vm.name()}; }
NamedVm Named(const v1::VcpuRef& vcpu) { return {vcpu.vm_id(), ""}; }

template <typename Request, typename = void>
struct IsOnVcpu : std::false_type {};
template <typename Request>
struct IsOnVcpu<Request, std::void_t<decltype(std::declval<Request>().vcpu())>> : std::true_type {};

template <typename Request>
NamedVm VmOf(const Request& request) {
  if constexpr (IsOnVcpu<Request>::value) {
    return Named(request.vcpu());
  } else {
    return Named(request.vm());
  }
}
NamedVm VmOf(const v1::CreateVmRequest& request) { return {0, request.name()}; }

template <typename Request, typename Response>
RecordedCall Read(const std::string& request_bytes, const std::string& response_bytes) {
  RecordedCall call;
  Request request;
  Response response;
  const bool sound =
      request.ParseFromString(request_bytes) && response.ParseFromString(response_bytes);
  call.vm = VmOf(request);
  if (sound) {
    AddSteps(request, response, &call);
  } else {
    call.cannot = kStrangeAnswer;
  }
  return call;
}

template <typename Request>
NamedVm ReadVm(const std::string& bytes) {
  Request request;
  return request.ParseFromString(bytes) ? VmOf(request) : NamedVm();
}

struct Method {
  absl::string_view name;
  bool changes;
  RecordedCall (*read)(const std::string& request, const std::string& response);
  NamedVm (*read_vm)(const std::string& request);
};

template <typename Request, typename Response>
constexpr Method MethodOf(absl::string_view name, bool changes = true) {
  return {name, changes, Read<Request, Response>, ReadVm<Request>};
}

constexpr Method kMethods[] = {
    MethodOf<v1::CreateVmRequest, v1::Vm>("Vms/CreateVm"),
    MethodOf<v1::DeleteVmRequest, Empty>("Vms/DeleteVm"),
    MethodOf<v1::CreateVcpuRequest, v1::CreateVcpuResponse>("Vms/CreateVcpu"),
    MethodOf<v1::GetIrqStateRequest, v1::GetIrqStateResponse>("Kvm/GetIrqState", false),
    MethodOf<v1::SetIrqStateRequest, v1::SetIrqStateResponse>("Kvm/SetIrqState"),
    MethodOf<v1::S390IrqRequest, v1::S390IrqResponse>("Kvm/S390Irq"),
    MethodOf<v1::S390InterruptRequest, v1::S390InterruptResponse>("Kvm/S390Interrupt"),
    MethodOf<v1::ResetRequest, v1::ResetResponse>("Kvm/Reset"),
    MethodOf<v1::SetMpStateRequest, v1::SetMpStateResponse>("Kvm/SetMpState"),
    MethodOf<v1::GetMpStateRequest, v1::GetMpStateResponse>("Kvm/GetMpState", false),
    MethodOf<v1::GetIrqStatesRequest, v1::GetIrqStatesResponse>("Batch/GetIrqStates", false),
    MethodOf<v1::SetIrqStatesRequest, v1::SetIrqStatesResponse>("Batch/SetIrqStates"),
    MethodOf<v1::FlicS390InterruptRequest, v1::FlicS390InterruptResponse>("Flic/S390Interrupt"),
    MethodOf<v1::SetDeviceAttrRequest, v1::SetDeviceAttrResponse>("Flic/SetDeviceAttr"),
    // A listing takes interrupts out of a GISA.
    MethodOf<v1::GetDeviceAttrRequest, v1::GetDeviceAttrResponse>("Flic/GetDeviceAttr"),
    MethodOf<v1::HasDeviceAttrRequest, v1::HasDeviceAttrResponse>("Flic/HasDeviceAttr", false),
    MethodOf<v1::EnableCapRequest, v1::EnableCapResponse>("Flic/EnableCap"),
    MethodOf<v1::GetVcpuRegistersRequest, v1::VcpuRegisters>("Guest/GetVcpuRegisters", false),
    MethodOf<v1::SetVcpuRegistersRequest, Empty>("Guest/SetVcpuRegisters"),
    MethodOf<v1::SetVmRegistersRequest, Empty>("Guest/SetVmRegisters"),
    MethodOf<v1::DeliverRequest, v1::DeliverResponse>("Guest/Deliver"),
    MethodOf<v1::GetDeliverableRequest, v1::GetDeliverableResponse>("Guest/GetDeliverable", false),
    MethodOf<v1::StopInterceptRequest, v1::StopInterceptResponse>("Guest/StopIntercept"),
    MethodOf<v1::SigpRequest, v1::SigpResponse>("Guest/Sigp"),
};

// What irqd only shows. CreateDevice changes nothing but its own next answer.
constexpr absl::string_view kHarmlessMethods[] = {
    "Vms/GetVm",          "Vms/ListVms",       "Vms/ListVcpus",
    "Kvm/CheckExtension", "Flic/CreateDevice", "Guest/GetVmRegisters",
};

constexpr absl::string_view kInjectStreamMethod = "Batch/InjectStream";
constexpr absl::string_view kPackage = "/irqd.v1.";

// "Kvm/S390Irq"; "" for a method that is not irqd's.
absl::string_view ShortName(absl::string_view method) {
  return absl::StartsWith(method, kPackage) ? method.substr(kPackage.size()) : "";
}

const Method* Find(absl::string_view method) {
  const absl::string_view name = ShortName(method);
  const auto* found = std::find_if(std::begin(kMethods), std::end(kMethods),
                                   [&](const Method& one) { return one.name == name; });
  return found == std::end(kMethods) ? nullptr : found;
}

}  // namespace

MethodKind KindOf(absl::string_view method) {
  if (Find(method) != nullptr) return MethodKind::kRecorded;
  const absl::string_view name = ShortName(method);
  if (name == kInjectStreamMethod) return MethodKind::kInjectStream;
  const bool is_harmless =
      name.empty() || std::find(std::begin(kHarmlessMethods), std::end(kHarmlessMethods), name) !=
                          std::end(kHarmlessMethods);
  return is_harmless ? MethodKind::kHarmless : MethodKind::kUnknown;
}

bool MayChange(absl::string_view method) {
  const Method* found = Find(method);
  return found == nullptr || found->changes;
}

RecordedCall ReadCall(absl::string_view method, const std::string& request,
                      const std::string& response) {
  return Find(method)->read(request, response);
}

NamedVm VmOfRequest(absl::string_view method, const std::string& request) {
  const Method* found = Find(method);
  return found == nullptr ? ReadVm<v1::InjectStreamRequest>(request) : found->read_vm(request);
}

RecordedCall ReadStreamMessage(const std::string& request, const std::string& response) {
  return Read<v1::InjectStreamRequest, v1::InjectStreamResponse>(request, response);
}

}  // namespace irqd
