// What irqd.v1.Batch.InjectStream does with each message of one stream.
//
// It is documented in proto/irqd/v1/batch.proto. Belongs to one thread at a time. It neither locks
// nor waits, but for the registry's mutex when a message names a VM by name.
#ifndef IRQD_SERVER_INJECT_SESSION_H_
#define IRQD_SERVER_INJECT_SESSION_H_

#include <grpcpp/support/status.h>

#include <cstdint>
#include <vector>

#include "core/vm_registry.h"
#include "irqd/v1/batch.pb.h"

namespace irqd {

class InjectSession {
 public:
  // `registry` outlives this.
  explicit InjectSession(VmRegistry* registry) : registry_(*registry) {}

  // Allocates nothing once a message as large as this has been answered.
  grpc::Status Answer(const v1::InjectStreamRequest& request, v1::InjectStreamResponse* response);

 private:
  VmRegistry& registry_;
  bool has_vm_ = false;  // a message before this one named it
  uint64_t vm_id_ = 0;
  std::vector<Vcpu*> vcpus_;  // of this message
};

}  // namespace irqd

#endif  // IRQD_SERVER_INJECT_SESSION_H_
