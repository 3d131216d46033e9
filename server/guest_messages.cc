#include "server/guest_messages.h"

#include <string>

#include "core/irq_codec.h"

namespace irqd {
namespace {

v1::PendingIrq::HeldBy ToMessage(HeldBy held_by) {
  switch (held_by) {
    case HeldBy::kNothing:
      return v1::PendingIrq::NOTHING;
    case HeldBy::kPswExternal:
      return v1::PendingIrq::PSW_EXTERNAL;
    case HeldBy::kPswIo:
      return v1::PendingIrq::PSW_IO;
    case HeldBy::kPswMachineCheck:
      return v1::PendingIrq::PSW_MACHINE_CHECK;
    case HeldBy::kCr0EmergencySignal:
      return v1::PendingIrq::CR0_EMERGENCY_SIGNAL;
    case HeldBy::kCr0ExternalCall:
      return v1::PendingIrq::CR0_EXTERNAL_CALL;
    case HeldBy::kCr0ClockComparator:
      return v1::PendingIrq::CR0_CLOCK_COMPARATOR;
    case HeldBy::kCr0CpuTimer:
      return v1::PendingIrq::CR0_CPU_TIMER;
    case HeldBy::kCr0ServiceSignal:
      return v1::PendingIrq::CR0_SERVICE_SIGNAL;
    case HeldBy::kCr6Isc:
      return v1::PendingIrq::CR6_ISC;
    case HeldBy::kCr14Subclass:
      return v1::PendingIrq::CR14_SUBCLASS;
    case HeldBy::kTimerNotReached:
      return v1::PendingIrq::TIMER_NOT_REACHED;
    case HeldBy::kStopIntercept:
      return v1::PendingIrq::STOP_INTERCEPT;
    case HeldBy::kSigpInterpretation:
      return v1::PendingIrq::SIGP_INTERPRETATION;
  }
  return v1::PendingIrq::HELD_BY_UNSPECIFIED;
}

}  // namespace

VcpuRegistersUpdate ReadVcpuRegisters(const v1::VcpuRegisters& message) {
  VcpuRegistersUpdate update;
  if (message.has_psw_mask()) update.psw_mask = message.psw_mask();
  if (message.has_cr0()) update.cr0 = message.cr0();
  if (message.has_cr6()) update.cr6 = message.cr6();
  if (message.has_cr14()) update.cr14 = message.cr14();
  if (message.has_clock_comparator()) update.clock_comparator = message.clock_comparator();
  if (message.has_cpu_timer()) update.cpu_timer = message.cpu_timer();
  if (message.has_prefix()) update.prefix = message.prefix();
  return update;
}

VmRegistersUpdate ReadVmRegisters(const v1::VmRegisters& message) {
  VmRegistersUpdate update;
  if (message.has_tod_clock()) update.tod_clock = message.tod_clock();
  if (message.has_new_psw_restart()) update.new_psw_restart = message.new_psw_restart();
  if (message.has_new_psw_external()) update.new_psw_external = message.new_psw_external();
  if (message.has_new_psw_program()) update.new_psw_program = message.new_psw_program();
  if (message.has_new_psw_machine_check()) {
    update.new_psw_machine_check = message.new_psw_machine_check();
  }
  if (message.has_new_psw_io()) update.new_psw_io = message.new_psw_io();
  return update;
}

void WriteVcpuRegisters(const VcpuRegisters& registers, v1::VcpuRegisters* message) {
  message->set_psw_mask(registers.psw_mask);
  message->set_cr0(registers.cr0);
  message->set_cr6(registers.cr6);
  message->set_cr14(registers.cr14);
  message->set_clock_comparator(registers.clock_comparator);
  message->set_cpu_timer(registers.cpu_timer);
  message->set_prefix(registers.prefix);
}

void WriteVmRegisters(const VmRegisters& registers, v1::VmRegisters* message) {
  const NewPswMasks& masks = registers.new_psw_masks;
  message->set_tod_clock(registers.tod_clock);
  message->set_new_psw_restart(masks.restart);
  message->set_new_psw_external(masks.external);
  message->set_new_psw_program(masks.program);
  message->set_new_psw_machine_check(masks.machine_check);
  message->set_new_psw_io(masks.io);
}

void WritePending(const std::vector<PendingIrq>& pending,
                  google::protobuf::RepeatedPtrField<v1::PendingIrq>* messages) {
  for (const PendingIrq& irq : pending) {
    v1::PendingIrq* const message = messages->Add();
    message->set_type(irq.type);
    message->set_isc(irq.isc);
    message->set_count(irq.count);
    message->set_held_by(ToMessage(irq.held_by));
  }
}

void WriteDelivered(const std::vector<DeliveredIrq>& delivered,
                    google::protobuf::RepeatedPtrField<v1::DeliveredIrq>* messages) {
  messages->Reserve(static_cast<int>(delivered.size()));
  for (const DeliveredIrq& irq : delivered) {
    v1::DeliveredIrq* const message = messages->Add();
    message->mutable_irq()->resize(kIrqSize);
    EncodeIrq(irq.irq, reinterpret_cast<uint8_t*>(&(*message->mutable_irq())[0]));
    message->set_data0(irq.data0);
    message->set_data1(irq.data1);
  }
}

}  // namespace irqd
