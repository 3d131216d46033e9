// The FLIC's adapters, adapter-interruption suppression, and the calls that make and describe a
// FLIC.
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

std::string Bytes(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

std::string AdapterImage(uint8_t id, uint8_t isc, bool maskable, uint8_t flags) {
  return Bytes({0, 0, 0, id, isc, maskable, 0, flags});
}
std::string RequestImage(uint8_t id, uint8_t type, uint8_t mask) {
  return Bytes({0, 0, 0, id, type, mask, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}
std::string AisImage(uint8_t isc, uint8_t mode) { return Bytes({isc, 0, 0, mode}); }

constexpr FlicGroup kRegister = FlicGroup::kAdapterRegister;
constexpr FlicGroup kModify = FlicGroup::kAdapterModify;
constexpr FlicGroup kInject = FlicGroup::kAirqInject;

TEST(FlicAdapterTest, RegisterChecksInThisOrder) {
  ValueFlic flic;

  EXPECT_EQ(flic.Set(kRegister, 0, AdapterImage(64, 3, false, 0).substr(0, 7)), -EFAULT);
  EXPECT_EQ(flic.Set(kRegister, 0, AdapterImage(64, 3, false, 0)), -EINVAL);
  EXPECT_EQ(flic.Set(kRegister, 0, Bytes({1, 0, 0, 0, 3, 0, 0, 0})), -EINVAL);
  EXPECT_EQ(flic.Set(kRegister, 0, AdapterImage(63, 3, false, 0)), 0);
  EXPECT_EQ(flic.Set(kRegister, 0, AdapterImage(63, 4, true, 1)), -EINVAL) << "there is one";

  ASSERT_TRUE(flic.state.adapters[63].has_value());
  EXPECT_EQ(flic.state.adapters[63]->isc, 3);
  EXPECT_FALSE(flic.state.adapters[63]->maskable);
  EXPECT_FALSE(flic.state.adapters[63]->suppressible);
}

TEST(FlicAdapterTest, RegisterKeepsWhatItWasGiven) {
  ValueFlic flic;

  EXPECT_EQ(flic.Set(kRegister, 0, AdapterImage(0, 200, true, 0xff)), 0) << "isc is not checked";

  ASSERT_TRUE(flic.state.adapters[0].has_value());
  EXPECT_EQ(flic.state.adapters[0]->isc, 200);
  EXPECT_TRUE(flic.state.adapters[0]->maskable);
  EXPECT_FALSE(flic.state.adapters[0]->masked);
  EXPECT_TRUE(flic.state.adapters[0]->suppressible);
}

TEST(FlicAdapterTest, ModifyChecksInThisOrder) {
  ValueFlic flic;
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(1, 3, true, 0)), 0);
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(2, 3, false, 0)), 0);

  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(9, 9, 0).substr(0, 15)), -EFAULT);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(9, kIoAdapterMap, 0)), -EINVAL);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(64, kIoAdapterMap, 0)), -EINVAL);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(1, 0, 0)), -EINVAL);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(1, 4, 0)), -EINVAL);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(2, kIoAdapterMask, 1)), -EINVAL);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(2, kIoAdapterMap, 0)), 0);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(2, kIoAdapterUnmap, 0)), 0);
}

TEST(FlicAdapterTest, MaskReturns0WhateverItWasBefore) {
  ValueFlic flic;
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(1, 3, true, 0)), 0);

  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(1, kIoAdapterMask, 2)), 0);
  EXPECT_TRUE(flic.state.adapters[1]->masked);
  EXPECT_EQ(flic.Set(kModify, 0, RequestImage(1, kIoAdapterMask, 0)), 0);
  EXPECT_FALSE(flic.state.adapters[1]->masked);
}

// The mask is for interrupt routing; KVM_DEV_FLIC_AIRQ_INJECT does not look at it.
TEST(FlicAdapterTest, InjectingIgnoresTheMask) {
  ValueFlic flic;
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(1, 3, true, 0)), 0);
  ASSERT_EQ(flic.Set(kModify, 0, RequestImage(1, kIoAdapterMask, 1)), 0);

  EXPECT_EQ(flic.Set(kInject, 1, ""), 0);

  EXPECT_EQ(flic.Pending(), HexOf({AdapterIrq(3)}));
  EXPECT_THAT(flic.woken, ElementsAre(kIntIoAdapter));
}

