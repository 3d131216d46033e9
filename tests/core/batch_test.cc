#include "core/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/vm_registry.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;

absl::Span<const uint8_t> Bytes(const std::string& images) {
  return {reinterpret_cast<const uint8_t*>(images.data()), images.size()};
}

// "FIELD: DESCRIPTION", or "" if all is well.
std::string Text(const absl::optional<BatchFault>& fault) {
  return fault ? fault->field + ": " + fault->description : "";
}

TEST(CheckBatch, Get) {
  EXPECT_EQ(Text(CheckGetBatch(0)), "");
  EXPECT_EQ(Text(CheckGetBatch(255)), "");
  EXPECT_EQ(Text(CheckGetBatch(256)), "vcpu_ids: has 256 entries; the limit is 255");
}

TEST(CheckBatch, Set) {
  const struct {
    size_t vcpu_ids;
    std::vector<uint32_t> len;
    size_t buf_size;
    const char* text;
  } kCases[] = {
      {0, {}, 0, ""},
      {3, {72, 0, 71}, 143, ""},
      {1, {65536}, 65536, ""},
      {255, std::vector<uint32_t>(255), 0, ""},
      {256, {}, 0, "vcpu_ids: has 256 entries; the limit is 255"},
      {2, {72}, 72, "len: has 1 entries, but vcpu_ids has 2"},
      {0, {72}, 72, "len: has 1 entries, but vcpu_ids has 0"},
      {2, {72, 65537}, 72 + 65537, "len[1]: is 65537 bytes; the limit is 65536"},
      {2, {72, 72}, 143, "buf: is 143 bytes long, but all len together are 144"},
      {2, {72, 72}, 145, "buf: is 145 bytes long, but all len together are 144"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(CheckSetBatch(c.vcpu_ids, c.len, c.buf_size)), c.text);
  }
}

TEST(CheckBatch, Inject) {
  const struct {
    size_t vcpu_ids;
    size_t records_size;
    const char* text;
  } kCases[] = {
      {0, 0, ""},
      {1, 0, ""},
      {1, 72, ""},
      {1, 1024 * 72, ""},
      {1024, 1024 * 72, ""},
      {1, 73, "records: is 73 bytes long, no multiple of 72"},
      {1, 80, "records: is 80 bytes long, no multiple of 72"},
      {1, 1025 * 72, "records: holds 1025 records; the limit is 1024"},
      {2, 0, "vcpu_ids: has 2 entries for 0 records; give one for each, or one for all"},
      {0, 72, "vcpu_ids: has 0 entries for 1 records; give one for each, or one for all"},
      {2, 3 * 72, "vcpu_ids: has 2 entries for 3 records; give one for each, or one for all"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(CheckInjectBatch(c.vcpu_ids, c.records_size)), c.text);
  }
}

// A VM with vCPUs 1, 4 and 9.
class BatchTest : public ::testing::Test {
 protected:
  BatchTest() : vm_(Make()) {}

  VmRef Make() {
    VmSpec spec;
    spec.vcpu_ids = {1, 4, 9};
    return registry_.Find(registry_.CreateVm(spec).vm.id);
  }

  std::vector<Vcpu*> Find(const std::vector<uint32_t>& ids) {
    std::vector<Vcpu*> vcpus;
    EXPECT_FALSE(FindEach(*vm_, ids, &vcpus));
    return vcpus;
  }

  std::string Pending(uint32_t id) {
    std::string images;
    vm_->FindVcpu(id)->GetIrqState(20664, &images);
    return images;
  }

  VmRegistry registry_;
  VmRef vm_;
};

const std::string kRestart = Image(Irq(KVM_S390_RESTART));
const std::string kCpuTimer = Image(Irq(KVM_S390_INT_CPU_TIMER));
const std::string kVirtio = Image(Irq(KVM_S390_INT_VIRTIO));  // none that a vCPU takes

