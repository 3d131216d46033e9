// irqd.v1.Kvm: each handler checks a request, makes one call on a vCPU, and fills the response.
//
// What each answers is documented in proto/irqd/v1/kvm.proto. Handlers neither lock nor wait,
// and may be called from any number of threads on one object.
#ifndef IRQD_SERVER_KVM_HANDLERS_H_
#define IRQD_SERVER_KVM_HANDLERS_H_

#include <grpcpp/support/status.h>

#include "core/vm_registry.h"
#include "irqd/v1/kvm.pb.h"

namespace irqd {

class KvmHandlers {
 public:
  // `registry` outlives this.
  explicit KvmHandlers(VmRegistry* registry) : registry_(*registry) {}

  grpc::Status GetIrqState(const v1::GetIrqStateRequest& request,
                           v1::GetIrqStateResponse* response);
  grpc::Status SetIrqState(const v1::SetIrqStateRequest& request,
                           v1::SetIrqStateResponse* response);
  grpc::Status S390Irq(const v1::S390IrqRequest& request, v1::S390IrqResponse* response);
  grpc::Status S390Interrupt(const v1::S390InterruptRequest& request,
                             v1::S390InterruptResponse* response);
  grpc::Status Reset(const v1::ResetRequest& request, v1::ResetResponse* response);
  grpc::Status SetMpState(const v1::SetMpStateRequest& request, v1::SetMpStateResponse* response);
  grpc::Status GetMpState(const v1::GetMpStateRequest& request, v1::GetMpStateResponse* response);
  grpc::Status CheckExtension(const v1::CheckExtensionRequest& request,
                              v1::CheckExtensionResponse* response);

 private:
  VmRegistry& registry_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_KVM_HANDLERS_H_
