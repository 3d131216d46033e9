// The FLIC's attributes: one function per group.
#include <endian.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/float_inject.h"
#include "core/float_irq.h"
#include "core/irq_codec.h"
#include "core/irq_layout.h"

namespace irqd {
namespace {

constexpr size_t kUnionOffset = offsetof(kvm_s390_irq, u);

uint16_t Read16(const uint8_t* from) {
  uint16_t value;
  std::memcpy(&value, from, sizeof(value));
  return be16toh(value);
}
uint32_t Read32(const uint8_t* from) {
  uint32_t value;
  std::memcpy(&value, from, sizeof(value));
  return be32toh(value);
}
uint64_t Read64(const uint8_t* from) {
  uint64_t value;
  std::memcpy(&value, from, sizeof(value));
  return be64toh(value);
}

bool IsEnqueueable(uint64_t type) {
  switch (type) {
    case KVM_S390_INT_PFAULT_INIT:  // copied in, and refused only afterwards
    case KVM_S390_INT_PFAULT_DONE:
    case KVM_S390_INT_VIRTIO:
    case KVM_S390_INT_SERVICE:
    case KVM_S390_MCHK:
      return true;
    default:
      return type <= kIntIoMax;
  }
}

// copy_irq_from_user: 0, -EFAULT or -EINVAL.
int ReadRecord(absl::Span<const uint8_t> memory, kvm_s390_irq* irq) {
  if (memory.size() < sizeof(irq->type)) return -EFAULT;
  const uint64_t type = Read64(memory.data());
  if (!IsEnqueueable(type)) return -EINVAL;
  if (memory.size() < kUnionOffset + MemberOf(type).size) return -EFAULT;
  uint8_t image[kIrqSize] = {};
  std::memcpy(image, memory.data(), std::min(memory.size(), kIrqSize));
  *irq = DecodeIrq(image);
  return 0;
}

int Enqueue(const DeviceAttr& attr, absl::Span<const uint8_t> memory, const HostProfile& profile,
            Wake wake, FloatState* state) {
  const int32_t len = static_cast<int32_t>(attr.attr);
  // The kernel mixes signs here: a negative length is a huge one, which it reads until it faults.
  uint64_t left = static_cast<uint64_t>(static_cast<int64_t>(len));
  if (left % kIrqSize != 0) return -EINVAL;
  if (len > static_cast<int64_t>(kFlicMaxBuffer)) return -EINVAL;
  for (; left >= kIrqSize; left -= kIrqSize) {
    kvm_s390_irq irq;
    int result = ReadRecord(memory, &irq);
    if (result == 0) result = InjectFloatIrq(irq, profile, wake, state);
    if (result != 0) return result;
    memory.remove_prefix(std::min(memory.size(), kIrqSize));
  }
  return 0;
}

int ClearIrqs(FloatState* state) {
  for (auto& queue : state->io) queue.clear();
  state->io_count = 0;
  state->pfault_done.clear();
  state->virtio.clear();
  static_cast<FloatConditions&>(*state) = FloatConditions();
  return 0;
}

// The oldest entry of the lowest ISC that has one.
int ClearIoIrq(const DeviceAttr& attr, absl::Span<const uint8_t> memory, FloatState* state) {
  if (attr.flags != 0) return -EINVAL;
  if (attr.attr != sizeof(uint32_t)) return -EINVAL;
  if (memory.size() < sizeof(uint32_t)) return -EFAULT;
  const uint32_t schid = Read32(memory.data());
  if (schid == 0) return -EINVAL;
  for (std::deque<QueuedIo>& queue : state->io) {
    const auto found = std::find_if(queue.begin(), queue.end(), [&](const QueuedIo& entry) {
      return (uint32_t{entry.io.subchannel_id} << 16 | entry.io.subchannel_nr) == schid;
    });
    if (found == queue.end()) continue;
    queue.erase(found);
    --state->io_count;
    return 0;
  }
  return 0;
}

int RegisterAdapter(absl::Span<const uint8_t> memory, FloatState* state) {
  if (memory.size() < kIoAdapterSize) return -EFAULT;
  const uint32_t id = Read32(memory.data());
  if (id >= kMaxIoAdapters) return -EINVAL;
  if (state->adapters[id]) return -EINVAL;
  IoAdapter adapter;
  adapter.isc = memory[4];
  adapter.maskable = memory[5] != 0;
  adapter.suppressible = memory[7] & kAdapterSuppressible;
  state->adapters[id] = adapter;
  return 0;
}

absl::optional<IoAdapter>* FindAdapter(uint32_t id, FloatState* state) {
  if (id >= kMaxIoAdapters || !state->adapters[id]) return nullptr;
  return &state->adapters[id];
}

int ModifyAdapter(absl::Span<const uint8_t> memory, FloatState* state) {
  if (memory.size() < kIoAdapterReqSize) return -EFAULT;
  auto* const adapter = FindAdapter(Read32(memory.data()), state);
  if (adapter == nullptr) return -EINVAL;
  switch (memory[4]) {
    case kIoAdapterMask:
      if (!(*adapter)->maskable) return -EINVAL;
      (*adapter)->masked = memory[5] != 0;
      return 0;
    case kIoAdapterMap:
    case kIoAdapterUnmap:
      return 0;
    default:
      return -EINVAL;
  }
}

int SetAisMode(absl::Span<const uint8_t> memory, FloatState* state) {
  if (!state->has_ais) return -EOPNOTSUPP;
  if (memory.size() < kAisReqSize) return -EFAULT;
  const uint8_t isc = memory[0];
  if (isc >= kIscCount) return -EINVAL;
  switch (Read16(memory.data() + 2)) {
    case kAisModeAll:
      state->ais_simm &= ~IscMask(isc);
      state->ais_nimm &= ~IscMask(isc);
      return 0;
    case kAisModeSingle:
      state->ais_simm |= IscMask(isc);
      state->ais_nimm &= ~IscMask(isc);
      return 0;
    default:
      return -EINVAL;
  }
}

int SetAisModes(absl::Span<const uint8_t> memory, FloatState* state) {
  if (!state->has_ais) return -EOPNOTSUPP;
  if (memory.size() < kAisAllSize) return -EFAULT;
  state->ais_simm = memory[0];
  state->ais_nimm = memory[1];
  return 0;
}

// After one interrupt in single mode there are none, until the guest sets the mode again.
int InjectAdapterIrq(const DeviceAttr& attr, const HostProfile& profile, Wake wake,
                     FloatState* state) {
  auto* const adapter = FindAdapter(static_cast<uint32_t>(attr.attr), state);
  if (adapter == nullptr) return -EINVAL;
  const uint8_t mask = IscMask((*adapter)->isc);
  const bool suppressible = state->has_ais && (*adapter)->suppressible;
  if (suppressible && (state->ais_nimm & mask)) return 0;
  const kvm_s390_interrupt interrupt = {kIntIoAdapter, 0, IoIntWord((*adapter)->isc)};
  const int result = InjectFloat(interrupt, profile, wake, state);
  if (result == 0 && suppressible && (state->ais_simm & mask)) state->ais_nimm |= mask;
  return result;
}

}  // namespace

int SetDeviceAttr(const DeviceAttr& attr, absl::Span<const uint8_t> memory,
                  const HostProfile& profile, Wake wake, FloatState* state) {
  if (attr.group > profile.kernel->last_flic_group) return -EINVAL;
  switch (static_cast<FlicGroup>(attr.group)) {
    case FlicGroup::kEnqueue:
      return Enqueue(attr, memory, profile, wake, state);
    case FlicGroup::kClearIrqs:
      return ClearIrqs(state);
    case FlicGroup::kApfEnable:
    case FlicGroup::kApfDisableWait:
      state->pfault_enabled = attr.group == static_cast<uint32_t>(FlicGroup::kApfEnable);
      return 0;
    case FlicGroup::kAdapterRegister:
      return RegisterAdapter(memory, state);
    case FlicGroup::kAdapterModify:
      return ModifyAdapter(memory, state);
    case FlicGroup::kClearIoIrq:
      return ClearIoIrq(attr, memory, state);
    case FlicGroup::kAism:
      return SetAisMode(memory, state);
    case FlicGroup::kAirqInject:
      return InjectAdapterIrq(attr, profile, wake, state);
    case FlicGroup::kAismAll:
      return SetAisModes(memory, state);
    default:
      return -EINVAL;
  }
}

int HasDeviceAttr(const DeviceAttr& attr) {
  const bool known = attr.group >= static_cast<uint32_t>(FlicGroup::kGetAllIrqs) &&
                     attr.group <= static_cast<uint32_t>(FlicGroup::kAismAll);
  return known ? 0 : -ENXIO;
}

int CreateDevice(uint32_t type, uint32_t flags, FloatState* state) {
  if (type != KVM_DEV_TYPE_FLIC) return -ENODEV;
  if (flags & KVM_CREATE_DEVICE_TEST) return 0;
  if (state->flic_created) return -EINVAL;
  state->flic_created = true;
  return 0;
}

int EnableCap(uint32_t cap, uint32_t flags, const HostProfile& profile, uint32_t vcpu_count,
              FloatState* state) {
  if (flags != 0 || cap > profile.kernel->last_capability) return -EINVAL;
  switch (cap) {
    case KVM_CAP_S390_AIS:
      if (vcpu_count != 0) return -EBUSY;
      state->has_ais = true;
      return 0;
    case KVM_CAP_S390_IRQCHIP:
      return 0;
    default:
      return -EINVAL;
  }
}

}  // namespace irqd