TEST_F(BatchTest, FindsEachInOrderAndNamesTheFirstMissing) {
  std::vector<Vcpu*> vcpus = {nullptr};
  EXPECT_FALSE(FindEach(*vm_, {9, 1, 9}, &vcpus));
  EXPECT_THAT(vcpus, ElementsAre(vm_->FindVcpu(9), vm_->FindVcpu(1), vm_->FindVcpu(9)));

  EXPECT_EQ(FindEach(*vm_, {1, 300, 2}, &vcpus), 300u);
  EXPECT_FALSE(FindEach(*vm_, {}, &vcpus));
}

TEST_F(BatchTest, InjectsEachOnItsVcpu) {
  std::vector<int32_t> ret(4, 1);

  InjectEach(Find({1, 9, 4, 1}), Bytes(kRestart + kVirtio + kCpuTimer + kCpuTimer),
             absl::MakeSpan(ret));

  EXPECT_THAT(ret, ElementsAre(0, -EINVAL, 0, 0));
  EXPECT_EQ(Pending(1).size(), 2 * kIrqSize);
  EXPECT_EQ(Pending(4), kCpuTimer);
  EXPECT_EQ(Pending(9), "");
}

TEST_F(BatchTest, InjectsAllOnTheOnlyVcpu) {
  std::vector<int32_t> ret(3, 1);

  InjectEach(Find({4}), Bytes(kRestart + kVirtio + kCpuTimer), absl::MakeSpan(ret));

  EXPECT_THAT(ret, ElementsAre(0, -EINVAL, 0));
  EXPECT_EQ(Pending(4).size(), 2 * kIrqSize);
}

TEST_F(BatchTest, SetsAndGetsEach) {
  std::vector<int32_t> ret(4, 1);
  std::vector<uint32_t> size(4, 1);

  SetEach(Find({4, 1, 4, 9}), {144, 71, 72, 72},
          Bytes(kRestart + kCpuTimer + std::string(71, '\0') + kRestart + kCpuTimer),
          absl::MakeSpan(ret));

  EXPECT_THAT(ret, ElementsAre(0, -EINVAL, -EBUSY, 0));
  std::string images = "before";
  GetEach(Find({9, 4, 1, 9}), 72, absl::MakeSpan(ret), absl::MakeSpan(size), &images);
  EXPECT_THAT(ret, ElementsAre(72, -ENOBUFS, 0, 72));
  EXPECT_THAT(size, ElementsAre(72, 72, 0, 72));
  EXPECT_EQ(images, "before" + kCpuTimer + Pending(4).substr(0, kIrqSize) + kCpuTimer);
}

TEST_F(BatchTest, GetsAtOneInstantInTheOrderAskedFor) {
  Find({4})[0]->S390Irq(Irq(KVM_S390_RESTART));
  Find({9})[0]->S390Irq(Irq(KVM_S390_INT_CPU_TIMER));

  const GetBatchResult some = GetEachAtOneInstant(*vm_, {9, 1, 9, 4}, 72);

  EXPECT_THAT(some.vcpu_ids, ElementsAre(9, 1, 9, 4));
  EXPECT_THAT(some.ret, ElementsAre(72, 0, 72, 72));
  EXPECT_THAT(some.size, ElementsAre(72, 0, 72, 72));
  EXPECT_EQ(some.images, kCpuTimer + kCpuTimer + kRestart);
}

TEST_F(BatchTest, GetsAllAtOneInstantByAscendingId) {
  Find({4})[0]->S390Irq(Irq(KVM_S390_RESTART));
  Find({9})[0]->S390Irq(Irq(KVM_S390_INT_CPU_TIMER));

  const GetBatchResult all = GetEachAtOneInstant(*vm_, {}, 72);

  EXPECT_THAT(all.vcpu_ids, ElementsAre(1, 4, 9));
  EXPECT_THAT(all.size, ElementsAre(0, 72, 72));
  EXPECT_EQ(all.images, kRestart + kCpuTimer);
}

}  // namespace
}  // namespace irqd
