// The ioctls that look at or replace all of a vCPU's local interrupts.
#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/irq_copy.h"
#include "core/local_irq.h"

namespace irqd {
namespace {

bool IsInSca(LocalIrq irq, const HostProfile& profile) {
  return irq == LocalIrq::kExternalCall && profile.sigp_interpretation;
}

// PSW bit 24, run-time instrumentation.
constexpr uint64_t kPswMaskRi = 0x0000008000000000;

// Writes images of records into memory that is all zero.
class ImageWriter {
 public:
  ImageWriter(uint8_t* images, size_t room) : next_(images), room_(room) {}

  template <uint64_t kType>
  void Add(const void* member = nullptr) {
    if (room_ == 0) return;
    --room_;
    EncodeMember(kType, member, next_);
    next_ += kIrqSize;
  }

 private:
  uint8_t* next_;
  size_t room_;
};

// The record that stands for a pending interrupt other than an emergency signal.
void AddRecord(LocalIrq irq, const PendingIrqs& state, ImageWriter* writer) {
  const kvm_s390_stop_info stop = {state.stop_flags};
  switch (irq) {
    case LocalIrq::kSetPrefix:
      return writer->Add<KVM_S390_SIGP_SET_PREFIX>(&state.payload.prefix);
    case LocalIrq::kRestart:
      return writer->Add<KVM_S390_RESTART>();
    case LocalIrq::kSigpStop:
      return writer->Add<KVM_S390_SIGP_STOP>(&stop);
    case LocalIrq::kPfaultInit:
      return writer->Add<KVM_S390_INT_PFAULT_INIT>(&state.payload.pfault_init);
    case LocalIrq::kCpuTimer:
      return writer->Add<KVM_S390_INT_CPU_TIMER>();
    case LocalIrq::kClockComp:
      return writer->Add<KVM_S390_INT_CLOCK_COMP>();
    case LocalIrq::kExternalCall:
      return writer->Add<KVM_S390_INT_EXTERNAL_CALL>(&state.extcall);
    case LocalIrq::kMchkRepressible:
    case LocalIrq::kMchkExigent:
      return writer->Add<KVM_S390_MCHK>(&state.payload.mchk);
    case LocalIrq::kProgram:
      return writer->Add<KVM_S390_PROGRAM_INT>(&state.payload.pgm);
    case LocalIrq::kEmergency:
      return;  // one record for each sender
  }
}

// In the order of GET.
void AddRecords(const PendingIrqs& state, const HostProfile& profile, ImageWriter* writer) {
  uint16_t left = state.pending;
  for (const PendingBit& place : profile.kernel->pending_bits) {
    if (left == 0) break;
    if (!(left >> static_cast<int>(place.irq) & 1)) continue;
    left &= ~(1 << static_cast<int>(place.irq));
    if (!IsInSca(place.irq, profile)) AddRecord(place.irq, state, writer);
  }
  if (state.Has(LocalIrq::kEmergency)) {
    state.emergency.ForEach([&](uint32_t id) {
      const kvm_s390_emerg_info sender = {static_cast<uint16_t>(id)};
      writer->Add<KVM_S390_INT_EMERGENCY>(&sender);
    });
  }
  if (state.Has(LocalIrq::kExternalCall) && IsInSca(LocalIrq::kExternalCall, profile)) {
    AddRecord(LocalIrq::kExternalCall, state, writer);
  }
}

size_t CountRecords(const PendingIrqs& state) {
  // Emergency signals count by sender, not by their one pending bit.
  if (!state.Has(LocalIrq::kEmergency)) return CountBits(state.pending);
  return CountBits(state.pending) - 1 + state.emergency.Count();
}

}  // namespace

int64_t AppendIrqState(const PendingIrqs& state, const HostProfile& profile, uint32_t len,
                       std::string* images) {
  if (len == 0) return -EINVAL;
  // The kernel passes len on as an int and compares it as an unsigned long.
  const size_t limit = len > std::numeric_limits<int32_t>::max() ? SIZE_MAX : len;
  const size_t pending = CountRecords(state);
  if (pending == 0) return 0;
  const size_t fitting = std::min(pending, limit / kIrqSize);
  const size_t start = images->size();
  images->resize(start + fitting * kIrqSize);

  ImageWriter writer(reinterpret_cast<uint8_t*>(&(*images)[start]), fitting);
  AddRecords(state, profile, &writer);
  return fitting == pending ? static_cast<int64_t>(fitting * kIrqSize) : -ENOBUFS;
}

int64_t GetIrqState(const PendingIrqs& state, const LocalContext& context, uint32_t len,
                    std::string* images) {
  images->clear();
  return AppendIrqState(state, context.profile, len, images);
}

int CheckSetIrqStateLen(const HostProfile& profile, uint32_t len) {
  const bool valid =
      len <= profile.kernel->set_irq_state_max_len && len != 0 && len % kIrqSize == 0;
  return valid ? 0 : -EINVAL;
}

int SetIrqState(absl::Span<const uint8_t> images, const LocalContext& context, LocalState* state) {
  if (PendingWord(state->pending, context.profile) != 0) return -EBUSY;
  kvm_s390_irq irq = {};
  for (size_t at = 0; at < images.size(); at += kIrqSize) {
    DecodeMember(images.data() + at, &irq);
    const int result = InjectIrq(irq, context, state);
    if (result != 0) return result;
  }
  return 0;
}

int Reset(ResetKind kind, const LocalContext& context, LocalState* state) {
  state->pending = 0;
  state->stopped = state->stopped || !context.user_controls_run_state;
  state->stop_flags = 0;
  state->payload = kNoPayload;
  if (kind == ResetKind::kNormal) {
    state->registers.psw_mask &= ~kPswMaskRi;
  } else {
    state->registers = InitialRegisters();
  }
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
