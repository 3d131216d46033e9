#include "tests/conformance/c_backend.h"

#include <cerrno>
#include <cstring>
#include <map>
#include <vector>

#include "client/irqd_kvm.h"
#include "core/irq_codec.h"
#include "core/irq_layout.h"
#include "gtest/gtest.h"

namespace irqd {
namespace {

// What every program for the kernel gives GET: more than can ever be pending.
constexpr size_t kGetBuffer = kMaxPendingIrqs * kIrqSize;
constexpr uint8_t kUntouched = 0xa5;

// An ioctl's result as the recordings have it.
int64_t Result(int ret) { return ret == -1 ? -errno : ret; }

// The structure that an image stands for. Bytes behind the member that its type selects are as
// in the image, for the library to ignore.
void ToHost(const uint8_t* image, uint8_t* host) {
  const kvm_s390_irq irq = DecodeIrq(image);
  std::memcpy(host, image, kIrqSize);
  std::memcpy(host, &irq, offsetof(kvm_s390_irq, u) + MemberOf(irq.type).size);
}

// All whole records of `images`; what is left over stays as it is.
std::vector<uint8_t> ToHost(const std::string& images) {
  std::vector<uint8_t> host(images.begin(), images.end());
  for (size_t at = 0; at + kIrqSize <= host.size(); at += kIrqSize) {
    ToHost(reinterpret_cast<const uint8_t*>(images.data()) + at, &host[at]);
  }
  return host;
}

// The image of a structure. One with a stray byte behind its member gives the bytes themselves,
// which no recording holds.
void ToImage(const uint8_t* host, uint8_t* image) {
  kvm_s390_irq irq;
  std::memcpy(&irq, host, kIrqSize);
  EncodeIrq(irq, image);
  const kvm_s390_irq clean = DecodeIrq(image);
  if (std::memcmp(&clean, host, kIrqSize) != 0) std::memcpy(image, host, kIrqSize);
}

// The records at the start of `host` up to the last one that was written to.
std::string WrittenImages(const std::vector<uint8_t>& host) {
  size_t written = host.size();
  while (written > 0 && host[written - 1] == kUntouched) --written;
  written = (written + kIrqSize - 1) / kIrqSize * kIrqSize;
  std::string images(written, '\0');
  for (size_t at = 0; at < written; at += kIrqSize) {
    ToImage(&host[at], reinterpret_cast<uint8_t*>(&images[at]));
  }
  return images;
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
    EXPECT_EQ(irqd_close(vm_), 0);
    EXPECT_EQ(irqd_close(kvm_), 0);
  }

  int64_t CreateVcpu(uint32_t id) override {
    const int fd = irqd_ioctl(vm_, KVM_CREATE_VCPU, static_cast<unsigned long>(id));
    if (fd < 0) return Result(fd);
    vcpus_[id] = fd;
    return 0;
  }
  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    std::vector<uint8_t> irq = ToHost(image);
    return Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_IRQ, irq.data()));
  }
  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override {
    kvm_s390_interrupt argument = interrupt;
    return Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_INTERRUPT, &argument));
  }
  GetReply GetIrqState(uint32_t vcpu, uint32_t len) override {
    std::vector<uint8_t> buffer(kGetBuffer, kUntouched);
    kvm_s390_irq_state state = StateOf(buffer.data(), len);
    GetReply reply;
    reply.ret = Result(irqd_ioctl(vcpus_.at(vcpu), KVM_S390_GET_IRQ_STATE, &state));
    reply.buf = WrittenImages(buffer);
    return reply;
  }
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    std::vector<uint8_t> buffer = ToHost(images);
    kvm_s390_irq_state state = StateOf(buffer.data(), len);
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

  const int kvm_;
  const int vm_;
  std::map<uint32_t, int> vcpus_;
};

class CBackend : public Backend {
 public:
  explicit CBackend(const std::string& target) : target_(target) {}
  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<CVm>(target_, profile);
  }

 private:
  const std::string target_;
};

}  // namespace

std::unique_ptr<Backend> MakeCBackend(const std::string& target) {
  return std::make_unique<CBackend>(target);
}

}  // namespace irqd
