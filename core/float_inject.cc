// InjectFloat, and what the FLIC's ENQUEUE does with each record: one rule per type.
#include "core/float_inject.h"

#include <cerrno>

namespace irqd {
namespace {

constexpr uint32_t kSccbMask = 0xfffffff8;
// The only CR14 subclass of a floating machine check: channel report pending.
constexpr uint64_t kCr14ChannelReport = uint64_t{1} << 28;

int InjectMchk(const kvm_s390_mchk_info& mchk, FloatState* state) {
  state->mchk_cr14 |= mchk.cr14 & kCr14ChannelReport;
  state->mchk_mcic |= mchk.mcic;
  state->mchk_pending = true;
  return 0;
}

int InjectService(const kvm_s390_ext_info& ext, const HostProfile& profile, FloatState* state) {
  state->service_parm |= ext.ext_params & kSccbEventPending;
  if (profile.kernel->has_service_event && (state->service_parm & kSccbEventPending)) {
    state->service_event_pending = true;
  }
  // A second SCCB is dropped while the first one waits.
  if (state->service_parm & kSccbMask) return 0;
  state->service_parm |= ext.ext_params & kSccbMask;
  state->service_pending = true;
  return 0;
}

int InjectExt(const kvm_s390_ext_info& ext, uint32_t limit, std::deque<kvm_s390_ext_info>* queue) {
  if (queue->size() >= limit) return -EBUSY;
  queue->push_back(ext);
  return 0;
}

int InjectIo(uint32_t type, const kvm_s390_io_info& io, const HostProfile& profile,
             FloatState* state) {
  const int isc = IscOf(io.io_int_word);
  if (profile.gisa && profile.kernel->has_gisa && (type & kIntIoAiMask)) {
    state->gisa_ipm |= IscMask(isc);
    return 0;
  }
  if (state->io_count >= kMaxFloatIrqs) return -EBUSY;
  state->io[isc].push_back({type, io});
  ++state->io_count;
  return 0;
}

int Inject(const kvm_s390_irq& irq, const HostProfile& profile, FloatState* state) {
  switch (irq.type) {
    case KVM_S390_MCHK:
      return InjectMchk(irq.u.mchk, state);
    case KVM_S390_INT_SERVICE:
      return InjectService(irq.u.ext, profile, state);
    case KVM_S390_INT_PFAULT_DONE:
      return InjectExt(irq.u.ext, profile.kernel->max_pfault_done, &state->pfault_done);
    case KVM_S390_INT_VIRTIO:
      return InjectExt(irq.u.ext, kMaxVirtioIrqs, &state->virtio);
    default:
      if (irq.type > kIntIoMax) return -EINVAL;
      return InjectIo(static_cast<uint32_t>(irq.type), irq.u.io, profile, state);
  }
}

}  // namespace

int InjectFloatIrq(const kvm_s390_irq& irq, const HostProfile& profile, Wake wake,
                   FloatState* state) {
  const int result = Inject(irq, profile, state);
  if (result == 0) wake(irq.type);
  return result;
}

// kvm_s390_inject_vm in the kernel.
int InjectFloat(const kvm_s390_interrupt& interrupt, const HostProfile& profile, Wake wake,
                FloatState* state) {
  kvm_s390_irq irq = EmptyIrq(interrupt.type);
  switch (interrupt.type) {
    case KVM_S390_INT_VIRTIO:
      irq.u.ext.ext_params = interrupt.parm;
      irq.u.ext.ext_params2 = interrupt.parm64;
      break;
    case KVM_S390_INT_SERVICE:
      irq.u.ext.ext_params = interrupt.parm;
      break;
    case KVM_S390_INT_PFAULT_DONE:
      irq.u.ext.ext_params2 = interrupt.parm64;
      break;
    case KVM_S390_MCHK:
      irq.u.mchk.cr14 = interrupt.parm;
      irq.u.mchk.mcic = interrupt.parm64;
      break;
    default:
      irq.u.io.subchannel_id = static_cast<uint16_t>(interrupt.parm >> 16);
      irq.u.io.subchannel_nr = static_cast<uint16_t>(interrupt.parm);
      irq.u.io.io_int_parm = static_cast<uint32_t>(interrupt.parm64 >> 32);
      irq.u.io.io_int_word = static_cast<uint32_t>(interrupt.parm64);
  }
  return InjectFloatIrq(irq, profile, wake, state);
}

uint64_t FloatPendingWord(uint32_t pending, const HostProfile& profile) {
  uint64_t word = 0;
  for (int irq = 0; irq < kFloatIrqCount; ++irq) {
    if (pending >> irq & 1) word |= uint64_t{1} << profile.kernel->float_bits[irq];
  }
  return word;
}

}  // namespace irqd
