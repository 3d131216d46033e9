// The common interrupts cost no allocation, whatever else is common and pending.
#include <string>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/allocation_count.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint32_t kEnough = kMaxPendingIrqs * kIrqSize;

struct Common {
  const char* name;
  std::vector<kvm_s390_irq> irqs;
  bool has_node = false;  // for what does not fit into the word
};

std::ostream& operator<<(std::ostream& out, const Common& common) { return out << common.name; }

class AllocationTest : public testing::TestWithParam<Common> {
 protected:
  AllocationTest() {
    for (uint32_t id = 0; id < 8; ++id) EXPECT_EQ(vm_.CreateVcpu(id), 0);
    images_.reserve(kEnough);
  }

  // Makes all of them pending, looks, and clears them.
  void Round() {
    for (const kvm_s390_irq& irq : GetParam().irqs) rets_ |= vcpu().S390Irq(irq);
    size_ = vcpu().GetIrqState(kEnough, &images_);
    rets_ |= vcpu().Reset(ResetKind::kNormal);
  }
  Vcpu& vcpu() { return *vm_.FindVcpu(0); }

  Vm vm_{1, "vm-1", DefaultHostProfile()};
  std::string images_;
  int rets_ = 0;
  int64_t size_ = 0;
};

TEST_P(AllocationTest, RoundsAllocateNothing) {
  if (GetParam().has_node && kMostKeptNodes == 0) GTEST_SKIP() << "freed nodes are not kept here";
  // A thread's first use allocates, and so do nodes until as many have been made as can wait to be
  // used again.
  for (int i = 0; i < 1000; ++i) Round();
  const size_t before = Allocations();

  for (int i = 0; i < 1000; ++i) Round();

  EXPECT_EQ(Allocations(), before);
  EXPECT_EQ(rets_, 0);
  EXPECT_EQ(size_, static_cast<int64_t>(GetParam().irqs.size() * kIrqSize));
}

INSTANTIATE_TEST_SUITE_P(
    , AllocationTest,
    testing::Values(Common{"ClockComparator", {Irq(KVM_S390_INT_CLOCK_COMP)}},
                    Common{"CpuTimer", {Irq(KVM_S390_INT_CPU_TIMER)}},
                    Common{"Restart", {Irq(KVM_S390_RESTART)}},
                    Common{"ExternalCall", {ExternalCall(3)}},
                    Common{"EmergencySignal", {Emergency(3)}},
                    Common{"EmergencySignals", {Emergency(3), Emergency(5)}, true},
                    Common{"AllOfThem",
                           {Emergency(3), Irq(KVM_S390_INT_CLOCK_COMP), ExternalCall(5),
                            Irq(KVM_S390_RESTART), Irq(KVM_S390_INT_CPU_TIMER)}}),
    testing::PrintToStringParamName());

}  // namespace
}  // namespace irqd
