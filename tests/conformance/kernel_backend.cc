#include "tests/conformance/kernel_backend.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/kvm_flic.h"
#include "tests/conformance/guarded_memory.h"
#include "tests/conformance/host_images.h"
#include "tests/conformance/kernel/kernel_interrupt.h"

namespace irqd {
namespace {

// Room for all that can ever be pending.
constexpr uint32_t kGetBuffer = kMaxPendingIrqs * kIrqSize;
constexpr uint8_t kUntouched = 0xa5;
constexpr int kMaxDelivered = 4096;

// Puts `bytes` where the byte behind them is not mapped.
uint8_t* Put(const std::string& bytes, GuardedMemory* memory) {
  uint8_t* at = memory->Take(bytes.size());
  std::memcpy(at, bytes.data(), bytes.size());
  kernel_set_unmapped(memory->guard_start(), memory->guard_end());
  return at;
}

// How much of `size` bytes was written to, in whole records.
size_t WrittenRecords(const uint8_t* buffer, size_t size) {
  while (size > 0 && buffer[size - 1] == kUntouched) --size;
  return (size + kIrqSize - 1) / kIrqSize * kIrqSize;
}

class KernelVm : public BackendVm {
 public:
  KernelVm(const HostProfile& profile, GuardedMemory* memory) : memory_(*memory) {
    kernel_machine machine = {};
    machine.sigp_interpretation = profile.sigp_interpretation;
    machine.extended_sca = profile.extended_sca;
    machine.gisa = profile.gisa;
    vm_ = kernel_vm_create(&machine);
    if (vm_ == nullptr) throw std::bad_alloc();
  }
  ~KernelVm() override { kernel_vm_destroy(vm_); }

  int64_t CreateVcpu(uint32_t id) override {
    const long ret = kernel_vm_ioctl(vm_, KVM_CREATE_VCPU, reinterpret_cast<void*>(uintptr_t{id}));
    if (ret == 0) vcpus_[id] = kernel_find_vcpu(vm_, id);
    return ret;
  }
  int64_t EnableCap(uint32_t cap) override {
    kvm_enable_cap argument = {};
    argument.cap = cap;
    return kernel_vm_ioctl(vm_, KVM_ENABLE_CAP, &argument);
  }
  int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) override {
    kvm_s390_interrupt argument = interrupt;
    return kernel_vm_ioctl(vm_, KVM_S390_INTERRUPT, &argument);
  }
  int64_t SetDeviceAttr(const FlicAttr& attr) override {
    uint8_t* memory = Put(attr.memory, &memory_);
    AttrToHost(attr.group, memory, attr.memory.size());
    return FlicIoctl(KVM_SET_DEVICE_ATTR, attr, memory);
  }
  Reply GetDeviceAttr(const FlicAttr& attr) override {
    const size_t size = attr.memory.size() + attr.blank;
    uint8_t* memory = Put(std::string(size, '\0'), &memory_);
    Reply reply;
    reply.ret = FlicIoctl(KVM_GET_DEVICE_ATTR, attr, memory);
    if (reply.ret < 0) return reply;
    const size_t written = attr.group == GroupOf(FlicGroup::kGetAllIrqs)
                               ? static_cast<size_t>(reply.ret) * kIrqSize
                               : std::min<size_t>(size, 2);
    HostToAttr(attr.group, memory, written);
    reply.buf.assign(reinterpret_cast<char*>(memory), written);
    return reply;
  }
  int64_t HasDeviceAttr(const FlicAttr& attr) override {
    return FlicIoctl(KVM_HAS_DEVICE_ATTR, attr, Put(attr.memory, &memory_));
  }
  void SetTodClock(uint64_t tod) override { kernel_vm_set_tod(vm_, tod); }
  void SetNewPswMask(NewPsw which, uint64_t mask) override {
    kernel_vm_set_new_psw_mask(vm_, static_cast<kernel_new_psw>(which), mask);
  }
  uint64_t VmPending() override { return kernel_vm_pending(vm_); }

  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    uint8_t* irq = Put(image, &memory_);
    ImagesToHost(irq, image.size());
    return Ioctl(vcpu, KVM_S390_IRQ, irq);
  }
  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override {
    kvm_s390_interrupt argument = interrupt;
    return Ioctl(vcpu, KVM_S390_INTERRUPT, &argument);
  }
  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t room) override;
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    uint8_t* buffer = Put(images, &memory_);
    ImagesToHost(buffer, images.size());
    kvm_s390_irq_state state = StateOf(buffer, len);
    return Ioctl(vcpu, KVM_S390_SET_IRQ_STATE, &state);
  }
  int64_t Reset(uint32_t vcpu, unsigned long request) override {
    return Ioctl(vcpu, request, nullptr);
  }
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override {
    kvm_mp_state argument = {mp_state};
    return Ioctl(vcpu, KVM_SET_MP_STATE, &argument);
  }
  int64_t GetMpState(uint32_t vcpu) override {
    kvm_mp_state unwritten;
    return Ioctl(vcpu, KVM_GET_MP_STATE, &unwritten);
  }
  int64_t NullArgument(uint32_t vcpu, unsigned long request) override {
    return Ioctl(vcpu, request, nullptr);
  }
  uint64_t Pending(uint32_t vcpu) override { return kernel_vcpu_pending(vcpus_.at(vcpu)); }
  RegisterValues Registers(uint32_t vcpu) override;

  void SetPswMask(uint32_t vcpu, uint64_t mask) override {
    kernel_vcpu_set_psw_mask(vcpus_.at(vcpu), mask);
  }
  void SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) override {
    kernel_vcpu_set_cr(vcpus_.at(vcpu), static_cast<int>(cr), value);
  }
  void SetClockComparator(uint32_t vcpu, uint64_t value) override {
    kernel_vcpu_set_clock_comparator(vcpus_.at(vcpu), value);
  }
  void SetCpuTimer(uint32_t vcpu, uint64_t value) override {
    kernel_vcpu_set_cpu_timer(vcpus_.at(vcpu), value);
  }
  Reply Deliver(uint32_t vcpu) override;
  bool HasIrq(uint32_t vcpu) override { return kernel_has_irq(vcpus_.at(vcpu)) != 0; }
  int64_t StopIntercept(uint32_t vcpu) override { return kernel_handle_stop(vcpus_.at(vcpu)); }

 private:
  // Flags and reserved words are noise, which the kernel ignores.
  static kvm_s390_irq_state StateOf(uint8_t* buffer, uint32_t len) {
    kvm_s390_irq_state state = {};
    state.buf = reinterpret_cast<uintptr_t>(buffer);
    state.flags = 0xffffffff;
    state.len = len;
    for (uint32_t& word : state.reserved) word = 0xdeadbeef;
    return state;
  }
  int64_t Ioctl(uint32_t vcpu, unsigned long request, void* argument) {
    return kernel_vcpu_ioctl(vcpus_.at(vcpu), static_cast<unsigned>(request), argument);
  }
  int64_t FlicIoctl(unsigned long request, const FlicAttr& attr, uint8_t* memory) {
    kvm_device_attr argument = {};
    argument.flags = attr.flags;
    argument.group = attr.group;
    argument.attr = attr.attr;
    argument.addr = reinterpret_cast<uintptr_t>(memory);
    return kernel_flic_ioctl(vm_, static_cast<unsigned>(request), &argument);
  }

  GuardedMemory& memory_;
  kvm* vm_;
  std::array<kvm_vcpu*, kMaxVcpuIds + 1> vcpus_ = {};
};

