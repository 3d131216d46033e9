#include "tests/core/concurrency/vm_call.h"

#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint32_t kRoomForAll = 20664;

template <typename T>
void Append(const T& value, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void Append(const std::vector<PendingIrq>& pending, std::string* bytes) {
  Append(pending.size(), bytes);
  for (const PendingIrq& irq : pending) {
    Append(irq.type, bytes);
    Append(irq.isc, bytes);
    Append(irq.count, bytes);
    Append(irq.held_by, bytes);
  }
}

const char* NameOf(VmCallKind kind) {
  switch (kind) {
    case VmCallKind::kS390Irq:
      return "S390_IRQ";
    case VmCallKind::kS390Interrupt:
      return "S390_INTERRUPT";
    case VmCallKind::kGetIrqState:
      return "GET_IRQ_STATE";
    case VmCallKind::kSetIrqState:
      return "SET_IRQ_STATE";
    case VmCallKind::kReset:
      return "RESET";
    case VmCallKind::kSetMpState:
      return "SET_MP_STATE";
    case VmCallKind::kGetMpState:
      return "GET_MP_STATE";
    case VmCallKind::kGetRegisters:
      return "GET_REGISTERS";
    case VmCallKind::kSetRegisters:
      return "SET_REGISTERS";
    case VmCallKind::kSigp:
      return "SIGP";
    case VmCallKind::kFindVcpu:
      return "FIND";
    case VmCallKind::kVcpuIds:
      return "VCPU_IDS";
    case VmCallKind::kCreateVcpu:
      return "CREATE";
    case VmCallKind::kSnapshot:
      return "SNAPSHOT";
    case VmCallKind::kDeliver:
      return "DELIVER";
    case VmCallKind::kGetDeliverable:
      return "GET_DELIVERABLE";
    case VmCallKind::kStopIntercept:
      return "STOP_INTERCEPT";
    case VmCallKind::kInjectFloat:
      return "VM S390_INTERRUPT";
    case VmCallKind::kGetAllFloating:
      return "FLIC GET_ALL_IRQS";
    case VmCallKind::kClearFloating:
      return "FLIC CLEAR_IRQS";
    case VmCallKind::kFloatingPending:
      return "FLOATING_PENDING";
    case VmCallKind::kSetNewPsws:
      return "SET_NEW_PSWS";
  }
  return "?";
}

// The type, and a digest of the rest that tells records of a test apart.
std::string ShortForm(const kvm_s390_irq& irq) {
  const std::string image = Image(irq);
  size_t first = 8;
  while (first < image.size() && image[first] == 0) ++first;
  const size_t length = std::min<size_t>(image.size() - first, 4);
  return absl::StrCat(absl::Hex(irq.type), length ? ":" : "",
                      absl::BytesToHexString(image.substr(first, length)));
}

}  // namespace

bool TakesFloatingMutex(VmCallKind kind) { return kind >= VmCallKind::kDeliver; }

VmAnswer AnswerOf(const DeliverResult& result) {
  VmAnswer answer{result.ret, {}};
  for (const DeliveredIrq& delivered : result.delivered) {
    answer.bytes += Image(delivered.irq);
    Append(delivered.data0, &answer.bytes);
    Append(delivered.data1, &answer.bytes);
  }
  Append(result.pending, &answer.bytes);
  Append(result.more, &answer.bytes);
  return answer;
}

VmAnswer AnswerOf(const Deliverable& deliverable) {
  VmAnswer answer{deliverable.has_irq * 2 + deliverable.has_irq_besides_stop, {}};
  Append(deliverable.pending, &answer.bytes);
  return answer;
}

VmAnswer AnswerOf(const SigpResult& result) {
  return {result.condition_code * 0x10000 + static_cast<int64_t>(result.status), {}};
}

VmAnswer AnswerOf(const VcpuRegisters& registers) {
  VmAnswer answer;
  Append(registers, &answer.bytes);
  return answer;
}

VmAnswer AnswerOf(const std::vector<uint32_t>& ids) {
  VmAnswer answer;
  for (uint32_t id : ids) Append(id, &answer.bytes);
  return answer;
}

void AddToAnswer(uint32_t id, const LocalState& state, VmAnswer* answer) {
  Append(id, &answer->bytes);
  Append(state.pending, &answer->bytes);
  Append(state.stopped, &answer->bytes);
  Append(state.stop_flags, &answer->bytes);
  Append(state.payload, &answer->bytes);
  Append(state.registers, &answer->bytes);
}

