// Between messages of irqd.v1 and the core's types.
#ifndef IRQD_SERVER_MESSAGES_H_
#define IRQD_SERVER_MESSAGES_H_

#include <grpcpp/support/status.h>

#include <string>

#include "core/host_profile.h"
#include "core/vm_info.h"
#include "core/vm_registry.h"
#include "irqd/v1/resources.pb.h"

namespace irqd {

// Fills `*profile` from a message whose unset fields mean the default.
//   INVALID_ARGUMENT  the kernel is none that irqd knows
grpc::Status ReadHostProfile(const v1::HostProfile& message, HostProfile* profile);

void WriteHostProfile(const HostProfile& profile, v1::HostProfile* message);
void WriteVm(const VmInfo& vm, v1::Vm* message);

// The id of the VM that `ref` names; 0 if there is none.
//   INVALID_ARGUMENT  `ref`, called "vm" in the request, is not set
grpc::Status ResolveVm(const VmRegistry& registry, const v1::VmRef& ref, uint64_t* id);
// What ResolveVm answers to a reference that is not set.
grpc::Status VmRequired();
// `ref` as an error message names it.
std::string DescribeVm(const v1::VmRef& ref);

}  // namespace irqd

#endif  // IRQD_SERVER_MESSAGES_H_
