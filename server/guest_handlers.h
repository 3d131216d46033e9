// irqd.v1.Guest: each handler checks a request, makes one call on a vCPU or a VM, and fills the
// response.
//
// What each answers is documented in proto/irqd/v1/guest.proto. Handlers may be called from any
// number of threads on one object. The calls on a VM, Deliver, GetDeliverable and StopIntercept
// take the VM's mutex for floating interrupts; the others neither lock nor wait.
#ifndef IRQD_SERVER_GUEST_HANDLERS_H_
#define IRQD_SERVER_GUEST_HANDLERS_H_

#include <google/protobuf/empty.pb.h>
#include <grpcpp/support/status.h>

#include "core/vm_registry.h"
#include "irqd/v1/guest.pb.h"

namespace irqd {

class GuestHandlers {
 public:
  // `registry` outlives this.
  explicit GuestHandlers(VmRegistry* registry) : registry_(*registry) {}

  grpc::Status GetVcpuRegisters(const v1::GetVcpuRegistersRequest& request,
                                v1::VcpuRegisters* response);
  grpc::Status SetVcpuRegisters(const v1::SetVcpuRegistersRequest& request,
                                google::protobuf::Empty* response);
  grpc::Status GetVmRegisters(const v1::GetVmRegistersRequest& request, v1::VmRegisters* response);
  grpc::Status SetVmRegisters(const v1::SetVmRegistersRequest& request,
                              google::protobuf::Empty* response);
  grpc::Status Deliver(const v1::DeliverRequest& request, v1::DeliverResponse* response);
  grpc::Status GetDeliverable(const v1::GetDeliverableRequest& request,
                              v1::GetDeliverableResponse* response);
  grpc::Status StopIntercept(const v1::StopInterceptRequest& request,
                             v1::StopInterceptResponse* response);
  grpc::Status Sigp(const v1::SigpRequest& request, v1::SigpResponse* response);

 private:
  VmRegistry& registry_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_GUEST_HANDLERS_H_
