#include "tests/core/concurrency/vm_call_runner.h"

#include <mutex>

#include "core/kvm_flic.h"
#include "tests/core/irq_samples.h"

namespace irqd {

VmAnswer VmCallRunner::Run(const VmCall& call) {
  switch (call.kind) {
    case VmCallKind::kVcpuIds:
      return AnswerOf(vm_.VcpuIds());
    case VmCallKind::kCreateVcpu: {
      const std::lock_guard<Mutex> lock(creation_);
      return {vm_.CreateVcpu(call.vcpu), {}};
    }
    case VmCallKind::kSnapshot: {
      VmAnswer answer;
      vm_.Snapshot([&](uint32_t id, const LocalState& state) { AddToAnswer(id, state, &answer); });
      return answer;
    }
    case VmCallKind::kInjectFloat:
      return {vm_.S390Interrupt(call.interrupt).ret, {}};
    case VmCallKind::kGetAllFloating: {
      VmAnswer answer;
      const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), kFlicMaxBuffer};
      answer.ret = vm_.GetDeviceAttr(attr, &answer.bytes);
      return answer;
    }
    case VmCallKind::kClearFloating:
      return {vm_.SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kClearIrqs), 0}, {}).ret, {}};
    case VmCallKind::kFloatingPending:
      return {static_cast<int64_t>(vm_.floating_pending()), {}};
    case VmCallKind::kSetNewPsws: {
      VmRegistersUpdate update;
      update.new_psw_restart = call.number;
      update.new_psw_external = call.number;
      update.new_psw_program = call.number;
      update.new_psw_machine_check = call.number;
      update.new_psw_io = call.number;
      vm_.SetRegisters(update);
      return {};
    }
    default:
      break;
  }
  Vcpu* const vcpu = vm_.FindVcpu(call.vcpu);
  if (vcpu == nullptr) return {kNoSuchVcpu, {}};
  return RunOnVcpu(call, vcpu);
}

void VmCallRunner::Started() { first_vcpu_ = vm_.FindVcpu(0); }

std::string VmCallRunner::WrongAtRest() {
  for (uint32_t id = 0; id < kModelVcpus; ++id) {
    Vcpu* const vcpu = vm_.FindVcpu(id);
    if (vcpu == nullptr || !vm_.IsIdle(*vcpu) || was_set_[id]) continue;
    if (vcpu->GetDeliverable().has_irq) return "vCPU " + std::to_string(id) + " oversleeps";
  }
  return "";
}

uint64_t VmCallRunner::KeyOf(const void* place) const {
  const auto within = [place](const void* object, size_t size) {
    const auto offset = static_cast<const char*>(place) - static_cast<const char*>(object);
    return offset >= 0 && offset < static_cast<ptrdiff_t>(size) ? offset + 1 : 0;
  };
  if (const uint64_t offset = within(this, sizeof(*this))) return offset;
  // vCPUs lie in groups; those that are not created yet are beside those that are.
  constexpr size_t kGroup = 8 * sizeof(Vcpu);
  const uint64_t offset = first_vcpu_ ? within(first_vcpu_, kGroup) : 0;
  return offset ? uint64_t{1} << 32 | offset : 0;
}

VmAnswer VmCallRunner::RunOnVcpu(const VmCall& call, Vcpu* vcpu) {
  VmAnswer answer;
  switch (call.kind) {
    case VmCallKind::kS390Irq:
      answer.ret = vcpu->S390Irq(call.irqs[0]);
      break;
    case VmCallKind::kS390Interrupt:
      answer.ret = vcpu->S390Interrupt(call.interrupt);
      break;
    case VmCallKind::kGetIrqState:
      answer.ret = vcpu->GetIrqState(static_cast<uint32_t>(call.number), &answer.bytes);
      break;
    case VmCallKind::kSetIrqState: {
      was_set_[call.vcpu] = true;
      const std::string list = Images(call.irqs);
      answer.ret = vcpu->SetIrqState(static_cast<uint32_t>(list.size()),
                                     {reinterpret_cast<const uint8_t*>(list.data()), list.size()});
      break;
    }
    case VmCallKind::kReset:
      answer.ret = vcpu->Reset(static_cast<ResetKind>(call.number));
      break;
    case VmCallKind::kSetMpState:
      answer.ret = vcpu->SetMpState(static_cast<uint32_t>(call.number));
      break;
    case VmCallKind::kGetMpState:
      answer.ret = vcpu->GetMpState();
      break;
    case VmCallKind::kGetRegisters:
      return AnswerOf(vcpu->GetRegisters());
    case VmCallKind::kSetRegisters:
      vcpu->SetRegisters(call.registers);
      break;
    case VmCallKind::kSigp:
      return AnswerOf(vcpu->Sigp(static_cast<uint8_t>(call.number), call.from, kSigpParameter));
    case VmCallKind::kDeliver:
      return AnswerOf(vcpu->Deliver(call.number));
    case VmCallKind::kGetDeliverable:
      return AnswerOf(vcpu->GetDeliverable());
    case VmCallKind::kStopIntercept:
      answer.ret = vcpu->StopIntercept();
      break;
    default:
      break;  // kFindVcpu
  }
  return answer;
}

}  // namespace irqd
