// The messages of irqd's calls as steps: one function for each kind of call, all alike.
//
// Each puts into `call` what answering `request` by `response` means; the VM is there already.
#ifndef IRQD_CLIENT_VECTORS_CALL_STEPS_H_
#define IRQD_CLIENT_VECTORS_CALL_STEPS_H_

#include <cstdint>

#include "client/vectors/recorded_call.h"
#include "irqd/v1/batch.pb.h"
#include "irqd/v1/flic.pb.h"
#include "irqd/v1/guest.pb.h"
#include "irqd/v1/kvm.pb.h"
#include "irqd/v1/vms.pb.h"

namespace irqd {

// For a message of the answer that makes no sense beside its request.
inline constexpr char kStrangeAnswer[] = "an answer made no sense";

Step StepOn(Op op, uint32_t vcpu);
Step StepOn(Op op, uint32_t vcpu, int64_t ret);

// vms.proto
void AddSteps(const v1::CreateVmRequest&, const v1::Vm&, RecordedCall* call);
void AddSteps(const v1::DeleteVmRequest&, const google::protobuf::Empty&, RecordedCall* call);
void AddSteps(const v1::CreateVcpuRequest&, const v1::CreateVcpuResponse&, RecordedCall* call);
// kvm.proto
void AddSteps(const v1::GetIrqStateRequest&, const v1::GetIrqStateResponse&, RecordedCall* call);
void AddSteps(const v1::SetIrqStateRequest&, const v1::SetIrqStateResponse&, RecordedCall* call);
void AddSteps(const v1::S390IrqRequest&, const v1::S390IrqResponse&, RecordedCall* call);
void AddSteps(const v1::S390InterruptRequest&, const v1::S390InterruptResponse&, RecordedCall*);
void AddSteps(const v1::ResetRequest&, const v1::ResetResponse&, RecordedCall* call);
void AddSteps(const v1::SetMpStateRequest&, const v1::SetMpStateResponse&, RecordedCall* call);
void AddSteps(const v1::GetMpStateRequest&, const v1::GetMpStateResponse&, RecordedCall* call);
// batch.proto
void AddSteps(const v1::GetIrqStatesRequest&, const v1::GetIrqStatesResponse&, RecordedCall* call);
void AddSteps(const v1::SetIrqStatesRequest&, const v1::SetIrqStatesResponse&, RecordedCall* call);
void AddSteps(const v1::InjectStreamRequest&, const v1::InjectStreamResponse&, RecordedCall* call);
// flic.proto
void AddSteps(const v1::FlicS390InterruptRequest&, const v1::FlicS390InterruptResponse&,
              RecordedCall* call);
void AddSteps(const v1::SetDeviceAttrRequest&, const v1::SetDeviceAttrResponse&, RecordedCall*);
void AddSteps(const v1::GetDeviceAttrRequest&, const v1::GetDeviceAttrResponse&, RecordedCall*);
void AddSteps(const v1::HasDeviceAttrRequest&, const v1::HasDeviceAttrResponse&, RecordedCall*);
void AddSteps(const v1::EnableCapRequest&, const v1::EnableCapResponse&, RecordedCall* call);
// guest.proto
void AddSteps(const v1::GetVcpuRegistersRequest&, const v1::VcpuRegisters&, RecordedCall* call);
void AddSteps(const v1::SetVcpuRegistersRequest&, const google::protobuf::Empty&, RecordedCall*);
void AddSteps(const v1::SetVmRegistersRequest&, const google::protobuf::Empty&, RecordedCall*);
void AddSteps(const v1::DeliverRequest&, const v1::DeliverResponse&, RecordedCall* call);
void AddSteps(const v1::GetDeliverableRequest&, const v1::GetDeliverableResponse&, RecordedCall*);
void AddSteps(const v1::StopInterceptRequest&, const v1::StopInterceptResponse&, RecordedCall*);
void AddSteps(const v1::SigpRequest&, const v1::SigpResponse&, RecordedCall* call);

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_CALL_STEPS_H_
