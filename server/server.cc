#include "server/server.h"

#include <grpcpp/alarm.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>

#include <chrono>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"

namespace irqd {
namespace {

// Calls of a method that can be taken at once before gRPC has to queue them. The calls on vCPUs are
// the many.
constexpr size_t kArmedKvmCalls = 64;
// An answer of the FLIC can be 26 MB, which it holds until the client has read it.
constexpr size_t kArmedFlicCalls = 4;
// A request or an answer can be 6 MB.
constexpr size_t kArmedBatchCalls = 4;
constexpr size_t kArmedGuestCalls = 16;
constexpr size_t kArmedVmsCalls = 4;
constexpr size_t kArmedHealthCalls = 4;

void SetBounds(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kMaxRequestSize);
  builder->SetResourceQuota(grpc::ResourceQuota("irqd").Resize(kMaxReceivedMemory));
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataSize);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
  // A second server on a port is a mistake, not a way to share it.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// The plugin belongs to every server that a process builds from then on.
void EnableReflection() {
  static const bool once = [] {
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
    : registry_(limits),
      kvm_handlers_(&registry_),
      batch_handlers_(&registry_),
      flic_handlers_(&registry_),
      guest_handlers_(&registry_),
      vms_handlers_(&registry_),
      health_handlers_({v1::Kvm::service_full_name(), v1::Batch::service_full_name(),
                        v1::Flic::service_full_name(), v1::Guest::service_full_name(),
                        v1::Vms::service_full_name()}) {}

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
  EnableReflection();
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
  builder.RegisterService(&batch_);
  builder.RegisterService(&flic_);
  builder.RegisterService(&guest_);
  builder.RegisterService(&vms_);
  builder.RegisterService(&health_);
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
  const auto arm = [this](size_t most, auto* service, auto request_method, auto* handlers,
                          auto handle) {
    const bool is_batch = std::is_same_v<decltype(handlers), BatchHandlers*>;
    const size_t kept = is_batch ? kMaxKeptBatch : kMaxKeptMessage;
    methods_.push_back(
        MakeUnaryMethod(service, request_method, handlers, handle, most, kept, queue_.get()));
  };
#define IRQD_ARM(Service, service, name)                                              \
  arm(kArmed##Service##Calls, &service##_, &v1::Service::AsyncService::Request##name, \
      &service##_handlers_, &Service##Handlers::name)
  IRQD_ARM(Kvm, kvm, GetIrqState);
  IRQD_ARM(Kvm, kvm, SetIrqState);
  IRQD_ARM(Kvm, kvm, S390Irq);
  IRQD_ARM(Kvm, kvm, S390Interrupt);
  IRQD_ARM(Kvm, kvm, Reset);
  IRQD_ARM(Kvm, kvm, SetMpState);
  IRQD_ARM(Kvm, kvm, GetMpState);
  IRQD_ARM(Kvm, kvm, CheckExtension);
  IRQD_ARM(Batch, batch, GetIrqStates);
  IRQD_ARM(Batch, batch, SetIrqStates);
  IRQD_ARM(Flic, flic, S390Interrupt);
  IRQD_ARM(Flic, flic, CreateDevice);
  IRQD_ARM(Flic, flic, SetDeviceAttr);
  IRQD_ARM(Flic, flic, GetDeviceAttr);
  IRQD_ARM(Flic, flic, HasDeviceAttr);
  IRQD_ARM(Flic, flic, EnableCap);
  IRQD_ARM(Guest, guest, GetVcpuRegisters);
  IRQD_ARM(Guest, guest, SetVcpuRegisters);
  IRQD_ARM(Guest, guest, GetVmRegisters);
  IRQD_ARM(Guest, guest, SetVmRegisters);
  IRQD_ARM(Guest, guest, Deliver);
  IRQD_ARM(Guest, guest, GetDeliverable);
  IRQD_ARM(Guest, guest, StopIntercept);
  IRQD_ARM(Guest, guest, Sigp);
  IRQD_ARM(Vms, vms, CreateVm);
  IRQD_ARM(Vms, vms, GetVm);
  IRQD_ARM(Vms, vms, ListVms);
  IRQD_ARM(Vms, vms, DeleteVm);
  IRQD_ARM(Vms, vms, CreateVcpu);
  IRQD_ARM(Vms, vms, ListVcpus);
#undef IRQD_ARM
  arm(kArmedHealthCalls, &health_, &HealthWatches::Service::RequestCheck, &health_handlers_,
      &HealthHandlers::Check);
  health_watches_ = std::make_unique<HealthWatches>(&health_, &health_handlers_, queue_.get());
  using InjectStreams = decltype(inject_streams_)::element_type;
  inject_streams_ = std::make_unique<InjectStreams>(
      &batch_, &v1::Batch::AsyncService::RequestInjectStream, &registry_, queue_.get());
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
  grpc::Alarm unhealthy;
  unhealthy.Set(queue_.get(), gpr_now(GPR_CLOCK_MONOTONIC), health_watches_.get());
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
  // Tells the poller to shut the queue down: it must arm no call after that.
  grpc::Alarm stop;
  stop.Set(queue_.get(), gpr_now(GPR_CLOCK_MONOTONIC), this);
  poller_.join();
  server_.reset();
}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

}  // namespace irqd
