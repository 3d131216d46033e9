// What an injection and a delivery cost with nothing else pending and with the VM's queues full.
//
//   bazel run -c opt //tests/core:float_benchmark
//
// The argument is how many I/O interrupts are pending all the while; `times_empty` is how much
// longer an iteration takes than with none. It should stay near 1.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "benchmark/benchmark.h"
#include "core/vm.h"
#include "tests/core/float_samples.h"
#include "tests/core/vm_guests.h"

namespace irqd {
namespace {

// A benchmark of something that does not work says nothing.
void Check(bool works) {
  if (works) return;
  std::fprintf(stderr, "float_benchmark: a call failed\n");
  std::abort();
}

// One interrupt comes in and the oldest goes out.
void InjectAndDeliver(benchmark::State& state) {
  static double empty_ns = 0;
  Vm vm(1, "vm-1", DefaultHostProfile());
  Check(vm.CreateVcpu(0) == 0);
  OpenNewPsws(&vm);
  Vcpu& vcpu = *vm.FindVcpu(0);
  Open(&vcpu, kPswOpen);
  for (int64_t n = 0; n < state.range(0); ++n) Check(vm.S390Interrupt(VmIoOn(3, 1)).ret == 0);

  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    Check(vm.S390Interrupt(VmIoOn(3, 1)).ret == 0);
    Check(vcpu.Deliver(1).delivered.size() == 1);
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;

  const double ns = took.count() / static_cast<double>(state.iterations());
  if (state.range(0) == 0) empty_ns = ns;
  if (empty_ns != 0) state.counters["times_empty"] = ns / empty_ns;
}
BENCHMARK(InjectAndDeliver)->Arg(0)->Arg(1000)->Arg(kMaxFloatIrqs - 1)->UseRealTime();

}  // namespace
}  // namespace irqd

BENCHMARK_MAIN();
