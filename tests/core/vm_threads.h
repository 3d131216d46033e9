// What tests with several threads on one VM share.
#ifndef IRQD_TESTS_CORE_VM_THREADS_H_
#define IRQD_TESTS_CORE_VM_THREADS_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {

inline constexpr uint32_t kEnough = 20664;
inline constexpr uint64_t kExigent = 0x8000000000000000;

inline absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline int Set(Vcpu& vcpu, const std::string& list) {
  return vcpu.SetIrqState(static_cast<uint32_t>(list.size()), Bytes(list));
}

inline std::string Get(Vcpu& vcpu) {
  std::string images;
  const int64_t ret = vcpu.GetIrqState(kEnough, &images);
  EXPECT_EQ(ret, static_cast<int64_t>(images.size()));
  return images;
}

inline std::unique_ptr<Vm> MakeVm(uint32_t vcpus) {
  auto vm = std::make_unique<Vm>(1, "vm-1", DefaultHostProfile());
  for (uint32_t id = 0; id < vcpus; ++id) EXPECT_EQ(vm->CreateVcpu(id), 0);
  return vm;
}

inline void JoinAll(std::vector<std::thread>* threads) {
  for (std::thread& thread : *threads) thread.join();
}

// Threads that give way at random meet at more places than threads that run straight on.
inline void MaybeYield(Random& random) {
  if (Below(8, random) == 0) std::this_thread::yield();
}

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VM_THREADS_H_
