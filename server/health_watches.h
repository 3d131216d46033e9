// All streams of grpc.health.v1.Health.Watch.
//
// gRPC's own health service would do, but it brings threads that poll beside the one that answers
// calls: with one call in flight they take a third of the server's time.
//
// One stream is always armed, as in StreamMethod; the number of others is bounded by gRPC's, for
// each connection. A stream waits for its client to go, or for Stop.
//
// Everything happens in the thread that polls the queue, but for the constructor.
#ifndef IRQD_SERVER_HEALTH_WATCHES_H_
#define IRQD_SERVER_HEALTH_WATCHES_H_

#include <grpcpp/grpcpp.h>

#include <list>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/call_tag.h"
#include "server/health_handlers.h"

namespace irqd {

class HealthWatches final : public CallTag {
 public:
  using Service = grpc::health::v1::Health::AsyncService;

  // All outlive this.
  HealthWatches(Service* service, HealthHandlers* handlers, grpc::ServerCompletionQueue* queue);
  ~HealthWatches() override;

  // As a tag: from here on nothing is serving. Tells every client so, and ends its stream; the same
  // for streams that begin later.
  void Proceed(bool ok) override;

 private:
  class Watch;

  void ArmNext();

  Service& service_;
  HealthHandlers& handlers_;
  grpc::ServerCompletionQueue* const queue_;
  bool stopped_ = false;
  std::list<Watch> watches_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_HEALTH_WATCHES_H_
