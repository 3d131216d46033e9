#include "client/vectors/step.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

struct OpFacts {
  absl::string_view name;
  bool on_vm;
  bool changes;
  absl::optional<Feature> feature;
};

constexpr absl::optional<Feature> kAll;

// In the order of Op.
constexpr OpFacts kOpFacts[] = {
    {"create_vcpu", true, true, kAll},
    {"KVM_ENABLE_CAP", true, true, Feature::kFloating},
    {"KVM_S390_INTERRUPT", true, true, Feature::kFloating},
    {"KVM_SET_DEVICE_ATTR", true, true, Feature::kFloating},
    {"KVM_GET_DEVICE_ATTR", true, true, Feature::kFloating},
    {"KVM_HAS_DEVICE_ATTR", true, false, Feature::kFloating},
    {"set_tod", true, true, Feature::kDelivery},
    {"set_new_psw_mask", true, true, Feature::kDelivery},
    {"vm_pending", true, false, Feature::kPendingWords},
    {"KVM_S390_IRQ", false, true, kAll},
    {"KVM_S390_INTERRUPT", false, true, kAll},
    {"KVM_S390_GET_IRQ_STATE", false, false, kAll},
    {"KVM_S390_SET_IRQ_STATE", false, true, kAll},
    {"KVM_S390_NORMAL_RESET", false, true, kAll},
    {"KVM_S390_INITIAL_RESET", false, true, kAll},
    {"KVM_S390_CLEAR_RESET", false, true, kAll},
    {"KVM_SET_MP_STATE", false, true, kAll},
    {"KVM_GET_MP_STATE", false, false, kAll},
    {"null_argument", false, true, Feature::kUserMemory},
    {"pending", false, false, Feature::kPendingWords},
    {"registers", false, false, Feature::kPendingWords},
    {"set_psw_mask", false, true, Feature::kDelivery},
    {"set_cr", false, true, Feature::kDelivery},
    {"set_clock_comparator", false, true, Feature::kDelivery},
    {"set_cpu_timer", false, true, Feature::kDelivery},
    {"deliver", false, true, Feature::kDelivery},
    {"has_irq", false, false, Feature::kDelivery},
    {"stop_intercept", false, true, Feature::kDelivery},
};
static_assert(sizeof(kOpFacts) / sizeof(kOpFacts[0]) == kOps);

const OpFacts& FactsOf(Op op) { return kOpFacts[static_cast<int>(op)]; }

Reply ReplyOf(int64_t ret) {
  Reply reply;
  reply.ret = ret;
  return reply;
}

Reply ReplyOf(const RegisterValues& values) {
  Reply reply;
  for (uint64_t value : values) {
    for (int shift = 56; shift >= 0; shift -= 8)
      reply.buf.push_back(static_cast<char>(value >> shift));
  }
  return reply;
}

void SetNewPswMasks(int64_t which, uint64_t mask, BackendVm* vm) {
  for (int i = 0; i < kNewPsws; ++i) {
    if (which == -1 || which == i) vm->SetNewPswMask(static_cast<NewPsw>(i), mask);
  }
}

// Whether the memory may end before the kernel is through with it.
bool EndsEarly(const Step& step) {
  switch (step.op) {
    case Op::kGetIrqState:
      return step.room != kAnyRoom;
    case Op::kSetIrqState:
      // A length that is refused is refused before anybody looks at the memory.
      return step.len > step.images.size() && step.len <= kMaxPendingIrqs * kIrqSize &&
             step.len % kIrqSize == 0;
    case Op::kS390Irq:
      return step.images.size() < kIrqSize;
    default:
      return false;
  }
}

}  // namespace

absl::string_view OpName(Op op) { return FactsOf(op).name; }
bool IsOnVm(Op op) { return FactsOf(op).on_vm; }
bool Writes(Op op) {
  return op == Op::kGetIrqState || op == Op::kGetDeviceAttr || op == Op::kRegisters;
}
bool HasValue(Op op) {
  return op == Op::kSetTod || op == Op::kSetNewPswMask || op == Op::kSetPswMask ||
         op == Op::kSetCr || op == Op::kSetClockComparator || op == Op::kSetCpuTimer;
}
bool Changes(const Step& step) { return FactsOf(step.op).changes; }

absl::optional<Feature> FeatureFor(const Step& step) {
  return EndsEarly(step) ? Feature::kUserMemory : FactsOf(step.op).feature;
}

