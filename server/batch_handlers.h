// The unary calls of irqd.v1.Batch: each handler checks a request, makes its calls on the vCPUs of
// a VM, and fills the response.
//
// What each answers is documented in proto/irqd/v1/batch.proto. Handlers neither lock nor wait, but
// for the registry's mutex where a VM is named by name; they may be called from any number of
// threads on one object.
#ifndef IRQD_SERVER_BATCH_HANDLERS_H_
#define IRQD_SERVER_BATCH_HANDLERS_H_

#include <grpcpp/support/status.h>

#include "core/vm_registry.h"
#include "irqd/v1/batch.pb.h"

namespace irqd {

class BatchHandlers {
 public:
  // `registry` outlives this.
  explicit BatchHandlers(VmRegistry* registry) : registry_(*registry) {}

  grpc::Status GetIrqStates(const v1::GetIrqStatesRequest& request,
                            v1::GetIrqStatesResponse* response);
  grpc::Status SetIrqStates(const v1::SetIrqStatesRequest& request,
                            v1::SetIrqStatesResponse* response);

 private:
  VmRegistry& registry_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_BATCH_HANDLERS_H_
