// KVM_S390_INTERRUPT on the VM: the rules of each type of floating interrupt, named after the
// sections of the semantics. A case says all that is pending afterwards.
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

struct Rule {
  std::string name;
  HostProfile profile;
  std::vector<kvm_s390_interrupt> injected;  // all succeed
  std::vector<kvm_s390_irq> pending;         // as records, in the order of GET_ALL_IRQS
  uint64_t word;
};
void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

class FloatInjectRuleTest : public testing::TestWithParam<Rule> {};
std::string NameOf(const testing::TestParamInfo<Rule>& info) { return info.param.name; }

TEST_P(FloatInjectRuleTest, Holds) {
  ValueFlic flic(GetParam().profile);
  std::vector<uint64_t> types;

  for (const kvm_s390_interrupt& interrupt : GetParam().injected) {
    ASSERT_EQ(flic.Inject(interrupt), 0);
    types.push_back(interrupt.type);
  }

  EXPECT_EQ(flic.Pending(), HexOf(GetParam().pending));
  EXPECT_EQ(flic.Word(), GetParam().word);
  EXPECT_EQ(flic.woken, types) << "each success looks for a vCPU to wake, once";
}

constexpr uint64_t kIsc0 = 1 << 10;
constexpr uint64_t kIsc3 = 1 << 7;
constexpr uint64_t kIsc7 = 1 << 3;

INSTANTIATE_TEST_SUITE_P(
    Io, FloatInjectRuleTest,
    testing::Values(
        Rule{"S7_SubchannelComesFromThePayload",
             Linux61(),
             {{0xabcd, 0x00010002, 0x3333333318000000}},
             {Io(0xabcd, {1, 2, 0x33333333, WordOf(3)})},
             kIsc3},
        Rule{"S8_14_TypeZeroIsIo", Linux61(), {{0, 0, 0}}, {Io(0, {0, 0, 0, 0})}, kIsc0},
        Rule{"S8_14_HighestTypeIsIo",
             Linux61(),
             {{0xfffdffff, 0, WordOf(7)}},
             {Io(0xfffdffff, {0, 0, 0, WordOf(7)})},
             kIsc7},
        Rule{"S7_IscIsBits2To4OfTheWord",
             Linux61(),
             {{1, 0, 0xffffffff}, {1, 0, 0xc7ffffff}},
             {Io(1, {0, 0, 0, 0xc7ffffff}), Io(1, {0, 0, 0, 0xffffffff})},
             kIsc0 | kIsc7},
        Rule{"S7_OldestFirstWithinAnIscLowestIscFirst",
             Linux61(),
             {VmIoOn(7, 1), VmIoOn(3, 9), VmIoOn(3, 2), VmIoOn(0, 5)},
             {IoOn(0, 5), IoOn(3, 9), IoOn(3, 2), IoOn(7, 1)},
             kIsc0 | kIsc3 | kIsc7},
        Rule{"S7_TheSameTwiceIsTwo",
             Linux61(),
             {VmIoOn(3, 2), VmIoOn(3, 2)},
             {IoOn(3, 2), IoOn(3, 2)},
             kIsc3},
        Rule{"S8_20_AdapterInterruptsAreQueuedSinglyWithoutAGisa",
             Linux61(),
             {VmAdapter(3), VmAdapter(3)},
             {Io(kIntIoAdapter, {0, 0, 0, WordOf(3)}), Io(kIntIoAdapter, {0, 0, 0, WordOf(3)})},
             kIsc3},
        Rule{"S7_AdapterInterruptsAreOneBitInTheGisa",
             WithGisa(),
             {VmAdapter(3), VmAdapter(0), VmAdapter(3)},
             {AdapterIrq(0), AdapterIrq(3)},
             0},
        Rule{"S7_OthersAreQueuedBesideTheGisa",
             WithGisa(),
             {VmIoOn(3, 2), VmAdapter(7)},
             {AdapterIrq(7), IoOn(3, 2)},
             kIsc3},
        Rule{"S7_AnyTypeWithTheAdapterBitGoesToTheGisa",
             WithGisa(),
             {{0xfffdffff, 0x00010002, 0x3333333318000000}},
             {AdapterIrq(3)},
             0}),
    NameOf);

// Each ISC has its queue and its bit.
TEST(FloatInjectTest, S7_EveryIscHasItsBit) {
  for (int isc = 0; isc < kIscCount; ++isc) {
    ValueFlic flic;

    EXPECT_EQ(flic.Inject(VmIoOn(isc, 1)), 0);

    EXPECT_EQ(flic.Word(), uint64_t{1} << (10 - isc)) << isc;
  }
}

