// KVM_S390_INTERRUPT on the VM and the FLIC's ENQUEUE, type by type. S7 and S8 name the sections of
// the kernel's semantics that a case follows.
#include <cerrno>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/value_float.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Hex(const std::vector<kvm_s390_irq>& irqs) { return HexRecords(Images(irqs)); }

struct Call {
  uint32_t type;
  uint32_t parm;
  uint64_t parm64;
};
struct Conversion {
  std::string name;
  Call call;
  std::vector<kvm_s390_irq> listed;
};
class InterruptTest : public testing::TestWithParam<Conversion> {};

kvm_s390_irq IoOf(uint64_t type, kvm_s390_io_info io) {
  kvm_s390_irq irq = Irq(type);
  irq.u.io = io;
  return irq;
}

INSTANTIATE_TEST_SUITE_P(
    Types, InterruptTest,
    testing::Values(
        Conversion{"S7_MchkTakesParmAsCr14LimitedToChannelReports",
                   {KVM_S390_MCHK, 0xffffffff, 0x123456789abcdef0},
                   {FloatMchk(0x10000000, 0x123456789abcdef0)}},
        Conversion{"S7_MchkPendsWhateverItsMcic", {KVM_S390_MCHK, 0, 0}, {FloatMchk(0, 0)}},
        Conversion{"S7_ServiceKeepsEventBitsAndAddress",
                   {KVM_S390_INT_SERVICE, 0xfffffff7, 5},
                   {Service(0xfffffff3)}},
        Conversion{"S8_16_ServiceOfZeroPends", {KVM_S390_INT_SERVICE, 0, 0}, {Service(0)}},
        Conversion{"S7_VirtioTakesBoth", {KVM_S390_INT_VIRTIO, 7, 8}, {Virtio(7, 8)}},
        Conversion{
            "S7_PfaultDoneTakesParm64Only", {KVM_S390_INT_PFAULT_DONE, 7, 8}, {PfaultDone(8)}},
        Conversion{"S7_IoIsInTheParametersNotInTheType",
                   {0x00010002, 0x00030004, 0x0000000500000006},
                   {IoOf(0x00010002, {3, 4, 5, 6})}},
        Conversion{"S8_14_TypeZeroIsIo", {0, 0, 0}, {Irq(0)}},
        Conversion{"S8_14_HighestIo", {0xfffdffff, 0, 0}, {Irq(0xfffdffff)}},
        Conversion{
            "S8_20_AdapterWithoutGisaIsQueued", {kIntIoAdapter, 0, 0x80000000}, {AdapterIo(0)}}),
    [](const auto& info) { return info.param.name; });

TEST_P(InterruptTest, BecomesARecordAndWakesOnce) {
  ValueFloat vm;
  const Call& call = GetParam().call;

  EXPECT_EQ(vm.Interrupt(call.type, call.parm, call.parm64), 0);

  EXPECT_EQ(vm.Listed(), Hex(GetParam().listed));
  EXPECT_THAT(vm.wakes, ElementsAre(call.type));
}

TEST(FloatInjectTest, S7_OtherTypesAreInvalid) {
  for (uint32_t type : {0xfffe0000u, 0xfffe0001u, 0xfffe0002u, 0xfffe0003u, 0xfffe0004u,
                        0xffff1004u, 0xffff1005u, 0xffff1201u, 0xffff1202u, 0xffffffffu}) {
    ValueFloat vm;
    EXPECT_EQ(vm.Interrupt(type, 0, 0), -EINVAL) << type;
    EXPECT_EQ(vm.state.Pending(), 0u) << type;
    EXPECT_THAT(vm.wakes, IsEmpty()) << type;
  }
  ValueFloat vm;
  EXPECT_EQ(vm.Interrupt(0xfffdffff, 0, 0), 0) << "the highest of I/O";
}

TEST(FloatInjectTest, S7_MachineChecksAddUp) {
  ValueFloat vm;

  vm.Interrupt(KVM_S390_MCHK, 0, 0x1);
  vm.Interrupt(KVM_S390_MCHK, 0x10000000, 0x2);
  vm.Interrupt(KVM_S390_MCHK, 0, 0);

  EXPECT_EQ(vm.Listed(), Hex({FloatMchk(0x10000000, 0x3)}));
}

struct Signals {
  std::string name;
  std::vector<uint32_t> parms;
  uint32_t stored;
  bool service;
  bool event;
};
class ServiceTest : public testing::TestWithParam<Signals> {};
INSTANTIATE_TEST_SUITE_P(
    Signals, ServiceTest,
    testing::Values(Signals{"S7_AddressOnly", {0x1000}, 0x1000, true, false},
                    Signals{"S7_EventBitsPendByThemselvesToo", {1}, 1, true, true},
                    Signals{"S8_17_SecondAddressIsDropped", {0x1000, 0x2000}, 0x1000, true, false},
                    Signals{"S7_EventBitsOfADroppedOneStay", {0x1000, 0x2002}, 0x1002, true, true},
                    Signals{"S7_EventBitsAddUp", {1, 2}, 3, true, true},
                    Signals{"S7_AddressAfterEventBits", {1, 0x1000}, 0x1001, true, true},
                    Signals{"S7_BitTwoIsNoAddress", {4}, 0, true, false},
                    Signals{"S7_BitThreeIsAddress", {8, 0x10}, 8, true, false}),
    [](const auto& info) { return info.param.name; });

