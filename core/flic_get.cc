// What the FLIC tells: KVM_GET_DEVICE_ATTR.
#include <cerrno>

#include "core/float_irq.h"
#include "core/irq_codec.h"

namespace irqd {
namespace {

// A buffer with room for some number of records.
class RecordBuffer {
 public:
  RecordBuffer(uint64_t room, std::string* images) : room_(room), images_(*images) {}

  bool IsFull() const { return count_ == room_; }
  int64_t count() const { return static_cast<int64_t>(count_); }

  // False if there is no room.
  bool Add(const kvm_s390_irq& record) {
    if (IsFull()) return false;
    ++count_;
    images_.resize(count_ * kIrqSize);
    EncodeIrq(record, reinterpret_cast<uint8_t*>(&images_[(count_ - 1) * kIrqSize]));
    return true;
  }

 private:
  const uint64_t room_;
  uint64_t count_ = 0;
  std::string& images_;
};

// The kernel takes what the GISA holds out of it, looks for room before each ISC, whether it holds
// something or not, and puts nothing back.
bool AddGisa(FloatState* state, RecordBuffer* buffer) {
  if (state->gisa_ipm == 0) return true;
  for (int isc = 0; isc < kIscCount; ++isc) {
    if (buffer->IsFull()) return false;
    if ((state->gisa_ipm & IscMask(isc)) == 0) continue;
    state->gisa_ipm &= ~IscMask(isc);
    kvm_s390_irq record = EmptyIrq(kIntIoAdapter);
    record.u.io.io_int_word = IoIntWord(isc);
    buffer->Add(record);
  }
  return true;
}

bool AddIo(const FloatState& state, RecordBuffer* buffer) {
  for (const auto& queue : state.io) {
    for (const QueuedIo& entry : queue) {
      kvm_s390_irq record = EmptyIrq(entry.type);
      record.u.io = entry.io;
      if (!buffer->Add(record)) return false;
    }
  }
  return true;
}

bool AddExt(uint64_t type, const std::deque<kvm_s390_ext_info>& queue, RecordBuffer* buffer) {
  for (const kvm_s390_ext_info& ext : queue) {
    kvm_s390_irq record = EmptyIrq(type);
    record.u.ext = ext;
    if (!buffer->Add(record)) return false;
  }
  return true;
}

bool AddService(const FloatState& state, RecordBuffer* buffer) {
  if (!state.service_pending && !state.service_event_pending) return true;
  kvm_s390_irq record = EmptyIrq(KVM_S390_INT_SERVICE);
  record.u.ext.ext_params = state.service_parm;
  return buffer->Add(record);
}

bool AddMchk(const FloatState& state, RecordBuffer* buffer) {
  if (!state.mchk_pending) return true;
  kvm_s390_irq record = EmptyIrq(KVM_S390_MCHK);
  record.u.mchk.cr14 = state.mchk_cr14;
  record.u.mchk.mcic = state.mchk_mcic;
  return buffer->Add(record);
}

int64_t GetAllIrqs(uint64_t len, FloatState* state, std::string* memory) {
  if (len == 0 || len > kFlicMaxBuffer) return -EINVAL;
  RecordBuffer buffer(len / kIrqSize, memory);
  const bool fits = AddGisa(state, &buffer) && AddIo(*state, &buffer) &&
                    AddExt(KVM_S390_INT_PFAULT_DONE, state->pfault_done, &buffer) &&
                    AddExt(KVM_S390_INT_VIRTIO, state->virtio, &buffer) &&
                    AddService(*state, &buffer) && AddMchk(*state, &buffer);
  if (fits) return buffer.count();
  memory->clear();
  return -ENOMEM;
}

int64_t GetAisModes(uint64_t len, const FloatState& state, std::string* memory) {
  if (len < kAisAllSize) return -EINVAL;
  if (!state.has_ais) return -EOPNOTSUPP;
  *memory = {static_cast<char>(state.ais_simm), static_cast<char>(state.ais_nimm)};
  return 0;
}

}  // namespace

int64_t GetDeviceAttr(const DeviceAttr& attr, FloatState* state, std::string* memory) {
  memory->clear();
  switch (static_cast<FlicGroup>(attr.group)) {
    case FlicGroup::kGetAllIrqs:
      return GetAllIrqs(attr.attr, state, memory);
    case FlicGroup::kAismAll:
      return GetAisModes(attr.attr, *state, memory);
    default:
      return -EINVAL;
  }
}

}  // namespace irqd
