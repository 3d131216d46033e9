// The FLIC's KVM_DEV_FLIC_ENQUEUE, KVM_DEV_FLIC_CLEAR_IRQS and KVM_DEV_FLIC_CLEAR_IO_IRQ: what is
// read, what is checked in which order, and what stays.
#include <cerrno>
#include <string>
#include <vector>

#include "core/float_irq.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(FlicEnqueueTest, S7_TakesEveryTypeInOrder) {
  ValueFlic flic;
  kvm_s390_irq mchk = Mchk(FilledMchk(0x21, 0x5));
  mchk.u.mchk.cr14 = ~uint64_t{0};

  EXPECT_EQ(flic.Enqueue({mchk, Service(0x1000), Virtio(1, 2), PfaultDone(3), IoOn(7, 1),
                          IoOn(0, 2), Ext(KVM_S390_INT_PFAULT_DONE, 4, 5, 6)}),
            0);

  // Of a machine check only cr14 and mcic are kept, of pfault-done and virtio all, pad included.
  EXPECT_EQ(flic.Pending(),
            HexOf({IoOn(0, 2), IoOn(7, 1), PfaultDone(3), Ext(KVM_S390_INT_PFAULT_DONE, 4, 5, 6),
                   Virtio(1, 2), Service(0x1000), FloatMchk(kLimitedCr14, 0x5)}));
  EXPECT_THAT(flic.woken,
              ElementsAre(KVM_S390_MCHK, KVM_S390_INT_SERVICE, KVM_S390_INT_VIRTIO,
                          KVM_S390_INT_PFAULT_DONE, 0x10000, 0x10000, KVM_S390_INT_PFAULT_DONE));
}

struct Length {
  std::string name;
  uint64_t attr;
  size_t memory;  // bytes of valid records
  int ret;
  size_t injected;
};
void PrintTo(const Length& length, std::ostream* out) { *out << length.name; }
class FlicEnqueueLengthTest : public testing::TestWithParam<Length> {};

TEST_P(FlicEnqueueLengthTest, S7_IsCheckedFirst) {
  ValueFlic flic;
  std::string memory;
  while (memory.size() < GetParam().memory) memory += Image(IoOn(3, 1));
  memory.resize(GetParam().memory);

  EXPECT_EQ(flic.Set(FlicGroup::kEnqueue, GetParam().attr, memory), GetParam().ret);

  EXPECT_EQ(flic.state.io[3].size(), GetParam().injected);
  EXPECT_THAT(flic.woken, SizeIs(GetParam().injected));
}

constexpr uint64_t Signed(int32_t attr) { return static_cast<uint32_t>(attr); }

INSTANTIATE_TEST_SUITE_P(
    Lengths, FlicEnqueueLengthTest,
    testing::Values(Length{"NothingIsFine", 0, 0, 0, 0},  //
                    Length{"OneByteShort", 71, 720, -EINVAL, 0}, Length{"OneRecord", 72, 720, 0, 1},
                    Length{"OneByteMore", 73, 720, -EINVAL, 0},
                    Length{"InvalidBeforeTheMemory", 71, 0, -EINVAL, 0},
                    Length{"NoMemory", 72, 0, -EFAULT, 0},
                    // 466,033 records are the most below the limit; nothing is read ahead.
                    Length{"JustBelowTheLimit", 466033 * 72, 144, -EFAULT, 2},
                    Length{"AboveTheLimit", 466034 * 72, 144, -EINVAL, 0},
                    Length{"UpperHalfIsCutOff", (uint64_t{1} << 32) + 72, 720, 0, 1},
                    Length{"UpperHalfAloneIsZero", uint64_t{1} << 32, 720, 0, 0},
                    // As an unsigned number -16 is a multiple of 72, and so is none below it until
                    // -88; the kernel then reads until it faults.
                    Length{"NegativeReadsUntilItFaults", Signed(-16), 144, -EFAULT, 2},
                    Length{"NextNegativeToo", Signed(-88), 0, -EFAULT, 0},
                    Length{"NegativeMultipleOf72IsNone", Signed(-72), 720, -EINVAL, 0},
                    Length{"MinusOne", Signed(-1), 720, -EINVAL, 0},
                    Length{"MostNegative", Signed(INT32_MIN), 720, -EINVAL, 0}),
    [](const auto& info) { return info.param.name; });

