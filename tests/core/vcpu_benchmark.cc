// What the operations on a vCPU cost, and the same under a std::mutex for comparison.
//
//   bazel run -c opt //tests/core:vcpu_benchmark -- --benchmark_filter=Get
//
// Names: LockFree or Mutex; OneVcpu: all threads on one, VcpuEach: every thread on its own.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "core/local_irq.h"
#include "core/vm.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint32_t kVcpus = 248;
constexpr uint32_t kEnough = 20664;
constexpr int kMostThreads = 4;

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// A benchmark of something that does not work says nothing.
void Check(int64_t got, int64_t want) {
  if (got == want) return;
  std::fprintf(stderr, "vcpu_benchmark: a call returned %lld\n", static_cast<long long>(got));
  std::abort();
}

class LockFree {
 public:
  LockFree() {
    for (uint32_t id = 0; id < kVcpus; ++id) Check(vm_.CreateVcpu(id), 0);
    // Finding a vCPU is not what is compared.
    for (int i = 0; i < kMostThreads; ++i) vcpus_[i] = vm_.FindVcpu(i);
  }
  int Inject(int vcpu, const kvm_s390_irq& irq) { return vcpus_[vcpu]->S390Irq(irq); }
  int64_t Get(int vcpu, std::string* images) { return vcpus_[vcpu]->GetIrqState(kEnough, images); }
  int Set(int vcpu, const std::string& list) {
    return vcpus_[vcpu]->SetIrqState(static_cast<uint32_t>(list.size()), Bytes(list));
  }
  int Reset(int vcpu) { return vcpus_[vcpu]->Reset(ResetKind::kNormal); }

 private:
  Vm vm_{1, "vm-1", DefaultHostProfile()};
  std::array<Vcpu*, kMostThreads> vcpus_;
};

