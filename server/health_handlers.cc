#include "server/health_handlers.h"

#include "server/status.h"

namespace irqd {
namespace {

// Of a name in a refusal.
constexpr size_t kMostQuoted = 64;

}  // namespace

HealthHandlers::Response::ServingStatus HealthHandlers::StatusOf(const std::string& service) const {
  if (!service.empty() && services_.count(service) == 0) return Response::SERVICE_UNKNOWN;
  return serving_ ? Response::SERVING : Response::NOT_SERVING;
}

grpc::Status HealthHandlers::Check(const grpc::health::v1::HealthCheckRequest& request,
                                   Response* response) {
  const Response::ServingStatus status = StatusOf(request.service());
  if (status == Response::SERVICE_UNKNOWN) {
    return NotFound("service", Excerpt(request.service(), kMostQuoted));
  }
  response->set_status(status);
  return grpc::Status::OK;
}

}  // namespace irqd
