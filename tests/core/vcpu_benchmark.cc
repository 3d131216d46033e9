// What the operations on a vCPU cost: irqd's, the same rules under a std::mutex, and Linux's code.
//
//   bazel run -c opt //tests/core:vcpu_benchmark -- --benchmark_filter=Get
//
// Names are CASE/WHAT/BACK_END, see vcpu_back_ends.h; items_per_second counts single calls, but in
// SetGetReset and Mix, where it counts rounds of three. `one` is a vCPU that all threads share,
// `each` one for every thread.
#include <chrono>

#include "benchmark/benchmark.h"
#include "tests/core/vcpu_back_ends.h"

namespace irqd {
namespace {

// Calls that change a vCPU are timed on so many at once, between which nothing else happens.
constexpr int kBatch = 32;
constexpr int kMostThreads = 8;

template <typename Vcpus>
Vcpus& Shared() {
  static Vcpus vcpus;
  return vcpus;
}

// The vCPUs with nothing pending. Called before the first iteration of any thread.
template <typename Vcpus>
Vcpus& Idle(const benchmark::State& state) {
  Vcpus& vcpus = Shared<Vcpus>();
  if (state.thread_index() == 0) {
    for (int vcpu = 0; vcpu < kVcpus; ++vcpu) vcpus.Reset(vcpu);
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
    if (static_cast<int64_t>(irqs.size()) < count - kVcpus) irqs.push_back(Irq(type));
  }
  for (uint16_t id = 0; static_cast<int64_t>(irqs.size()) < count; ++id) {
    irqs.push_back(Emergency(id));
  }
  return irqs;
}

// Times `call(vcpu)` alone, on vCPUs that `prepare(vcpu)` has seen to.
template <typename Prepare, typename Call>
void TimeBatches(benchmark::State& state, Prepare prepare, Call call) {
  using Clock = std::chrono::steady_clock;
  for (auto _ : state) {
    for (int vcpu = 0; vcpu < kBatch; ++vcpu) prepare(vcpu);
    const auto start = Clock::now();
    for (int vcpu = 0; vcpu < kBatch; ++vcpu) call(vcpu);
    state.SetIterationTime(std::chrono::duration<double>(Clock::now() - start).count());
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}

// One interrupt on a vCPU that has none.
template <typename Vcpus>
void Inject(benchmark::State& state, const kvm_s390_irq& irq) {
  Vcpus& vcpus = Idle<Vcpus>(state);
  TimeBatches(
      state, [&](int vcpu) { vcpus.Reset(vcpu); },
      [&](int vcpu) { CheckRet(vcpus.Inject(vcpu, irq), 0); });
}

// The reset of a vCPU that has one.
template <typename Vcpus>
void Reset(benchmark::State& state, const kvm_s390_irq& irq) {
  Vcpus& vcpus = Idle<Vcpus>(state);
  TimeBatches(
      state, [&](int vcpu) { CheckRet(vcpus.Inject(vcpu, irq), 0); },
      [&](int vcpu) { CheckRet(vcpus.Reset(vcpu), 0); });
}

template <typename Vcpus>
void Set(benchmark::State& state) {
  Vcpus& vcpus = Idle<Vcpus>(state);
  const typename Vcpus::List list = Vcpus::MakeList(Records(10));
  TimeBatches(
      state, [&](int vcpu) { vcpus.Reset(vcpu); },
      [&](int vcpu) { CheckRet(vcpus.Set(vcpu, list), 0); });
}

template <typename Vcpus>
void Get(benchmark::State& state, int64_t count) {
  Vcpus& vcpus = Idle<Vcpus>(state);
  for (const kvm_s390_irq& irq : Records(count)) CheckRet(vcpus.Inject(0, irq), 0);
  typename Vcpus::Buffer buffer;
  for (auto _ : state) CheckRet(vcpus.Get(0, &buffer), count * static_cast<int64_t>(kIrqSize));
  state.SetItemsProcessed(state.iterations());
}

template <typename Vcpus>
void SetGetReset(benchmark::State& state) {
  Vcpus& vcpus = Idle<Vcpus>(state);
  const typename Vcpus::List list = Vcpus::MakeList(Records(10));
  typename Vcpus::Buffer buffer;
  for (auto _ : state) {
    CheckRet(vcpus.Set(0, list), 0);
    CheckRet(vcpus.Get(0, &buffer), 10 * static_cast<int64_t>(kIrqSize));
    CheckRet(vcpus.Reset(0), 0);
  }
  state.SetItemsProcessed(state.iterations());
}

// Threads that share a vCPU are in each other's way, so a GET finds one record or none.
template <typename Vcpus>
void Mix(benchmark::State& state, bool share) {
  Vcpus& vcpus = Idle<Vcpus>(state);
  const int vcpu = share ? 0 : state.thread_index();
  const kvm_s390_irq irq = Irq(KVM_S390_RESTART);
  typename Vcpus::Buffer buffer;
  for (auto _ : state) {
    CheckRet(vcpus.Inject(vcpu, irq), 0);
    benchmark::DoNotOptimize(vcpus.Get(vcpu, &buffer));
    CheckRet(vcpus.Reset(vcpu), 0);
  }
  state.SetItemsProcessed(state.iterations());
}

template <typename Vcpus>
void Register(const std::string& back_end) {
  const auto add = [&](const std::string& name, auto function, auto... arguments) {
    return benchmark::RegisterBenchmark((name + "/" + back_end).c_str(), function, arguments...);
  };
  const std::pair<const char*, kvm_s390_irq> irqs[] = {
      {"restart", Irq(KVM_S390_RESTART)},
      {"clock_comparator", Irq(KVM_S390_INT_CLOCK_COMP)},
      {"cpu_timer", Irq(KVM_S390_INT_CPU_TIMER)},
      {"external_call", ExternalCall(3)},
      {"emergency", Emergency(3)},
      {"mchk", MchkOf(kMchkExigentMask)},
  };
  for (const auto& [name, irq] : irqs) {
    add(std::string("Inject/") + name, Inject<Vcpus>, irq)->UseManualTime();
  }
  for (const int64_t count : {0, 1, 10, 256}) {
    add("Get/" + std::to_string(count), Get<Vcpus>, count);
  }
  add("Set/10", Set<Vcpus>)->UseManualTime();
  add("Reset/restart", Reset<Vcpus>, Irq(KVM_S390_RESTART))->UseManualTime();
  add("Reset/mchk", Reset<Vcpus>, MchkOf(kMchkExigentMask))->UseManualTime();
  add("SetGetReset/10", SetGetReset<Vcpus>);
  add("Mix/one", Mix<Vcpus>, true)->ThreadRange(1, kMostThreads)->UseRealTime();
  add("Mix/each", Mix<Vcpus>, false)->ThreadRange(1, kMostThreads)->UseRealTime();
}

}  // namespace
}  // namespace irqd

int main(int argc, char** argv) {
  irqd::Register<irqd::LockFree>("LockFree");
  irqd::Register<irqd::UnderMutex>("UnderMutex");
  irqd::Register<irqd::Kernel>("Kernel");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
