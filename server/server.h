// A running irqd: listens, answers, and stops.
//
// One thread polls one completion queue and answers every call on it (docs/decisions says why).
// Health checking (grpc.health.v1), of the server and of each service, and server reflection are
// on.
//
// Thread safety: Shutdown may be called from any thread, once; everything else belongs to the
// thread that made the server.
#ifndef IRQD_SERVER_SERVER_H_
#define IRQD_SERVER_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/vm_registry.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "irqd/v1/batch.grpc.pb.h"
#include "irqd/v1/flic.grpc.pb.h"
#include "irqd/v1/guest.grpc.pb.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"
#include "server/batch_handlers.h"
#include "server/flic_handlers.h"
#include "server/guest_handlers.h"
#include "server/health_handlers.h"
#include "server/health_watches.h"
#include "server/inject_session.h"
#include "server/kvm_handlers.h"
#include "server/listen_address.h"
#include "server/stream_method.h"
#include "server/unary_call.h"
#include "server/vms_handlers.h"

namespace irqd {

class Server {
 public:
  // Serves from here on.
  //   INVALID_ARGUMENT  no address
  //   ALREADY_EXISTS    a Unix socket is in use
  //   UNAVAILABLE       an address cannot be listened on
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::vector<ListenAddress>& addresses,
                                                       const VmRegistry::Limits& limits);
  // Calls Shutdown, if nobody has.
  ~Server();

  // Where it listens, each port as it was bound. Of the form that --listen takes.
  const std::vector<std::string>& addresses() const { return addresses_; }

  // Says that it is not serving, takes no more calls, lets those under way finish for `grace`, then
  // cancels them. Returns when all is over.
  void Shutdown(absl::Duration grace);

 private:
  Server(const VmRegistry::Limits& limits);
  absl::Status Listen(const std::vector<ListenAddress>& addresses);
  void ArmCalls();
  void Poll();

  VmRegistry registry_;
  KvmHandlers kvm_handlers_;
  BatchHandlers batch_handlers_;
  FlicHandlers flic_handlers_;
  GuestHandlers guest_handlers_;
  VmsHandlers vms_handlers_;
  HealthHandlers health_handlers_;
  v1::Kvm::AsyncService kvm_;
  v1::Batch::AsyncService batch_;
  v1::Flic::AsyncService flic_;
  v1::Guest::AsyncService guest_;
  v1::Vms::AsyncService vms_;
  HealthWatches::Service health_;
  std::vector<std::string> addresses_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::unique_ptr<Method>> methods_;
  std::unique_ptr<StreamMethod<v1::Batch::AsyncService, InjectSession, v1::InjectStreamRequest,
                               v1::InjectStreamResponse>>
      inject_streams_;
  std::unique_ptr<HealthWatches> health_watches_;
  std::thread poller_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_SERVER_H_
