#include "tests/core/concurrency/vm_model.h"

#include <cerrno>

#include "core/float_irq.h"
#include "core/kvm_flic.h"
#include "core/sigp.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

template <typename T>
void Append(const T& value, std::string* key) {
  key->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename Queue>
void AppendQueue(const Queue& queue, std::string* key) {
  Append(queue.size(), key);
  for (const auto& entry : queue) Append(entry, key);
}

void Apply(const VcpuRegistersUpdate& update, VcpuRegisters* registers) {
  if (update.psw_mask) registers->psw_mask = *update.psw_mask;
  if (update.cr0) registers->cr0 = *update.cr0;
  if (update.cr6) registers->cr6 = *update.cr6;
  if (update.cr14) registers->cr14 = *update.cr14;
  if (update.clock_comparator) registers->clock_comparator = *update.clock_comparator;
  if (update.cpu_timer) registers->cpu_timer = *update.cpu_timer;
  if (update.prefix) registers->prefix = *update.prefix & kGuestPrefixMask;
}

void IgnoreWake(uint64_t) {}

}  // namespace

FloatState* VmModel::Floating() {
  auto copy = std::make_shared<FloatState>(floating());
  floating_ = copy;
  return copy.get();
}

const FloatState& VmModel::floating() const {
  static const FloatState* const kNothing = new FloatState;
  return floating_ ? *floating_ : *kNothing;
}

VmAnswer VmModel::Apply(const VmCall& call) {
  switch (call.kind) {
    case VmCallKind::kVcpuIds:
      return AnswerOf(Ids());
    case VmCallKind::kCreateVcpu:
      return Create(call.vcpu);
    case VmCallKind::kSnapshot: {
      VmAnswer answer;
      for (uint32_t id : Ids()) AddToAnswer(id, vcpus_[id], &answer);
      return answer;
    }
    case VmCallKind::kInjectFloat:
      return {InjectFloat(call.interrupt, profile_, IgnoreWake, Floating()), {}};
    case VmCallKind::kGetAllFloating: {
      VmAnswer answer;
      const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), kFlicMaxBuffer};
      answer.ret = GetDeviceAttr(attr, Floating(), &answer.bytes);
      return answer;
    }
    case VmCallKind::kClearFloating:
      return {SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kClearIrqs), 0}, {}, profile_,
                            IgnoreWake, Floating()),
              {}};
    case VmCallKind::kFloatingPending:
      return {static_cast<int64_t>(FloatPendingWord(floating().Pending(), profile_)), {}};
    case VmCallKind::kSetNewPsws: {
      const uint64_t mask = call.number;
      registers_.new_psw_masks = {mask, mask, mask, mask, mask};
      return {};
    }
    default:
      if (!Exists(call.vcpu)) return {kNoSuchVcpu, {}};
      if (call.kind == VmCallKind::kSetMpState) user_controls_run_state_ = true;
      return ApplyToVcpu(call, &vcpus_[call.vcpu]);
  }
}

VmAnswer VmModel::ApplyToVcpu(const VmCall& call, LocalState* state) {
  return TakesFloatingMutex(call.kind) ? ApplyWithFloating(call, state) : ApplyLocally(call, state);
}

VmAnswer VmModel::ApplyLocally(const VmCall& call, LocalState* state) {
  const auto exists = [this](uint32_t id) { return Exists(id); };
  const LocalContext context = {profile_, exists, user_controls_run_state_};
  VmAnswer answer;
  switch (call.kind) {
    case VmCallKind::kS390Irq:
      answer.ret = InjectIrq(call.irqs[0], context, state);
      break;
    case VmCallKind::kS390Interrupt:
      answer.ret = InjectInterrupt(call.interrupt, context, state);
      break;
    case VmCallKind::kGetIrqState:
      answer.ret = GetIrqState(*state, context, static_cast<uint32_t>(call.number), &answer.bytes);
      break;
    case VmCallKind::kSetIrqState: {
      const std::string list = Images(call.irqs);
      answer.ret =
          SetIrqState({reinterpret_cast<const uint8_t*>(list.data()), list.size()}, context, state);
      break;
    }
    case VmCallKind::kReset:
      answer.ret = Reset(static_cast<ResetKind>(call.number), context, state);
      break;
    case VmCallKind::kSetMpState:
      answer.ret = SetMpState(static_cast<uint32_t>(call.number), state);
      break;
    case VmCallKind::kGetMpState:
      answer.ret = GetMpState(*state);
      break;
    case VmCallKind::kGetRegisters:
      return AnswerOf(state->registers);
    case VmCallKind::kSetRegisters:
      irqd::Apply(call.registers, &state->registers);
      break;
    case VmCallKind::kSigp:
      return AnswerOf(
          Sigp(static_cast<uint8_t>(call.number), call.from, kSigpParameter, context, state));
    default:
      break;  // kFindVcpu: it is there
  }
  return answer;
}

VmAnswer VmModel::ApplyWithFloating(const VmCall& call, LocalState* state) {
  const DeliveryContext delivery = {profile_, registers_};
  if (call.kind == VmCallKind::kDeliver) {
    FloatTaker taker = floating_ ? FloatTaker(Floating()) : FloatTaker();
    const DeliverResult result = Deliver(delivery, call.number, state, &taker);
    taker.Commit();
    return AnswerOf(result);
  }
  const FloatTaker taker = floating_ ? FloatTaker(Floating()) : FloatTaker();
  if (call.kind == VmCallKind::kStopIntercept) {
    const auto exists = [this](uint32_t id) { return Exists(id); };
    const LocalContext context = {profile_, exists, user_controls_run_state_};
    return {StopIntercept(delivery, context, taker, state), {}};
  }
  Deliverable deliverable;
  deliverable.pending = ListPending(delivery, *state, taker);
  deliverable.has_irq = HasIrq(delivery, *state, taker, /*exclude_stop=*/false);
  deliverable.has_irq_besides_stop = HasIrq(delivery, *state, taker, /*exclude_stop=*/true);
  return AnswerOf(deliverable);
}

VmAnswer VmModel::Create(uint32_t id) {
  if (id >= VcpuIdLimit(profile_)) return {-EINVAL, {}};
  if (!Exists(id)) {
    exists_ |= 1u << id;
    return {0, {}};
  }
  const auto exists = [this](uint32_t other) { return Exists(other); };
  LoseScaExternalCall({profile_, exists, user_controls_run_state_}, &vcpus_[id]);
  return {-EEXIST, {}};
}

std::vector<uint32_t> VmModel::Ids() const {
  std::vector<uint32_t> ids;
  for (uint32_t id = 0; id < kModelVcpus; ++id) {
    if (Exists(id)) ids.push_back(id);
  }
  return ids;
}

std::string VmModel::Key() const {
  std::string key;
  key.reserve(1024);
  Append(exists_, &key);
  Append(user_controls_run_state_, &key);
  for (uint32_t id : Ids()) {
    const LocalState& state = vcpus_[id];
    Append(state.pending, &key);
    Append(state.stopped, &key);
    Append(state.stop_flags, &key);
    Append(state.payload, &key);
    Append(state.registers, &key);
  }
  Append(registers_, &key);
  const FloatState& floating = this->floating();
  Append(floating.service_parm, &key);
  Append(floating.mchk_cr14, &key);
  Append(floating.mchk_mcic, &key);
  Append(floating.Pending(), &key);
  for (const auto& queue : floating.io) AppendQueue(queue, &key);
  AppendQueue(floating.pfault_done, &key);
  AppendQueue(floating.virtio, &key);
  return key;
}

}  // namespace irqd
