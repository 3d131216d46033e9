// KVM_GET_DEVICE_ATTR on the FLIC: what is listed, in which order, and what does not fit.
#include <cerrno>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/value_float.h"

namespace irqd {
namespace {

std::string Hex(const std::vector<kvm_s390_irq>& irqs) { return HexRecords(Images(irqs)); }

TEST(FlicGetTest, S7_ListsByKindAndSubclassOldestFirst) {
  ValueFloat vm;
  vm.profile.gisa = true;
  vm.Enqueue({FloatMchk(0x10000000, 1), Service(0x1000), Virtio(2, 0), Virtio(1, 0), PfaultDone(9),
              PfaultDone(8), Io(7, 1), Io(0, 2), Io(0, 1)});
  vm.Interrupt(kIntIoAdapter, 0, 7u << 27);
  vm.Interrupt(kIntIoAdapter, 0, 2u << 27);

  EXPECT_EQ(vm.Listed(), Hex({AdapterIo(2), AdapterIo(7), Io(0, 2), Io(0, 1), Io(7, 1),
                              PfaultDone(9), PfaultDone(8), Virtio(2, 0), Virtio(1, 0),
                              Service(0x1000), FloatMchk(0x10000000, 1)}));
}

TEST(FlicGetTest, S8_15_ReadingConsumesWhatTheGisaHoldsAndNothingElse) {
  ValueFloat vm;
  vm.profile.gisa = true;
  vm.Enqueue({Io(3, 1)});
  vm.Interrupt(kIntIoAdapter, 0, 0);

  EXPECT_EQ(vm.Listed(), Hex({AdapterIo(0), Io(3, 1)}));
  EXPECT_EQ(vm.Listed(), Hex({Io(3, 1)}));
}

struct Gisa {
  std::string name;
  std::vector<uint32_t> iscs;
  size_t room;  // records
  int64_t ret;
  uint8_t left;
};
class GisaRoomTest : public testing::TestWithParam<Gisa> {};
INSTANTIATE_TEST_SUITE_P(
    Rooms, GisaRoomTest,
    testing::Values(Gisa{"S8_15_ExactRoomIsTooLittle", {0, 3}, 2, -ENOMEM, 0},
                    Gisa{"S8_15_ButNotWhenTheLastIsSeven", {0, 7}, 2, 2, 0},
                    Gisa{"OneMoreIsEnough", {0, 3}, 3, 2, 0},
                    Gisa{"WhatWasNotReachedStays", {0, 3, 5}, 1, -ENOMEM, 0x14}),
    [](const auto& info) { return info.param.name; });

TEST_P(GisaRoomTest, IsLookedForBeforeEachSubclass) {
  ValueFloat vm;
  vm.profile.gisa = true;
  for (uint32_t isc : GetParam().iscs) vm.Interrupt(kIntIoAdapter, 0, isc << 27);

  EXPECT_EQ(vm.GetAll(GetParam().room * kIrqSize), GetParam().ret);

  EXPECT_EQ(vm.state.gisa_ipm, GetParam().left);
}

std::vector<kvm_s390_irq> OneOfEach() {
  return {Io(0, 1), PfaultDone(2), Virtio(3, 4), Service(0x1000), FloatMchk(0, 5)};
}

TEST(FlicGetTest, S7_TooSmallABufferGetsNothing) {
  ValueFloat vm;
  vm.Enqueue(OneOfEach());
  for (size_t room = 0; room < 5; ++room) {
    EXPECT_EQ(vm.GetAll(room * kIrqSize + 71), -ENOMEM) << room;
    EXPECT_EQ(vm.images, "") << room;
  }
  EXPECT_EQ(vm.GetAll(5 * kIrqSize), 5);
  EXPECT_EQ(vm.images, Images(OneOfEach()));
}

TEST(FlicGetTest, S7_LengthIsOneToTheLimit) {
  ValueFloat vm;
  EXPECT_EQ(vm.GetAll(0), -EINVAL);
  EXPECT_EQ(vm.GetAll(0x2000001), -EINVAL);
  EXPECT_EQ(vm.GetAll(uint64_t{1} << 32 | 72), -EINVAL);
  EXPECT_EQ(vm.GetAll(0x2000000), 0);
  EXPECT_EQ(vm.GetAll(1), 0) << "no multiple of a record needed";
}

TEST(FlicGetTest, EventPartAloneIsListedToo) {
  ValueFloat vm;
  vm.state.service_event_pending = true;
  vm.state.service_parm = 3;

  EXPECT_EQ(vm.Listed(), Hex({Service(3)}));
}

TEST(FlicGetTest, S7_AisModes) {
  ValueFloat vm;
  std::string memory;
  const auto get = [&](uint64_t len) {
    return GetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kAismAll), len}, &vm.state, &memory);
  };
  EXPECT_EQ(get(1), -EINVAL) << "before the facility is looked at";
  EXPECT_EQ(get(2), -EOPNOTSUPP);
  vm.state.has_ais = true;
  vm.state.ais_simm = 0x12;
  vm.state.ais_nimm = 0x34;
  EXPECT_EQ(get(1), -EINVAL);
  EXPECT_EQ(get(100), 0);
  EXPECT_EQ(memory, "\x12\x34");
}

TEST(FlicGetTest, OtherGroupsAreInvalid) {
  ValueFloat vm;
  std::string memory;
  for (uint32_t group : {0u, 2u, 3u, 9u, 12u}) {
    EXPECT_EQ(GetDeviceAttr({0, group, 72}, &vm.state, &memory), -EINVAL) << group;
  }
}

}  // namespace
}  // namespace irqd
