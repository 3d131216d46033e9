// The ioctls on a VM's FLIC: the kernel's checks of memory, in its order, around a call each.
#include <cerrno>
#include <string>
#include <utility>

#include "client/flic_enqueue.h"
#include "client/flic_memory.h"
#include "client/ioctl_result.h"
#include "client/irq_images.h"
#include "client/kvm_descriptors.h"
#include "client/user_memory.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

DeviceAttr WithoutAddress(const kvm_device_attr& attr) {
  return {attr.flags, attr.group, attr.attr};
}

bool IsGroup(const kvm_device_attr& attr, FlicGroup group) {
  return attr.group == static_cast<uint32_t>(group);
}

// Whether the kernel could have answered this. What is written to the program's memory must fit.
bool IsPlausible(const GetDeviceAttrReply& reply, const kvm_device_attr& attr) {
  const size_t size = reply.memory.size();
  if (size > attr.attr) return false;
  if (reply.ret < 0) return size == 0;
  if (IsGroup(attr, FlicGroup::kGetAllIrqs)) {
    return size == static_cast<size_t>(reply.ret) * kIrqSize;
  }
  return IsGroup(attr, FlicGroup::kAismAll) && reply.ret == 0 && size == kAisAllSize;
}

}  // namespace

FlicDescriptor::FlicDescriptor(VmOfDescriptor vm) : vm_(std::move(vm)) {}

// Source: kvm_device_ioctl. Requests that are not known come before the structure.
int FlicDescriptor::Ioctl(int, unsigned int request, uint64_t argument) const {
  if (request != KVM_SET_DEVICE_ATTR && request != KVM_GET_DEVICE_ATTR &&
      request != KVM_HAS_DEVICE_ATTR) {
    return -ENOTTY;
  }
  kvm_device_attr attr;
  const int fault = CopyFromUser(&attr, argument, sizeof(attr));
  if (fault != 0) return fault;
  if (request == KVM_SET_DEVICE_ATTR) return SetAttr(attr);
  if (request == KVM_GET_DEVICE_ATTR) return GetAttr(attr);
  return IoctlResult(vm_.connection->HasDeviceAttr(vm_.id, WithoutAddress(attr), CallOptions()));
}

int FlicDescriptor::SetAttr(const kvm_device_attr& attr) const {
  if (IsGroup(attr, FlicGroup::kEnqueue)) return Enqueue(attr);
  // Memory that cannot be read is for the kernel to answer: it may find other errors before.
  std::string memory;
  const int error = ReadFlicStructure(attr.group, attr.addr, &memory);
  if (error != 0) return error;
  return IoctlResult(
      vm_.connection->SetDeviceAttr(vm_.id, WithoutAddress(attr), memory, CallOptions()));
}

int FlicDescriptor::Enqueue(const kvm_device_attr& attr) const {
  int error = 0;
  const auto read = [&](uint64_t offset, size_t size) -> absl::StatusOr<std::string> {
    std::string images;
    error = ReadFlicRecords(attr.addr + offset, size, &images);
    if (error != 0) return absl::AbortedError("not enough descriptors to read memory");
    return images;
  };
  const absl::StatusOr<FloatReply> reply =
      EnqueueInParts(*vm_.connection, vm_.id, WithoutAddress(attr), read, CallOptions());
  return error != 0 ? error : IoctlResult(reply);
}

int FlicDescriptor::GetAttr(const kvm_device_attr& attr) const {
  absl::StatusOr<GetDeviceAttrReply> reply =
      vm_.connection->GetDeviceAttr(vm_.id, WithoutAddress(attr), CallOptions());
  if (!reply.ok()) return IoctlError(reply.status());
  if (!IsPlausible(*reply, attr)) return -EPROTO;
  if (!reply->memory.empty()) {
    if (IsGroup(attr, FlicGroup::kGetAllIrqs)) DecodeInPlace(&reply->memory);
    const int fault = CopyToUser(attr.addr, reply->memory.data(), reply->memory.size());
    if (fault != 0) return fault;
  }
  return IoctlResult(absl::StatusOr<int32_t>(reply->ret));
}

}  // namespace irqd
