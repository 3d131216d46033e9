#include "tests/conformance/core_backend.h"

#include "core/irq_codec.h"
#include "core/vm_registry.h"

namespace irqd {
namespace {

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

class CoreVm : public BackendVm {
 public:
  CoreVm(VmRegistry* registry, const HostProfile& profile) : registry_(*registry) {
    VmSpec spec;
    spec.profile = profile;
    id_ = registry_.CreateVm(spec).vm.id;
  }
  ~CoreVm() override { registry_.DeleteVm(id_); }

  int64_t CreateVcpu(uint32_t id) override { return registry_.CreateVcpu(id_, id).ret; }
  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    return Find(vcpu)->S390Irq(DecodeIrq(Bytes(image)));
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
    return Find(vcpu)->SetIrqState(len, {Bytes(images), images.size()});
  }
  int64_t Reset(uint32_t vcpu, unsigned long request) override {
    const ResetKind kind = request == KVM_S390_NORMAL_RESET    ? ResetKind::kNormal
                           : request == KVM_S390_INITIAL_RESET ? ResetKind::kInitial
                                                               : ResetKind::kClear;
    return Find(vcpu)->Reset(kind);
  }
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override {
    return Find(vcpu)->SetMpState(mp_state);
  }
  int64_t GetMpState(uint32_t vcpu) override { return Find(vcpu)->GetMpState(); }
  uint64_t Pending(uint32_t vcpu) override { return Find(vcpu)->pending(); }

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

  VmRegistry& registry_;
  uint64_t id_;
};

class CoreBackend : public Backend {
 public:
  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<CoreVm>(&registry_, profile);
  }
  bool Has(Feature feature) const override { return feature == Feature::kPendingWords; }

 private:
  VmRegistry registry_;
};

}  // namespace

std::unique_ptr<Backend> MakeCoreBackend() { return std::make_unique<CoreBackend>(); }

}  // namespace irqd
