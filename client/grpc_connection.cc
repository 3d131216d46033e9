#include "client/grpc_connection.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/grpc_call.h"
#include "core/limits.h"

namespace irqd {
namespace {

std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // Each connection is one of its own, so that a busy program can spread over several.
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A proxy of the environment is for the web; it would not find a server on this machine.
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetMaxReceiveMessageSize(kMaxResponseSize);
  return grpc::CreateCustomChannel(std::string(target), grpc::InsecureChannelCredentials(), args);
}

absl::StatusOr<VmInfo> ToVmInfo(const absl::StatusOr<v1::Vm>& vm) {
  if (!vm.ok()) return vm.status();
  const v1::HostProfile& profile = vm->host_profile();
  const KernelRules* kernel = FindKernelRules(profile.kernel());
  if (kernel == nullptr) {
    return absl::InternalError(absl::StrCat(
        "VM ", vm->id(), " has kernel '", profile.kernel().substr(0, kMaxKernelNameLength),
        "', which this client does not know; it knows ", KernelRulesNames()));
  }
  return VmInfo{vm->id(),
                vm->name(),
                {kernel, profile.sigp_interpretation(), profile.extended_sca(), profile.gisa()},
                vm->vcpu_count(),
                vm->floating_pending()};
}

v1::HostProfile ToMessage(const HostProfile& profile) {
  v1::HostProfile message;
  message.set_kernel(std::string(profile.kernel->name));
  message.set_sigp_interpretation(profile.sigp_interpretation);
  message.set_extended_sca(profile.extended_sca);
  message.set_gisa(profile.gisa);
  return message;
}

// Asks for one page after the other and gives each to `read`, which returns its status.
template <typename Response, typename Stub, typename Request, typename Read>
absl::Status ReadPages(const CallOptions& options,
                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       Stub& stub, Request request, Read read) {
  const absl::Time deadline = absl::Now() + options.timeout;
  request.set_page_size(kMaxPageSize);
  do {
    const absl::StatusOr<Response> page = CallUntil(deadline, method, stub, request);
    if (!page.ok()) return page.status();
    const absl::Status status = read(*page);
    if (!status.ok()) return status;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

v1::ResetRequest::Kind ToMessage(ResetKind kind) {
  switch (kind) {
    case ResetKind::kNormal:
      return v1::ResetRequest::NORMAL;
    case ResetKind::kInitial:
      return v1::ResetRequest::INITIAL;
    case ResetKind::kClear:
      return v1::ResetRequest::CLEAR;
  }
  return v1::ResetRequest::KIND_UNSPECIFIED;
}

}  // namespace

GrpcConnection::GrpcConnection(absl::string_view target) : GrpcConnection(MakeChannel(target)) {}

GrpcConnection::GrpcConnection(std::shared_ptr<grpc::Channel> channel)
    : vms_(v1::Vms::NewStub(channel)),
      kvm_(v1::Kvm::NewStub(channel)),
      batch_(v1::Batch::NewStub(channel)),
      flic_(v1::Flic::NewStub(channel)),
      guest_(v1::Guest::NewStub(channel)),
      health_(grpc::health::v1::Health::NewStub(channel)) {}

absl::StatusOr<VmInfo> GrpcConnection::CreateVm(const VmSpec& spec, const CallOptions& options) {
  v1::CreateVmRequest request;
  request.set_name(spec.name);
  *request.mutable_host_profile() = ToMessage(spec.profile);
  request.mutable_vcpu_ids()->Add(spec.vcpu_ids.begin(), spec.vcpu_ids.end());
  return ToVmInfo(Call<v1::Vm>(options, &v1::Vms::Stub::CreateVm, *vms_, request));
}

absl::StatusOr<VmInfo> GrpcConnection::GetVm(uint64_t id, const CallOptions& options) {
  v1::GetVmRequest request;
  request.mutable_vm()->set_id(id);
  return ToVmInfo(Call<v1::Vm>(options, &v1::Vms::Stub::GetVm, *vms_, request));
}

absl::StatusOr<VmInfo> GrpcConnection::FindVm(absl::string_view name, const CallOptions& options) {
  v1::GetVmRequest request;
  request.mutable_vm()->set_name(std::string(name));
  return ToVmInfo(Call<v1::Vm>(options, &v1::Vms::Stub::GetVm, *vms_, request));
}

absl::StatusOr<std::vector<VmInfo>> GrpcConnection::ListVms(const CallOptions& options) {
  std::vector<VmInfo> vms;
  const auto read = [&](const v1::ListVmsResponse& page) {
    for (const v1::Vm& message : page.vms()) {
      absl::StatusOr<VmInfo> vm = ToVmInfo(message);
      if (!vm.ok()) return vm.status();
      vms.push_back(*std::move(vm));
    }
    return absl::OkStatus();
  };
  const absl::Status status = ReadPages<v1::ListVmsResponse>(options, &v1::Vms::Stub::ListVms,
                                                             *vms_, v1::ListVmsRequest(), read);
  if (!status.ok()) return status;
  return vms;
}

absl::Status GrpcConnection::DeleteVm(uint64_t id, const CallOptions& options) {
  v1::DeleteVmRequest request;
  request.mutable_vm()->set_id(id);
  return Call<google::protobuf::Empty>(options, &v1::Vms::Stub::DeleteVm, *vms_, request).status();
}

absl::StatusOr<int32_t> GrpcConnection::CreateVcpu(const VcpuAddress& vcpu,
                                                   const CallOptions& options) {
  v1::CreateVcpuRequest request;
  request.mutable_vm()->set_id(vcpu.vm_id);
  request.set_vcpu_id(vcpu.vcpu_id);
  return Ret(Call<v1::CreateVcpuResponse>(options, &v1::Vms::Stub::CreateVcpu, *vms_, request));
}

absl::StatusOr<std::vector<VcpuInfo>> GrpcConnection::ListVcpus(uint64_t vm_id,
                                                                const CallOptions& options) {
  v1::ListVcpusRequest request;
  request.mutable_vm()->set_id(vm_id);
  std::vector<VcpuInfo> vcpus;
  const auto read = [&](const v1::ListVcpusResponse& page) {
    for (const v1::Vcpu& vcpu : page.vcpus()) {
      vcpus.push_back({vcpu.id(), vcpu.mp_state(), vcpu.pending()});
    }
    return absl::OkStatus();
  };
  const absl::Status status =
      ReadPages<v1::ListVcpusResponse>(options, &v1::Vms::Stub::ListVcpus, *vms_, request, read);
  if (!status.ok()) return status;
  return vcpus;
}

absl::StatusOr<GetIrqStateReply> GrpcConnection::GetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                                             const CallOptions& options) {
  auto request = MakeRequest<v1::GetIrqStateRequest>(vcpu);
  request.mutable_arg()->set_len(len);
  absl::StatusOr<v1::GetIrqStateResponse> response =
      Call<v1::GetIrqStateResponse>(options, &v1::Kvm::Stub::GetIrqState, *kvm_, request);
  if (!response.ok()) return response.status();
  return GetIrqStateReply{response->ret(), std::move(*response->mutable_buf())};
}

absl::StatusOr<int32_t> GrpcConnection::SetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                                    absl::string_view buf,
                                                    const CallOptions& options) {
  auto request = MakeRequest<v1::SetIrqStateRequest>(vcpu);
  request.mutable_arg()->set_len(len);
  request.set_buf(buf.data(), buf.size());
  return Ret(Call<v1::SetIrqStateResponse>(options, &v1::Kvm::Stub::SetIrqState, *kvm_, request));
}

