// KVM_GET_DEVICE_ATTR on the FLIC: order, room, and what reading takes away.
#include <cerrno>
#include <string>
#include <vector>

#include "core/float_irq.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"

namespace irqd {
namespace {

constexpr FlicGroup kAll = FlicGroup::kGetAllIrqs;

TEST(FlicGetTest, S7_GisaThenIoByIscThenPfaultVirtioServiceMchk) {
  ValueFlic flic(WithGisa());
  ASSERT_EQ(flic.Enqueue({FloatMchk(kLimitedCr14, 2), Service(0x1003), Virtio(1, 2), PfaultDone(3),
                          IoOn(7, 1), IoOn(0, 1), AdapterIrq(7), AdapterIrq(0), IoOn(0, 2)}),
            0);

  EXPECT_EQ(flic.Get(kAll, kAllOfThem), 9);

  EXPECT_EQ(HexRecords(flic.memory),
            HexOf({AdapterIrq(0), AdapterIrq(7), IoOn(0, 1), IoOn(0, 2), IoOn(7, 1), PfaultDone(3),
                   Virtio(1, 2), Service(0x1003), FloatMchk(kLimitedCr14, 2)}));
}

TEST(FlicGetTest, S7_NothingPendingWritesNothing) {
  ValueFlic flic;
  flic.memory = "old";

  EXPECT_EQ(flic.Get(kAll, 1), 0);

  EXPECT_EQ(flic.memory, "");
}

TEST(FlicGetTest, S7_ReadingTakesNothingOutOfTheQueues) {
  ValueFlic flic;
  ASSERT_EQ(
      flic.Enqueue({FloatMchk(0, 2), Service(0x1003), Virtio(1, 2), PfaultDone(3), IoOn(7, 1)}), 0);
  const std::string before = flic.Pending();
  const uint64_t word = flic.Word();

  EXPECT_EQ(flic.Get(kAll, kAllOfThem), 5);

  EXPECT_EQ(flic.Pending(), before);
  EXPECT_EQ(flic.Word(), word);
}

TEST(FlicGetTest, S7_ServiceEventAloneIsOneRecord) {
  ValueFlic flic;
  flic.state.service_event_pending = true;
  flic.state.service_parm = 3;

  EXPECT_EQ(flic.Pending(), HexOf({Service(3)}));
}

// What is not pending is not read, whatever data is there.
TEST(FlicGetTest, S7_DataWithoutItsBitIsNotRead) {
  ValueFlic flic;
  flic.state.service_parm = 3;
  flic.state.mchk_mcic = 5;

  EXPECT_EQ(flic.Get(kAll, kAllOfThem), 0);
}

TEST(FlicGetTest, S7_LengthsAreCheckedFirst) {
  ValueFlic flic(WithGisa());
  ASSERT_EQ(flic.Enqueue({AdapterIrq(3)}), 0);

  EXPECT_EQ(flic.Get(kAll, 0), -EINVAL);
  EXPECT_EQ(flic.Get(kAll, kFlicMaxBuffer + 1), -EINVAL);
  EXPECT_EQ(flic.Get(kAll, (uint64_t{1} << 32) + 720), -EINVAL) << "attr has 64 bits here";

  EXPECT_EQ(flic.state.gisa_ipm, 0x10) << "an invalid call does not read";
}

struct Room {
  std::string name;
  std::vector<kvm_s390_irq> pending;
  uint64_t len;
  int64_t ret;
  uint8_t ipm_afterwards;
};
void PrintTo(const Room& room, std::ostream* out) { *out << room.name; }
class FlicGetRoomTest : public testing::TestWithParam<Room> {};

TEST_P(FlicGetRoomTest, AnswersAsTheKernel) {
  ValueFlic flic(WithGisa());
  ASSERT_EQ(flic.Enqueue(GetParam().pending), 0);
  const uint64_t word = flic.Word();

  EXPECT_EQ(flic.Get(kAll, GetParam().len), GetParam().ret);

  const uint64_t records = GetParam().ret > 0 ? static_cast<uint64_t>(GetParam().ret) : 0;
  EXPECT_EQ(flic.memory.size(), records * kIrqSize) << "all or nothing";
  EXPECT_EQ(flic.state.gisa_ipm, GetParam().ipm_afterwards);
  EXPECT_EQ(flic.Word(), word) << "the queues keep theirs";
}

INSTANTIATE_TEST_SUITE_P(
    Rooms, FlicGetRoomTest,
    testing::Values(
        Room{"S7_ExactlyEnoughForTheQueues", {IoOn(3, 1), Virtio(1, 2)}, 144, 2, 0},
        Room{"S7_NoMultipleNeeded", {IoOn(3, 1), Virtio(1, 2)}, 200, 2, 0},
        Room{"S7_OneByteTooShort", {IoOn(3, 1), Virtio(1, 2)}, 143, -ENOMEM, 0},
        Room{"S7_NoRoomAtAll", {IoOn(3, 1)}, 71, -ENOMEM, 0},
        Room{"S7_TooShortForPfaultDone", {IoOn(3, 1), PfaultDone(1)}, 72, -ENOMEM, 0},
        Room{"S7_TooShortForService", {IoOn(3, 1), Service(8)}, 72, -ENOMEM, 0},
        Room{"S7_TooShortForMchk", {IoOn(3, 1), FloatMchk(0, 1)}, 72, -ENOMEM, 0},
        Room{"S8_15_ReadingEmptiesTheGisa", {AdapterIrq(0), AdapterIrq(3)}, 720, 2, 0},
        Room{"S8_15_RightSizeFailsAndLosesThem", {AdapterIrq(0), AdapterIrq(3)}, 144, -ENOMEM, 0},
        Room{"S8_15_RightSizeIsEnoughWithIsc7", {AdapterIrq(0), AdapterIrq(7)}, 144, 2, 0},
        Room{"S8_15_OneIsLostTheOthersStay", {AdapterIrq(0), AdapterIrq(3)}, 72, -ENOMEM, 0x10},
        Room{"S8_15_WithoutRoomTheGisaStays", {AdapterIrq(0)}, 71, -ENOMEM, 0x80},
        Room{"S8_15_LostThoughTheQueuesDidNotFit", {AdapterIrq(7), IoOn(3, 1)}, 72, -ENOMEM, 0}),
    [](const auto& info) { return info.param.name; });

TEST(FlicGetTest, S7_OtherGroupsAreInvalid) {
  ValueFlic flic;
  flic.state.has_ais = true;
  for (uint32_t group : {0u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 10u, 12u, ~0u}) {
    flic.memory = "old";

    EXPECT_EQ(flic.Get(static_cast<FlicGroup>(group), 720), -EINVAL) << group;

    EXPECT_EQ(flic.memory, "") << group;
  }
}

}  // namespace
}  // namespace irqd
