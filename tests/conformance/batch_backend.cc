#include "tests/conformance/batch_backend.h"

#include <vector>

#include "client/connection.h"
#include "core/limits.h"

namespace irqd {
namespace {

const CallOptions kOptions = {absl::Minutes(1)};

ResetKind KindOf(unsigned long request) {
  if (request == KVM_S390_NORMAL_RESET) return ResetKind::kNormal;
  return request == KVM_S390_INITIAL_RESET ? ResetKind::kInitial : ResetKind::kClear;
}

DeviceAttr WithoutMemory(const FlicAttr& attr) { return {attr.flags, attr.group, attr.attr}; }

// A call that does not reach the simulated kernel ends the test by an exception.
class BatchVm : public BackendVm {
 public:
  BatchVm(Connection* connection, InjectStream* stream, const HostProfile& profile)
      : connection_(*connection), stream_(*stream) {
    VmSpec spec;
    spec.profile = profile;
    id_ = connection_.CreateVm(spec, kOptions).value().id;
  }
  ~BatchVm() override { connection_.DeleteVm(id_, kOptions).IgnoreError(); }

  // ---- Batches of one.

  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    std::vector<int32_t> ret;
    if (!stream_.Write(id_, {&vcpu, 1}, image) || !stream_.Read(&ret)) {
      throw std::runtime_error(stream_.Finish().ToString());
    }
    return ret.at(0);
  }
  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t) override {
    const GetIrqStatesReply got = connection_.GetIrqStates(id_, {&vcpu, 1}, len, kOptions).value();
    Reply reply;
    reply.ret = got.ret.at(0);
    reply.buf = got.buf;
    return reply;
  }
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    // A batch brings all bytes of a list, also those that the kernel does not look at.
    if (len > kMaxIrqStateBuf) {
      return connection_.SetIrqState({id_, vcpu}, len, images, kOptions).value();
    }
    std::string list = images;
    list.resize(len);
    return connection_.SetIrqStates(id_, {&vcpu, 1}, {&len, 1}, list, kOptions).value().at(0);
  }

  // ---- The rest, for which there are no batches.

  int64_t CreateVcpu(uint32_t id) override {
    return connection_.CreateVcpu({id_, id}, kOptions).value();
  }
  int64_t EnableCap(uint32_t cap) override {
    return connection_.EnableCap(id_, cap, 0, kOptions).value();
  }
  int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) override {
    return connection_.S390InterruptVm(id_, interrupt, kOptions).value().ret;
  }
  int64_t SetDeviceAttr(const FlicAttr& attr) override {
    return connection_.SetDeviceAttr(id_, WithoutMemory(attr), attr.memory, kOptions).value().ret;
  }
  Reply GetDeviceAttr(const FlicAttr& attr) override {
    const GetDeviceAttrReply got =
        connection_.GetDeviceAttr(id_, WithoutMemory(attr), kOptions).value();
    Reply reply;
    reply.ret = got.ret;
    reply.buf = got.memory;
    return reply;
  }
  int64_t HasDeviceAttr(const FlicAttr& attr) override {
    return connection_.HasDeviceAttr(id_, WithoutMemory(attr), kOptions).value();
  }
  void SetTodClock(uint64_t tod) override {
    VmRegistersUpdate update;
    update.tod_clock = tod;
    Require(connection_.SetVmRegisters(id_, update, kOptions));
  }
  void SetNewPswMask(NewPsw which, uint64_t mask) override;
  uint64_t VmPending() override {
    return connection_.GetVm(id_, kOptions).value().floating_pending;
  }

  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override {
    return connection_.S390Interrupt({id_, vcpu}, interrupt, kOptions).value();
  }
  int64_t Reset(uint32_t vcpu, unsigned long request) override {
    return connection_.Reset({id_, vcpu}, KindOf(request), kOptions).value();
  }
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override {
    return connection_.SetMpState({id_, vcpu}, mp_state, kOptions).value();
  }
  int64_t GetMpState(uint32_t vcpu) override {
    return connection_.GetMpState({id_, vcpu}, kOptions).value();
  }
  uint64_t Pending(uint32_t vcpu) override {
    const std::vector<VcpuInfo> vcpus = connection_.ListVcpus(id_, kOptions).value();
    for (const VcpuInfo& info : vcpus) {
      if (info.id == vcpu) return info.pending;
    }
    throw std::runtime_error("no such vCPU");
  }
  RegisterValues Registers(uint32_t vcpu) override {
    const VcpuRegisters at = connection_.GetVcpuRegisters({id_, vcpu}, kOptions).value();
    return {at.psw_mask, at.prefix, at.cr0, at.cr6, at.cr14, at.clock_comparator, at.cpu_timer};
  }

  void SetPswMask(uint32_t vcpu, uint64_t mask) override {
    Set(vcpu, &VcpuRegistersUpdate::psw_mask, mask);
  }
  void SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) override {
    Set(vcpu,
        cr == 0   ? &VcpuRegistersUpdate::cr0
        : cr == 6 ? &VcpuRegistersUpdate::cr6
                  : &VcpuRegistersUpdate::cr14,
        value);
  }
  void SetClockComparator(uint32_t vcpu, uint64_t value) override {
    Set(vcpu, &VcpuRegistersUpdate::clock_comparator, value);
  }
  void SetCpuTimer(uint32_t vcpu, uint64_t value) override {
    Set(vcpu, &VcpuRegistersUpdate::cpu_timer, value);
  }
  Reply Deliver(uint32_t vcpu) override {
    Reply reply;
    bool more = true;
    while (more) {
      const DeliverResult result = connection_.Deliver({id_, vcpu}, 0, kOptions).value();
      reply.ret = result.ret;
      for (const DeliveredIrq& irq : result.delivered) {
        reply.delivered.push_back({irq.irq.type, irq.data0, irq.data1});
      }
      more = result.more;
    }
    return reply;
  }
  bool HasIrq(uint32_t vcpu) override {
    return connection_.GetDeliverable({id_, vcpu}, kOptions).value().has_irq_besides_stop;
  }
  int64_t StopIntercept(uint32_t vcpu) override {
    return connection_.StopIntercept({id_, vcpu}, kOptions).value();
  }

 private:
  static void Require(const absl::Status& status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
  }
  void Set(uint32_t vcpu, absl::optional<uint64_t> VcpuRegistersUpdate::*which, uint64_t value) {
    VcpuRegistersUpdate update;
    update.*which = value;
    Require(connection_.SetVcpuRegisters({id_, vcpu}, update, kOptions));
  }

  Connection& connection_;
  InjectStream& stream_;
  uint64_t id_;
};

