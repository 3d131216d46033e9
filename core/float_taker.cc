#include "core/float_taker.h"

#include <cstring>

namespace irqd {
namespace {

// SCCB_EVENT_PENDING: the event part of a service signal's parameter.
constexpr uint32_t kSccbEventPending = 3;

kvm_s390_irq RecordOf(uint64_t type) {
  kvm_s390_irq record;
  std::memset(&record, 0, sizeof(record));
  record.type = type;
  return record;
}

kvm_s390_irq ExtRecord(uint64_t type, const kvm_s390_ext_info& ext) {
  kvm_s390_irq record = RecordOf(type);
  record.u.ext = ext;
  return record;
}

kvm_s390_irq ServiceRecord(uint32_t parm) {
  kvm_s390_irq record = RecordOf(KVM_S390_INT_SERVICE);
  record.u.ext.ext_params = parm;
  return record;
}

}  // namespace

FloatTaker::FloatTaker(FloatState* state)
    : state_(state),
      service_parm_(state->service_parm),
      mchk_cr14_(state->mchk_cr14),
      mchk_mcic_(state->mchk_mcic),
      service_pending_(state->service_pending),
      service_event_pending_(state->service_event_pending),
      mchk_pending_(state->mchk_pending),
      gisa_ipm_(state->gisa_ipm) {}

uint32_t FloatTaker::Count(FloatIrq irq) const {
  if (state_ == nullptr) return 0;
  switch (irq) {
    case FloatIrq::kMchkRepressible:
      return mchk_pending_;
    case FloatIrq::kServiceEvent:
      return service_event_pending_;
    case FloatIrq::kService:
      return service_pending_;
    case FloatIrq::kPfaultDone:
      return static_cast<uint32_t>(state_->pfault_done.size()) - pfault_done_taken_;
    case FloatIrq::kVirtio:
      return static_cast<uint32_t>(state_->virtio.size()) - virtio_taken_;
    default: {
      const int isc = static_cast<int>(irq) - static_cast<int>(FloatIrq::kIoIsc0);
      return static_cast<uint32_t>(state_->io[isc].size()) - io_taken_[isc] +
             ((gisa_ipm_ & IscMask(isc)) != 0);
    }
  }
}

kvm_s390_irq FloatTaker::TakeIo(int isc) {
  // The queue comes before the GISA.
  if (io_taken_[isc] < state_->io[isc].size()) {
    const QueuedIo& entry = state_->io[isc][io_taken_[isc]++];
    kvm_s390_irq record = RecordOf(entry.type);
    record.u.io = entry.io;
    return record;
  }
  gisa_ipm_ &= ~IscMask(isc);
  kvm_s390_irq record = RecordOf(kIntIoAdapter);
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
  const kvm_s390_irq record = ServiceRecord(service_parm_);
  service_parm_ = 0;
  service_pending_ = false;
  service_event_pending_ = false;
  return record;
}

kvm_s390_irq FloatTaker::TakeServiceEvent() {
  const kvm_s390_irq record = ServiceRecord(service_parm_);
  service_parm_ &= ~kSccbEventPending;
  service_event_pending_ = false;
  return record;
}

void FloatTaker::TakeMchk(kvm_s390_mchk_info* mchk) {
  mchk->cr14 |= mchk_cr14_;
  mchk->mcic |= mchk_mcic_;
  mchk_cr14_ = 0;
  mchk_mcic_ = 0;
  mchk_pending_ = false;
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
  state_->service_parm = service_parm_;
  state_->mchk_cr14 = mchk_cr14_;
  state_->mchk_mcic = mchk_mcic_;
  state_->service_pending = service_pending_;
  state_->service_event_pending = service_event_pending_;
  state_->mchk_pending = mchk_pending_;
  state_->gisa_ipm = gisa_ipm_;
  *this = FloatTaker(state_);
}

}  // namespace irqd
