#include "client/vectors/connection_backend.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/flic_enqueue.h"
#include "core/kvm_flic.h"
#include "core/limits.h"

namespace irqd {
namespace {

ResetKind KindOf(unsigned long request) {
  if (request == KVM_S390_NORMAL_RESET) return ResetKind::kNormal;
  return request == KVM_S390_INITIAL_RESET ? ResetKind::kInitial : ResetKind::kClear;
}

DeviceAttr WithoutMemory(const FlicAttr& attr) { return {attr.flags, attr.group, attr.attr}; }

template <typename T>
T Reached(absl::StatusOr<T> answer) {
  if (!answer.ok()) throw NotReached(answer.status());
  return *std::move(answer);
}

void Reached(const absl::Status& status) {
  if (!status.ok()) throw NotReached(status);
}

// Of more bytes than a call can carry the kernel looks at none.
absl::string_view AtMost(absl::string_view bytes, size_t most) { return bytes.substr(0, most); }

}  // namespace

ConnectionVm::ConnectionVm(Connection* connection, const CallOptions& options,
                           const HostProfile& profile)
    : connection_(*connection), options_(options) {
  VmSpec spec;
  spec.profile = profile;
  id_ = Reached(connection_.CreateVm(spec, options_)).id;
}

ConnectionVm::~ConnectionVm() { connection_.DeleteVm(id_, options_).IgnoreError(); }

int64_t ConnectionVm::CreateVcpu(uint32_t id) {
  return Reached(connection_.CreateVcpu({id_, id}, options_));
}

int64_t ConnectionVm::EnableCap(uint32_t cap) {
  return Reached(connection_.EnableCap(id_, cap, 0, options_));
}

int64_t ConnectionVm::VmInterrupt(const kvm_s390_interrupt& interrupt) {
  return Reached(connection_.S390InterruptVm(id_, interrupt, options_)).ret;
}

int64_t ConnectionVm::SetDeviceAttr(const FlicAttr& attr) {
  const DeviceAttr to = WithoutMemory(attr);
  const absl::string_view memory = attr.memory;
  const bool is_list = attr.group == GroupOf(FlicGroup::kEnqueue);
  if (is_list && memory.size() > kMaxDeviceAttrMemory) {
    const auto read = [&](uint64_t offset, size_t size) -> absl::StatusOr<std::string> {
      return std::string(memory.substr(std::min<uint64_t>(offset, memory.size()), size));
    };
    return Reached(EnqueueInParts(connection_, id_, to, read, options_)).ret;
  }
  const absl::string_view bytes = AtMost(memory, kMaxDeviceAttrMemory);
  return Reached(connection_.SetDeviceAttr(id_, to, bytes, options_)).ret;
}

Reply ConnectionVm::GetDeviceAttr(const FlicAttr& attr) {
  GetDeviceAttrReply got = Reached(connection_.GetDeviceAttr(id_, WithoutMemory(attr), options_));
  Reply reply;
  reply.ret = got.ret;
  reply.buf = std::move(got.memory);
  return reply;
}

int64_t ConnectionVm::HasDeviceAttr(const FlicAttr& attr) {
  return Reached(connection_.HasDeviceAttr(id_, WithoutMemory(attr), options_));
}

void ConnectionVm::SetTodClock(uint64_t tod) {
  VmRegistersUpdate update;
  update.tod_clock = tod;
  Reached(connection_.SetVmRegisters(id_, update, options_));
}

void ConnectionVm::SetNewPswMask(NewPsw which, uint64_t mask) {
  // In the order of NewPsw.
  static constexpr absl::optional<uint64_t> VmRegistersUpdate::*kMasks[kNewPsws] = {
      &VmRegistersUpdate::new_psw_restart, &VmRegistersUpdate::new_psw_external,
      &VmRegistersUpdate::new_psw_program, &VmRegistersUpdate::new_psw_machine_check,
      &VmRegistersUpdate::new_psw_io,
  };
  VmRegistersUpdate update;
  update.*kMasks[static_cast<int>(which)] = mask;
  Reached(connection_.SetVmRegisters(id_, update, options_));
}

uint64_t ConnectionVm::VmPending() {
  return Reached(connection_.GetVm(id_, options_)).floating_pending;
}

int64_t ConnectionVm::S390Irq(uint32_t vcpu, const std::string& image) {
  return Reached(connection_.S390Irq({id_, vcpu}, AtMost(image, kIrqSize), options_));
}

int64_t ConnectionVm::S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) {
  return Reached(connection_.S390Interrupt({id_, vcpu}, interrupt, options_));
}

