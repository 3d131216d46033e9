#include "client/batch_client.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/irq_images.h"
#include "core/irq_codec.h"

namespace irqd {

IrqStream::IrqStream(std::shared_ptr<Connection> connection, uint64_t vm_id,
                     const CallOptions& options)
    : connection_(std::move(connection)),
      vm_id_(vm_id),
      stream_(connection_->OpenInjectStream(options)) {}

bool IrqStream::Write(absl::Span<const VcpuIrq> irqs) {
  std::vector<uint32_t> vcpu_ids;
  vcpu_ids.reserve(irqs.size());
  std::string records(irqs.size() * kIrqSize, '\0');
  auto* image = reinterpret_cast<uint8_t*>(&records[0]);
  for (const VcpuIrq& irq : irqs) {
    vcpu_ids.push_back(irq.vcpu_id);
    EncodeIrq(irq.irq, image);
    image += kIrqSize;
  }
  return stream_->Write(vm_id_, vcpu_ids, records);
}

BatchClient::BatchClient(std::shared_ptr<Connection> connection, uint64_t vm_id,
                         const CallOptions& options)
    : connection_(std::move(connection)), vm_id_(vm_id), options_(options) {}

BatchClient BatchClient::WithOptions(const CallOptions& options) const {
  return BatchClient(connection_, vm_id_, options);
}

absl::StatusOr<std::vector<VcpuIrqState>> BatchClient::GetIrqStates(
    absl::Span<const uint32_t> vcpu_ids, uint32_t len) const {
  const auto reply = connection_->GetIrqStates(vm_id_, vcpu_ids, len, options_);
  if (!reply.ok()) return reply.status();
  std::vector<VcpuIrqState> states;
  states.reserve(reply->vcpu_ids.size());
  absl::string_view rest = reply->buf;
  for (size_t i = 0; i < reply->vcpu_ids.size(); ++i) {
    const uint32_t size = reply->size[i];
    if (size % kIrqSize != 0) {
      return absl::InternalError(absl::StrCat("the server answered ", size, " bytes for vCPU ",
                                              reply->vcpu_ids[i], ", no multiple of ", kIrqSize));
    }
    states.push_back({reply->vcpu_ids[i], {reply->ret[i], DecodeIrqs(rest.substr(0, size))}});
    rest.remove_prefix(size);
  }
  return states;
}

absl::StatusOr<std::vector<int>> BatchClient::SetIrqStates(
    absl::Span<const VcpuIrqState> states) const {
  std::vector<uint32_t> vcpu_ids, len;
  std::string buf;
  for (const VcpuIrqState& each : states) {
    if (each.state.irqs.empty()) continue;
    vcpu_ids.push_back(each.vcpu_id);
    len.push_back(static_cast<uint32_t>(each.state.irqs.size() * kIrqSize));
    buf += EncodeIrqs(each.state.irqs);
  }
  std::vector<int> ret(states.size(), 0);
  if (vcpu_ids.empty()) return ret;
  const auto results = connection_->SetIrqStates(vm_id_, vcpu_ids, len, buf, options_);
  if (!results.ok()) return results.status();
  auto next = results->begin();
  for (size_t i = 0; i < states.size(); ++i) {
    if (!states[i].state.irqs.empty()) ret[i] = *next++;
  }
  return ret;
}

std::unique_ptr<IrqStream> BatchClient::OpenStream() const {
  return std::make_unique<IrqStream>(connection_, vm_id_, options_);
}

}  // namespace irqd
