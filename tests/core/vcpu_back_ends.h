// Three ways to hold vCPUs, with the same calls, for benchmarks.
//
//   LockFree    irqd's core
//   UnderMutex  the same rules on the same values, each vCPU under a std::mutex
//   Kernel      Linux 6.1's own code with its spinlock, mutexes and lists, entered as its ioctls
//
// Each has one VM with kVcpus vCPUs, all stopped, whose run state userspace controls, as every VMM
// does: then a reset takes no lock of the whole VM in Linux either. Records and buffers are
// prepared in the byte order that the back end takes.
//
// Thread safety: calls may be made from any number of threads.
#ifndef IRQD_TESTS_CORE_VCPU_BACK_ENDS_H_
#define IRQD_TESTS_CORE_VCPU_BACK_ENDS_H_

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "core/local_irq.h"
#include "core/vm.h"
#include "tests/conformance/kernel/kernel_interrupt.h"
#include "tests/core/irq_samples.h"

namespace irqd {

inline constexpr int kVcpus = 248;
// Always enough for a GET.
inline constexpr uint32_t kEnough = kMaxPendingIrqs * kIrqSize;

// A benchmark of something that does not work says nothing.
inline void CheckRet(int64_t got, int64_t want) {
  if (got == want) return;
  std::fprintf(stderr, "vcpu_benchmark: a call returned %lld, not %lld\n",
               static_cast<long long>(got), static_cast<long long>(want));
  std::abort();
}

class LockFree {
 public:
  using Buffer = std::string;
  using List = std::string;

  LockFree() {
    for (int id = 0; id < kVcpus; ++id) {
      CheckRet(vm_.CreateVcpu(static_cast<uint32_t>(id)), 0);
      // Finding a vCPU is not what is compared.
      vcpus_[id] = vm_.FindVcpu(static_cast<uint32_t>(id));
      CheckRet(vcpus_[id]->SetMpState(KVM_MP_STATE_STOPPED), 0);
    }
  }
  static List MakeList(const std::vector<kvm_s390_irq>& irqs) { return Images(irqs); }
  int64_t Inject(int vcpu, const kvm_s390_irq& irq) { return vcpus_[vcpu]->S390Irq(irq); }
  int64_t Get(int vcpu, Buffer* buffer) { return vcpus_[vcpu]->GetIrqState(kEnough, buffer); }
  int64_t Set(int vcpu, const List& list) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(list.data());
    return vcpus_[vcpu]->SetIrqState(static_cast<uint32_t>(list.size()), {bytes, list.size()});
  }
  int64_t Reset(int vcpu) { return vcpus_[vcpu]->Reset(ResetKind::kNormal); }

 private:
  Vm vm_{1, "vm-1", DefaultHostProfile()};
  std::array<Vcpu*, kVcpus> vcpus_;
};

class UnderMutex {
 public:
  using Buffer = std::string;
  using List = std::string;

  static List MakeList(const std::vector<kvm_s390_irq>& irqs) { return Images(irqs); }
  int64_t Inject(int vcpu, const kvm_s390_irq& irq) {
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return InjectIrq(irq, context_, &vcpus_[vcpu].state);
  }
  int64_t Get(int vcpu, Buffer* buffer) {
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return GetIrqState(vcpus_[vcpu].state, context_, kEnough, buffer);
  }
  int64_t Set(int vcpu, const List& list) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(list.data());
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return SetIrqState({bytes, list.size()}, context_, &vcpus_[vcpu].state);
  }
  int64_t Reset(int vcpu) {
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return irqd::Reset(ResetKind::kNormal, context_, &vcpus_[vcpu].state);
  }

 private:
  struct alignas(64) LockedVcpu {
    std::mutex mutex;
    LocalState state;
  };
  static bool Exists(uint32_t id) { return id < kVcpus; }

  const HostProfile profile_ = DefaultHostProfile();
  const LocalContext context_{profile_, Exists, /*user_controls_run_state=*/true};
  std::array<LockedVcpu, kVcpus> vcpus_;
};

class Kernel {
 public:
  using List = std::vector<kvm_s390_irq>;
  struct Buffer {
    std::vector<kvm_s390_irq> irqs = std::vector<kvm_s390_irq>(kMaxPendingIrqs);
  };

  Kernel() {
    kernel_machine machine = {};
    machine.sigp_interpretation = 1;
    machine.extended_sca = 1;
    vm_ = kernel_vm_create(&machine);
    if (vm_ == nullptr) std::abort();
    for (int id = 0; id < kVcpus; ++id) {
      CheckRet(kernel_vm_ioctl(vm_, KVM_CREATE_VCPU, reinterpret_cast<void*>(uintptr_t(id))), 0);
      vcpus_[id] = kernel_find_vcpu(vm_, static_cast<unsigned>(id));
      kvm_mp_state stopped = {KVM_MP_STATE_STOPPED};
      CheckRet(Ioctl(id, KVM_SET_MP_STATE, &stopped), 0);
    }
  }
  ~Kernel() { kernel_vm_destroy(vm_); }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  static List MakeList(const std::vector<kvm_s390_irq>& irqs) { return irqs; }
  int64_t Inject(int vcpu, const kvm_s390_irq& irq) {
    return Ioctl(vcpu, KVM_S390_IRQ, const_cast<kvm_s390_irq*>(&irq));
  }
  int64_t Get(int vcpu, Buffer* buffer) {
    kvm_s390_irq_state state = {};
    state.buf = reinterpret_cast<uintptr_t>(buffer->irqs.data());
    state.len = kEnough;
    return Ioctl(vcpu, KVM_S390_GET_IRQ_STATE, &state);
  }
  int64_t Set(int vcpu, const List& list) {
    kvm_s390_irq_state state = {};
    state.buf = reinterpret_cast<uintptr_t>(list.data());
    state.len = static_cast<uint32_t>(list.size() * kIrqSize);
    return Ioctl(vcpu, KVM_S390_SET_IRQ_STATE, &state);
  }
  int64_t Reset(int vcpu) { return Ioctl(vcpu, KVM_S390_NORMAL_RESET, nullptr); }

 private:
  int64_t Ioctl(int vcpu, unsigned long request, void* argument) {
    return kernel_vcpu_ioctl(vcpus_[vcpu], static_cast<unsigned>(request), argument);
  }

  kvm* vm_;
  std::array<kvm_vcpu*, kVcpus> vcpus_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VCPU_BACK_ENDS_H_
