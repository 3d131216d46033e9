// Between the messages of irqd.v1.Guest and the core's types.
#ifndef IRQD_CLIENT_GUEST_MESSAGES_H_
#define IRQD_CLIENT_GUEST_MESSAGES_H_

#include "absl/status/statusor.h"
#include "core/delivery.h"
#include "core/local_state.h"
#include "core/registers_update.h"
#include "core/sigp.h"
#include "irqd/v1/guest.pb.h"

namespace irqd {

v1::VcpuRegisters ToMessage(const VcpuRegistersUpdate& update);
v1::VmRegisters ToMessage(const VmRegistersUpdate& update);

VcpuRegisters FromMessage(const v1::VcpuRegisters& message);
VmRegisters FromMessage(const v1::VmRegisters& message);

//   INTERNAL  a record is not kIrqSize bytes long, a reason is none that this client knows, or
//             there is no such condition code
absl::StatusOr<DeliverResult> FromMessage(const v1::DeliverResponse& message);
absl::StatusOr<Deliverable> FromMessage(const v1::GetDeliverableResponse& message);
absl::StatusOr<SigpResult> FromMessage(const v1::SigpResponse& message);

}  // namespace irqd

#endif  // IRQD_CLIENT_GUEST_MESSAGES_H_