std::string ToString(const VmCall& call) {
  const bool on_vm = call.kind >= VmCallKind::kInjectFloat || call.kind == VmCallKind::kVcpuIds ||
                     call.kind == VmCallKind::kSnapshot;
  std::string text = on_vm ? "" : absl::StrCat("vCPU ", call.vcpu, " ");
  absl::StrAppend(&text, NameOf(call.kind));
  for (const kvm_s390_irq& irq : call.irqs) absl::StrAppend(&text, " ", ShortForm(irq));
  switch (call.kind) {
    case VmCallKind::kS390Interrupt:
    case VmCallKind::kInjectFloat:
      absl::StrAppend(&text, " ", absl::Hex(call.interrupt.type), ":",
                      absl::Hex(call.interrupt.parm), ":", absl::Hex(call.interrupt.parm64));
      break;
    case VmCallKind::kSigp:
      absl::StrAppend(&text, " ", call.number, " from ", call.from);
      break;
    case VmCallKind::kSetRegisters:
      if (call.registers.psw_mask)
        absl::StrAppend(&text, " psw ", absl::Hex(*call.registers.psw_mask));
      if (call.registers.cr0) absl::StrAppend(&text, " cr0 ", absl::Hex(*call.registers.cr0));
      if (call.registers.prefix)
        absl::StrAppend(&text, " prefix ", absl::Hex(*call.registers.prefix));
      break;
    case VmCallKind::kGetIrqState:
    case VmCallKind::kReset:
    case VmCallKind::kSetMpState:
    case VmCallKind::kDeliver:
    case VmCallKind::kSetNewPsws:
      absl::StrAppend(&text, " ", call.number);
      break;
    default:
      break;
  }
  return text;
}

std::string ToString(const VmAnswer& answer) {
  std::string text = absl::StrCat(answer.ret);
  // GET's images would fill a page each: the type, and what differs.
  if (!answer.bytes.empty() && answer.bytes.size() % kIrqSize == 0) {
    for (size_t at = 0; at < answer.bytes.size(); at += kIrqSize) {
      std::string image = absl::BytesToHexString(answer.bytes.substr(at + 4, kIrqSize - 4));
      while (image.size() > 8 && image.substr(image.size() - 2) == "00")
        image.resize(image.size() - 2);
      absl::StrAppend(&text, " ", image);
    }
  } else if (!answer.bytes.empty()) {
    absl::StrAppend(&text, " ", absl::BytesToHexString(answer.bytes));
  }
  return text;
}

VmCall InjectCall(const kvm_s390_irq& irq, uint32_t vcpu) {
  VmCall call = VcpuCall(VmCallKind::kS390Irq, 0, vcpu);
  call.irqs = {irq};
  return call;
}

VmCall SetCall(std::vector<kvm_s390_irq> irqs, uint32_t vcpu) {
  VmCall call = VcpuCall(VmCallKind::kSetIrqState, 0, vcpu);
  call.irqs = std::move(irqs);
  return call;
}

VmCall VcpuCall(VmCallKind kind, uint64_t number, uint32_t vcpu) {
  VmCall call;
  call.kind = kind;
  call.number = number;
  call.vcpu = vcpu;
  return call;
}

VmCall SigpCall(SigpOrder order, uint32_t from, uint32_t vcpu) {
  VmCall call = VcpuCall(VmCallKind::kSigp, static_cast<uint64_t>(order), vcpu);
  call.from = from;
  return call;
}

VmCall InterruptCall(const kvm_s390_interrupt& interrupt, uint32_t vcpu) {
  VmCall call = VcpuCall(VmCallKind::kS390Interrupt, 0, vcpu);
  call.interrupt = interrupt;
  return call;
}

VmCall FloatCall(const kvm_s390_interrupt& interrupt) {
  VmCall call = VcpuCall(VmCallKind::kInjectFloat);
  call.interrupt = interrupt;
  return call;
}

VmCall RegistersCall(const VcpuRegistersUpdate& update, uint32_t vcpu) {
  VmCall call = VcpuCall(VmCallKind::kSetRegisters, 0, vcpu);
  call.registers = update;
  return call;
}

VmCall GetCall(uint32_t vcpu) { return VcpuCall(VmCallKind::kGetIrqState, kRoomForAll, vcpu); }

}  // namespace irqd
