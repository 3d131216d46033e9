#include "client/guest_messages.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "core/irq_codec.h"

namespace irqd {
namespace {

absl::Status Strange(const absl::AlphaNum& what) {
  return absl::InternalError(absl::StrCat("the server answered ", what));
}

absl::optional<HeldBy> FromMessage(v1::PendingIrq::HeldBy held_by) {
  switch (held_by) {
    case v1::PendingIrq::NOTHING:
      return HeldBy::kNothing;
    case v1::PendingIrq::PSW_EXTERNAL:
      return HeldBy::kPswExternal;
    case v1::PendingIrq::PSW_IO:
      return HeldBy::kPswIo;
    case v1::PendingIrq::PSW_MACHINE_CHECK:
      return HeldBy::kPswMachineCheck;
    case v1::PendingIrq::CR0_EMERGENCY_SIGNAL:
      return HeldBy::kCr0EmergencySignal;
    case v1::PendingIrq::CR0_EXTERNAL_CALL:
      return HeldBy::kCr0ExternalCall;
    case v1::PendingIrq::CR0_CLOCK_COMPARATOR:
      return HeldBy::kCr0ClockComparator;
    case v1::PendingIrq::CR0_CPU_TIMER:
      return HeldBy::kCr0CpuTimer;
    case v1::PendingIrq::CR0_SERVICE_SIGNAL:
      return HeldBy::kCr0ServiceSignal;
    case v1::PendingIrq::CR6_ISC:
      return HeldBy::kCr6Isc;
    case v1::PendingIrq::CR14_SUBCLASS:
      return HeldBy::kCr14Subclass;
    case v1::PendingIrq::TIMER_NOT_REACHED:
      return HeldBy::kTimerNotReached;
    case v1::PendingIrq::STOP_INTERCEPT:
      return HeldBy::kStopIntercept;
    case v1::PendingIrq::SIGP_INTERPRETATION:
      return HeldBy::kSigpInterpretation;
    default:
      return absl::nullopt;
  }
}

using PendingMessages = google::protobuf::RepeatedPtrField<v1::PendingIrq>;

absl::Status ReadPending(const PendingMessages& messages, std::vector<PendingIrq>* pending) {
  for (const v1::PendingIrq& message : messages) {
    const absl::optional<HeldBy> held_by = FromMessage(message.held_by());
    if (!held_by) {
      return Strange(absl::StrCat("held_by ", static_cast<int>(message.held_by()),
                                  ", which this client does not know"));
    }
    pending->push_back({message.type(), message.isc(), message.count(), *held_by});
  }
  return absl::OkStatus();
}

}  // namespace

v1::VcpuRegisters ToMessage(const VcpuRegistersUpdate& update) {
  v1::VcpuRegisters message;
  if (update.psw_mask) message.set_psw_mask(*update.psw_mask);
  if (update.cr0) message.set_cr0(*update.cr0);
  if (update.cr6) message.set_cr6(*update.cr6);
  if (update.cr14) message.set_cr14(*update.cr14);
  if (update.clock_comparator) message.set_clock_comparator(*update.clock_comparator);
  if (update.cpu_timer) message.set_cpu_timer(*update.cpu_timer);
  if (update.prefix) message.set_prefix(*update.prefix);
  return message;
}

v1::VmRegisters ToMessage(const VmRegistersUpdate& update) {
  v1::VmRegisters message;
  if (update.tod_clock) message.set_tod_clock(*update.tod_clock);
  if (update.new_psw_restart) message.set_new_psw_restart(*update.new_psw_restart);
  if (update.new_psw_external) message.set_new_psw_external(*update.new_psw_external);
  if (update.new_psw_program) message.set_new_psw_program(*update.new_psw_program);
  if (update.new_psw_machine_check) {
    message.set_new_psw_machine_check(*update.new_psw_machine_check);
  }
  if (update.new_psw_io) message.set_new_psw_io(*update.new_psw_io);
  return message;
}

VcpuRegisters FromMessage(const v1::VcpuRegisters& message) {
  VcpuRegisters registers;
  registers.psw_mask = message.psw_mask();
  registers.cr0 = message.cr0();
  registers.cr6 = message.cr6();
  registers.cr14 = message.cr14();
  registers.clock_comparator = message.clock_comparator();
  registers.cpu_timer = message.cpu_timer();
  registers.prefix = message.prefix();
  return registers;
}

VmRegisters FromMessage(const v1::VmRegisters& message) {
  return {message.tod_clock(),
          {message.new_psw_restart(), message.new_psw_external(), message.new_psw_program(),
           message.new_psw_machine_check(), message.new_psw_io()}};
}

absl::StatusOr<DeliverResult> FromMessage(const v1::DeliverResponse& message) {
  DeliverResult result;
  result.ret = message.ret();
  result.more = message.more();
  result.delivered.reserve(message.delivered_size());
  for (const v1::DeliveredIrq& delivered : message.delivered()) {
    if (delivered.irq().size() != kIrqSize) {
      return Strange(
          absl::StrCat("a record of ", delivered.irq().size(), " bytes, not ", kIrqSize));
    }
    const auto* const image = reinterpret_cast<const uint8_t*>(delivered.irq().data());
    result.delivered.push_back({DecodeIrq(image), delivered.data0(), delivered.data1()});
  }
  const absl::Status status = ReadPending(message.pending(), &result.pending);
  if (!status.ok()) return status;
  return result;
}

absl::StatusOr<Deliverable> FromMessage(const v1::GetDeliverableResponse& message) {
  Deliverable deliverable;
  deliverable.has_irq = message.has_irq();
  deliverable.has_irq_besides_stop = message.has_irq_besides_stop();
  const absl::Status status = ReadPending(message.pending(), &deliverable.pending);
  if (!status.ok()) return status;
  return deliverable;
}

absl::StatusOr<SigpResult> FromMessage(const v1::SigpResponse& message) {
  if (message.condition_code() < kSigpAccepted || message.condition_code() > kSigpNotOperational) {
    return Strange(absl::StrCat("condition code ", message.condition_code()));
  }
  return SigpResult{message.condition_code(), message.status()};
}

}  // namespace irqd