Reply ConnectionVm::GetIrqState(uint32_t vcpu, uint32_t len, uint32_t) {
  GetIrqStateReply got = Reached(connection_.GetIrqState({id_, vcpu}, len, options_));
  Reply reply;
  reply.ret = got.ret;
  reply.buf = std::move(got.buf);
  return reply;
}

int64_t ConnectionVm::SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) {
  const absl::string_view bytes = AtMost(images, kMaxIrqStateBuf);
  return Reached(connection_.SetIrqState({id_, vcpu}, len, bytes, options_));
}

int64_t ConnectionVm::Reset(uint32_t vcpu, unsigned long request) {
  return Reached(connection_.Reset({id_, vcpu}, KindOf(request), options_));
}

int64_t ConnectionVm::SetMpState(uint32_t vcpu, uint32_t mp_state) {
  return Reached(connection_.SetMpState({id_, vcpu}, mp_state, options_));
}

int64_t ConnectionVm::GetMpState(uint32_t vcpu) {
  return Reached(connection_.GetMpState({id_, vcpu}, options_));
}

uint64_t ConnectionVm::Pending(uint32_t vcpu) {
  for (const VcpuInfo& info : Reached(connection_.ListVcpus(id_, options_))) {
    if (info.id == vcpu) return info.pending;
  }
  throw NotReached(absl::NotFoundError("no such vCPU"));
}

RegisterValues ConnectionVm::Registers(uint32_t vcpu) {
  const VcpuRegisters at = Reached(connection_.GetVcpuRegisters({id_, vcpu}, options_));
  return {at.psw_mask, at.prefix, at.cr0, at.cr6, at.cr14, at.clock_comparator, at.cpu_timer};
}

void ConnectionVm::SetPswMask(uint32_t vcpu, uint64_t mask) {
  VcpuRegistersUpdate update;
  update.psw_mask = mask;
  Reached(connection_.SetVcpuRegisters({id_, vcpu}, update, options_));
}

void ConnectionVm::SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) {
  VcpuRegistersUpdate update;
  (cr == 0 ? update.cr0 : cr == 6 ? update.cr6 : update.cr14) = value;
  Reached(connection_.SetVcpuRegisters({id_, vcpu}, update, options_));
}

void ConnectionVm::SetClockComparator(uint32_t vcpu, uint64_t value) {
  VcpuRegistersUpdate update;
  update.clock_comparator = value;
  Reached(connection_.SetVcpuRegisters({id_, vcpu}, update, options_));
}

void ConnectionVm::SetCpuTimer(uint32_t vcpu, uint64_t value) {
  VcpuRegistersUpdate update;
  update.cpu_timer = value;
  Reached(connection_.SetVcpuRegisters({id_, vcpu}, update, options_));
}

Reply ConnectionVm::Deliver(uint32_t vcpu) {
  Reply reply;
  bool more = true;
  while (more) {
    const DeliverResult result = Reached(connection_.Deliver({id_, vcpu}, 0, options_));
    reply.ret = result.ret;
    for (const DeliveredIrq& irq : result.delivered) {
      reply.delivered.push_back({irq.irq.type, irq.data0, irq.data1});
    }
    more = result.more;
  }
  return reply;
}

bool ConnectionVm::HasIrq(uint32_t vcpu) {
  return Reached(connection_.GetDeliverable({id_, vcpu}, options_)).has_irq_besides_stop;
}

int64_t ConnectionVm::StopIntercept(uint32_t vcpu) {
  return Reached(connection_.StopIntercept({id_, vcpu}, options_));
}

namespace {

class ConnectionBackend : public Backend {
 public:
  ConnectionBackend(std::shared_ptr<Connection> connection, const CallOptions& options)
      : connection_(std::move(connection)), options_(options) {}

  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<ConnectionVm>(connection_.get(), options_, profile);
  }
  bool Has(Feature feature) const override { return feature != Feature::kUserMemory; }

 private:
  const std::shared_ptr<Connection> connection_;
  const CallOptions options_;
};

}  // namespace

std::unique_ptr<Backend> MakeConnectionBackend(std::shared_ptr<Connection> connection,
                                               const CallOptions& options) {
  return std::make_unique<ConnectionBackend>(std::move(connection), options);
}

}  // namespace irqd