void BatchVm::SetNewPswMask(NewPsw which, uint64_t mask) {
  // In the order of NewPsw.
  static constexpr absl::optional<uint64_t> VmRegistersUpdate::*kMasks[kNewPsws] = {
      &VmRegistersUpdate::new_psw_restart, &VmRegistersUpdate::new_psw_external,
      &VmRegistersUpdate::new_psw_program, &VmRegistersUpdate::new_psw_machine_check,
      &VmRegistersUpdate::new_psw_io,
  };
  VmRegistersUpdate update;
  update.*kMasks[static_cast<int>(which)] = mask;
  Require(connection_.SetVmRegisters(id_, update, kOptions));
}

class BatchBackend : public Backend {
 public:
  explicit BatchBackend(const std::string& target)
      : connection_(Connect(target).value()),
        stream_(connection_->OpenInjectStream({absl::InfiniteDuration()})) {}

  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<BatchVm>(connection_.get(), stream_.get(), profile);
  }
  bool Has(Feature feature) const override { return feature != Feature::kUserMemory; }

 private:
  const std::shared_ptr<Connection> connection_;
  const std::unique_ptr<InjectStream> stream_;
};

}  // namespace

std::unique_ptr<Backend> MakeBatchBackend(const std::string& target) {
  return std::make_unique<BatchBackend>(target);
}

}  // namespace irqd