TEST(FlicAdapterTest, InjectNeedsAnAdapter) {
  ValueFlic flic;
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(1, 3, false, 0)), 0);

  EXPECT_EQ(flic.Set(kInject, 0, ""), -EINVAL);
  EXPECT_EQ(flic.Set(kInject, 64, ""), -EINVAL);
  EXPECT_EQ(flic.Set(kInject, (uint64_t{7} << 32) + 1, ""), 0) << "the id has 32 bits";

  EXPECT_EQ(flic.Pending(), HexOf({AdapterIrq(3)}));
}

TEST(FlicAdapterTest, InjectFailsAsIoDoes) {
  ValueFlic flic;
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(1, 3, false, 1)), 0);
  flic.state.has_ais = true;
  flic.state.ais_simm = 0x10;
  flic.state.io_count = kMaxFloatIrqs;

  EXPECT_EQ(flic.Set(kInject, 1, ""), -EBUSY);

  EXPECT_EQ(flic.state.ais_nimm, 0) << "what was not injected suppresses nothing";
  EXPECT_THAT(flic.woken, IsEmpty());
}

// An adapter on ISC 3 in some modes: what is pending after two interrupts, and the masks.
struct Ais {
  std::string name;
  bool has_ais;
  bool suppressible;
  uint8_t simm;
  uint8_t nimm;
  size_t injected;  // of two
  uint8_t nimm_afterwards;
};
void PrintTo(const Ais& ais, std::ostream* out) { *out << ais.name; }
class FlicAisTest : public testing::TestWithParam<Ais> {};

TEST_P(FlicAisTest, S7_SuppressedInterruptsReturn0) {
  ValueFlic flic;
  flic.state.has_ais = GetParam().has_ais;
  flic.state.ais_simm = GetParam().simm;
  flic.state.ais_nimm = GetParam().nimm;
  ASSERT_EQ(flic.Set(kRegister, 0, AdapterImage(1, 3, false, GetParam().suppressible)), 0);

  EXPECT_EQ(flic.Set(kInject, 1, ""), 0);
  EXPECT_EQ(flic.Set(kInject, 1, ""), 0);

  EXPECT_EQ(flic.state.io[3].size(), GetParam().injected);
  EXPECT_EQ(flic.woken.size(), GetParam().injected);
  EXPECT_EQ(flic.state.ais_nimm, GetParam().nimm_afterwards);
  EXPECT_EQ(flic.state.ais_simm, GetParam().simm);
}

INSTANTIATE_TEST_SUITE_P(Modes, FlicAisTest,
                         testing::Values(Ais{"AllInterruptions", true, true, 0, 0, 2, 0},
                                         Ais{"OneThenNone", true, true, 0x10, 0, 1, 0x10},
                                         Ais{"NoneWithoutSingleMode", true, true, 0, 0x10, 0, 0x10},
                                         Ais{"ModesOfOtherIscs", true, true, 0xef, 0xef, 2, 0xef},
                                         Ais{"NotSuppressible", true, false, 0x10, 0x10, 2, 0x10},
                                         Ais{"WithoutTheFacility", false, true, 0x10, 0x10, 2,
                                             0x10}),
                         [](const auto& info) { return info.param.name; });

TEST(FlicAisModeTest, ChecksInThisOrder) {
  ValueFlic flic;
  const FlicGroup aism = FlicGroup::kAism;

  EXPECT_EQ(flic.Set(aism, 0, ""), -EOPNOTSUPP);
  EXPECT_EQ(flic.Set(FlicGroup::kAismAll, 0, ""), -EOPNOTSUPP);
  flic.state.has_ais = true;
  EXPECT_EQ(flic.Set(aism, 0, AisImage(8, 9).substr(0, 3)), -EFAULT);
  EXPECT_EQ(flic.Set(aism, 0, AisImage(8, kAisModeAll)), -EINVAL);
  EXPECT_EQ(flic.Set(aism, 0, AisImage(7, 2)), -EINVAL);
  EXPECT_EQ(flic.Set(aism, 0, Bytes({7, 0, 1, 0})), -EINVAL) << "the mode has 16 bits";
  EXPECT_EQ(flic.Set(aism, 0, Bytes({7, 99, 0, 0})), 0) << "byte 1 is no field";
  EXPECT_EQ(flic.Set(FlicGroup::kAismAll, 0, "\x01"), -EFAULT);
}

