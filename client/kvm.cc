#include "client/kvm.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/irq_images.h"

namespace irqd {
VcpuClient::VcpuClient(std::shared_ptr<Connection> connection, const VcpuAddress& address,
                       const CallOptions& options)
    : connection_(std::move(connection)), address_(address), options_(options) {}

VcpuClient VcpuClient::WithOptions(const CallOptions& options) const {
  return VcpuClient(connection_, address_, options);
}

absl::StatusOr<int> VcpuClient::S390Irq(const kvm_s390_irq& irq) const {
  return connection_->S390Irq(address_, EncodeIrqs({&irq, 1}), options_);
}

absl::StatusOr<int> VcpuClient::S390Interrupt(const kvm_s390_interrupt& interrupt) const {
  return connection_->S390Interrupt(address_, interrupt, options_);
}

absl::StatusOr<IrqState> VcpuClient::GetIrqState(uint32_t len) const {
  const absl::StatusOr<GetIrqStateReply> reply = connection_->GetIrqState(address_, len, options_);
  if (!reply.ok()) return reply.status();
  if (reply->buf.size() % kIrqSize != 0) {
    return absl::InternalError(absl::StrCat("the server answered ", reply->buf.size(),
                                            " bytes, no multiple of ", kIrqSize));
  }
  return IrqState{reply->ret, DecodeIrqs(reply->buf)};
}

absl::StatusOr<int> VcpuClient::SetIrqState(absl::Span<const kvm_s390_irq> irqs) const {
  const std::string images = EncodeIrqs(irqs);
  return connection_->SetIrqState(address_, images.size(), images, options_);
}

absl::StatusOr<int> VcpuClient::Reset(ResetKind kind) const {
  return connection_->Reset(address_, kind, options_);
}

absl::StatusOr<int> VcpuClient::SetMpState(uint32_t mp_state) const {
  return connection_->SetMpState(address_, mp_state, options_);
}

absl::StatusOr<int> VcpuClient::GetMpState() const {
  return connection_->GetMpState(address_, options_);
}

absl::StatusOr<VcpuRegisters> VcpuClient::GetRegisters() const {
  return connection_->GetVcpuRegisters(address_, options_);
}

absl::Status VcpuClient::SetRegisters(const VcpuRegistersUpdate& update) const {
  return connection_->SetVcpuRegisters(address_, update, options_);
}

absl::StatusOr<DeliverResult> VcpuClient::Deliver(uint32_t max) const {
  return connection_->Deliver(address_, max, options_);
}

absl::StatusOr<Deliverable> VcpuClient::GetDeliverable() const {
  return connection_->GetDeliverable(address_, options_);
}

absl::StatusOr<int> VcpuClient::StopIntercept() const {
  return connection_->StopIntercept(address_, options_);
}

absl::StatusOr<SigpResult> VcpuClient::Sigp(uint32_t to, SigpOrder order,
                                            uint32_t parameter) const {
  return connection_->Sigp(address_, to, static_cast<uint8_t>(order), parameter, options_);
}

VmClient::VmClient(std::shared_ptr<Connection> connection, const VmInfo& vm,
                   const CallOptions& options)
    : connection_(std::move(connection)), vm_(vm), options_(options) {}

VmClient VmClient::WithOptions(const CallOptions& options) const {
  return VmClient(connection_, vm_, options);
}

absl::StatusOr<int> VmClient::CreateVcpu(uint32_t id) const {
  return connection_->CreateVcpu({vm_.id, id}, options_);
}

VcpuClient VmClient::Vcpu(uint32_t id) const {
  return VcpuClient(connection_, {vm_.id, id}, options_);
}

BatchClient VmClient::Batch() const { return BatchClient(connection_, vm_.id, options_); }

FlicClient VmClient::Flic() const { return FlicClient(connection_, vm_.id, options_); }

absl::StatusOr<FloatReply> VmClient::S390Interrupt(const kvm_s390_interrupt& interrupt) const {
  return connection_->S390InterruptVm(vm_.id, interrupt, options_);
}

absl::StatusOr<int> VmClient::EnableCap(uint32_t cap, uint32_t flags) const {
  return connection_->EnableCap(vm_.id, cap, flags, options_);
}

absl::StatusOr<VmRegisters> VmClient::GetRegisters() const {
  return connection_->GetVmRegisters(vm_.id, options_);
}

absl::Status VmClient::SetRegisters(const VmRegistersUpdate& update) const {
  return connection_->SetVmRegisters(vm_.id, update, options_);
}

absl::StatusOr<std::vector<VcpuInfo>> VmClient::ListVcpus() const {
  return connection_->ListVcpus(vm_.id, options_);
}

absl::StatusOr<int> VmClient::CheckExtension(uint64_t extension) const {
  return connection_->CheckExtension(vm_.profile, extension, options_);
}

absl::Status VmClient::Delete() const { return connection_->DeleteVm(vm_.id, options_); }

KvmClient::KvmClient(std::shared_ptr<Connection> connection, const HostProfile& profile,
                     const CallOptions& options)
    : connection_(std::move(connection)), profile_(profile), options_(options) {}

KvmClient KvmClient::WithOptions(const CallOptions& options) const {
  return KvmClient(connection_, profile_, options);
}

absl::StatusOr<VmClient> KvmClient::CreateVm(absl::string_view name,
                                             absl::Span<const uint32_t> vcpu_ids) const {
  VmSpec spec;
  spec.name = std::string(name);
  spec.profile = profile_;
  spec.vcpu_ids.assign(vcpu_ids.begin(), vcpu_ids.end());
  const absl::StatusOr<VmInfo> vm = connection_->CreateVm(spec, options_);
  if (!vm.ok()) return vm.status();
  return VmClient(connection_, *vm, options_);
}

absl::StatusOr<VmClient> KvmClient::OpenVm(absl::string_view name) const {
  const absl::StatusOr<VmInfo> vm = connection_->FindVm(name, options_);
  if (!vm.ok()) return vm.status();
  return VmClient(connection_, *vm, options_);
}

absl::StatusOr<std::vector<VmInfo>> KvmClient::ListVms() const {
  return connection_->ListVms(options_);
}

absl::StatusOr<int> KvmClient::CheckExtension(uint64_t extension) const {
  return connection_->CheckExtension(profile_, extension, options_);
}

}  // namespace irqd
