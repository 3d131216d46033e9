#include "client/flic_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/flic_enqueue.h"
#include "client/irq_images.h"

namespace irqd {
namespace {

DeviceAttr Attr(FlicGroup group, uint64_t attr) {
  return {/*flags=*/0, static_cast<uint32_t>(group), attr};
}

absl::Status Strange(const GetDeviceAttrReply& reply) {
  return absl::InternalError(absl::StrCat("the server answered ", reply.ret, " and ",
                                          reply.memory.size(), " bytes of memory"));
}

// An image of `values`, each as many big-endian bytes as its type has.
template <typename... Values>
std::string Image(Values... values) {
  std::string image;
  const auto append = [&image](uint64_t value, size_t size) {
    for (size_t byte = size; byte-- > 0;) image += static_cast<char>(value >> (8 * byte));
  };
  (append(values, sizeof(values)), ...);
  return image;
}

}  // namespace

FlicClient::FlicClient(std::shared_ptr<Connection> connection, uint64_t vm_id,
                       const CallOptions& options)
    : connection_(std::move(connection)), vm_id_(vm_id), options_(options) {}

FlicClient FlicClient::WithOptions(const CallOptions& options) const {
  return FlicClient(connection_, vm_id_, options);
}

absl::StatusOr<FloatReply> FlicClient::Set(FlicGroup group, uint64_t attr,
                                           const std::string& memory) const {
  return connection_->SetDeviceAttr(vm_id_, Attr(group, attr), memory, options_);
}

absl::StatusOr<int> FlicClient::SetRet(FlicGroup group, uint64_t attr,
                                       const std::string& memory) const {
  const absl::StatusOr<FloatReply> reply = Set(group, attr, memory);
  if (!reply.ok()) return reply.status();
  return reply->ret;
}

absl::StatusOr<int> FlicClient::Create() const {
  return connection_->CreateDevice(vm_id_, KVM_DEV_TYPE_FLIC, /*flags=*/0, options_);
}

absl::StatusOr<int> FlicClient::HasGroup(uint32_t group) const {
  return connection_->HasDeviceAttr(vm_id_, {/*flags=*/0, group, /*attr=*/0}, options_);
}

absl::StatusOr<FloatingIrqs> FlicClient::GetAllIrqs(uint64_t len) const {
  const absl::StatusOr<GetDeviceAttrReply> reply =
      connection_->GetDeviceAttr(vm_id_, Attr(FlicGroup::kGetAllIrqs, len), options_);
  if (!reply.ok()) return reply.status();
  const uint64_t count = reply->ret < 0 ? 0 : reply->ret;
  if (reply->memory.size() != count * kIrqSize) return Strange(*reply);
  return FloatingIrqs{reply->ret, DecodeIrqs(reply->memory)};
}

absl::StatusOr<FloatReply> FlicClient::Enqueue(absl::Span<const kvm_s390_irq> irqs) const {
  const uint64_t size = irqs.size() * kIrqSize;
  // The kernel refuses such a list as a whole, before it reads it.
  if (size > kFlicMaxBuffer) return Set(FlicGroup::kEnqueue, size, "");
  const auto read = [&](uint64_t offset, size_t part) -> absl::StatusOr<std::string> {
    return EncodeIrqs(irqs.subspan(offset / kIrqSize, part / kIrqSize));
  };
  return EnqueueInParts(*connection_, vm_id_, Attr(FlicGroup::kEnqueue, size), read, options_);
}

absl::StatusOr<int> FlicClient::ClearIrqs() const { return SetRet(FlicGroup::kClearIrqs, 0, ""); }

absl::StatusOr<int> FlicClient::ClearIoIrq(uint32_t subchannel) const {
  return SetRet(FlicGroup::kClearIoIrq, sizeof(subchannel), Image(subchannel));
}

absl::StatusOr<int> FlicClient::RegisterAdapter(const AdapterSpec& adapter) const {
  const uint8_t flags = adapter.suppressible ? kAdapterSuppressible : 0;
  return SetRet(
      FlicGroup::kAdapterRegister, 0,
      Image(adapter.id, adapter.isc, uint8_t{adapter.maskable}, uint8_t{adapter.swap}, flags));
}

absl::StatusOr<int> FlicClient::MaskAdapter(uint32_t id, bool masked) const {
  return SetRet(FlicGroup::kAdapterModify, 0,
                Image(id, kIoAdapterMask, uint8_t{masked}, uint16_t{0}, uint64_t{0}));
}

absl::StatusOr<FloatReply> FlicClient::InjectAirq(uint32_t adapter_id) const {
  return Set(FlicGroup::kAirqInject, adapter_id, "");
}

absl::StatusOr<int> FlicClient::SetAisMode(uint8_t isc, uint16_t mode) const {
  return SetRet(FlicGroup::kAism, 0, Image(isc, uint8_t{0}, mode));
}

absl::StatusOr<AisModes> FlicClient::GetAisModes() const {
  const absl::StatusOr<GetDeviceAttrReply> reply =
      connection_->GetDeviceAttr(vm_id_, Attr(FlicGroup::kAismAll, kAisAllSize), options_);
  if (!reply.ok()) return reply.status();
  if (reply->ret < 0) return AisModes{reply->ret};
  if (reply->memory.size() != kAisAllSize) return Strange(*reply);
  return AisModes{reply->ret, static_cast<uint8_t>(reply->memory[0]),
                  static_cast<uint8_t>(reply->memory[1])};
}

absl::StatusOr<int> FlicClient::SetAisModes(uint8_t single, uint8_t none) const {
  return SetRet(FlicGroup::kAismAll, 0, Image(single, none));
}

}  // namespace irqd