Reply Run(const Step& step, BackendVm* vm) {
  switch (step.op) {
    case Op::kCreateVcpu:
      return ReplyOf(vm->CreateVcpu(step.vcpu));
    case Op::kEnableCap:
      return ReplyOf(vm->EnableCap(static_cast<uint32_t>(step.number)));
    case Op::kVmInterrupt:
      return ReplyOf(vm->VmInterrupt(step.interrupt));
    case Op::kSetDeviceAttr:
      return ReplyOf(vm->SetDeviceAttr(step.attr));
    case Op::kGetDeviceAttr:
      return vm->GetDeviceAttr(step.attr);
    case Op::kHasDeviceAttr:
      return ReplyOf(vm->HasDeviceAttr(step.attr));
    case Op::kSetTod:
      vm->SetTodClock(step.value);
      return Reply();
    case Op::kSetNewPswMask:
      SetNewPswMasks(step.number, step.value, vm);
      return Reply();
    case Op::kVmPending:
      return ReplyOf(static_cast<int64_t>(vm->VmPending()));
    case Op::kS390Irq:
      return ReplyOf(vm->S390Irq(step.vcpu, step.images));
    case Op::kS390Interrupt:
      return ReplyOf(vm->S390Interrupt(step.vcpu, step.interrupt));
    case Op::kGetIrqState:
      return vm->GetIrqState(step.vcpu, step.len, step.room);
    case Op::kSetIrqState:
      return ReplyOf(vm->SetIrqState(step.vcpu, step.len, step.images));
    case Op::kNormalReset:
      return ReplyOf(vm->Reset(step.vcpu, KVM_S390_NORMAL_RESET));
    case Op::kInitialReset:
      return ReplyOf(vm->Reset(step.vcpu, KVM_S390_INITIAL_RESET));
    case Op::kClearReset:
      return ReplyOf(vm->Reset(step.vcpu, KVM_S390_CLEAR_RESET));
    case Op::kSetMpState:
      return ReplyOf(vm->SetMpState(step.vcpu, static_cast<uint32_t>(step.number)));
    case Op::kGetMpState:
      return ReplyOf(vm->GetMpState(step.vcpu));
    case Op::kNullArgument:
      return ReplyOf(vm->NullArgument(step.vcpu, static_cast<unsigned long>(step.number)));
    case Op::kPending:
      return ReplyOf(static_cast<int64_t>(vm->Pending(step.vcpu)));
    case Op::kRegisters:
      return ReplyOf(vm->Registers(step.vcpu));
    case Op::kSetPswMask:
      vm->SetPswMask(step.vcpu, step.value);
      return Reply();
    case Op::kSetCr:
      vm->SetCr(step.vcpu, static_cast<uint32_t>(step.number), step.value);
      return Reply();
    case Op::kSetClockComparator:
      vm->SetClockComparator(step.vcpu, step.value);
      return Reply();
    case Op::kSetCpuTimer:
      vm->SetCpuTimer(step.vcpu, step.value);
      return Reply();
    case Op::kDeliver:
      return vm->Deliver(step.vcpu);
    case Op::kHasIrq:
      return ReplyOf(vm->HasIrq(step.vcpu));
    case Op::kStopIntercept:
      return ReplyOf(vm->StopIntercept(step.vcpu));
  }
  throw std::logic_error("no such op");
}

std::string Describe(const Step& step) {
  std::string text(OpName(step.op));
  if (IsOnVm(step.op) && step.op != Op::kCreateVcpu) {
    absl::StrAppend(&text, " on the VM");
  } else {
    absl::StrAppend(&text, " on vCPU ", step.vcpu);
  }
  return text;
}

std::string Describe(const Reply& reply) {
  std::string text = absl::StrCat("ret ", reply.ret);
  if (!reply.buf.empty()) absl::StrAppend(&text, ", ", reply.buf.size(), " bytes");
  for (size_t at = 0; at < reply.buf.size(); at += kIrqSize) {
    absl::StrAppend(&text, "\n    ", absl::BytesToHexString(reply.buf.substr(at, kIrqSize)));
  }
  for (const Delivered& irq : reply.delivered) {
    absl::StrAppend(&text, "\n    delivered 0x", absl::Hex(irq.type), ", 0x", absl::Hex(irq.data0),
                    ", 0x", absl::Hex(irq.data1));
  }
  return text;
}

}  // namespace irqd
