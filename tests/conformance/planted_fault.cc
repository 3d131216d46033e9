#include "tests/conformance/planted_fault.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace irqd {
namespace {

class FaultyVm : public BackendVm {
 public:
  FaultyVm(std::unique_ptr<BackendVm> vm, Fault fault) : vm_(std::move(vm)), fault_(fault) {}

  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t room) override {
    Reply reply = vm_->GetIrqState(vcpu, len, room);
    const std::string type("\0\0\0\0\xff\xfe\0\x02", 8);
    if (fault_ == Fault::kWrongPrefixByte && reply.buf.compare(0, 8, type) == 0) reply.buf[11] = 0;
    return reply;
  }
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    const int64_t ret = vm_->SetIrqState(vcpu, len, images);
    return fault_ == Fault::kSetIgnoresBusy && ret == -EBUSY ? 0 : ret;
  }
  Reply Deliver(uint32_t vcpu) override {
    Reply reply = vm_->Deliver(vcpu);
    if (fault_ == Fault::kDeliversRestartFirst) {
      std::stable_partition(reply.delivered.begin(), reply.delivered.end(),
                            [](const Delivered& irq) { return irq.type == KVM_S390_RESTART; });
    }
    return reply;
  }

  // The rest is passed on.
  int64_t CreateVcpu(uint32_t id) override { return vm_->CreateVcpu(id); }
  int64_t EnableCap(uint32_t cap) override { return vm_->EnableCap(cap); }
  int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) override {
    return vm_->VmInterrupt(interrupt);
  }
  int64_t SetDeviceAttr(const FlicAttr& attr) override { return vm_->SetDeviceAttr(attr); }
  Reply GetDeviceAttr(const FlicAttr& attr) override { return vm_->GetDeviceAttr(attr); }
  int64_t HasDeviceAttr(const FlicAttr& attr) override { return vm_->HasDeviceAttr(attr); }
  void SetTodClock(uint64_t tod) override { vm_->SetTodClock(tod); }
  void SetNewPswMask(NewPsw which, uint64_t mask) override { vm_->SetNewPswMask(which, mask); }
  uint64_t VmPending() override { return vm_->VmPending(); }
  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    return vm_->S390Irq(vcpu, image);
  }
  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override {
    return vm_->S390Interrupt(vcpu, interrupt);
  }
  int64_t Reset(uint32_t vcpu, unsigned long request) override { return vm_->Reset(vcpu, request); }
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override {
    return vm_->SetMpState(vcpu, mp_state);
  }
  int64_t GetMpState(uint32_t vcpu) override { return vm_->GetMpState(vcpu); }
  int64_t NullArgument(uint32_t vcpu, unsigned long request) override {
    return vm_->NullArgument(vcpu, request);
  }
  uint64_t Pending(uint32_t vcpu) override { return vm_->Pending(vcpu); }
  RegisterValues Registers(uint32_t vcpu) override { return vm_->Registers(vcpu); }
  void SetPswMask(uint32_t vcpu, uint64_t mask) override { vm_->SetPswMask(vcpu, mask); }
  void SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) override { vm_->SetCr(vcpu, cr, value); }
  void SetClockComparator(uint32_t vcpu, uint64_t value) override {
    vm_->SetClockComparator(vcpu, value);
  }
  void SetCpuTimer(uint32_t vcpu, uint64_t value) override { vm_->SetCpuTimer(vcpu, value); }
  bool HasIrq(uint32_t vcpu) override { return vm_->HasIrq(vcpu); }
  int64_t StopIntercept(uint32_t vcpu) override { return vm_->StopIntercept(vcpu); }

 private:
  const std::unique_ptr<BackendVm> vm_;
  const Fault fault_;
};

class FaultyBackend : public Backend {
 public:
  FaultyBackend(std::unique_ptr<Backend> backend, Fault fault)
      : backend_(std::move(backend)), fault_(fault) {}
  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<FaultyVm>(backend_->CreateVm(profile), fault_);
  }
  bool Has(Feature feature) const override { return backend_->Has(feature); }

 private:
  const std::unique_ptr<Backend> backend_;
  const Fault fault_;
};

}  // namespace

std::unique_ptr<Backend> MakeFaultyBackend(std::unique_ptr<Backend> backend, Fault fault) {
  return std::make_unique<FaultyBackend>(std::move(backend), fault);
}

}  // namespace irqd
