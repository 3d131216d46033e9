// KVM_DEV_FLIC_ENQUEUE and KVM_DEV_FLIC_GET_ALL_IRQS: lengths, addresses, and what is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/flic_test_case.h"

namespace irqd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string BytesOfAll(const std::vector<kvm_s390_irq>& irqs) {
  return std::string(reinterpret_cast<const char*>(irqs.data()), irqs.size() * kIrqSize);
}

TEST_F(FlicTest, RecordsAreInHostByteOrder) {
  kvm_s390_irq virtio = MakeIrq(KVM_S390_INT_VIRTIO);
  virtio.u.ext.ext_params = 0x12345678;
  virtio.u.ext.ext_params2 = 0x1122334455667788;
  kvm_s390_irq mchk = MakeIrq(KVM_S390_MCHK);
  mchk.u.mchk.cr14 = 0x10000000;
  mchk.u.mchk.mcic = 0x0400000000000001;

  ASSERT_EQ(Enqueue({mchk, virtio, MakeIo(1, 2, 0x08000000)}), 0);

  const std::vector<kvm_s390_irq> pending = Pending();
  ASSERT_THAT(pending, SizeIs(3));
  EXPECT_EQ(pending[0].type, 0x10002u);
  EXPECT_EQ(pending[0].u.io.io_int_word, 0x08000000u);
  EXPECT_EQ(pending[1].u.ext.ext_params, 0x12345678u);
  EXPECT_EQ(pending[1].u.ext.ext_params2, 0x1122334455667788u);
  EXPECT_EQ(pending[2].u.mchk.cr14, 0x10000000u);
  EXPECT_EQ(pending[2].u.mchk.mcic, 0x0400000000000001u);
}

TEST_F(FlicTest, EnqueueLooksAtTheLengthBeforeTheMemory) {
  const struct {
    uint64_t attr;
    int result;
  } cases[] = {
      {71, -EINVAL},
      {73, -EINVAL},
      {33554448, -EINVAL},     // the first multiple of 72 above the limit
      {33554376, -EFAULT},     // the last one below
      {0x7fffffc8, -EINVAL},   // the last multiple of 72 that an int holds
      {0, 0},                  // nothing to read
      {uint64_t{1} << 32, 0},  // the length is cut to an int
      {uint64_t{1} << 32 | 72, -EFAULT},
      {uint64_t{1} << 32 | 71, -EINVAL},
      {0xffffffb8, -EINVAL},  // -72, but not a multiple of 72 as an unsigned number
      {0xfffffff0, -EFAULT},  // -16, which is one
      {~uint64_t{15}, -EFAULT},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ENQUEUE, test.attr, memory_.end()), test.result) << test.attr;
  }
  EXPECT_THAT(Pending(), IsEmpty());
}

// The kernel reads a record's type, then as much of it as the type has.
TEST_F(FlicTest, EnqueueFaultsWhereTheKernelReads) {
  const kvm_s390_irq io = MakeIo(0, 1);
  const kvm_s390_irq mchk = MakeIrq(KVM_S390_MCHK);
  const kvm_s390_irq virtio = MakeIrq(KVM_S390_INT_VIRTIO);
  const kvm_s390_irq refused = MakeIrq(KVM_S390_RESTART);
  const kvm_s390_irq pfault_init = MakeIrq(KVM_S390_INT_PFAULT_INIT);
  const struct {
    const char* what;
    kvm_s390_irq last;
    size_t room;  // bytes of it that can be read
    int result;
  } cases[] = {
      {"nothing of it", io, 0, -EFAULT},
      {"half a type", io, 7, -EFAULT},
      {"half a type that would be refused", refused, 7, -EFAULT},
      {"a type that is refused", refused, 8, -EINVAL},
      {"a type and nothing else", io, 8, -EFAULT},
      {"all of I/O but a byte", io, 19, -EFAULT},
      {"all of I/O", io, 20, 0},
      {"all of virtio but a byte", virtio, 23, -EFAULT},
      {"all of virtio", virtio, 24, 0},
      {"all of a machine check but a byte", mchk, 55, -EFAULT},
      {"all of a machine check", mchk, 56, 0},
      {"what is read before it is refused", pfault_init, 23, -EFAULT},
      {"what is refused after it is read", pfault_init, 24, -EINVAL},
  };
  for (const auto& test : cases) {
    ASSERT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IRQS, 0, nullptr), 0);
    const std::string bytes = BytesOfAll({MakeIo(7, 7), test.last});

    const char* const address = memory_.Put(bytes, kIrqSize + test.room);
    EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ENQUEUE, 2 * kIrqSize, address), test.result) << test.what;

    EXPECT_THAT(Pending(), SizeIs(test.result == 0 ? 2 : 1)) << test.what;
  }
}

TEST_F(FlicTest, EnqueueReadsNothingAfterARecordThatIsRefused) {
  const std::string bytes = BytesOfAll({MakeIo(1, 1), MakeIrq(KVM_S390_RESTART)});

  const char* const address = memory_.Put(bytes, bytes.size());
  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ENQUEUE, 3 * kIrqSize, address), -EINVAL);

  EXPECT_THAT(Pending(), SizeIs(1));
}

