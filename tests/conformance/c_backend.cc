#include "tests/conformance/c_backend.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <vector>

#include "client/irqd_kvm.h"
#include "client/irqd_kvm_guest.h"
#include "core/kvm_s390.h"
#include "gtest/gtest.h"
#include "tests/conformance/guarded_memory.h"
#include "tests/conformance/host_images.h"

namespace irqd {
namespace {

// What every program for the kernel gives GET: more than can ever be pending.
constexpr size_t kGetBuffer = kMaxPendingIrqs * kIrqSize;
constexpr uint8_t kUntouched = 0xa5;
constexpr uint32_t kMaxDelivered = 4096;

// An ioctl's result as the recordings have it.
int64_t Result(int ret) { return ret == -1 ? -errno : ret; }

// The records at the start of `host` up to the last one that was written to.
std::string WrittenImages(uint8_t* host, size_t size) {
  while (size > 0 && host[size - 1] == kUntouched) --size;
  size = (size + kIrqSize - 1) / kIrqSize * kIrqSize;
  HostToImages(host, size);
  return std::string(reinterpret_cast<char*>(host), size);
}

class CVm : public BackendVm {
 public:
  CVm(const std::string& target, const HostProfile& profile)
      : kvm_(irqd_open(target.c_str(), FormatHostProfile(profile).c_str())),
        vm_(irqd_ioctl(kvm_, KVM_CREATE_VM, 0)) {
    EXPECT_GE(kvm_, 0) << std::strerror(errno);
    EXPECT_GE(vm_, 0) << std::strerror(errno);
  }
  ~CVm() override {
    for (const auto& vcpu : vcpus_) EXPECT_EQ(irqd_close(vcpu.second), 0);
    if (flic_ >= 0) {
      EXPECT_EQ(irqd_close(flic_), 0);
    }
    EXPECT_EQ(irqd_close(vm_), 0);
    EXPECT_EQ(irqd_close(kvm_), 0);
  }

