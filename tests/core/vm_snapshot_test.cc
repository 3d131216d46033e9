// That a snapshot shows all vCPUs of a VM at one instant, whoever is at work on them.
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::map<uint32_t, LocalState> SnapshotOf(Vm* vm) {
  std::map<uint32_t, LocalState> states;
  vm->Snapshot([&](uint32_t id, const LocalState& state) { states[id] = state; });
  return states;
}

TEST(VmSnapshotTest, ShowsWhatIsPending) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  for (uint32_t id : {200, 7, 3}) ASSERT_EQ(vm.CreateVcpu(id), 0);
  ASSERT_EQ(vm.FindVcpu(7)->S390Irq(Emergency(200)), 0);
  ASSERT_EQ(vm.FindVcpu(200)->S390Irq(MchkOf(kExigent)), 0);

  std::vector<uint32_t> order;
  vm.Snapshot([&](uint32_t id, const LocalState&) { order.push_back(id); });
  std::map<uint32_t, LocalState> states = SnapshotOf(&vm);

  EXPECT_THAT(order, ElementsAre(3, 7, 200));
  EXPECT_EQ(states[3], LocalState());
  EXPECT_TRUE(states[7].payload.emergency.Contains(200));
  EXPECT_TRUE(states[200].Has(LocalIrq::kMchkExigent));
}

TEST(VmSnapshotTest, OfNoVcpusShowsNothing) {
  Vm vm(1, "vm-1", DefaultHostProfile());

  EXPECT_THAT(SnapshotOf(&vm), testing::IsEmpty());
}

TEST(VmSnapshotTest, ChangesNothing) {
  const std::unique_ptr<Vm> vm = MakeVm(2);
  ASSERT_EQ(vm->FindVcpu(0)->S390Irq(MchkOf(kExigent)), 0);
  ASSERT_EQ(vm->FindVcpu(1)->S390Irq(ExternalCall(0)), 0);
  const std::string before[] = {Get(*vm->FindVcpu(0)), Get(*vm->FindVcpu(1))};

  for (int i = 0; i < 3; ++i) SnapshotOf(vm.get());

  EXPECT_EQ(Get(*vm->FindVcpu(0)), before[0]);
  EXPECT_EQ(Get(*vm->FindVcpu(1)), before[1]);
  EXPECT_EQ(vm->FindVcpu(1)->S390Irq(ExternalCall(0)), -EBUSY);
  EXPECT_EQ(vm->FindVcpu(0)->Reset(ResetKind::kNormal), 0);
  EXPECT_EQ(Get(*vm->FindVcpu(0)), "");
}

TEST(VmSnapshotTest, HasWhatAVisitedVcpuWasThen) {
  const std::unique_ptr<Vm> vm = MakeVm(3);
  ASSERT_EQ(vm->FindVcpu(1)->S390Irq(MchkOf(kExigent)), 0);
  ASSERT_EQ(vm->FindVcpu(2)->S390Irq(Irq(KVM_S390_RESTART)), 0);

  // In the middle of a snapshot: what was visited changes, and what was not, more than once.
  std::map<uint32_t, uint16_t> pending;
  vm->Snapshot([&](uint32_t id, const LocalState& state) {
    pending[id] = state.pending;
    if (id != 0) return;
    for (uint32_t other = 0; other < 3; ++other) {
      EXPECT_EQ(vm->FindVcpu(other)->S390Irq(Irq(KVM_S390_INT_CPU_TIMER)), 0);
      EXPECT_EQ(vm->FindVcpu(other)->Reset(ResetKind::kNormal), 0);
      EXPECT_EQ(vm->FindVcpu(other)->S390Irq(Emergency(1)), 0);
      EXPECT_EQ(vm->FindVcpu(other)->S390Irq(Emergency(2)), 0);
      EXPECT_THAT(Get(*vm->FindVcpu(other)), testing::SizeIs(2 * kIrqSize));
    }
    EXPECT_EQ(vm->CreateVcpu(9), 0);
    EXPECT_EQ(vm->FindVcpu(9)->S390Irq(Irq(KVM_S390_RESTART)), 0);
  });

  const auto bit = [](LocalIrq irq) { return 1 << static_cast<int>(irq); };
  EXPECT_THAT(pending, ElementsAre(Pair(0, 0), Pair(1, bit(LocalIrq::kMchkExigent)),
                                   Pair(2, bit(LocalIrq::kRestart))));
  EXPECT_EQ(SnapshotOf(vm.get())[1].pending, bit(LocalIrq::kEmergency));
}

// A writer numbers the vCPUs again and again, one after the other. So at any instant each has the
// number of the one before it, or one less, and the last no less than the first but one.
class NumberedVcpus {
 public:
  static constexpr uint32_t kVcpus = 8;

  uint64_t NumberOf(const LocalState& state) const {
    return state.payload.mchk.failing_storage_address;
  }
  void Write(uint64_t number) {
    for (uint32_t id = 0; id < kVcpus; ++id) {
      Vcpu& vcpu = *vm->FindVcpu(id);
      kvm_s390_irq irq = MchkOf(kExigent);
      irq.u.mchk.failing_storage_address = number;
      // More than one change, so that what was before has to be handed on.
      vcpu.S390Irq(irq);
      vcpu.S390Irq(Irq(KVM_S390_RESTART));
    }
  }
  std::vector<uint64_t> Numbers() {
    std::vector<uint64_t> numbers;
    vm->Snapshot([&](uint32_t, const LocalState& state) { numbers.push_back(NumberOf(state)); });
    return numbers;
  }

  const std::unique_ptr<Vm> vm = MakeVm(kVcpus);
};

// What is wrong with one instant's numbers, of which the first vCPU had `last` before; or "".
std::string WhatIsWrong(const std::vector<uint64_t>& numbers, uint64_t last) {
  if (numbers.front() < last) return "the past came back";
  for (size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] > numbers[i - 1]) return "a later write without an earlier one";
  }
  return numbers.back() + 1 < numbers.front() ? "a write is missing" : "";
}

TEST(VmSnapshotTest, IsOneInstantBesideAWriter) {
  NumberedVcpus vcpus;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (uint64_t number = 1; !done; ++number) vcpus.Write(number);
  });

  // Two threads take snapshots; they wait for each other, and for nobody else.
  const auto look = [&] {
    uint64_t last = 0;
    for (int i = 0; i < 5000; ++i) {
      const std::vector<uint64_t> numbers = vcpus.Numbers();
      ASSERT_EQ(WhatIsWrong(numbers, last), "") << testing::PrintToString(numbers);
      last = numbers.front();
    }
  };
  std::thread other(look);
  look();
  other.join();
  done = true;
  writer.join();
}

TEST(VmSnapshotTest, LooksOfOneAfterTheOtherAreNoSnapshot) {
  EXPECT_NE(WhatIsWrong({5, 5, 6}, 5), "");
  EXPECT_NE(WhatIsWrong({6, 5, 4}, 5), "");
  EXPECT_NE(WhatIsWrong({4, 4, 4}, 5), "");
  EXPECT_EQ(WhatIsWrong({6, 5, 5}, 5), "");
}

}  // namespace
}  // namespace irqd