Reply KernelVm::GetIrqState(uint32_t vcpu, uint32_t len, uint32_t room) {
  const uint32_t size = std::min(room, kGetBuffer);
  uint8_t* buffer = memory_.Take(size);
  kernel_set_unmapped(memory_.guard_start(), memory_.guard_end());
  const bool can_fail = len < kGetBuffer || size < kGetBuffer;
  if (can_fail) std::memset(buffer, kUntouched, size);
  kvm_s390_irq_state state = StateOf(buffer, len);
  Reply reply;
  reply.ret = Ioctl(vcpu, KVM_S390_GET_IRQ_STATE, &state);
  const size_t written = reply.ret >= 0 ? static_cast<size_t>(reply.ret)
                         : can_fail     ? WrittenRecords(buffer, size)
                                        : 0;
  HostToImages(buffer, written);
  reply.buf.assign(reinterpret_cast<char*>(buffer), written);
  return reply;
}

RegisterValues KernelVm::Registers(uint32_t vcpu) {
  kvm_vcpu* const at = vcpus_.at(vcpu);
  return {kernel_vcpu_psw_mask(at), kernel_vcpu_prefix(at), kernel_vcpu_cr(at, 0),
          kernel_vcpu_cr(at, 6),    kernel_vcpu_cr(at, 14), kernel_vcpu_clock_comparator(at),
          kernel_vcpu_cpu_timer(at)};
}

Reply KernelVm::Deliver(uint32_t vcpu) {
  static thread_local kernel_delivered delivered[kMaxDelivered];
  int count = 0;
  Reply reply;
  reply.ret = kernel_deliver(vcpus_.at(vcpu), delivered, kMaxDelivered, &count);
  if (count > kMaxDelivered) throw std::length_error("more interrupts delivered than expected");
  reply.delivered.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    reply.delivered.push_back({delivered[i].type, delivered[i].data0, delivered[i].data1});
  }
  return reply;
}

class KernelBackend : public Backend {
 public:
  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    if (profile.kernel->name != "linux-6.1") throw std::invalid_argument("only Linux 6.1 is here");
    return std::make_unique<KernelVm>(profile, &memory_);
  }
  bool Has(Feature) const override { return true; }

 private:
  GuardedMemory memory_;
};

}  // namespace

std::unique_ptr<Backend> MakeKernelBackend() { return std::make_unique<KernelBackend>(); }

}  // namespace irqd
