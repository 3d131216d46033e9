// irqd.v1.Vms: making and finding VMs.
//
// What each answers is documented in proto/irqd/v1/vms.proto. Handlers may be called from any
// number of threads on one object; they take the registry's mutex for a short while.
#ifndef IRQD_SERVER_VMS_HANDLERS_H_
#define IRQD_SERVER_VMS_HANDLERS_H_

#include <google/protobuf/empty.pb.h>
#include <grpcpp/support/status.h>

#include "core/vm_registry.h"
#include "irqd/v1/vms.pb.h"

namespace irqd {

class VmsHandlers {
 public:
  // `registry` outlives this.
  explicit VmsHandlers(VmRegistry* registry) : registry_(*registry) {}

  grpc::Status CreateVm(const v1::CreateVmRequest& request, v1::Vm* response);
  grpc::Status GetVm(const v1::GetVmRequest& request, v1::Vm* response);
  grpc::Status ListVms(const v1::ListVmsRequest& request, v1::ListVmsResponse* response);
  grpc::Status DeleteVm(const v1::DeleteVmRequest& request, google::protobuf::Empty* response);
  grpc::Status CreateVcpu(const v1::CreateVcpuRequest& request, v1::CreateVcpuResponse* response);
  grpc::Status ListVcpus(const v1::ListVcpusRequest& request, v1::ListVcpusResponse* response);

 private:
  VmRegistry& registry_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_VMS_HANDLERS_H_