INSTANTIATE_TEST_SUITE_P(
    External, FloatInjectRuleTest,
    testing::Values(Rule{"S7_PfaultDoneTakesTheTokenOnly",
                         Linux61(),
                         {{KVM_S390_INT_PFAULT_DONE, 7, 8}},
                         {PfaultDone(8)},
                         1 << 12},
                    Rule{"S7_PfaultDoneQueues",
                         Linux61(),
                         {{KVM_S390_INT_PFAULT_DONE, 0, 9}, {KVM_S390_INT_PFAULT_DONE, 0, 8}},
                         {PfaultDone(9), PfaultDone(8)},
                         1 << 12},
                    Rule{"S7_VirtioQueuesBothParameters",
                         Linux61(),
                         {{KVM_S390_INT_VIRTIO, 7, ~uint64_t{8}}, {KVM_S390_INT_VIRTIO, 1, 2}},
                         {Virtio(7, ~uint64_t{8}), Virtio(1, 2)},
                         1 << 11}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    MachineCheck, FloatInjectRuleTest,
    testing::Values(
        Rule{"S7_Cr14IsLimitedToChannelReports",
             Linux61(),
             {VmMchk(0xffffffff, 0x5)},
             {FloatMchk(kLimitedCr14, 0x5)},
             1 << 24},
        Rule{"S7_PendingWhateverTheMcic", Linux61(), {VmMchk(0, 0)}, {FloatMchk(0, 0)}, 1 << 24},
        Rule{"S7_ExigentMcicIsRepressibleHere",
             Linux61(),
             {VmMchk(0, kMchkExigentMask)},
             {FloatMchk(0, kMchkExigentMask)},
             1 << 24},
        Rule{"S7_BothAreOred",
             Linux61(),
             {VmMchk(0x10000000, 0x5), VmMchk(0x0f000000, 0xa)},
             {FloatMchk(kLimitedCr14, 0xf)},
             1 << 24}),
    NameOf);

constexpr uint64_t kService = 1 << 15;
constexpr uint64_t kServiceEvent = 1 << 16;

INSTANTIATE_TEST_SUITE_P(
    ServiceSignal, FloatInjectRuleTest,
    testing::Values(
        Rule{"S7_AddressPends", Linux61(), {VmService(0x1000)}, {Service(0x1000)}, kService},
        Rule{"S7_Parm64IsIgnored",
             Linux61(),
             {{KVM_S390_INT_SERVICE, 0x1000, 99}},
             {Service(0x1000)},
             kService},
        Rule{"S8_16_NothingPendsAsZero", Linux61(), {VmService(0)}, {Service(0)}, kService},
        Rule{"S7_Bit2IsNeitherAddressNorEvent", Linux61(), {VmService(4)}, {Service(0)}, kService},
        Rule{"S8_16_EventsAlonePendTwice",
             Linux61(),
             {VmService(3)},
             {Service(3)},
             kService | kServiceEvent},
        Rule{"S7_EventsBesideAnAddress",
             Linux61(),
             {VmService(0x1001)},
             {Service(0x1001)},
             kService | kServiceEvent},
        Rule{"S8_17_SecondAddressIsDropped",
             Linux61(),
             {VmService(0x1000), VmService(0x2000)},
             {Service(0x1000)},
             kService},
        Rule{"S7_EventsOfADroppedOneAreKept",
             Linux61(),
             {VmService(0x1000), VmService(0x2002)},
             {Service(0x1002)},
             kService | kServiceEvent},
        Rule{"S7_AddressJoinsEvents",
             Linux61(),
             {VmService(1), VmService(0x2000)},
             {Service(0x2001)},
             kService | kServiceEvent},
        Rule{"S7_HighestAddressCounts",
             Linux61(),
             {VmService(0xfffffff8)},
             {Service(0xfffffff8)},
             kService}),
    NameOf);

constexpr uint64_t kService41 = 1 << 11;

INSTANTIATE_TEST_SUITE_P(
    Linux41, FloatInjectRuleTest,
    testing::Values(
        Rule{"S10_EventsAloneAreOneSignal", Linux41(), {VmService(3)}, {Service(3)}, kService41},
        Rule{"S10_EventsMergeIntoTheParameter",
             Linux41(),
             {VmService(0x1000), VmService(0x2002)},
             {Service(0x1002)},
             kService41},
        Rule{"S10_Bits",
             Linux41(),
             {VmMchk(0, 0),
              {KVM_S390_INT_PFAULT_DONE, 0, 1},
              {KVM_S390_INT_VIRTIO, 0, 1},
              VmIoOn(0, 1),
              VmIoOn(7, 1)},
             {IoOn(0, 1), IoOn(7, 1), PfaultDone(1), Virtio(0, 1), FloatMchk(0, 0)},
             1 << 3 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 23}),
    NameOf);

TEST(FloatInjectTest, S7_EverythingElseIsInvalidAndWakesNobody) {
  const uint32_t kTypes[] = {
      KVM_S390_SIGP_STOP,
      KVM_S390_PROGRAM_INT,
      KVM_S390_SIGP_SET_PREFIX,
      KVM_S390_RESTART,
      KVM_S390_INT_PFAULT_INIT,
      KVM_S390_INT_CLOCK_COMP,
      KVM_S390_INT_CPU_TIMER,
      KVM_S390_INT_EMERGENCY,
      KVM_S390_INT_EXTERNAL_CALL,
      0xfffe0006,
      0xffffffff,
  };
  for (uint32_t type : kTypes) {
    ValueFlic flic;

    EXPECT_EQ(flic.Inject({type, 0, 0}), -EINVAL) << std::hex << type;

    EXPECT_EQ(flic.Pending(), "") << std::hex << type;
    EXPECT_THAT(flic.woken, IsEmpty()) << std::hex << type;
  }
}

struct Limit {
  std::string name;
  HostProfile profile;
  kvm_s390_interrupt interrupt;
  uint32_t most;
};
void PrintTo(const Limit& limit, std::ostream* out) { *out << limit.name; }

class FloatLimitTest : public testing::TestWithParam<Limit> {};

TEST_P(FloatLimitTest, OneMoreIsBusy) {
  ValueFlic flic(GetParam().profile);
  for (uint32_t i = 0; i < GetParam().most; ++i) {
    kvm_s390_interrupt interrupt = GetParam().interrupt;
    // I/O counts together, whatever the ISC.
    if (interrupt.type <= kIntIoMax) interrupt.parm64 = WordOf(static_cast<int>(i % kIscCount));
    ASSERT_EQ(flic.Inject(interrupt), 0) << i;
  }
  const std::string pending = flic.Pending();

  EXPECT_EQ(flic.Inject(GetParam().interrupt), -EBUSY);

  EXPECT_EQ(flic.woken.size(), GetParam().most) << "a refused one wakes nobody";
  EXPECT_TRUE(flic.Pending() == pending) << "a refused one leaves nothing";
}

TEST_P(FloatLimitTest, OtherQueuesHaveRoom) {
  ValueFlic flic(GetParam().profile);
  for (uint32_t i = 0; i < GetParam().most; ++i) ASSERT_EQ(flic.Inject(GetParam().interrupt), 0);
  const kvm_s390_interrupt kOthers[] = {
      VmIoOn(0, 1), {KVM_S390_INT_PFAULT_DONE, 0, 1}, {KVM_S390_INT_VIRTIO, 0, 1}};

  for (const kvm_s390_interrupt& other : kOthers) {
    const bool same = other.type == GetParam().interrupt.type;
    EXPECT_EQ(flic.Inject(other), same ? -EBUSY : 0) << std::hex << other.type;
  }
  EXPECT_EQ(flic.Inject(VmService(0x1000)), 0);
  EXPECT_EQ(flic.Inject(VmMchk(0, 1)), 0);
}

INSTANTIATE_TEST_SUITE_P(
    S1, FloatLimitTest,
    testing::Values(Limit{"Io", Linux61(), VmIoOn(0, 1), 266250},
                    Limit{"Io41", Linux41(), VmIoOn(0, 1), 266250},
                    Limit{"Virtio", Linux61(), {KVM_S390_INT_VIRTIO, 0, 1}, 87381},
                    Limit{"PfaultDone", Linux61(), {KVM_S390_INT_PFAULT_DONE, 0, 1}, 16320},
                    Limit{"PfaultDone41", Linux41(), {KVM_S390_INT_PFAULT_DONE, 0, 1}, 4096}),
    [](const auto& info) { return info.param.name; });

TEST(FloatInjectTest, S7_TheGisaHasRoomBesideFullQueues) {
  ValueFlic flic(WithGisa());
  flic.state.io_count = kMaxFloatIrqs;

  EXPECT_EQ(flic.Inject(VmIoOn(3, 1)), -EBUSY);
  EXPECT_EQ(flic.Inject(VmAdapter(3)), 0);

  EXPECT_EQ(flic.state.gisa_ipm, 0x10);
  EXPECT_THAT(flic.woken, ElementsAre(kIntIoAdapter));
}

}  // namespace
}  // namespace irqd