TEST_F(FlicTest, ANegativeLengthEndsAtTheFault) {
  const std::string bytes = BytesOfAll(std::vector<kvm_s390_irq>(100, MakeIo(1, 1)));

  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ENQUEUE, ~uint64_t{15}, memory_.Put(bytes, bytes.size())),
            -EFAULT);

  EXPECT_THAT(Pending(), SizeIs(100));
}

// 910 records are one part.
TEST_F(FlicTest, LongListsKeepTheirOrder) {
  for (const size_t count : {909, 910, 911, 1820, 2500}) {
    ASSERT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IRQS, 0, nullptr), 0);
    std::vector<kvm_s390_irq> irqs;
    for (size_t i = 0; i < count; ++i) irqs.push_back(MakeIo(1, i));

    EXPECT_EQ(Enqueue(irqs), 0);

    const std::vector<kvm_s390_irq> pending = Pending();
    ASSERT_THAT(pending, SizeIs(count));
    for (size_t i = 0; i < count; ++i) ASSERT_EQ(pending[i].u.io.subchannel_nr, i);
  }
}

TEST_F(FlicTest, LongListsStopAtTheFirstError) {
  for (const size_t bad : {0, 909, 910, 911, 2000}) {
    ASSERT_EQ(SetAttr(KVM_DEV_FLIC_CLEAR_IRQS, 0, nullptr), 0);
    std::vector<kvm_s390_irq> irqs(2500, MakeIo(1, 1));
    irqs[bad] = MakeIrq(KVM_S390_RESTART);

    EXPECT_EQ(Enqueue(irqs), -EINVAL) << bad;

    EXPECT_THAT(Pending(), SizeIs(bad));
  }
}

TEST_F(FlicTest, LongListsStopAtTheFault) {
  const GuardedMemory memory(2000 * kIrqSize);
  const std::string bytes = BytesOfAll(std::vector<kvm_s390_irq>(2000, MakeIo(1, 1)));

  EXPECT_EQ(SetAttr(KVM_DEV_FLIC_ENQUEUE, 3000 * kIrqSize, memory.Put(bytes, bytes.size())),
            -EFAULT);

  EXPECT_THAT(Pending(), SizeIs(2000));
}

TEST_F(FlicTest, GetAllChecksTheLengthFirst) {
  for (const uint64_t len : {uint64_t{0}, uint64_t{KVM_S390_FLIC_MAX_BUFFER} + 1, ~uint64_t{0}}) {
    EXPECT_EQ(GetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, len, nullptr), -EINVAL) << len;
  }
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_ENQUEUE, 72, nullptr), -EINVAL);
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, 1, nullptr), 0) << "nothing pending";
  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, KVM_S390_FLIC_MAX_BUFFER, nullptr), 0);
}

TEST_F(FlicTest, GetAllWritesAllOrNothing) {
  ASSERT_EQ(Enqueue({MakeIo(1, 1), MakeIo(1, 2)}), 0);
  const struct {
    const char* what;
    size_t room;
    uint64_t len;
    int result;
  } cases[] = {
      {"fits", 144, 144, 2},
      {"fits, and more", 144, 287, 2},
      {"too small", 144, 143, -ENOMEM},
      {"too small for any", 144, 71, -ENOMEM},
      {"too small, at a bad address", 0, 143, -ENOMEM},
      {"a bad address", 0, 144, -EFAULT},
      {"half of it bad", 100, 144, -EFAULT},
  };
  for (const auto& test : cases) {
    std::memset(memory_.Before(144), 0, 144);

    EXPECT_EQ(GetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, test.len, memory_.Before(test.room)), test.result)
        << test.what;

    const bool written = test.result > 0 || test.room == 100;
    uint64_t type;
    std::memcpy(&type, memory_.Before(test.room == 0 ? 144 : test.room), sizeof(type));
    EXPECT_EQ(type, written ? 0x10001u : 0u) << test.what;
  }
  EXPECT_THAT(Pending(), SizeIs(2));
}

class FlicWithGisaTest : public FlicTest {
 protected:
  FlicWithGisaTest() : FlicTest("gisa") {}
};

TEST_F(FlicWithGisaTest, WhatCannotBeWrittenIsGone) {
  const kvm_s390_irq adapter = [] {
    kvm_s390_irq irq = MakeIo(0, 0, 0x80000000u | 7 << 27);
    irq.type = KVM_S390_INT_IO(1, 0, 0, 0);
    return irq;
  }();
  ASSERT_EQ(Enqueue({adapter, adapter, MakeIo(1, 1)}), 0);

  EXPECT_EQ(GetAttr(KVM_DEV_FLIC_GET_ALL_IRQS, 1000, nullptr), -EFAULT);

  const std::vector<kvm_s390_irq> pending = Pending();
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].type, 0x10001u);
}

}  // namespace
}  // namespace irqd