TEST_P(ServiceTest, HasTwoParts) {
  ValueFloat vm;

  for (uint32_t parm : GetParam().parms) EXPECT_EQ(vm.Interrupt(KVM_S390_INT_SERVICE, parm, 0), 0);

  EXPECT_EQ(vm.state.service_parm, GetParam().stored);
  EXPECT_EQ(vm.state.service_pending, GetParam().service);
  EXPECT_EQ(vm.state.service_event_pending, GetParam().event);
  EXPECT_EQ(vm.Listed(), Hex({Service(GetParam().stored)})) << "one record, whatever parts it has";
}

TEST_P(ServiceTest, S10_HasOnePartInLinux41) {
  ValueFloat vm;
  vm.profile.kernel = FindKernelRules("linux-4.1");

  for (uint32_t parm : GetParam().parms) EXPECT_EQ(vm.Interrupt(KVM_S390_INT_SERVICE, parm, 0), 0);

  EXPECT_EQ(vm.state.service_parm, GetParam().stored);
  EXPECT_FALSE(vm.state.service_event_pending);
}

TEST(FloatInjectTest, S7_IscIsBitsTwoToFourOfTheWord) {
  ValueFloat vm;

  for (uint32_t isc = 0; isc < 8; ++isc) {
    EXPECT_EQ(vm.Interrupt(0, 0, 0xc7ffffff | isc << 27), 0);
    EXPECT_EQ(vm.state.io[isc].size(), 1u) << isc;
  }

  EXPECT_EQ(vm.state.io_count, 8u);
}

struct Limit {
  std::string name;
  Call call;
  uint32_t most;
  const char* kernel;
};
class LimitTest : public testing::TestWithParam<Limit> {};
INSTANTIATE_TEST_SUITE_P(
    Types, LimitTest,
    testing::Values(
        Limit{"Io", {0, 0, 0x18000000}, 266250, "linux-6.1"},
        Limit{"Virtio", {KVM_S390_INT_VIRTIO, 0, 0}, 87381, "linux-6.1"},
        Limit{"PfaultDone", {KVM_S390_INT_PFAULT_DONE, 0, 0}, 16320, "linux-6.1"},
        Limit{"PfaultDoneOfLinux41", {KVM_S390_INT_PFAULT_DONE, 0, 0}, 4096, "linux-4.1"}),
    [](const auto& info) { return info.param.name; });

TEST_P(LimitTest, S7_OneMoreIsBusyAndWakesNobody) {
  ValueFloat vm;
  vm.profile.kernel = FindKernelRules(GetParam().kernel);
  const Call& call = GetParam().call;
  for (uint32_t i = 0; i < GetParam().most; ++i) {
    ASSERT_EQ(vm.Interrupt(call.type, call.parm, call.parm64), 0) << i;
  }
  vm.wakes.clear();

  EXPECT_EQ(vm.Interrupt(call.type, call.parm, call.parm64), -EBUSY);

  EXPECT_THAT(vm.wakes, IsEmpty());
  EXPECT_EQ(vm.GetAll(kFlicMaxBuffer), GetParam().most);
}

TEST(FloatInjectTest, S7_TheIoLimitIsOfAllSubclassesTogetherAndOfNothingElse) {
  ValueFloat vm;
  vm.state.io_count = kMaxFloatIrqs;

  EXPECT_EQ(vm.Interrupt(0, 0, 0), -EBUSY);
  EXPECT_EQ(vm.Interrupt(0, 0, 0x38000000), -EBUSY);
  EXPECT_EQ(vm.Interrupt(KVM_S390_INT_VIRTIO, 0, 0), 0);
}

TEST(FloatInjectTest, S7_AdapterInterruptsOfAGisaAreBits) {
  ValueFloat vm;
  vm.profile.gisa = true;

  for (uint32_t isc : {0u, 3u, 3u, 7u}) EXPECT_EQ(vm.Interrupt(kIntIoAdapter, 0, isc << 27), 0);
  EXPECT_EQ(vm.Interrupt(0, 0, 3u << 27), 0);

  EXPECT_EQ(vm.state.gisa_ipm, 0x91);
  EXPECT_EQ(vm.state.io_count, 1u) << "others are queued";
}

TEST(FloatInjectTest, S7_PendingBits) {
  FloatState state;
  EXPECT_EQ(state.Pending(), 0u);
  state.mchk_pending = state.service_event_pending = state.service_pending = true;
  state.pfault_done.resize(1);
  state.virtio.resize(1);
  for (auto& queue : state.io) queue.resize(1);
  HostProfile older = DefaultHostProfile();
  older.kernel = FindKernelRules("linux-4.1");

  EXPECT_EQ(FloatPendingWord(state.Pending(), DefaultHostProfile()), 0x0101'9ff8u);
  state.service_event_pending = false;
  EXPECT_EQ(FloatPendingWord(state.Pending(), older), 0x00ff'c808u);

  for (int isc = 0; isc < 8; ++isc) {
    FloatState one;
    one.io[isc].resize(1);
    EXPECT_EQ(FloatPendingWord(one.Pending(), DefaultHostProfile()), 1u << (10 - isc));
    EXPECT_EQ(FloatPendingWord(one.Pending(), older), 1u << (16 + isc));
  }
}

}  // namespace
}  // namespace irqd