// A list whose second record lies at the end of the memory, which has `bytes` of it.
struct Partial {
  std::string name;
  kvm_s390_irq irq;
  size_t bytes;
  int ret;
};
void PrintTo(const Partial& partial, std::ostream* out) { *out << partial.name; }
class FlicPartialRecordTest : public testing::TestWithParam<Partial> {};

TEST_P(FlicPartialRecordTest, S7_NeedsItsTypeAndMemberOnly) {
  ValueFlic flic;
  const std::string memory = Image(IoOn(3, 1)) + Image(GetParam().irq).substr(0, GetParam().bytes);

  EXPECT_EQ(flic.Set(FlicGroup::kEnqueue, 2 * kIrqSize, memory), GetParam().ret);

  EXPECT_EQ(flic.state.io[3].size(), 1u) << "the record before stays";
  EXPECT_THAT(flic.woken, SizeIs(GetParam().ret == 0 ? 2 : 1));
}

const kvm_s390_irq kUnknown = Irq(0xfffe0006);
const kvm_s390_irq kWide = Irq(uint64_t{1} << 32 | KVM_S390_INT_VIRTIO);

INSTANTIATE_TEST_SUITE_P(
    Records, FlicPartialRecordTest,
    testing::Values(
        Partial{"NoType", IoOn(7, 1), 0, -EFAULT}, Partial{"HalfAType", IoOn(7, 1), 7, -EFAULT},
        Partial{"UnknownTypeBeforeItsBytes", kUnknown, 8, -EINVAL},
        Partial{"TypesHave64Bits", kWide, 8, -EINVAL},
        Partial{"LocalTypeBeforeItsBytes", Irq(KVM_S390_RESTART), 8, -EINVAL},
        Partial{"PfaultInitIsReadFirst", PfaultInit(1, 2), 23, -EFAULT},
        Partial{"PfaultInitIsRefusedThen", PfaultInit(1, 2), 24, -EINVAL},
        Partial{"IoTooShort", IoOn(7, 1), 19, -EFAULT}, Partial{"Io", IoOn(7, 1), 20, 0},
        Partial{"ExtTooShort", Virtio(1, 2), 23, -EFAULT}, Partial{"Virtio", Virtio(1, 2), 24, 0},
        Partial{"PfaultDone", PfaultDone(1), 24, 0}, Partial{"Service", Service(8), 24, 0},
        Partial{"MchkTooShort", FloatMchk(0, 1), 55, -EFAULT},
        Partial{"Mchk", FloatMchk(0, 1), 56, 0}),
    [](const auto& info) { return info.param.name; });

TEST(FlicEnqueueTest, S7_StopsAtTheFirstErrorAndKeepsWhatCameBefore) {
  ValueFlic flic;

  EXPECT_EQ(flic.Enqueue({IoOn(3, 1), Virtio(1, 2), Irq(KVM_S390_RESTART), IoOn(0, 1)}), -EINVAL);

  EXPECT_EQ(flic.Pending(), HexOf({IoOn(3, 1), Virtio(1, 2)}));
  EXPECT_THAT(flic.woken, ElementsAre(0x10000, KVM_S390_INT_VIRTIO));
}

TEST(FlicEnqueueTest, S7_StopsAtAFullQueue) {
  ValueFlic flic;
  flic.state.virtio.resize(kMaxVirtioIrqs - 1);

  EXPECT_EQ(flic.Enqueue({Virtio(1, 2), Virtio(3, 4), IoOn(3, 1)}), -EBUSY);

  EXPECT_EQ(flic.state.virtio.size(), kMaxVirtioIrqs);
  EXPECT_EQ(flic.state.virtio.back().ext_params2, 2u);
  EXPECT_THAT(flic.state.io[3], IsEmpty());
}

