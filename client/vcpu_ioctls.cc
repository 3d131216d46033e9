// The ioctls of a vCPU: the kernel's checks of memory, in its order, around a call each.
#include <cerrno>
#include <string>

#include "client/ioctl_result.h"
#include "client/irq_images.h"
#include "client/kvm_descriptors.h"
#include "client/user_memory.h"
#include "core/irq_codec.h"
#include "core/kvm_s390.h"
#include "core/local_irq.h"

namespace irqd {
namespace {

// The structure of SET that documentation once printed, and the request that a program compiled
// from it issues.
struct DocumentedIrqState {
  uint64_t buf;
  uint32_t len;
  uint32_t pad;
};
constexpr unsigned int kDocumentedSetIrqState = _IOW(KVMIO, 0xb5, DocumentedIrqState);
static_assert(kDocumentedSetIrqState == 0x4010aeb5);

// Whether the kernel could have answered this to GET with room for `len` bytes. What is written
// to the program's memory must fit.
bool IsPlausible(const GetIrqStateReply& reply, uint32_t len) {
  if (reply.buf.size() > len || reply.buf.size() % kIrqSize != 0) return false;
  return reply.ret < 0 || reply.buf.size() == static_cast<size_t>(reply.ret);
}

}  // namespace

VcpuDescriptor::VcpuDescriptor(VmOfDescriptor vm, uint32_t id)
    : vm_(std::move(vm)), address_{vm_.id, id} {}

// Source: kvm_vcpu_ioctl, and kvm_arch_vcpu_ioctl of s390 for what that does not know.
int VcpuDescriptor::Ioctl(int, unsigned int request, uint64_t argument) const {
  if (_IOC_TYPE(request) != KVMIO) return -EINVAL;
  const CallOptions options;
  switch (request) {
    case KVM_S390_IRQ:
      return S390Irq(argument);
    case KVM_S390_INTERRUPT:
      return S390Interrupt(argument);
    case KVM_S390_SET_IRQ_STATE:
      return SetIrqState(argument);
    case kDocumentedSetIrqState:
      return vm_.profile.ioctls.documented_set ? SetDocumentedIrqState(argument) : -ENOTTY;
    case KVM_S390_GET_IRQ_STATE:
      return GetIrqState(argument);
    case KVM_S390_NORMAL_RESET:
      return IoctlResult(connection().Reset(address_, ResetKind::kNormal, options));
    case KVM_S390_INITIAL_RESET:
      return IoctlResult(connection().Reset(address_, ResetKind::kInitial, options));
    case KVM_S390_CLEAR_RESET:
      return IoctlResult(connection().Reset(address_, ResetKind::kClear, options));
    case KVM_SET_MP_STATE:
      return SetMpState(argument);
    case KVM_GET_MP_STATE:
      // On s390 the state is the result, and the structure is not written.
      return IoctlResult(connection().GetMpState(address_, options));
    default:
      return -ENOTTY;
  }
}

int VcpuDescriptor::S390Irq(uint64_t argument) const {
  kvm_s390_irq irq;
  const int fault = CopyFromUser(&irq, argument, sizeof(irq));
  if (fault != 0) return fault;
  uint8_t image[kIrqSize];
  EncodeIrq(irq, image);
  const absl::string_view record(reinterpret_cast<const char*>(image), kIrqSize);
  return IoctlResult(connection().S390Irq(address_, record, CallOptions()));
}

int VcpuDescriptor::S390Interrupt(uint64_t argument) const {
  kvm_s390_interrupt interrupt;
  const int fault = CopyFromUser(&interrupt, argument, sizeof(interrupt));
  if (fault != 0) return fault;
  return IoctlResult(connection().S390Interrupt(address_, interrupt, CallOptions()));
}

int VcpuDescriptor::SetIrqState(uint64_t argument) const {
  kvm_s390_irq_state state;
  const int fault = CopyFromUser(&state, argument, sizeof(state));
  return fault != 0 ? fault : SetIrqState(state.buf, state.len);
}

int VcpuDescriptor::SetDocumentedIrqState(uint64_t argument) const {
  DocumentedIrqState state;
  const int fault = CopyFromUser(&state, argument, sizeof(state));
  return fault != 0 ? fault : SetIrqState(state.buf, state.len);
}

int VcpuDescriptor::SetIrqState(uint64_t buf, uint32_t len) const {
  // A length that the kernel refuses is for it to answer; it does not look at the buffer then.
  std::string images;
  if (CheckSetIrqStateLen(vm_.profile.host, len) == 0) {
    images.resize(len);
    const int fault = CopyFromUser(&images[0], buf, images.size());
    if (fault != 0) return fault;
    EncodeInPlace(&images);
  }
  return IoctlResult(connection().SetIrqState(address_, len, images, CallOptions()));
}

int VcpuDescriptor::GetIrqState(uint64_t argument) const {
  kvm_s390_irq_state state;
  const int fault = CopyFromUser(&state, argument, sizeof(state));
  if (fault != 0) return fault;
  absl::StatusOr<GetIrqStateReply> reply =
      connection().GetIrqState(address_, state.len, CallOptions());
  if (!reply.ok()) return IoctlError(reply.status());
  if (!IsPlausible(*reply, state.len)) return -EPROTO;
  // The kernel writes record by record: one that faults comes before one that does not fit.
  if (!reply->buf.empty()) {
    DecodeInPlace(&reply->buf);
    const int buf_fault = CopyToUser(state.buf, reply->buf.data(), reply->buf.size());
    if (buf_fault != 0) return buf_fault;
  }
  return IoctlResult(reply->ret);
}

int VcpuDescriptor::SetMpState(uint64_t argument) const {
  kvm_mp_state state;
  const int fault = CopyFromUser(&state, argument, sizeof(state));
  if (fault != 0) return fault;
  return IoctlResult(connection().SetMpState(address_, state.mp_state, CallOptions()));
}

}  // namespace irqd
