#include "core/float_taker.h"

namespace irqd {
namespace {

kvm_s390_irq ExtRecord(uint64_t type, const kvm_s390_ext_info& ext) {
  kvm_s390_irq record = EmptyIrq(type);
  record.u.ext = ext;
  return record;
}

kvm_s390_irq ServiceRecord(uint32_t parm) {
  kvm_s390_irq record = EmptyIrq(KVM_S390_INT_SERVICE);
  record.u.ext.ext_params = parm;
  return record;
}

}  // namespace

FloatTaker::FloatTaker(FloatState* state) : state_(state), left_(*state) {}

uint32_t FloatTaker::Count(FloatIrq irq) const {
  if (state_ == nullptr) return 0;
  switch (irq) {
    case FloatIrq::kMchkRepressible:
      return left_.mchk_pending;
    case FloatIrq::kServiceEvent:
      return left_.service_event_pending;
    case FloatIrq::kService:
      return left_.service_pending;
    case FloatIrq::kPfaultDone:
      return static_cast<uint32_t>(state_->pfault_done.size()) - pfault_done_taken_;
    case FloatIrq::kVirtio:
      return static_cast<uint32_t>(state_->virtio.size()) - virtio_taken_;
    default: {
      const int isc = static_cast<int>(irq) - static_cast<int>(FloatIrq::kIoIsc0);
      return static_cast<uint32_t>(state_->io[isc].size()) - io_taken_[isc] +
             ((left_.gisa_ipm & IscMask(isc)) != 0);
    }
  }
}

kvm_s390_irq FloatTaker::TakeIo(int isc) {
  // The queue comes before the GISA.
  if (io_taken_[isc] < state_->io[isc].size()) {
    const QueuedIo& entry = state_->io[isc][io_taken_[isc]++];
    kvm_s390_irq record = EmptyIrq(entry.type);
    record.u.io = entry.io;
    return record;
  }
  left_.gisa_ipm &= ~IscMask(isc);
  kvm_s390_irq record = EmptyIrq(kIntIoAdapter);
  record.u.io.io_int_word = IoIntWord(isc);
  return record;
}

kvm_s390_irq FloatTaker::TakePfaultDone() {
  return ExtRecord(KVM_S390_INT_PFAULT_DONE, state_->pfault_done[pfault_done_taken_++]);
}

kvm_s390_irq FloatTaker::TakeVirtio() {
  return ExtRecord(KVM_S390_INT_VIRTIO, state_->virtio[virtio_taken_++]);
}

kvm_s390_irq FloatTaker::TakeService() {
  const kvm_s390_irq record = ServiceRecord(left_.service_parm);
  left_.service_parm = 0;
  left_.service_pending = false;
  left_.service_event_pending = false;
  return record;
}

kvm_s390_irq FloatTaker::TakeServiceEvent() {
  const kvm_s390_irq record = ServiceRecord(left_.service_parm);
  left_.service_parm &= ~kSccbEventPending;
  left_.service_event_pending = false;
  return record;
}

void FloatTaker::TakeMchk(kvm_s390_mchk_info* mchk) {
  mchk->cr14 |= left_.mchk_cr14;
  mchk->mcic |= left_.mchk_mcic;
  left_.mchk_cr14 = 0;
  left_.mchk_mcic = 0;
  left_.mchk_pending = false;
}

void FloatTaker::Commit() {
  if (state_ == nullptr) return;
  for (int isc = 0; isc < kIscCount; ++isc) {
    std::deque<QueuedIo>& queue = state_->io[isc];
    queue.erase(queue.begin(), queue.begin() + io_taken_[isc]);
    state_->io_count -= io_taken_[isc];
  }
  state_->pfault_done.erase(state_->pfault_done.begin(),
                            state_->pfault_done.begin() + pfault_done_taken_);
  state_->virtio.erase(state_->virtio.begin(), state_->virtio.begin() + virtio_taken_);
  static_cast<FloatConditions&>(*state_) = left_;
  *this = FloatTaker(state_);
}

}  // namespace irqd
