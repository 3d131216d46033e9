// The ioctls that look at or replace all of a vCPU's local interrupts.
#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/irq_codec.h"
#include "core/local_irq.h"

namespace irqd {
namespace {

bool IsInSca(LocalIrq irq, const HostProfile& profile) {
  return irq == LocalIrq::kExternalCall && profile.sigp_interpretation;
}

// PSW bit 24, run-time instrumentation.
constexpr uint64_t kPswMaskRi = 0x0000008000000000;

// The record that stands for a pending interrupt other than an emergency signal.
kvm_s390_irq RecordOf(LocalIrq irq, const LocalState& state) {
  kvm_s390_irq record = EmptyIrq(0);
  switch (irq) {
    case LocalIrq::kSetPrefix:
      record.type = KVM_S390_SIGP_SET_PREFIX;
      record.u.prefix = state.payload.prefix;
      break;
    case LocalIrq::kRestart:
      record.type = KVM_S390_RESTART;
      break;
    case LocalIrq::kSigpStop:
      record.type = KVM_S390_SIGP_STOP;
      record.u.stop.flags = state.stop_flags;
      break;
    case LocalIrq::kPfaultInit:
      record.type = KVM_S390_INT_PFAULT_INIT;
      record.u.ext = state.payload.pfault_init;
      break;
    case LocalIrq::kCpuTimer:
      record.type = KVM_S390_INT_CPU_TIMER;
      break;
    case LocalIrq::kClockComp:
      record.type = KVM_S390_INT_CLOCK_COMP;
      break;
    case LocalIrq::kExternalCall:
      record.type = KVM_S390_INT_EXTERNAL_CALL;
      record.u.extcall = state.payload.extcall;
      break;
    case LocalIrq::kMchkRepressible:
    case LocalIrq::kMchkExigent:
      record.type = KVM_S390_MCHK;
      record.u.mchk = state.payload.mchk;
      break;
    case LocalIrq::kProgram:
      record.type = KVM_S390_PROGRAM_INT;
      record.u.pgm = state.payload.pgm;
      break;
    case LocalIrq::kEmergency:
      break;  // one record for each sender, see EmergencyRecord
  }
  return record;
}

kvm_s390_irq EmergencyRecord(uint32_t sender) {
  kvm_s390_irq record = EmptyIrq(KVM_S390_INT_EMERGENCY);
  record.u.emerg.code = static_cast<uint16_t>(sender);
  return record;
}

size_t CountRecords(const LocalState& state) {
  // Emergency signals count by sender, not by their one pending bit.
  return __builtin_popcount(state.pending) - state.Has(LocalIrq::kEmergency) +
         state.payload.emergency.Count();
}

// Takes records in the order of GET and keeps the images of the first `room`.
class ImageWriter {
 public:
  ImageWriter(size_t room, std::string* images)
      : next_(reinterpret_cast<uint8_t*>(&(*images)[0])), room_(room) {}

  void Add(const kvm_s390_irq& record) {
    if (room_ == 0) return;
    --room_;
    EncodeIrq(record, next_);
    next_ += kIrqSize;
  }

 private:
  uint8_t* next_;
  size_t room_;
};

}  // namespace

int64_t GetIrqState(const LocalState& state, const LocalContext& context, uint32_t len,
                    std::string* images) {
  images->clear();
  if (len == 0) return -EINVAL;
  // The kernel passes len on as an int and compares it as an unsigned long.
  const size_t limit = len > std::numeric_limits<int32_t>::max() ? SIZE_MAX : len;
  const size_t pending = CountRecords(state);
  const size_t fitting = std::min(pending, limit / kIrqSize);
  images->resize(fitting * kIrqSize);

  ImageWriter writer(fitting, images);
  for (const PendingBit& place : context.profile.kernel->pending_bits) {
    if (place.irq == LocalIrq::kEmergency || IsInSca(place.irq, context.profile)) continue;
    if (state.Has(place.irq)) writer.Add(RecordOf(place.irq, state));
  }
  state.payload.emergency.ForEach([&](uint32_t id) { writer.Add(EmergencyRecord(id)); });
  if (context.profile.sigp_interpretation && state.Has(LocalIrq::kExternalCall)) {
    writer.Add(RecordOf(LocalIrq::kExternalCall, state));
  }
  return fitting == pending ? static_cast<int64_t>(images->size()) : -ENOBUFS;
}

int CheckSetIrqStateLen(const HostProfile& profile, uint32_t len) {
  const bool valid =
      len <= profile.kernel->set_irq_state_max_len && len != 0 && len % kIrqSize == 0;
  return valid ? 0 : -EINVAL;
}

int SetIrqState(absl::Span<const uint8_t> images, const LocalContext& context, LocalState* state) {
  if (PendingWord(state->pending, context.profile) != 0) return -EBUSY;
  for (size_t at = 0; at < images.size(); at += kIrqSize) {
    const int result = InjectIrq(DecodeIrq(images.data() + at), context, state);
    if (result != 0) return result;
  }
  return 0;
}

int Reset(ResetKind kind, const LocalContext& context, LocalState* state) {
  LocalState after;
  after.stopped = state->stopped || !context.user_controls_run_state;
  if (kind == ResetKind::kNormal) {
    after.registers = state->registers;
    after.registers.psw_mask &= ~kPswMaskRi;
  } else {
    after.registers = InitialRegisters();
  }
  *state = after;
  return 0;
}

void LoseScaExternalCall(const LocalContext& context, LocalState* state) {
  if (!context.profile.sigp_interpretation) return;
  state->Unset(LocalIrq::kExternalCall);
  state->payload.extcall = {};
}

int SetMpState(uint32_t mp_state, LocalState* state) {
  switch (mp_state) {
    case KVM_MP_STATE_STOPPED:
      if (!state->stopped) {
        state->Unset(LocalIrq::kSigpStop);
        state->stop_flags = 0;
      }
      state->stopped = true;
      return 0;
    case KVM_MP_STATE_OPERATING:
      state->stopped = false;
      return 0;
    default:
      return -ENXIO;
  }
}

int GetMpState(const LocalState& state) {
  return state.stopped ? KVM_MP_STATE_STOPPED : KVM_MP_STATE_OPERATING;
}

uint64_t PendingWord(uint16_t pending, const HostProfile& profile) {
  uint64_t word = 0;
  for (const PendingBit& place : profile.kernel->pending_bits) {
    if (IsInSca(place.irq, profile)) continue;
    word |= uint64_t{pending >> static_cast<int>(place.irq) & 1u} << place.bit;
  }
  return word;
}

}  // namespace irqd