TEST(FlicClearTest, S7_ClearIrqsClearsAllButTheFlicsOwn) {
  ValueFlic flic(WithGisa());
  flic.state.has_ais = true;
  flic.state.ais_simm = 0x10;
  flic.state.adapters[1] = IoAdapter{};
  flic.state.next_rr_cpu = 3;
  ASSERT_EQ(flic.Enqueue({FloatMchk(1, 2), Service(0x1003), Virtio(1, 2), PfaultDone(3), IoOn(7, 1),
                          AdapterIrq(2)}),
            0);

  EXPECT_EQ(flic.Set(FlicGroup::kClearIrqs, 99, "", 7), 0);

  EXPECT_EQ(flic.Pending(), "");
  EXPECT_EQ(flic.Word(), 0u);
  EXPECT_EQ(flic.state.io_count, 0u);
  EXPECT_EQ(flic.state.gisa_ipm, 0);
  EXPECT_EQ(flic.state.ais_simm, 0x10);
  EXPECT_TRUE(flic.state.adapters[1].has_value());
  EXPECT_EQ(flic.state.next_rr_cpu, 3u);
  // No data stays behind to leak into the next ones.
  ASSERT_EQ(flic.Enqueue({FloatMchk(0, 0), Service(0)}), 0);
  EXPECT_EQ(flic.Pending(), HexOf({Service(0), FloatMchk(0, 0)}));
}

std::string SchidImage(uint16_t id, uint16_t nr) {
  return {static_cast<char>(id >> 8), static_cast<char>(id), static_cast<char>(nr >> 8),
          static_cast<char>(nr)};
}

TEST(FlicClearTest, S7_ClearIoIrqTakesTheOldestOfTheLowestIsc) {
  ValueFlic flic;
  const kvm_s390_irq second = Io(0x10000, {1, 5, 0x2222, WordOf(3)});
  ASSERT_EQ(flic.Enqueue({IoOn(6, 5), IoOn(3, 4), IoOn(3, 5), second, IoOn(0, 4)}), 0);

  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 5)), 0);
  EXPECT_EQ(flic.Pending(), HexOf({IoOn(0, 4), IoOn(3, 4), second, IoOn(6, 5)}));
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 5)), 0);
  EXPECT_EQ(flic.Pending(), HexOf({IoOn(0, 4), IoOn(3, 4), IoOn(6, 5)}));
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 5)), 0);
  EXPECT_EQ(flic.Pending(), HexOf({IoOn(0, 4), IoOn(3, 4)}));
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 5)), 0) << "none is no error";

  EXPECT_EQ(flic.Pending(), HexOf({IoOn(0, 4), IoOn(3, 4)}));
  EXPECT_EQ(flic.state.io_count, 2u);
}

TEST(FlicClearTest, S7_ClearIoIrqComparesBothHalves) {
  ValueFlic flic;
  ASSERT_EQ(flic.Enqueue({IoOn(3, 5)}), 0);

  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(2, 5)), 0);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 6)), 0);

  EXPECT_EQ(flic.Pending(), HexOf({IoOn(3, 5)}));
}

TEST(FlicClearTest, S7_ClearIoIrqLeavesTheGisaAlone) {
  ValueFlic flic(WithGisa());
  ASSERT_EQ(flic.Enqueue({AdapterIrq(0), IoOn(3, 5)}), 0);

  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 5)), 0);

  EXPECT_EQ(flic.Pending(), HexOf({AdapterIrq(0)}));
}

TEST(FlicClearTest, S7_ClearIoIrqChecksInThisOrder) {
  ValueFlic flic;
  const std::string zero(4, '\0');

  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, "", /*flags=*/1), -EINVAL);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 5, ""), -EINVAL);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, (uint64_t{1} << 32) + 4, ""), -EINVAL);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, std::string(3, '\0')), -EFAULT);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, zero), -EINVAL);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(0, 1)), 0);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIoIrq, 4, SchidImage(1, 0)), 0);
}

}  // namespace
}  // namespace irqd
