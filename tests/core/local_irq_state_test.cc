// GET and SET as values. Names give the section of the kernel's semantics: S33 external calls
// and SIGP interpretation, S4 GET and SET, S8 the surprises.
#include <cerrno>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/irq_codec.h"
#include "core/local_irq.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/value_vcpu.h"

namespace irqd {
namespace {

INSTANTIATE_TEST_SUITE_P(Machines, BothMachinesTest, testing::Bool(), MachineName);

// --- Section 4, GET ---

TEST_P(BothMachinesTest, S4_GetOfLengthZeroIsInvalid) {
  vcpu_.InjectAll({Irq(KVM_S390_RESTART)});

  EXPECT_EQ(vcpu_.Get(0), -EINVAL);
  EXPECT_EQ(vcpu_.images, "");
}

TEST_P(BothMachinesTest, S4_GetOfNothingIsZeroForAnyLength) {
  for (uint32_t len : {1u, 71u, 72u, kEnough, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    EXPECT_EQ(vcpu_.Get(len), 0) << len;
    EXPECT_EQ(vcpu_.images, "");
  }
}

TEST_P(BothMachinesTest, S4_GetClearsNothing) {
  vcpu_.InjectAll({Irq(KVM_S390_RESTART), Emergency(3), ExternalCall(2), MchkOf(kExigent)});
  const LocalState before = vcpu_.state;

  vcpu_.Get(kEnough);
  vcpu_.Get(72);
  vcpu_.Get(0);

  EXPECT_EQ(vcpu_.state, before);
}

struct LengthCase {
  std::string name;
  uint32_t len;
  int64_t ret;
  size_t records;  // of three pending
};
void PrintTo(const LengthCase& c, std::ostream* out) { *out << c.name; }

class GetLengthTest : public testing::TestWithParam<LengthCase> {};
INSTANTIATE_TEST_SUITE_P(Lengths, GetLengthTest,
                         testing::Values(LengthCase{"LessThanOneRecord", 1, -ENOBUFS, 0},
                                         LengthCase{"OneByteLessThanOneRecord", 71, -ENOBUFS, 0},
                                         LengthCase{"OneRecord", 72, -ENOBUFS, 1},
                                         LengthCase{"TwoRecordsAndABit", 200, -ENOBUFS, 2},
                                         LengthCase{"OneByteTooFew", 215, -ENOBUFS, 2},
                                         LengthCase{"ExactlyFits", 216, 216, 3},
                                         LengthCase{"NoMultipleOfARecord", 217, 216, 3},
                                         LengthCase{"AboveTheLimitOfSet", 20665, 216, 3},
                                         LengthCase{"HighestPositiveInt", 0x7fffffff, 216, 3},
                                         LengthCase{"LowestNegativeInt", 0x80000000, 216, 3},
                                         LengthCase{"AllOnes", 0xffffffff, 216, 3}),
                         [](const auto& info) { return info.param.name; });

TEST_P(GetLengthTest, S8_6_TakesAnyLengthAndKeepsWhatFits) {
  ValueVcpu vcpu(false);
  const std::vector<kvm_s390_irq> all = {Irq(KVM_S390_RESTART), Emergency(1), Emergency(200)};
  vcpu.InjectAll(all);

  const int64_t ret = vcpu.Get(GetParam().len);

  EXPECT_EQ(ret, GetParam().ret);
  EXPECT_EQ(HexRecords(vcpu.images), Hex({all.begin(), all.begin() + GetParam().records}));
}

TEST(GetOrderTest, S4_AscendingBitsThenEmergenciesBySender) {
  ValueVcpu vcpu(false);
  vcpu.state.stopped = false;
  std::vector<kvm_s390_irq> backwards = OneOfEach();
  std::reverse(backwards.begin(), backwards.end());

  vcpu.InjectAll(backwards);

  EXPECT_EQ(vcpu.Pending(), Hex(OneOfEach()));
}

TEST(GetOrderTest, S33_ExternalCallOfTheScaComesLast) {
  ValueVcpu vcpu(true);
  vcpu.state.stopped = false;
  std::vector<kvm_s390_irq> expected = OneOfEach();
  expected.push_back(expected[5]);
  expected.erase(expected.begin() + 5);

  vcpu.InjectAll(OneOfEach());

  EXPECT_EQ(vcpu.Pending(), Hex(expected));
}

TEST_P(BothMachinesTest, S4_SetPrefixComesFirst) {
  vcpu_.InjectAll({Irq(KVM_S390_RESTART), SetPrefix(0xffffffff)});

  EXPECT_EQ(vcpu_.Pending(), Hex({SetPrefix(0xffffffff), Irq(KVM_S390_RESTART)}));
}

TEST_P(BothMachinesTest, S8_1_RepressibleThenExigentGivesTwoIdenticalRecordsAroundProgram) {
  const kvm_s390_irq program = Program(FilledPgm(0x42, kPgmPer | 6, 1));

  vcpu_.InjectAll({MchkOf(kRepressible), MchkOf(kExigent), program});

  const kvm_s390_irq both = MchkOf(kRepressible | kExigent);
  EXPECT_EQ(vcpu_.Pending(), Hex({both, program, both}));
}

TEST_P(BothMachinesTest, S31_ExigentThenRepressibleGivesOneRecordAfterProgram) {
  const kvm_s390_irq program = Program(FilledPgm(0x42, kPgmPer | 6, 1));

  vcpu_.InjectAll({MchkOf(kExigent), MchkOf(kRepressible), program});

  EXPECT_EQ(vcpu_.Pending(), Hex({program, MchkOf(kRepressible | kExigent)}));
}

TEST_P(BothMachinesTest, S8_2_MachineCheckOfNeitherKindIsInvisibleAndNotBusy) {
  vcpu_.InjectAll({MchkOf(0x10)});

  EXPECT_EQ(vcpu_.Pending(), "");
  EXPECT_EQ(vcpu_.Set(Image(MchkOf(kExigent))), 0);
  EXPECT_EQ(vcpu_.Pending(), Hex({MchkOf(kExigent | 0x10)}));
}

TEST_P(BothMachinesTest, S4_TheFullestVcpuFitsTheBufferLimit) {
  vcpu_.state.stopped = false;
  vcpu_.InjectAll(OneOfEach());
  for (uint16_t id = 0; id < 255; ++id) vcpu_.InjectAll({Emergency(id)});
  vcpu_.InjectAll({MchkOf(kExigent)});

  EXPECT_EQ(vcpu_.Get(kEnough), (255 + 9) * 72);
}

// --- Section 4, SET ---

TEST(SetLengthTest, S4_LengthIsAMultipleOfARecordUpTo20664) {
  const HostProfile profile = DefaultHostProfile();

  for (uint32_t len : {72u, 144u, 20592u, 20664u}) EXPECT_EQ(CheckSetIrqStateLen(profile, len), 0);
  for (uint32_t len :
       {0u, 1u, 71u, 73u, 20663u, 20665u, 20736u, 0x80000000u, 0xffffffb8u, 0xffffffffu}) {
    EXPECT_EQ(CheckSetIrqStateLen(profile, len), -EINVAL) << len;
  }
}

TEST_P(BothMachinesTest, S4_SetInjectsEachRecord) {
  const std::vector<kvm_s390_irq> irqs = {Irq(KVM_S390_RESTART), PfaultInit(1, 2), Emergency(9)};

  EXPECT_EQ(vcpu_.Set(Images(irqs)), 0);

  EXPECT_EQ(vcpu_.Pending(), Hex(irqs));
}

TEST_P(BothMachinesTest, S4_SetIsBusyWhenAnyBitIsPending) {
  const kvm_s390_irq kOnes[] = {
      SetPrefix(0), Irq(KVM_S390_RESTART),        PfaultInit(0, 0), Irq(KVM_S390_INT_CPU_TIMER),
      Emergency(0), Irq(KVM_S390_INT_CLOCK_COMP), MchkOf(kExigent), MchkOf(kRepressible),
      Program({}),
  };
  for (const kvm_s390_irq& irq : kOnes) {
    vcpu_.state = LocalState();
    vcpu_.InjectAll({irq});
    const LocalState before = vcpu_.state;

    EXPECT_EQ(vcpu_.Set(Image(Emergency(1))), -EBUSY) << std::hex << irq.type;
    EXPECT_EQ(vcpu_.state, before) << std::hex << irq.type;
  }
}

TEST_P(BothMachinesTest, S4_SetIsBusyWhenAStopIsPending) {
  vcpu_.state.stopped = false;
  vcpu_.InjectAll({Stop()});

  EXPECT_EQ(vcpu_.Set(Image(Emergency(1))), -EBUSY);
}

TEST(SetTest, S33_ExternalCallIsBusyWithoutSigpInterpretation) {
  ValueVcpu vcpu(false);
  vcpu.InjectAll({ExternalCall(1)});

  EXPECT_EQ(vcpu.Set(Image(Irq(KVM_S390_RESTART))), -EBUSY);
}

TEST(SetTest, S8_3_SetSucceedsBesideAnExternalCallInTheSca) {
  ValueVcpu vcpu(true);
  vcpu.InjectAll({ExternalCall(1)});

  EXPECT_EQ(vcpu.Set(Image(Irq(KVM_S390_RESTART))), 0);
  EXPECT_EQ(vcpu.Pending(), Hex({Irq(KVM_S390_RESTART), ExternalCall(1)}));
}

TEST(SetTest, S33_SetMeetsTheExternalCallOfTheScaInMidList) {
  ValueVcpu vcpu(true);
  vcpu.InjectAll({ExternalCall(1)});

  const int ret =
      vcpu.Set(Images({Irq(KVM_S390_RESTART), ExternalCall(2), Irq(KVM_S390_INT_CPU_TIMER)}));

  EXPECT_EQ(ret, -EBUSY);
  EXPECT_EQ(vcpu.Pending(), Hex({Irq(KVM_S390_RESTART), ExternalCall(1)}));
}

struct FailingRecord {
  std::string name;
  bool stopped;
  std::vector<kvm_s390_irq> list;  // the third record fails
  int ret;
};
void PrintTo(const FailingRecord& c, std::ostream* out) { *out << c.name; }

class SetHalfWayTest : public testing::TestWithParam<FailingRecord> {};
INSTANTIATE_TEST_SUITE_P(
    Records, SetHalfWayTest,
    testing::Values(
        FailingRecord{"UnknownType",
                      true,
                      {Irq(KVM_S390_RESTART), Emergency(1), Irq(KVM_S390_INT_VIRTIO)},
                      -EINVAL},
        FailingRecord{
            "UnknownSender", true, {Irq(KVM_S390_RESTART), Emergency(1), Emergency(255)}, -EINVAL},
        FailingRecord{"PrefixOfARunningVcpu",
                      false,
                      {Irq(KVM_S390_RESTART), Emergency(1), SetPrefix(0)},
                      -EBUSY},
        FailingRecord{"SecondStop", false, {Stop(), Emergency(1), Stop()}, -EBUSY},
        FailingRecord{
            "SecondExternalCall", true, {Emergency(1), ExternalCall(1), ExternalCall(2)}, -EBUSY}),
    [](const auto& info) { return info.param.name; });

TEST_P(SetHalfWayTest, S8_4_KeepsTheRecordsBeforeTheFailingOne) {
  ValueVcpu vcpu(true);
  vcpu.state.stopped = GetParam().stopped;
  std::vector<kvm_s390_irq> list = GetParam().list;
  const std::string kept = Hex({list[0], list[1]});
  list.push_back(Irq(KVM_S390_INT_CPU_TIMER));  // never reached

  EXPECT_EQ(vcpu.Set(Images(list)), GetParam().ret);

  EXPECT_EQ(vcpu.Pending(), kept);
}

TEST_P(BothMachinesTest, S8_8_StopsOfAListDisappearOnAStoppedVcpu) {
  EXPECT_EQ(vcpu_.Set(Images({Stop(), Irq(KVM_S390_RESTART), Stop(1)})), 0);

  EXPECT_EQ(vcpu_.Pending(), Hex({Irq(KVM_S390_RESTART)}));
}

TEST_P(BothMachinesTest, S8_5_SetDoesNotWakeTheVcpu) {
  EXPECT_EQ(vcpu_.Set(Image(Irq(KVM_S390_RESTART))), 0);

  EXPECT_EQ(GetMpState(vcpu_.state), KVM_MP_STATE_STOPPED);
}

TEST_P(BothMachinesTest, S4_TheImageOfGetCanBeSet) {
  std::vector<kvm_s390_irq> irqs = OneOfEach();
  irqs.erase(irqs.begin() + 1);  // a stop needs a running vCPU
  irqs.push_back(SetPrefix(0xffffffff));
  vcpu_.InjectAll(irqs);
  vcpu_.Get(kEnough);
  const std::string source = vcpu_.images;
  ValueVcpu target(GetParam());

  EXPECT_EQ(target.Set(source), 0);

  EXPECT_EQ(target.Pending(), HexRecords(source));
  EXPECT_EQ(target.state, vcpu_.state);
}

TEST_P(BothMachinesTest, S4_TwoMachineCheckRecordsBecomeOne) {
  const kvm_s390_irq both = MchkOf(kRepressible | kExigent);

  EXPECT_EQ(vcpu_.Set(Images({both, both})), 0);

  EXPECT_EQ(vcpu_.Pending(), Hex({both}));
}

}  // namespace
}  // namespace irqd
