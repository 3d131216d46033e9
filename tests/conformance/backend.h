// What the conformance suite asks of whatever simulates the kernel: calls as a recording has
// them, with images of s390x memory.
#ifndef IRQD_TESTS_CONFORMANCE_BACKEND_H_
#define IRQD_TESTS_CONFORMANCE_BACKEND_H_

#include <cstdint>
#include <memory>
#include <string>

#include "core/host_profile.h"
#include "core/kvm_s390.h"

namespace irqd {

struct GetReply {
  int64_t ret = 0;
  std::string buf;  // what was written: big-endian images
};

// Returns what the ioctl returned, -errno when it failed. Lives no longer than its Backend.
class BackendVm {
 public:
  virtual ~BackendVm() = default;
  virtual int64_t CreateVcpu(uint32_t id) = 0;
  // The rest is on a vCPU that was created.
  virtual int64_t S390Irq(uint32_t vcpu, const std::string& image) = 0;
  virtual int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) = 0;
  virtual GetReply GetIrqState(uint32_t vcpu, uint32_t len) = 0;
  virtual int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) = 0;
  // `request`: KVM_S390_NORMAL_RESET, _INITIAL_RESET or _CLEAR_RESET.
  virtual int64_t Reset(uint32_t vcpu, unsigned long request) = 0;
  virtual int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) = 0;
  virtual int64_t GetMpState(uint32_t vcpu) = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) = 0;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_BACKEND_H_
