// Between the messages of irqd.v1.Guest and the core's types.
#ifndef IRQD_SERVER_GUEST_MESSAGES_H_
#define IRQD_SERVER_GUEST_MESSAGES_H_

#include <google/protobuf/repeated_field.h>

#include <vector>

#include "core/delivery.h"
#include "core/local_state.h"
#include "core/registers_update.h"
#include "irqd/v1/guest.pb.h"

namespace irqd {

// What is not set in the message is not in the update.
VcpuRegistersUpdate ReadVcpuRegisters(const v1::VcpuRegisters& message);
VmRegistersUpdate ReadVmRegisters(const v1::VmRegisters& message);

void WriteVcpuRegisters(const VcpuRegisters& registers, v1::VcpuRegisters* message);
void WriteVmRegisters(const VmRegisters& registers, v1::VmRegisters* message);

void WritePending(const std::vector<PendingIrq>& pending,
                  google::protobuf::RepeatedPtrField<v1::PendingIrq>* messages);
void WriteDelivered(const std::vector<DeliveredIrq>& delivered,
                    google::protobuf::RepeatedPtrField<v1::DeliveredIrq>* messages);

}  // namespace irqd

#endif  // IRQD_SERVER_GUEST_MESSAGES_H_
