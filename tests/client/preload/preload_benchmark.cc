// What the library costs a program whose descriptors are its own: run it with and without.
//
//   bazel build -c opt //tests/client/preload:preload_benchmark //client/preload:irqd_preload
//   cd bazel-bin
//   tests/client/preload/preload_benchmark
//   LD_PRELOAD=$PWD/client/preload/libirqd_preload.so tests/client/preload/preload_benchmark
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace {

void Check(bool good) {
  if (!good) std::abort();
}

const int pipe_end = [] {
  int ends[2];
  Check(pipe(ends) == 0);
  return ends[0];
}();

void BM_Ioctl(benchmark::State& state) {
  int waiting;
  for (auto _ : state) Check(ioctl(pipe_end, FIONREAD, &waiting) == 0);
}
BENCHMARK(BM_Ioctl);

void BM_Fcntl(benchmark::State& state) {
  for (auto _ : state) Check(fcntl(pipe_end, F_GETFD) == 0);
}
BENCHMARK(BM_Fcntl);

// The cheapest close() there is: nothing to close.
void BM_CloseNothing(benchmark::State& state) {
  for (auto _ : state) Check(close(1000) == -1);
}
BENCHMARK(BM_CloseNothing);

void BM_DupClose(benchmark::State& state) {
  for (auto _ : state) Check(close(dup(pipe_end)) == 0);
}
BENCHMARK(BM_DupClose);

void BM_OpenClose(benchmark::State& state) {
  for (auto _ : state) Check(close(open("/dev/null", O_RDONLY)) == 0);
}
BENCHMARK(BM_OpenClose);

}  // namespace

BENCHMARK_MAIN();
