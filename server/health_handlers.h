// What grpc.health.v1.Health is answered. proto/grpc/health/v1/health.proto documents it.
//
// Belongs to the thread that polls the queue.
#ifndef IRQD_SERVER_HEALTH_HANDLERS_H_
#define IRQD_SERVER_HEALTH_HANDLERS_H_

#include <grpcpp/support/status.h>

#include <set>
#include <string>
#include <utility>

#include "grpc/health/v1/health.pb.h"

namespace irqd {

class HealthHandlers {
 public:
  using Response = grpc::health::v1::HealthCheckResponse;

  // Full names of what is served.
  explicit HealthHandlers(std::set<std::string> services) : services_(std::move(services)) {}

  grpc::Status Check(const grpc::health::v1::HealthCheckRequest& request, Response* response);
  // SERVICE_UNKNOWN for a service that the server does not have. Empty means the server.
  Response::ServingStatus StatusOf(const std::string& service) const;

  // From here on nothing is serving.
  void Stop() { serving_ = false; }

 private:
  const std::set<std::string> services_;
  bool serving_ = true;
};

}  // namespace irqd

#endif  // IRQD_SERVER_HEALTH_HANDLERS_H_
