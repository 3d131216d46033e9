// What an idle vCPU costs in memory, the indexes that find it included.
#include <malloc.h>

#include <cstdio>
#include <numeric>
#include <vector>

#include "core/vm_registry.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"

namespace irqd {
namespace {

constexpr int kVms = 404;
constexpr uint32_t kVcpusPerVm = 248;
constexpr size_t kVcpus = size_t{kVms} * kVcpusPerVm;  // 100,192
constexpr size_t kMostBytes = 128;

// As malloc itself counts, gaps for alignment included. 0 under a sanitizer's malloc.
size_t MallocBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

VmSpec FullVm() {
  VmSpec spec;
  spec.vcpu_ids.resize(kVcpusPerVm);
  std::iota(spec.vcpu_ids.begin(), spec.vcpu_ids.end(), 0);
  return spec;
}

TEST(IdleCostTest, IdleVcpuTakesAtMost128BytesIndexIncluded) {
  const VmSpec spec = FullVm();
  const size_t allocated_before = AllocatedBytes();
  const size_t malloc_before = MallocBytes();

  VmRegistry registry;
  for (int i = 0; i < kVms; ++i) {
    ASSERT_EQ(registry.CreateVm(spec).vm.vcpu_count, kVcpusPerVm);
  }

  const double allocated = static_cast<double>(AllocatedBytes() - allocated_before) / kVcpus;
  const double with_gaps = static_cast<double>(MallocBytes() - malloc_before) / kVcpus;
  std::printf("bytes per idle vCPU: %.1f given out, %.1f with malloc's gaps\n", allocated,
              with_gaps);
  EXPECT_GE(allocated, sizeof(Vcpu)) << "the count misses something";
  EXPECT_LE(allocated, kMostBytes);
  EXPECT_LE(with_gaps, kMostBytes);
}

TEST(IdleCostTest, VcpusThatWereUsedAndResetCostNoMore) {
  VmRegistry registry;
  const uint64_t id = registry.CreateVm(FullVm()).vm.id;
  VmRef vm = registry.Find(id);
  const size_t before = AllocatedBytes();

  kvm_s390_irq irq = {};
  irq.type = KVM_S390_MCHK;
  irq.u.mchk.mcic = kMchkExigentMask;
  for (int round = 0; round < 3; ++round) {
    for (uint32_t vcpu = 0; vcpu < kVcpusPerVm; ++vcpu) {
      ASSERT_EQ(vm->FindVcpu(vcpu)->S390Irq(irq), 0);
      ASSERT_EQ(vm->FindVcpu(vcpu)->Reset(ResetKind::kNormal), 0);
    }
  }

  // What waits for the next scan, and this thread's own slots.
  const size_t waiting = kRetireThreshold * (sizeof(StateNode) + 2 * alignof(StateNode));
  EXPECT_LE(AllocatedBytes() - before, waiting + 4096);
}

}  // namespace
}  // namespace irqd
