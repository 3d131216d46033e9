#include "server/server.h"

#include <grpcpp/alarm.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"

namespace irqd {
namespace {

// Calls that can be taken at once before gRPC has to queue them. The calls on vCPUs are the many.
constexpr int kArmedKvmCalls = 64;
constexpr int kArmedVmsCalls = 4;

void SetBounds(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kMaxRequestSize);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataSize);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
  // A second server on a port is a mistake, not a way to share it.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// Both plugins belong to every server that a process builds from then on.
void EnablePlugins() {
  static const bool once = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)once;
}

// The reflection service is a synchronous one; one thread is enough for it.
void KeepSyncServicesSmall(grpc::ServerBuilder* builder) {
  using Option = grpc::ServerBuilder::SyncServerOption;
  builder->SetSyncServerOption(Option::NUM_CQS, 1);
  builder->SetSyncServerOption(Option::MIN_POLLERS, 1);
  builder->SetSyncServerOption(Option::MAX_POLLERS, 1);
}

}  // namespace

Server::Server(const VmRegistry::Limits& limits)
    : registry_(limits), kvm_handlers_(&registry_), vms_handlers_(&registry_) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::vector<ListenAddress>& addresses,
                                                      const VmRegistry::Limits& limits) {
  if (addresses.empty()) return absl::InvalidArgumentError("no address to listen on");
  std::unique_ptr<Server> server(new Server(limits));
  absl::Status listening = server->Listen(addresses);
  if (!listening.ok()) return listening;
  server->ArmCalls();
  server->poller_ = std::thread([raw = server.get()] { raw->Poll(); });
  return server;
}

absl::Status Server::Listen(const std::vector<ListenAddress>& addresses) {
  EnablePlugins();
  grpc::ServerBuilder builder;
  SetBounds(&builder);
  KeepSyncServicesSmall(&builder);
  std::vector<int> ports(addresses.size(), 0);
  for (size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i].is_unix()) {
      absl::Status clear = ClearStaleSocket(addresses[i].path);
      if (!clear.ok()) return clear;
    }
    builder.AddListeningPort(addresses[i].ToString(), grpc::InsecureServerCredentials(), &ports[i]);
  }
  builder.RegisterService(&kvm_);
  builder.RegisterService(&vms_);
  queue_ = builder.AddCompletionQueue();
  server_ = builder.BuildAndStart();
  for (size_t i = 0; i < addresses.size(); ++i) {
    // gRPC stops at the first address that it cannot have, and leaves its port 0.
    if (server_ == nullptr && ports[i] > 0) continue;
    if (ports[i] <= 0) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", addresses[i].ToString(),
                                                 ": it is taken, or is no address of this host"));
    }
    ListenAddress bound = addresses[i];
    bound.port = ports[i];
    addresses_.push_back(bound.ToString());
  }
  return absl::OkStatus();
}

void Server::ArmCalls() {
  const auto arm = [this](int count, auto* service, auto request_method, auto* handlers,
                          auto handle) {
    for (int i = 0; i < count; ++i) {
      calls_.push_back(MakeUnaryCall(service, request_method, handlers, handle, queue_.get()));
    }
  };
#define IRQD_ARM_KVM(name)                                                          \
  arm(kArmedKvmCalls, &kvm_, &v1::Kvm::AsyncService::Request##name, &kvm_handlers_, \
      &KvmHandlers::name)
#define IRQD_ARM_VMS(name)                                                          \
  arm(kArmedVmsCalls, &vms_, &v1::Vms::AsyncService::Request##name, &vms_handlers_, \
      &VmsHandlers::name)
  IRQD_ARM_KVM(GetIrqState);
  IRQD_ARM_KVM(SetIrqState);
  IRQD_ARM_KVM(S390Irq);
  IRQD_ARM_KVM(S390Interrupt);
  IRQD_ARM_KVM(Reset);
  IRQD_ARM_KVM(SetMpState);
  IRQD_ARM_KVM(GetMpState);
  IRQD_ARM_KVM(CheckExtension);
  IRQD_ARM_VMS(CreateVm);
  IRQD_ARM_VMS(GetVm);
  IRQD_ARM_VMS(ListVms);
  IRQD_ARM_VMS(DeleteVm);
  IRQD_ARM_VMS(CreateVcpu);
  IRQD_ARM_VMS(ListVcpus);
#undef IRQD_ARM_KVM
#undef IRQD_ARM_VMS
}

void Server::Poll() {
  void* tag;
  bool ok;
  bool stopping = false;
  while (queue_->Next(&tag, &ok)) {
    if (tag == this) {
      stopping = true;
      queue_->Shutdown();
    } else if (!stopping) {
      static_cast<CallTag*>(tag)->Proceed(ok);
    }
  }
}

void Server::Shutdown(absl::Duration grace) {
  if (server_ == nullptr) return;
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
  // Tells the poller to shut the queue down: it must arm no call after that.
  grpc::Alarm stop;
  stop.Set(queue_.get(), gpr_now(GPR_CLOCK_MONOTONIC), this);
  poller_.join();
  server_.reset();
}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

}  // namespace irqd
