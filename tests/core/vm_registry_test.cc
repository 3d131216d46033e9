#include "core/vm_registry.h"

#include <atomic>
#include <cerrno>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using Refusal = VmRegistry::Refusal;
using testing::ElementsAre;
using testing::IsEmpty;

VmRegistry::Limits LimitsOf(uint32_t max_vms, uint32_t max_vcpus) {
  VmRegistry::Limits limits;
  limits.max_vms = max_vms;
  limits.max_vcpus = max_vcpus;
  return limits;
}

VmSpec Spec(const std::string& name, std::vector<uint32_t> vcpu_ids = {}) {
  VmSpec spec;
  spec.name = name;
  spec.vcpu_ids = std::move(vcpu_ids);
  return spec;
}

std::vector<uint64_t> Ids(const std::vector<VmInfo>& infos) {
  std::vector<uint64_t> ids;
  for (const VmInfo& info : infos) ids.push_back(info.id);
  return ids;
}

TEST(VmRegistryTest, CreatesWithNameProfileAndVcpus) {
  VmRegistry registry;
  VmSpec spec = Spec("guest", {3, 1});
  spec.profile.extended_sca = false;

  const VmRegistry::CreateVmResult result = registry.CreateVm(spec);

  ASSERT_EQ(result.refusal, Refusal::kNone);
  EXPECT_NE(result.vm.id, 0u);
  EXPECT_EQ(result.vm.name, "guest");
  EXPECT_EQ(result.vm.profile, spec.profile);
  EXPECT_EQ(result.vm.vcpu_count, 2u);
  EXPECT_EQ(registry.FindId("guest"), result.vm.id);
  VmRef vm = registry.Find(result.vm.id);
  ASSERT_TRUE(vm);
  EXPECT_THAT(vm->VcpuIds(), ElementsAre(1, 3));
}

TEST(VmRegistryTest, MakesNamesThatAreFree) {
  VmRegistry registry;
  const uint64_t first = registry.CreateVm(Spec("")).vm.id;
  registry.CreateVm(Spec(absl::StrCat("vm-", first + 2)));
  const VmInfo made = registry.CreateVm(Spec("")).vm;

  EXPECT_NE(registry.FindId(absl::StrCat("vm-", first)), 0u);
  EXPECT_EQ(made.id, first + 2);
  EXPECT_EQ(made.name, absl::StrCat("vm-", first + 2, "-2"));
}

TEST(VmRegistryTest, NamesAreAsAip122HasThem) {
  for (const std::string& good : {std::string("a"), std::string("a-1"), std::string("vm1"),
                                  std::string("a--b"), std::string(63, 'a')}) {
    EXPECT_TRUE(IsValidVmName(good)) << good;
  }
  const std::vector<std::string> bad = {"",
                                        "1a",
                                        "-a",
                                        "a-",
                                        "A",
                                        "aB",
                                        "a_b",
                                        "a b",
                                        "a.b",
                                        "\xc3\xa4",
                                        std::string("a\0b", 3),
                                        std::string(64, 'a')};
  VmRegistry registry;
  for (const std::string& name : bad) {
    EXPECT_FALSE(IsValidVmName(name)) << name;
    if (name.empty()) continue;  // asks for a generated one
    EXPECT_EQ(registry.CreateVm(Spec(name)).refusal, Refusal::kBadName) << name;
  }
  EXPECT_THAT(registry.List(0, 10), IsEmpty());
}

TEST(VmRegistryTest, RefusesVcpuIdsAndSaysWhich) {
  VmRegistry registry;

  const VmRegistry::CreateVmResult impossible = registry.CreateVm(Spec("a", {0, 247, 248}));
  const VmRegistry::CreateVmResult twice = registry.CreateVm(Spec("a", {0, 1, 0}));
  const VmRegistry::CreateVmResult huge = registry.CreateVm(Spec("a", {0xffffffff}));

  EXPECT_EQ(impossible.refusal, Refusal::kBadVcpuId);
  EXPECT_EQ(impossible.bad_vcpu_index, 2u);
  EXPECT_EQ(twice.refusal, Refusal::kBadVcpuId);
  EXPECT_EQ(twice.bad_vcpu_index, 2u);
  EXPECT_EQ(huge.refusal, Refusal::kBadVcpuId);
  EXPECT_EQ(huge.bad_vcpu_index, 0u);
  EXPECT_THAT(registry.List(0, 10), IsEmpty());
}

TEST(VmRegistryTest, RefusesATakenName) {
  VmRegistry registry;
  registry.CreateVm(Spec("a"));

  EXPECT_EQ(registry.CreateVm(Spec("a")).refusal, Refusal::kNameTaken);
  EXPECT_EQ(registry.List(0, 10).size(), 1u);
}

TEST(VmRegistryTest, HoldsMaxVms) {
  VmRegistry registry(LimitsOf(2, 100));
  const uint64_t first = registry.CreateVm(Spec("a")).vm.id;
  registry.CreateVm(Spec("b"));

  EXPECT_EQ(registry.CreateVm(Spec("c")).refusal, Refusal::kTooManyVms);
  EXPECT_EQ(registry.CreateVm(Spec("a")).refusal, Refusal::kNameTaken) << "checked first";
  ASSERT_TRUE(registry.DeleteVm(first));
  EXPECT_EQ(registry.CreateVm(Spec("c")).refusal, Refusal::kNone);
}