class Mutex {
 public:
  int Inject(int vcpu, const kvm_s390_irq& irq) {
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return InjectIrq(irq, context_, &vcpus_[vcpu].state);
  }
  int64_t Get(int vcpu, std::string* images) {
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return GetIrqState(vcpus_[vcpu].state, context_, kEnough, images);
  }
  int Set(int vcpu, const std::string& list) {
    std::lock_guard<std::mutex> lock(vcpus_[vcpu].mutex);
    return SetIrqState(Bytes(list), context_, &vcpus_[vcpu].state);
  }
  int Reset(int vcpu) {
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
  const LocalContext context_{profile_, Exists};
  std::array<LockedVcpu, kMostThreads> vcpus_;
};

struct OneVcpu {
  static int Of(const benchmark::State&) { return 0; }
};
struct VcpuEach {
  static int Of(const benchmark::State& state) { return state.thread_index(); }
};

template <typename Vcpus>
Vcpus& Shared() {
  static auto* const vcpus = new Vcpus;
  return *vcpus;
}

// Before the first iteration of any thread: what every vCPU has pending.
template <typename Vcpus>
Vcpus& Prepare(const benchmark::State& state, const std::vector<kvm_s390_irq>& pending) {
  Vcpus& vcpus = Shared<Vcpus>();
  if (state.thread_index() == 0) {
    for (int vcpu = 0; vcpu < kMostThreads; ++vcpu) {
      vcpus.Reset(vcpu);
      for (const kvm_s390_irq& irq : pending) Check(vcpus.Inject(vcpu, irq), 0);
    }
  }
  return vcpus;
}

// `count` records: emergency signals, and from two on one with a payload.
std::vector<kvm_s390_irq> Records(int64_t count) {
  std::vector<kvm_s390_irq> irqs;
  if (count > 1) irqs.push_back(MchkOf(kMchkExigentMask));
  static const uint64_t kOthers[] = {KVM_S390_RESTART,           KVM_S390_INT_CPU_TIMER,
                                     KVM_S390_INT_CLOCK_COMP,    KVM_S390_SIGP_SET_PREFIX,
                                     KVM_S390_INT_EXTERNAL_CALL, KVM_S390_INT_PFAULT_INIT,
                                     KVM_S390_PROGRAM_INT};
  for (uint64_t type : kOthers) {
    if (static_cast<int64_t>(irqs.size()) < count - static_cast<int64_t>(kVcpus)) {
      irqs.push_back(Irq(type));
    }
  }
  for (uint16_t id = 0; static_cast<int64_t>(irqs.size()) < count; ++id) {
    irqs.push_back(Emergency(id));
  }
  return irqs;
}

// An interrupt without payload becomes pending, and a reset clears it: two calls.
template <typename Vcpus, typename Place>
void InjectRestartAndReset(benchmark::State& state) {
  Vcpus& vcpus = Prepare<Vcpus>(state, {});
  const int vcpu = Place::Of(state);
  const kvm_s390_irq irq = Irq(KVM_S390_RESTART);
  for (auto _ : state) {
    Check(vcpus.Inject(vcpu, irq), 0);
    vcpus.Reset(vcpu);
  }
}

// A payload that differs each time.
template <typename Vcpus, typename Place>
void InjectMchk(benchmark::State& state) {
  Vcpus& vcpus = Prepare<Vcpus>(state, {});
  const int vcpu = Place::Of(state);
  kvm_s390_irq irq = MchkOf(kMchkExigentMask);
  for (auto _ : state) {
    ++irq.u.mchk.failing_storage_address;
    Check(vcpus.Inject(vcpu, irq), 0);
  }
}

template <typename Vcpus, typename Place>
void Get(benchmark::State& state) {
  Vcpus& vcpus = Prepare<Vcpus>(state, Records(state.range(0)));
  const int vcpu = Place::Of(state);
  std::string images;
  for (auto _ : state) {
    Check(vcpus.Get(vcpu, &images), state.range(0) * static_cast<int64_t>(kIrqSize));
  }
}

// Three calls. Threads on one vCPU are in each other's way: then SET may be busy.
template <typename Vcpus, typename Place>
void SetTenGetReset(benchmark::State& state) {
  Vcpus& vcpus = Prepare<Vcpus>(state, {});
  const int vcpu = Place::Of(state);
  const std::string list = Images(Records(10));
  std::string images;
  for (auto _ : state) {
    benchmark::DoNotOptimize(vcpus.Set(vcpu, list));
    benchmark::DoNotOptimize(vcpus.Get(vcpu, &images));
    vcpus.Reset(vcpu);
  }
}

#define IRQD_ON_BOTH(name, place)                                                          \
  BENCHMARK_TEMPLATE2(name, LockFree, place)->ThreadRange(1, kMostThreads)->UseRealTime(); \
  BENCHMARK_TEMPLATE2(name, Mutex, place)->ThreadRange(1, kMostThreads)->UseRealTime()
#define IRQD_GET_ON_BOTH(vcpus, place)   \
  BENCHMARK_TEMPLATE2(Get, vcpus, place) \
      ->Arg(0)                           \
      ->Arg(1)                           \
      ->Arg(10)                          \
      ->Arg(256)                         \
      ->ThreadRange(1, kMostThreads)     \
      ->UseRealTime()

IRQD_ON_BOTH(InjectRestartAndReset, OneVcpu);
IRQD_ON_BOTH(InjectRestartAndReset, VcpuEach);
IRQD_ON_BOTH(InjectMchk, OneVcpu);
IRQD_ON_BOTH(InjectMchk, VcpuEach);
IRQD_GET_ON_BOTH(LockFree, OneVcpu);
IRQD_GET_ON_BOTH(Mutex, OneVcpu);
IRQD_GET_ON_BOTH(LockFree, VcpuEach);
IRQD_GET_ON_BOTH(Mutex, VcpuEach);
IRQD_ON_BOTH(SetTenGetReset, OneVcpu);
IRQD_ON_BOTH(SetTenGetReset, VcpuEach);

}  // namespace
}  // namespace irqd

BENCHMARK_MAIN();
