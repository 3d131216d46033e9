// A reader that is stopped at each atomic access of a call, for as long as it takes others to
// replace what it reads thousands of times, costs a bounded number of objects. Where tests decide
// the order of steps a thread may hold back one object, and one for each hazard pointer
// (hazard_pointer.h).
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/hazard_pointer.h"
#include "core/vm_registry.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/concurrency/schedule_policies.h"
#include "tests/core/concurrency/thread_scheduler.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint32_t kEnoughRoom = 20664;
constexpr size_t kObjects = MaxHeldBack(2);

class StalledReaderTest : public testing::Test {
 protected:
  // Stops `read` before each of its steps and makes `replace` meanwhile, `times` times. The most
  // bytes that were given out at once beyond what was when it began.
  size_t MostBytes(const std::function<void()>& read, const std::function<void()>& replace,
                   int times) {
    size_t most = 0;
    for (uint64_t steps = 0;; ++steps) {
      StopAtStep policy(steps);
      read();
      replace();
      const size_t level = AllocatedBytes();
      scheduler_.Run({read,
                      [&] {
                        for (int i = 0; i < times; ++i) {
                          replace();
                          most =
                              std::max(most, AllocatedBytes() - std::min(level, AllocatedBytes()));
                        }
                      }},
                     &policy);
      if (!policy.stopped()) return most;
      ++stops_;
    }
  }

  ThreadScheduler scheduler_{2};
  int stops_ = 0;
};

TEST_F(StalledReaderTest, OfAVcpuHoldsBackAFewNodes) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);
  Vcpu& vcpu = *vm.FindVcpu(0);
  ASSERT_EQ(vcpu.S390Irq(PfaultInit(1, 2)), 0);
  std::string images;
  images.reserve(kEnoughRoom);
  uint32_t token = 0;

  const size_t most = MostBytes([&] { vcpu.GetIrqState(kEnoughRoom, &images); },
                                [&] { vcpu.S390Irq(PfaultInit(++token, 2)); }, 2000);

  EXPECT_GT(stops_, 3);
  EXPECT_LE(most, kObjects * (sizeof(StateNode) + 2 * sizeof(size_t)));
}

TEST_F(StalledReaderTest, OfAVmHoldsBackAFewVms) {
  VmRegistry registry;
  VmSpec spec;
  spec.vcpu_ids = {0};
  uint64_t current = registry.CreateVm(spec).vm.id;
  const size_t before = AllocatedBytes();
  const uint64_t other = registry.CreateVm(spec).vm.id;
  const size_t size_of_one = AllocatedBytes() - before;
  ASSERT_TRUE(registry.DeleteVm(other));

  const size_t most = MostBytes(
      [&] {
        if (const VmRef vm = registry.Find(current)) vm->FindVcpu(0)->GetMpState();
      },
      [&] {
        const uint64_t next = registry.CreateVm(spec).vm.id;
        EXPECT_TRUE(registry.DeleteVm(current));
        current = next;
      },
      200);

  EXPECT_GT(stops_, 3);
  EXPECT_LE(most, kObjects * size_of_one);
}

}  // namespace
}  // namespace irqd