TEST(FlicAisModeTest, ModesSetAndClearTheirMasks) {
  ValueFlic flic;
  flic.state.has_ais = true;
  flic.state.ais_nimm = 0xff;

  EXPECT_EQ(flic.Set(FlicGroup::kAism, 0, AisImage(0, kAisModeSingle)), 0);
  EXPECT_EQ(flic.Set(FlicGroup::kAism, 0, AisImage(7, kAisModeSingle)), 0);
  EXPECT_EQ(flic.state.ais_simm, 0x81);
  EXPECT_EQ(flic.state.ais_nimm, 0x7e) << "the next one gets through";

  flic.state.ais_nimm = 0xff;
  EXPECT_EQ(flic.Set(FlicGroup::kAism, 0, AisImage(7, kAisModeAll)), 0);
  EXPECT_EQ(flic.state.ais_simm, 0x80);
  EXPECT_EQ(flic.state.ais_nimm, 0xfe);
}

TEST(FlicAisModeTest, AllModesAreSetAndRead) {
  ValueFlic flic;
  flic.state.has_ais = true;

  EXPECT_EQ(flic.Set(FlicGroup::kAismAll, 0, "\x12\x34"), 0);
  EXPECT_EQ(flic.Get(FlicGroup::kAismAll, 2), 0);

  EXPECT_EQ(flic.memory, "\x12\x34");
}

TEST(FlicAisModeTest, ReadingChecksTheLengthFirst) {
  ValueFlic flic;

  EXPECT_EQ(flic.Get(FlicGroup::kAismAll, 1), -EINVAL);
  EXPECT_EQ(flic.Get(FlicGroup::kAismAll, 2), -EOPNOTSUPP);
  EXPECT_EQ(flic.memory, "");
  flic.state.has_ais = true;
  EXPECT_EQ(flic.Get(FlicGroup::kAismAll, ~uint64_t{0}), 0);
  EXPECT_EQ(flic.memory.size(), kAisAllSize);
}

TEST(FlicTest, AsynchronousPageFaults) {
  ValueFlic flic;

  EXPECT_EQ(flic.Set(FlicGroup::kApfEnable, 0, ""), 0);
  EXPECT_TRUE(flic.state.pfault_enabled);
  EXPECT_EQ(flic.Set(FlicGroup::kApfDisableWait, 0, ""), 0);
  EXPECT_FALSE(flic.state.pfault_enabled);
}

TEST(FlicTest, OtherGroupsCannotBeSet) {
  ValueFlic flic;
  for (uint32_t group : {0u, 1u, 12u, ~0u}) {
    EXPECT_EQ(flic.Set(static_cast<FlicGroup>(group), 0, ""), -EINVAL) << group;
  }
}

TEST(FlicTest, HasGroups1To11) {
  for (uint32_t group = 1; group <= 11; ++group) {
    EXPECT_EQ(HasDeviceAttr({~0u, group, ~uint64_t{0}}), 0) << group;
  }
  for (uint32_t group : {0u, 12u, ~0u}) EXPECT_EQ(HasDeviceAttr({0, group, 0}), -ENXIO) << group;
}

TEST(FlicTest, IsCreatedOnce) {
  FloatState state;

  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_VFIO, 0, &state), -ENODEV);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_VFIO, KVM_CREATE_DEVICE_TEST, &state), -ENODEV);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, KVM_CREATE_DEVICE_TEST, &state), 0);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, 2, &state), 0) << "other flags mean nothing";
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, 0, &state), -EINVAL);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, KVM_CREATE_DEVICE_TEST, &state), 0);
}

TEST(FlicTest, EnablesCapabilities) {
  const HostProfile profile = DefaultHostProfile();
  FloatState state;

  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 1, profile, 1, &state), -EINVAL);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 0, profile, 1, &state), -EBUSY);
  EXPECT_FALSE(state.has_ais);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 0, profile, 0, &state), 0);
  EXPECT_TRUE(state.has_ais);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_IRQCHIP, 0, profile, 1, &state), 0);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_IRQCHIP, 1, profile, 1, &state), -EINVAL);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_IRQ_STATE, 0, profile, 0, &state), -EINVAL);
}

}  // namespace
}  // namespace irqd
