#include "tests/conformance/core_backend.h"

#include "core/float_irq.h"
#include "core/irq_codec.h"
#include "core/vm_registry.h"

namespace irqd {
namespace {

// More than a delivery can come upon in any test.
constexpr size_t kAll = 1 << 20;

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

ResetKind KindOf(unsigned long request) {
  if (request == KVM_S390_NORMAL_RESET) return ResetKind::kNormal;
  return request == KVM_S390_INITIAL_RESET ? ResetKind::kInitial : ResetKind::kClear;
}

DeviceAttr WithoutMemory(const FlicAttr& attr) { return {attr.flags, attr.group, attr.attr}; }

class CoreVm : public BackendVm {
 public:
  CoreVm(VmRegistry* registry, const HostProfile& profile) : registry_(*registry) {
    VmSpec spec;
    spec.profile = profile;
    id_ = registry_.CreateVm(spec).vm.id;
  }
  ~CoreVm() override { registry_.DeleteVm(id_); }

  int64_t CreateVcpu(uint32_t id) override { return registry_.CreateVcpu(id_, id).ret; }
  int64_t EnableCap(uint32_t cap) override { return *registry_.EnableCap(id_, cap, 0); }
  int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) override {
    return Vm()->S390Interrupt(interrupt).ret;
  }
  int64_t SetDeviceAttr(const FlicAttr& attr) override {
    return Vm()->SetDeviceAttr(WithoutMemory(attr), Bytes(attr.memory)).ret;
  }
  Reply GetDeviceAttr(const FlicAttr& attr) override {
    Reply reply;
    reply.ret = Vm()->GetDeviceAttr(WithoutMemory(attr), &reply.buf);
    return reply;
  }
  int64_t HasDeviceAttr(const FlicAttr& attr) override {
    return irqd::HasDeviceAttr(WithoutMemory(attr));
  }
  void SetTodClock(uint64_t tod) override {
    VmRegistersUpdate update;
    update.tod_clock = tod;
    Vm()->SetRegisters(update);
  }
  void SetNewPswMask(NewPsw which, uint64_t mask) override;
  uint64_t VmPending() override { return Vm()->floating_pending(); }

  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    return Find(vcpu)->S390Irq(DecodeIrq(Bytes(image).data()));
  }
  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override {
    return Find(vcpu)->S390Interrupt(interrupt);
  }
  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t) override {
    Reply reply;
    reply.ret = Find(vcpu)->GetIrqState(len, &reply.buf);
    return reply;
  }
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    return Find(vcpu)->SetIrqState(len, Bytes(images));
  }
  int64_t Reset(uint32_t vcpu, unsigned long request) override {
    return Find(vcpu)->Reset(KindOf(request));
  }
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override {
    return Find(vcpu)->SetMpState(mp_state);
  }
  int64_t GetMpState(uint32_t vcpu) override { return Find(vcpu)->GetMpState(); }
  uint64_t Pending(uint32_t vcpu) override { return Find(vcpu)->pending(); }
  RegisterValues Registers(uint32_t vcpu) override {
    const VcpuRegisters at = Find(vcpu)->GetRegisters();
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
    const DeliverResult result = Find(vcpu)->Deliver(kAll);
    Reply reply;
    reply.ret = result.ret;
    for (const DeliveredIrq& irq : result.delivered) {
      reply.delivered.push_back({irq.irq.type, irq.data0, irq.data1});
    }
    return reply;
  }
  bool HasIrq(uint32_t vcpu) override { return Find(vcpu)->GetDeliverable().has_irq_besides_stop; }
  int64_t StopIntercept(uint32_t vcpu) override { return Find(vcpu)->StopIntercept(); }

 private:
  // A vCPU with what keeps its VM from being freed.
  class FoundVcpu {
   public:
    FoundVcpu(const VmRegistry& registry, uint64_t vm_id, uint32_t id)
        : vm_(registry, vm_id), vcpu_(vm_->FindVcpu(id)) {}
    Vcpu* operator->() const { return vcpu_; }

   private:
    VmRef vm_;
    Vcpu* vcpu_;
  };
  FoundVcpu Find(uint32_t id) const { return FoundVcpu(registry_, id_, id); }
  VmRef Vm() const { return registry_.Find(id_); }
  void Set(uint32_t vcpu, absl::optional<uint64_t> VcpuRegistersUpdate::*which, uint64_t value) {
    VcpuRegistersUpdate update;
    update.*which = value;
    Find(vcpu)->SetRegisters(update);
  }

  VmRegistry& registry_;
  uint64_t id_;
};

void CoreVm::SetNewPswMask(NewPsw which, uint64_t mask) {
  // In the order of NewPsw.
  static constexpr absl::optional<uint64_t> VmRegistersUpdate::*kMasks[kNewPsws] = {
      &VmRegistersUpdate::new_psw_restart, &VmRegistersUpdate::new_psw_external,
      &VmRegistersUpdate::new_psw_program, &VmRegistersUpdate::new_psw_machine_check,
      &VmRegistersUpdate::new_psw_io,
  };
  VmRegistersUpdate update;
  update.*kMasks[static_cast<int>(which)] = mask;
  Vm()->SetRegisters(update);
}

class CoreBackend : public Backend {
 public:
  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<CoreVm>(&registry_, profile);
  }
  bool Has(Feature feature) const override { return feature != Feature::kUserMemory; }

 private:
  VmRegistry registry_;
};

}  // namespace

std::unique_ptr<Backend> MakeCoreBackend() { return std::make_unique<CoreBackend>(); }

}  // namespace irqd
