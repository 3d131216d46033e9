// What a vector asks of whatever simulates the kernel, or is it: calls with images of s390x memory.
//
// Whoever derives from these two classes can run vectors: connection_backend.h does so for every
// irqd, the conformance suite for the kernel's own code. Thread safety: a Backend and its VMs are
// for one thread at a time.
#ifndef IRQD_CLIENT_VECTORS_BACKEND_H_
#define IRQD_CLIENT_VECTORS_BACKEND_H_

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/host_profile.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"

namespace irqd {

struct Delivered {
  uint64_t type = 0;
  uint64_t data0 = 0;  // as in the kernel's trace point kvm_s390_deliver_interrupt
  uint64_t data1 = 0;

  friend bool operator==(const Delivered& a, const Delivered& b) {
    return a.type == b.type && a.data0 == b.data0 && a.data1 == b.data1;
  }
};

struct Reply {
  int64_t ret = 0;                   // what the ioctl returned, -errno when it failed
  std::string buf;                   // what was written: big-endian images
  std::vector<Delivered> delivered;  // in order

  friend bool operator==(const Reply& a, const Reply& b) {
    return a.ret == b.ret && a.buf == b.buf && a.delivered == b.delivered;
  }
  friend bool operator!=(const Reply& a, const Reply& b) { return !(a == b); }
};

// An attribute of the FLIC. Behind `memory` and `blank` nothing is mapped.
struct FlicAttr {
  uint32_t flags = 0;
  uint32_t group = 0;
  uint64_t attr = 0;
  std::string memory;  // what its address points to: a big-endian image
  uint64_t blank = 0;  // bytes to be written to that follow it
};

inline uint32_t GroupOf(FlicGroup group) { return static_cast<uint32_t>(group); }

// PSW mask, prefix, CR 0, 6 and 14, clock comparator, CPU timer.
using RegisterValues = std::array<uint64_t, 7>;

enum class NewPsw { kRestart, kExternal, kProgram, kMachineCheck, kIo };
inline constexpr int kNewPsws = 5;

// What a back end may lack.
enum class Feature {
  kDelivery,      // registers, delivery, the stop intercept
  kFloating,      // floating interrupts and the FLIC
  kUserMemory,    // there are addresses: bad ones, and buffers that end too early
  kPendingWords,  // they can be looked at, and all registers at once
};

// A call did not reach the simulated kernel.
class NotReached : public std::runtime_error {
 public:
  explicit NotReached(const absl::Status& status)
      : std::runtime_error(status.ToString()), status_(status) {}
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

// Lives no longer than its Backend. Any method may throw NotReached. What a back end lacks throws
// std::logic_error: ask Has first.
class BackendVm {
 public:
  virtual ~BackendVm() = default;

  virtual int64_t CreateVcpu(uint32_t id) = 0;
  virtual int64_t EnableCap(uint32_t cap) { throw Lacking(); }
  // KVM_S390_INTERRUPT on the VM.
  virtual int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) { throw Lacking(); }
  virtual int64_t SetDeviceAttr(const FlicAttr& attr) { throw Lacking(); }
  // `buf` of the reply is as much of `memory` as was written to.
  virtual Reply GetDeviceAttr(const FlicAttr& attr) { throw Lacking(); }
  virtual int64_t HasDeviceAttr(const FlicAttr& attr) { throw Lacking(); }
  virtual void SetTodClock(uint64_t tod) { throw Lacking(); }
  virtual void SetNewPswMask(NewPsw which, uint64_t mask) { throw Lacking(); }
  virtual uint64_t VmPending() { throw Lacking(); }

  // The rest is on a vCPU that was created.
  virtual int64_t S390Irq(uint32_t vcpu, const std::string& image) = 0;
  virtual int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) = 0;
  // Behind `room` bytes of the buffer nothing is mapped.
  virtual Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t room) = 0;
  // Behind `images` nothing is mapped.
  virtual int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) = 0;
  // `request`: KVM_S390_NORMAL_RESET, _INITIAL_RESET or _CLEAR_RESET.
  virtual int64_t Reset(uint32_t vcpu, unsigned long request) = 0;
  virtual int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) = 0;
  virtual int64_t GetMpState(uint32_t vcpu) = 0;
  // Any of the above that take a structure, with a null pointer instead.
  virtual int64_t NullArgument(uint32_t vcpu, unsigned long request) { throw Lacking(); }
  virtual uint64_t Pending(uint32_t vcpu) { throw Lacking(); }
  virtual RegisterValues Registers(uint32_t vcpu) { throw Lacking(); }

  virtual void SetPswMask(uint32_t vcpu, uint64_t mask) { throw Lacking(); }
  virtual void SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) { throw Lacking(); }
  virtual void SetClockComparator(uint32_t vcpu, uint64_t value) { throw Lacking(); }
  virtual void SetCpuTimer(uint32_t vcpu, uint64_t value) { throw Lacking(); }
  virtual Reply Deliver(uint32_t vcpu) { throw Lacking(); }
  // kvm_s390_vcpu_has_irq, stops excluded.
  virtual bool HasIrq(uint32_t vcpu) { throw Lacking(); }
  // handle_stop: 0, or -EOPNOTSUPP for an exit to userspace.
  virtual int64_t StopIntercept(uint32_t vcpu) { throw Lacking(); }

 private:
  static std::logic_error Lacking() { return std::logic_error("the back end lacks this call"); }
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) = 0;
  virtual bool Has(Feature feature) const = 0;
};

// For GetIrqState: more room than a length can ask for.
inline constexpr uint32_t kAnyRoom = 0xffffffff;

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_BACKEND_H_
