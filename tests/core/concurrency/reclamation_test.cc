// Memory under churn: what calls and deletions leave behind is given back, and a reader that stands
// still holds back no more than the bound.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/hazard_pointer.h"
#include "core/vm_registry.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/barrier.h"
#include "tests/core/irq_samples.h"
#include "tests/core/thread_stopper.h"
#include "tests/core/vm_threads.h"
#include "tests/seed.h"

namespace irqd {
namespace {

constexpr int kCallers = 3;
constexpr int kChurners = 2;
constexpr int kThreads = kCallers + kChurners;
// What may differ between two rounds: how full tables and lists are, not how much was done.
constexpr size_t kSlack = 16 << 10;

void RunThreads(int count, const std::function<void(int)>& body) {
  // So that they are alive together, and take over whatever threads before them have left.
  Barrier all_here(count);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < count; ++thread) {
    threads.emplace_back([&, thread] {
      FreeRetired();  // the first use of the core
      all_here.Wait();
      body(thread);
    });
  }
  JoinAll(&threads);
}

// Threads make calls on VMs that others create and delete.
class Churn {
 public:
  explicit Churn(uint64_t seed) : seed_(seed) {}

  void Round(int vms) {
    std::atomic<int> churning{kChurners};
    RunThreads(kThreads, [&](int thread) {
      Random random(seed_++);
      if (thread < kChurners) {
        for (int i = 0; i < vms; ++i) CreateAndDelete(&random);
        --churning;
      } else {
        while (churning > 0) CallSomewhere(&random);
      }
    });
    // What the last ones left is taken over and freed.
    RunThreads(kThreads, [](int) { FreeRetired(); });
  }
  uint64_t calls() const { return calls_; }

 private:
  void CreateAndDelete(Random* random) {
    VmSpec spec;
    spec.vcpu_ids = {0, 1, 200};
    const uint64_t id = registry_.CreateVm(spec).vm.id;
    newest_ = id;
    MaybeYield(*random);
    // With payloads that are still pending.
    if (const VmRef vm = registry_.Find(id)) vm->FindVcpu(1)->S390Irq(PfaultInit(1, id));
    EXPECT_TRUE(registry_.DeleteVm(id));
  }

  void CallSomewhere(Random* random) {
    const VmRef vm = registry_.Find(newest_ - Below(2, *random));
    if (!vm) return;
    Vcpu& vcpu = *vm->FindVcpu(static_cast<uint32_t>(Below(2, *random)));
    vcpu.S390Irq(MchkOf(kExigent));
    MaybeYield(*random);
    vcpu.S390Irq(Emergency(200));
    Get(vcpu);
    if (Below(2, *random)) vcpu.Deliver(1);
    vcpu.Reset(ResetKind::kClear);
    ++calls_;
  }

  std::atomic<uint64_t> seed_;
  // So few that all slots are there from the first on.
  VmRegistry registry_{{/*max_vms=*/100, /*max_vcpus=*/1000}};
  std::atomic<uint64_t> newest_{1};
  std::atomic<uint64_t> calls_{0};
};

TEST(ReclamationTest, MemoryReturnsToItsLevelWhenVmsComeAndGo) {
  constexpr int kVms = 300;
  Churn churn(TestSeed());
  churn.Round(kVms);
  churn.Round(kVms);
  const size_t level = AllocatedBytes();

  for (int round = 0; round < 5; ++round) {
    churn.Round(kVms);

    EXPECT_LE(AllocatedBytes(), level + kSlack) << "after round " << round;
  }

  EXPECT_GT(churn.calls(), 0u) << "nobody called while VMs came and went";
}

TEST(ReclamationTest, ADeletedVmIsFreedWithAllThatIsPendingInIt) {
  VmRegistry registry;
  VmSpec spec;
  for (uint32_t id = 0; id < 100; ++id) spec.vcpu_ids.push_back(id);
  const auto create_and_delete = [&] {
    const uint64_t id = registry.CreateVm(spec).vm.id;
    {
      const VmRef vm = registry.Find(id);
      for (uint32_t at : spec.vcpu_ids) {
        EXPECT_EQ(vm->FindVcpu(at)->S390Irq(PfaultInit(1, at)), 0);
      }
      EXPECT_EQ(vm->S390Interrupt({0x10000, 1, 0}).ret, 0);
    }
    EXPECT_TRUE(registry.DeleteVm(id));
  };
  create_and_delete();
  const size_t level = AllocatedBytes();

  for (int i = 0; i < 100; ++i) create_and_delete();

  EXPECT_LE(AllocatedBytes(), level + kSlack);
}

// Nobody who found a VM and stands still keeps more than that VM.
TEST(ReclamationTest, AReaderThatKeepsAVmKeepsNoOther) {
  VmRegistry registry;
  VmSpec spec;
  spec.vcpu_ids = {0, 1, 2};
  const uint64_t kept = registry.CreateVm(spec).vm.id;
  const VmRef reader = registry.Find(kept);
  ASSERT_TRUE(registry.DeleteVm(kept));
  const size_t level = AllocatedBytes();
  size_t most = level;

  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(registry.DeleteVm(registry.CreateVm(spec).vm.id));
    most = std::max(most, AllocatedBytes());
  }

  EXPECT_LE(most, level + kSlack);
  EXPECT_EQ(reader->id(), kept);
}

// A thread is stopped anywhere in a GET, as a rule with a node's address in its hazard pointer.
// Meanwhile others replace that node thousands of times.
TEST(ReclamationTest, AStalledReaderHoldsBackNoMoreThanTheBound) {
  constexpr int kStops = 20;
  const std::unique_ptr<Vm> vm = MakeVm(1);
  Vcpu& vcpu = *vm->FindVcpu(0);
  vcpu.S390Irq(PfaultInit(1, 2));
  std::string images;
  images.reserve(kEnough);
  const auto replace_nodes = [&] {
    for (uint32_t i = 0; i < 2 * kRetireThreshold; ++i) vcpu.S390Irq(PfaultInit(1, i));
  };
  replace_nodes();
  const size_t level = AllocatedBytes();
  size_t most = level;
  ThreadStopper stopper;

  // The stopped thread allocates nothing: it must not stand still inside the allocator.
  stopper.StopAndCall(
      kStops, [&] { vcpu.GetIrqState(kEnough, &images); },
      [&] {
        for (int i = 0; i < 10; ++i) {
          replace_nodes();
          most = std::max(most, AllocatedBytes());
        }
      });

  // Of all threads that ever were here at once, in this test and those before it.
  constexpr size_t kBound = MaxHeldBack(kThreads + 2) * (sizeof(StateNode) + 2 * sizeof(size_t));
  EXPECT_LE(most, level + kBound + kSlack);
}

}  // namespace
}  // namespace irqd