TEST(VmRegistryTest, HoldsMaxVcpusOfAllVmsTogether) {
  VmRegistry registry(LimitsOf(10, 3));
  const uint64_t a = registry.CreateVm(Spec("a", {0, 1})).vm.id;

  EXPECT_EQ(registry.CreateVm(Spec("b", {0, 1})).refusal, Refusal::kTooManyVcpus);
  const uint64_t b = registry.CreateVm(Spec("b")).vm.id;
  EXPECT_EQ(registry.CreateVcpu(b, 0).ret, 0);
  EXPECT_EQ(registry.CreateVcpu(b, 1).refusal, Refusal::kTooManyVcpus);
  ASSERT_TRUE(registry.DeleteVm(a));
  EXPECT_EQ(registry.CreateVcpu(b, 1).refusal, Refusal::kNone);
  EXPECT_EQ(registry.CreateVcpu(b, 2).refusal, Refusal::kNone);
  EXPECT_EQ(registry.CreateVcpu(b, 3).refusal, Refusal::kTooManyVcpus);
}

TEST(VmRegistryTest, ARefusedVcpuDoesNotCount) {
  VmRegistry registry(LimitsOf(10, 2));
  const uint64_t id = registry.CreateVm(Spec("a", {0})).vm.id;

  EXPECT_EQ(registry.CreateVcpu(id, 0).ret, -EEXIST);
  EXPECT_EQ(registry.CreateVcpu(id, 300).ret, -EINVAL);
  EXPECT_EQ(registry.CreateVcpu(id + 1, 1).refusal, Refusal::kNotFound);

  EXPECT_EQ(registry.CreateVcpu(id, 1).ret, 0);
}

TEST(VmRegistryTest, EnablesCapabilitiesOfVmsThatThereAre) {
  VmRegistry registry;
  const uint64_t id = registry.CreateVm(Spec("a", {0})).vm.id;

  EXPECT_EQ(registry.EnableCap(id, KVM_CAP_S390_AIS, 0), -EBUSY) << "it has a vCPU";
  EXPECT_EQ(registry.EnableCap(id, KVM_CAP_S390_IRQCHIP, 0), 0);
  EXPECT_EQ(registry.EnableCap(id + 1, KVM_CAP_S390_IRQCHIP, 0), absl::nullopt);
}

TEST(VmRegistryTest, FindsNothingUnderOtherIds) {
  VmRegistry registry;
  const uint64_t id = registry.CreateVm(Spec("a")).vm.id;

  EXPECT_FALSE(registry.Find(0));
  EXPECT_FALSE(registry.Find(id + 1));
  EXPECT_FALSE(registry.Find(~uint64_t{0}));
  // As far away as there are slots for VMs: the same slot, another id.
  EXPECT_FALSE(registry.Find(id + uint64_t{kDefaultMaxVms} * 2));
  EXPECT_EQ(registry.FindId("b"), 0u);
  EXPECT_EQ(registry.FindId(""), 0u);
}

TEST(VmRegistryTest, DeletedVmIsGoneFromEveryIndex) {
  VmRegistry registry;
  const uint64_t id = registry.CreateVm(Spec("a", {0})).vm.id;

  EXPECT_TRUE(registry.DeleteVm(id));

  EXPECT_FALSE(registry.Find(id));
  EXPECT_EQ(registry.FindId("a"), 0u);
  EXPECT_THAT(registry.List(0, 10), IsEmpty());
  EXPECT_EQ(registry.CreateVcpu(id, 1).refusal, Refusal::kNotFound);
  EXPECT_FALSE(registry.DeleteVm(id));
  EXPECT_EQ(registry.CreateVm(Spec("a")).refusal, Refusal::kNone) << "the name is free again";
}

TEST(VmRegistryTest, DeletedVmIsFreedAtOnceIfNobodyUsesIt) {
  VmRegistry registry;
  registry.CreateVm(Spec("first-page-of-slots"));
  registry.DeleteVm(registry.CreateVm(Spec("record-of-this-thread")).vm.id);
  const VmSpec large = Spec("large", {0, 50, 100, 150, 200});
  const size_t before = AllocatedBytes();
  const uint64_t id = registry.CreateVm(large).vm.id;
  registry.Find(id)->FindVcpu(0)->S390Irq(MchkOf(kMchkExigentMask));
  ASSERT_GE(AllocatedBytes(), before + 5 * 512 + sizeof(StateNode));

  ASSERT_TRUE(registry.DeleteVm(id));

  // An index may keep the room it has grown to.
  EXPECT_LE(AllocatedBytes(), before + 512);
}

