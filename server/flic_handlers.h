// irqd.v1.Flic: each handler checks a request, makes one call on a VM, and fills the response.
//
// What each answers is documented in proto/irqd/v1/flic.proto. Handlers may be called from any
// number of threads on one object; they take the VM's mutex for floating interrupts, and EnableCap
// the registry's.
#ifndef IRQD_SERVER_FLIC_HANDLERS_H_
#define IRQD_SERVER_FLIC_HANDLERS_H_

#include <grpcpp/support/status.h>

#include "core/vm_registry.h"
#include "irqd/v1/flic.pb.h"

namespace irqd {

class FlicHandlers {
 public:
  // `registry` outlives this.
  explicit FlicHandlers(VmRegistry* registry) : registry_(*registry) {}

  grpc::Status S390Interrupt(const v1::FlicS390InterruptRequest& request,
                             v1::FlicS390InterruptResponse* response);
  grpc::Status CreateDevice(const v1::CreateDeviceRequest& request,
                            v1::CreateDeviceResponse* response);
  grpc::Status SetDeviceAttr(const v1::SetDeviceAttrRequest& request,
                             v1::SetDeviceAttrResponse* response);
  grpc::Status GetDeviceAttr(const v1::GetDeviceAttrRequest& request,
                             v1::GetDeviceAttrResponse* response);
  grpc::Status HasDeviceAttr(const v1::HasDeviceAttrRequest& request,
                             v1::HasDeviceAttrResponse* response);
  grpc::Status EnableCap(const v1::EnableCapRequest& request, v1::EnableCapResponse* response);

 private:
  VmRegistry& registry_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_FLIC_HANDLERS_H_
