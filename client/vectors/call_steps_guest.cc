// Flic and Guest.
#include <cstring>

#include "absl/types/optional.h"
#include "client/vectors/call_steps.h"
#include "client/vectors/flic_names.h"
#include "core/irq_codec.h"
#include "core/kvm_flic.h"
#include "core/sigp.h"

namespace irqd {
namespace {

FlicAttr AttrOf(const v1::DeviceAttr& from) {
  FlicAttr attr;
  attr.flags = from.flags();
  attr.group = from.group();
  attr.attr = from.attr();
  return attr;
}

Step VmStep(Op op, int64_t ret) { return StepOn(op, 0, ret); }

Step ValueStep(Op op, uint32_t vcpu, uint64_t value, int64_t number = 0) {
  Step step = StepOn(op, vcpu);
  step.number = number;
  step.value = value;
  return step;
}

void AppendBigEndian(uint64_t value, std::string* to) {
  for (int shift = 56; shift >= 0; shift -= 8) to->push_back(static_cast<char>(value >> shift));
}

uint64_t TypeOf(const std::string& image) {
  uint64_t type = 0;
  for (size_t i = 0; i < sizeof(type) && i < image.size(); ++i) {
    type = type << 8 | static_cast<uint8_t>(image[i]);
  }
  return type;
}

// The record that injects what an accepted order leaves pending; nothing for orders that do more.
absl::optional<kvm_s390_irq> InjectedBy(const v1::SigpRequest& request) {
  kvm_s390_irq irq;
  std::memset(&irq, 0, sizeof(irq));
  switch (static_cast<SigpOrder>(request.order())) {
    case SigpOrder::kExternalCall:
      irq.type = KVM_S390_INT_EXTERNAL_CALL;
      irq.u.extcall.code = static_cast<uint16_t>(request.vcpu().vcpu_id());
      return irq;
    case SigpOrder::kEmergencySignal:
      irq.type = KVM_S390_INT_EMERGENCY;
      irq.u.emerg.code = static_cast<uint16_t>(request.vcpu().vcpu_id());
      return irq;
    case SigpOrder::kStop:
      irq.type = KVM_S390_SIGP_STOP;
      return irq;
    case SigpOrder::kStopAndStoreStatus:
      irq.type = KVM_S390_SIGP_STOP;
      irq.u.stop.flags = KVM_S390_STOP_FLAG_STORE_STATUS;
      return irq;
    case SigpOrder::kSetPrefix:
      irq.type = KVM_S390_SIGP_SET_PREFIX;
      irq.u.prefix.address = request.parameter() & kGuestPrefixMask;
      return irq;
    default:
      return absl::nullopt;
  }
}

}  // namespace

void AddSteps(const v1::FlicS390InterruptRequest& request,
              const v1::FlicS390InterruptResponse& response, RecordedCall* call) {
  Step step = VmStep(Op::kVmInterrupt, response.ret());
  step.interrupt.type = request.type();
  step.interrupt.parm = request.parm();
  step.interrupt.parm64 = request.parm64();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::SetDeviceAttrRequest& request, const v1::SetDeviceAttrResponse& response,
              RecordedCall* call) {
  Step step = VmStep(Op::kSetDeviceAttr, response.ret());
  step.attr = AttrOf(request.attr());
  step.attr.memory = request.memory();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::GetDeviceAttrRequest& request, const v1::GetDeviceAttrResponse& response,
              RecordedCall* call) {
  Step step = VmStep(Op::kGetDeviceAttr, response.ret());
  step.attr = AttrOf(request.attr());
  step.reply.buf = response.memory();
  const bool is_listing = step.attr.group == GroupOf(FlicGroup::kGetAllIrqs);
  // As much memory as is written to will do; without flags all of it has a short form.
  step.attr.blank = !is_listing            ? kAisAllSize
                    : step.attr.flags == 0 ? ListingRoom(step.attr.attr)
                                           : step.reply.buf.size();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::HasDeviceAttrRequest& request, const v1::HasDeviceAttrResponse& response,
              RecordedCall* call) {
  Step step = VmStep(Op::kHasDeviceAttr, response.ret());
  step.attr = AttrOf(request.attr());
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::EnableCapRequest& request, const v1::EnableCapResponse& response,
              RecordedCall* call) {
  if (request.flags() != 0) {
    // A refused one changes nothing.
    if (response.ret() == 0) call->cannot = "a capability was enabled with flags";
    return;
  }
  Step step = VmStep(Op::kEnableCap, response.ret());
  step.number = request.cap();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::GetVcpuRegistersRequest& request, const v1::VcpuRegisters& registers,
              RecordedCall* call) {
  Step step = StepOn(Op::kRegisters, request.vcpu().vcpu_id(), 0);
  for (uint64_t value :
       {uint64_t{registers.psw_mask()}, uint64_t{registers.prefix()}, uint64_t{registers.cr0()},
        uint64_t{registers.cr6()}, uint64_t{registers.cr14()},
        uint64_t{registers.clock_comparator()}, uint64_t{registers.cpu_timer()}}) {
    AppendBigEndian(value, &step.reply.buf);
  }
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::SetVcpuRegistersRequest& request, const google::protobuf::Empty&,
              RecordedCall* call) {
  const v1::VcpuRegisters& to = request.registers();
  const uint32_t vcpu = request.vcpu().vcpu_id();
  if (to.has_prefix()) {
    call->cannot = "a prefix was set";
    return;
  }
  std::vector<Step>& steps = call->steps;
  if (to.has_psw_mask()) steps.push_back(ValueStep(Op::kSetPswMask, vcpu, to.psw_mask()));
  if (to.has_cr0()) steps.push_back(ValueStep(Op::kSetCr, vcpu, to.cr0(), 0));
  if (to.has_cr6()) steps.push_back(ValueStep(Op::kSetCr, vcpu, to.cr6(), 6));
  if (to.has_cr14()) steps.push_back(ValueStep(Op::kSetCr, vcpu, to.cr14(), 14));
  if (to.has_clock_comparator()) {
    steps.push_back(ValueStep(Op::kSetClockComparator, vcpu, to.clock_comparator()));
  }
  if (to.has_cpu_timer()) steps.push_back(ValueStep(Op::kSetCpuTimer, vcpu, to.cpu_timer()));
}

void AddSteps(const v1::SetVmRegistersRequest& request, const google::protobuf::Empty&,
              RecordedCall* call) {
  const v1::VmRegisters& to = request.registers();
  std::vector<Step>& steps = call->steps;
  if (to.has_tod_clock()) steps.push_back(ValueStep(Op::kSetTod, 0, to.tod_clock()));
  const auto set_mask = [&](bool is_set, NewPsw which, uint64_t mask) {
    if (!is_set) return;
    steps.push_back(ValueStep(Op::kSetNewPswMask, 0, mask, static_cast<int64_t>(which)));
  };
  set_mask(to.has_new_psw_restart(), NewPsw::kRestart, to.new_psw_restart());
  set_mask(to.has_new_psw_external(), NewPsw::kExternal, to.new_psw_external());
  set_mask(to.has_new_psw_program(), NewPsw::kProgram, to.new_psw_program());
  set_mask(to.has_new_psw_machine_check(), NewPsw::kMachineCheck, to.new_psw_machine_check());
  set_mask(to.has_new_psw_io(), NewPsw::kIo, to.new_psw_io());
}

void AddSteps(const v1::DeliverRequest& request, const v1::DeliverResponse& response,
              RecordedCall* call) {
  if (response.more()) {
    call->cannot = "a delivery was ended by its max_irqs";
    return;
  }
  Step step = StepOn(Op::kDeliver, request.vcpu().vcpu_id(), response.ret());
  for (const v1::DeliveredIrq& irq : response.delivered()) {
    step.reply.delivered.push_back({TypeOf(irq.irq()), irq.data0(), irq.data1()});
  }
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::GetDeliverableRequest& request, const v1::GetDeliverableResponse& response,
              RecordedCall* call) {
  call->steps.push_back(
      StepOn(Op::kHasIrq, request.vcpu().vcpu_id(), response.has_irq_besides_stop()));
}

void AddSteps(const v1::StopInterceptRequest& request, const v1::StopInterceptResponse& response,
              RecordedCall* call) {
  call->steps.push_back(StepOn(Op::kStopIntercept, request.vcpu().vcpu_id(), response.ret()));
}

void AddSteps(const v1::SigpRequest& request, const v1::SigpResponse& response,
              RecordedCall* call) {
  // An order that is not accepted, and a sense, change nothing.
  const bool is_sense = request.order() == static_cast<uint32_t>(SigpOrder::kSense);
  if (response.condition_code() != kSigpAccepted || is_sense) return;
  const absl::optional<kvm_s390_irq> irq = InjectedBy(request);
  if (!irq) {
    call->cannot = "an order started or reset a vCPU";
    return;
  }
  Step step = StepOn(Op::kS390Irq, request.to_vcpu_id(), 0);
  uint8_t image[kIrqSize];
  EncodeIrq(*irq, image);
  step.images.assign(reinterpret_cast<const char*>(image), sizeof(image));
  call->steps.push_back(std::move(step));
}

}  // namespace irqd