  int64_t CreateVcpu(uint32_t id) override {
    const int fd = irqd_ioctl(vm_, KVM_CREATE_VCPU, static_cast<unsigned long>(id));
    if (fd < 0) return Result(fd);
    vcpus_[id] = fd;
    return 0;
  }
  int64_t EnableCap(uint32_t cap) override {
    kvm_enable_cap argument = {};
    argument.cap = cap;
    return Result(irqd_ioctl(vm_, KVM_ENABLE_CAP, &argument));
  }
  int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) override {
    kvm_s390_interrupt argument = interrupt;
    return Result(irqd_ioctl(vm_, KVM_S390_INTERRUPT, &argument));
  }
  int64_t SetDeviceAttr(const FlicAttr& attr) override {
    return FlicIoctl(KVM_SET_DEVICE_ATTR, attr, PutAttr(attr));
  }
  Reply GetDeviceAttr(const FlicAttr& attr) override;
  int64_t HasDeviceAttr(const FlicAttr& attr) override {
    return FlicIoctl(KVM_HAS_DEVICE_ATTR, attr, PutAttr(attr));
  }
  void SetTodClock(uint64_t tod) override {
    EXPECT_EQ(irqd_vm_set_register(vm_, IRQD_TOD_CLOCK, tod), 0);
  }
  void SetNewPswMask(NewPsw which, uint64_t mask) override {
    // Numbered in the order of NewPsw.
    EXPECT_EQ(irqd_vm_set_register(vm_, IRQD_NEW_PSW_RESTART + static_cast<int>(which), mask), 0);
  }

  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    return Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_IRQ, Put(image)));
  }
  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override {
    kvm_s390_interrupt argument = interrupt;
    return Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_INTERRUPT, &argument));
  }
  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t room) override {
    const size_t size = std::min<size_t>(room, kGetBuffer);
    uint8_t* buffer = memory_.Take(size);
    std::memset(buffer, kUntouched, size);
    kvm_s390_irq_state state = StateOf(buffer, len);
    Reply reply;
    reply.ret = Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_GET_IRQ_STATE, &state));
    reply.buf = WrittenImages(buffer, size);
    return reply;
  }
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    kvm_s390_irq_state state = StateOf(Put(images), len);
    return Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_SET_IRQ_STATE, &state));
  }
  int64_t Reset(uint32_t vcpu, unsigned long request) override {
    return Result(irqd_ioctl(vcpus_.at(vcpu), request, 0));
  }
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override {
    kvm_mp_state argument = {mp_state};
    return Result(irqd_ioctl(vcpus_.at(vcpu), KVM_SET_MP_STATE, &argument));
  }
  int64_t GetMpState(uint32_t vcpu) override {
    kvm_mp_state unwritten = {0xa5a5a5a5};
    const int64_t ret = Result(irqd_ioctl(vcpus_.at(vcpu), KVM_GET_MP_STATE, &unwritten));
    EXPECT_EQ(unwritten.mp_state, 0xa5a5a5a5) << "the kernel of s390 does not write it";
    return ret;
  }
  int64_t NullArgument(uint32_t vcpu, unsigned long request) override {
    return Result(irqd_ioctl(vcpus_.at(vcpu), request, nullptr));
  }
  void SetPswMask(uint32_t vcpu, uint64_t mask) override { Set(vcpu, IRQD_PSW_MASK, mask); }
  void SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) override {
    Set(vcpu, cr == 0 ? IRQD_CR0 : cr == 6 ? IRQD_CR6 : IRQD_CR14, value);
  }
  void SetClockComparator(uint32_t vcpu, uint64_t value) override {
    Set(vcpu, IRQD_CLOCK_COMPARATOR, value);
  }
  void SetCpuTimer(uint32_t vcpu, uint64_t value) override { Set(vcpu, IRQD_CPU_TIMER, value); }
  Reply Deliver(uint32_t vcpu) override;
  bool HasIrq(uint32_t vcpu) override {
    return Result(irqd_vcpu_has_irq(vcpus_.at(vcpu), /*exclude_stop=*/1)) != 0;
  }
  int64_t StopIntercept(uint32_t vcpu) override {
    return Result(irqd_vcpu_stop_intercept(vcpus_.at(vcpu)));
  }

 private:
  // The structures that images stand for; the byte behind them is not mapped.
  uint8_t* Put(const std::string& images) {
    uint8_t* host = memory_.Take(images.size());
    std::memcpy(host, images.data(), images.size());
    ImagesToHost(host, images.size());
    return host;
  }
  uint8_t* PutAttr(const FlicAttr& attr) {
    uint8_t* host = memory_.Take(attr.memory.size());
    std::memcpy(host, attr.memory.data(), attr.memory.size());
    AttrToHost(attr.group, host, attr.memory.size());
    return host;
  }
  int64_t FlicIoctl(unsigned long request, const FlicAttr& attr, uint8_t* memory) {
    if (flic_ < 0) {
      kvm_create_device device = {};
      device.type = KVM_DEV_TYPE_FLIC;
      EXPECT_EQ(irqd_ioctl(vm_, KVM_CREATE_DEVICE, &device), 0) << std::strerror(errno);
      flic_ = static_cast<int>(device.fd);
    }
    kvm_device_attr argument = {};
    argument.flags = attr.flags;
    argument.group = attr.group;
    argument.attr = attr.attr;
    argument.addr = reinterpret_cast<uintptr_t>(memory);
    return Result(irqd_ioctl(flic_, request, &argument));
  }
  void Set(uint32_t vcpu, irqd_vcpu_register which, uint64_t value) {
    EXPECT_EQ(irqd_vcpu_set_register(vcpus_.at(vcpu), which, value), 0);
  }
  // Flags and reserved words are noise, which the kernel ignores.
  static kvm_s390_irq_state StateOf(uint8_t* buffer, uint32_t len) {
    kvm_s390_irq_state state = {};
    state.buf = reinterpret_cast<uintptr_t>(buffer);
    state.flags = 0xffffffff;
    state.len = len;
    for (uint32_t& word : state.reserved) word = 0xdeadbeef;
    return state;
  }

  const int kvm_;
  const int vm_;
  int flic_ = -1;  // made when first needed
  std::map<uint32_t, int> vcpus_;
  GuardedMemory memory_;
};

Reply CVm::GetDeviceAttr(const FlicAttr& attr) {
  const size_t size = attr.memory.size() + attr.blank;
  uint8_t* memory = memory_.Take(size);
  std::memset(memory, kUntouched, size);
  Reply reply;
  reply.ret = FlicIoctl(KVM_GET_DEVICE_ATTR, attr, memory);
  if (reply.ret < 0) return reply;
  if (attr.group == GroupOf(FlicGroup::kGetAllIrqs)) {
    reply.buf = WrittenImages(memory, size);
  } else {
    reply.buf.assign(reinterpret_cast<char*>(memory), std::min<size_t>(size, 2));
  }
  return reply;
}

Reply CVm::Deliver(uint32_t vcpu) {
  std::vector<irqd_delivered> list(kMaxDelivered);
  const int64_t count = Result(irqd_vcpu_deliver(vcpus_.at(vcpu), list.data(), kMaxDelivered));
  Reply reply;
  reply.ret = std::min<int64_t>(count, 0);
  for (int64_t i = 0; i < count; ++i) {
    reply.delivered.push_back({list[i].irq.type, list[i].data0, list[i].data1});
  }
  return reply;
}

class CBackend : public Backend {
 public:
  explicit CBackend(const std::string& target) : target_(target) {}
  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<CVm>(target_, profile);
  }
  bool Has(Feature feature) const override { return feature != Feature::kPendingWords; }

 private:
  const std::string target_;
};

}  // namespace

std::unique_ptr<Backend> MakeCBackend(const std::string& target) {
  return std::make_unique<CBackend>(target);
}

}  // namespace irqd