TEST(VmRegistryTest, IdsAreNeverUsedAgain) {
  VmRegistry registry(LimitsOf(1, 10));
  std::set<uint64_t> ids;
  // More than there are slots, so that each is used again.
  for (int i = 0; i < 10000; ++i) {
    const uint64_t id = registry.CreateVm(Spec("")).vm.id;
    ASSERT_TRUE(ids.insert(id).second) << id;
    ASSERT_TRUE(registry.DeleteVm(id));
  }
  for (uint64_t id : ids) ASSERT_FALSE(registry.Find(id)) << id;
}

TEST(VmRegistryTest, LongLivedVmsKeepTheirSlots) {
  VmRegistry registry(LimitsOf(3, 10));
  const uint64_t kept = registry.CreateVm(Spec("kept")).vm.id;
  for (int i = 0; i < 10000; ++i) ASSERT_TRUE(registry.DeleteVm(registry.CreateVm(Spec("")).vm.id));

  VmRef vm = registry.Find(kept);
  ASSERT_TRUE(vm);
  EXPECT_EQ(vm->name(), "kept");
}

TEST(VmRegistryTest, ListsByIdInPages) {
  VmRegistry registry;
  std::vector<uint64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(registry.CreateVm(Spec("")).vm.id);

  EXPECT_THAT(Ids(registry.List(0, 2)), ElementsAre(ids[0], ids[1]));
  EXPECT_THAT(Ids(registry.List(ids[1], 2)), ElementsAre(ids[2], ids[3]));
  EXPECT_THAT(Ids(registry.List(ids[3], 2)), ElementsAre(ids[4]));
  EXPECT_THAT(registry.List(ids[4], 2), IsEmpty());
  EXPECT_THAT(registry.List(~uint64_t{0}, 2), IsEmpty());
}

TEST(VmRegistryTest, VmFoundBeforeItsDeletionStaysUsable) {
  VmRegistry registry;
  const uint64_t id = registry.CreateVm(Spec("a", {0})).vm.id;
  VmRef vm = registry.Find(id);
  ASSERT_TRUE(vm);

  std::thread([&] {
    ASSERT_TRUE(registry.DeleteVm(id));
    for (int i = 0; i < 200; ++i) registry.DeleteVm(registry.CreateVm(Spec("")).vm.id);
  }).join();

  EXPECT_EQ(vm->name(), "a");
  EXPECT_EQ(vm->FindVcpu(0)->S390Irq(MchkOf(kMchkExigentMask)), 0);
}

// A VM that exists throughout is in every listing once, whatever comes and goes beside it.
TEST(VmRegistryTest, ListingWhileOthersCreateAndDelete) {
  VmRegistry registry;
  std::vector<uint64_t> kept;
  for (int i = 0; i < 20; ++i) {
    kept.push_back(registry.CreateVm(Spec(absl::StrCat("kept-", i))).vm.id);
    registry.CreateVm(Spec(absl::StrCat("gone-", i)));
  }
  std::atomic<bool> done{false};
  std::thread churn([&] {
    for (int i = 0; i < 20; ++i) registry.DeleteVm(registry.FindId(absl::StrCat("gone-", i)));
    while (!done) registry.DeleteVm(registry.CreateVm(Spec("", {0, 1})).vm.id);
  });

  for (int round = 0; round < 200; ++round) {
    std::vector<uint64_t> seen;
    for (uint64_t after = 0;;) {
      const std::vector<uint64_t> page = Ids(registry.List(after, 3));
      if (page.empty()) break;
      seen.insert(seen.end(), page.begin(), page.end());
      after = page.back();
      if (after > kept.back()) break;  // the churn would make it endless
    }
    for (uint64_t id : kept) EXPECT_THAT(seen, testing::Contains(id).Times(1));
  }

  done = true;
  churn.join();
}

// Calls on VMs that are being deleted: found or not, never another VM and never a crash.
TEST(VmRegistryTest, DeletingDuringCalls) {
  const uint64_t seed = TestSeed();
  VmRegistry registry(LimitsOf(64, 1000));
  std::atomic<uint64_t> newest{0};
  std::atomic<bool> done{false};
  std::atomic<int> calls{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&, i] {
      Random random(seed + i);
      while (!done) {
        const uint64_t id = newest - Below(3, random);
        VmRef vm = registry.Find(id);
        if (!vm) continue;
        ASSERT_EQ(vm->id(), id);
        Vcpu* vcpu = vm->FindVcpu(Below(4, random));
        if (vcpu == nullptr) continue;
        std::string images;
        vcpu->S390Irq(RandomIrq(4, random));
        vcpu->GetIrqState(20664, &images);
        vcpu->Reset(ResetKind::kNormal);
        ++calls;
      }
    });
  }

  for (int i = 0; i < 1000 || calls < 300; ++i) {
    const uint64_t id = registry.CreateVm(Spec("", {0, 1})).vm.id;
    newest = id;
    EXPECT_EQ(registry.CreateVcpu(id, 2).ret, 0);
    if (i % 4 == 0) std::this_thread::yield();
    ASSERT_TRUE(registry.DeleteVm(id));
  }
  done = true;
  for (std::thread& caller : callers) caller.join();

  EXPECT_THAT(registry.List(0, 10), IsEmpty());
}

}  // namespace
}  // namespace irqd