absl::StatusOr<int32_t> GrpcConnection::S390Irq(const VcpuAddress& vcpu, absl::string_view record,
                                                const CallOptions& options) {
  auto request = MakeRequest<v1::S390IrqRequest>(vcpu);
  request.set_record(record.data(), record.size());
  return Ret(Call<v1::S390IrqResponse>(options, &v1::Kvm::Stub::S390Irq, *kvm_, request));
}

absl::StatusOr<int32_t> GrpcConnection::S390Interrupt(const VcpuAddress& vcpu,
                                                      const kvm_s390_interrupt& interrupt,
                                                      const CallOptions& options) {
  auto request = MakeRequest<v1::S390InterruptRequest>(vcpu);
  request.set_type(interrupt.type);
  request.set_parm(interrupt.parm);
  request.set_parm64(interrupt.parm64);
  return Ret(
      Call<v1::S390InterruptResponse>(options, &v1::Kvm::Stub::S390Interrupt, *kvm_, request));
}

absl::StatusOr<int32_t> GrpcConnection::Reset(const VcpuAddress& vcpu, ResetKind kind,
                                              const CallOptions& options) {
  auto request = MakeRequest<v1::ResetRequest>(vcpu);
  request.set_kind(ToMessage(kind));
  return Ret(Call<v1::ResetResponse>(options, &v1::Kvm::Stub::Reset, *kvm_, request));
}

absl::StatusOr<int32_t> GrpcConnection::SetMpState(const VcpuAddress& vcpu, uint32_t mp_state,
                                                   const CallOptions& options) {
  auto request = MakeRequest<v1::SetMpStateRequest>(vcpu);
  request.set_mp_state(mp_state);
  return Ret(Call<v1::SetMpStateResponse>(options, &v1::Kvm::Stub::SetMpState, *kvm_, request));
}

absl::StatusOr<int32_t> GrpcConnection::GetMpState(const VcpuAddress& vcpu,
                                                   const CallOptions& options) {
  const auto request = MakeRequest<v1::GetMpStateRequest>(vcpu);
  return Ret(Call<v1::GetMpStateResponse>(options, &v1::Kvm::Stub::GetMpState, *kvm_, request));
}

absl::StatusOr<int32_t> GrpcConnection::CheckExtension(const HostProfile& profile,
                                                       uint64_t extension,
                                                       const CallOptions& options) {
  v1::CheckExtensionRequest request;
  *request.mutable_host_profile() = ToMessage(profile);
  request.set_extension(extension);
  return Ret(
      Call<v1::CheckExtensionResponse>(options, &v1::Kvm::Stub::CheckExtension, *kvm_, request));
}

absl::StatusOr<bool> GrpcConnection::IsServing(const CallOptions& options) {
  using grpc::health::v1::HealthCheckResponse;
  const absl::StatusOr<HealthCheckResponse> response =
      Call<HealthCheckResponse>(options, &grpc::health::v1::Health::Stub::Check, *health_,
                                grpc::health::v1::HealthCheckRequest());
  if (!response.ok()) return response.status();
  return response->status() == HealthCheckResponse::SERVING;
}

}  // namespace irqd
