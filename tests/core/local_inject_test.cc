// One case per rule of KVM_S390_IRQ. The names give the section of the
// kernel's semantics that each follows: S3 the table of local types, S31 machine checks, S32
// program interrupts, S33 external calls, S8 the surprises. A case compares the whole state, so
// it also says that nothing else changes, and that errors change nothing.
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "core/local_irq.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/local_states.h"

namespace irqd {
namespace {

struct Rule {
  std::string name;
  LocalState before;
  kvm_s390_irq irq;
  int ret;
  LocalState after;
};
void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

class InjectRuleTest : public testing::TestWithParam<Rule> {};
std::string NameOf(const testing::TestParamInfo<Rule>& info) { return info.param.name; }

TEST_P(InjectRuleTest, Holds) {
  LocalState state = GetParam().before;

  const int ret = InjectIrq(GetParam().irq, LocalContext{Sigpif(false), Exists}, &state);

  EXPECT_EQ(ret, GetParam().ret);
  EXPECT_EQ(state, GetParam().after);
}

// Where SIGP interpretation keeps an external call in the SCA, injecting reads the same.
TEST_P(InjectRuleTest, S33_HoldsWithSigpInterpretation) {
  LocalState state = GetParam().before;

  const int ret = InjectIrq(GetParam().irq, LocalContext{Sigpif(true), Exists}, &state);

  EXPECT_EQ(ret, GetParam().ret);
  EXPECT_EQ(state, GetParam().after);
}

// A rule that refuses: the state stays.
Rule Refused(std::string name, LocalState before, kvm_s390_irq irq, int ret) {
  return {std::move(name), before, irq, ret, before};
}

void HasOddPrefix(LocalState& state) {
  state.Set(LocalIrq::kSetPrefix);
  state.payload.prefix.address = 0xffffffff;
}

INSTANTIATE_TEST_SUITE_P(SetPrefix, InjectRuleTest,
                         testing::Values(Rule{"S3_PendsOnStoppedVcpu", Stopped(), SetPrefix(0x1000),
                                              0, Stopped(HasPrefix)},
                                         Refused("S3_BusyOnRunningVcpu", Running(),
                                                 SetPrefix(0x1000), -EBUSY),
                                         Refused("S3_BusyOnRunningVcpuWithOnePending",
                                                 Running(HasPrefix), SetPrefix(0x2000), -EBUSY),
                                         Rule{"S3_ReplacesTheAddress", Stopped(HasOddPrefix),
                                              SetPrefix(0x1000), 0, Stopped(HasPrefix)},
                                         Rule{"S8_18_AddressIsNeitherCheckedNorRounded", Stopped(),
                                              SetPrefix(0xffffffff), 0, Stopped(HasOddPrefix)}),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(
    WithoutPayload, InjectRuleTest,
    testing::Values(Rule{"S3_RestartPends", Stopped(), Irq(KVM_S390_RESTART), 0,
                         Stopped(Has<LocalIrq::kRestart>)},
                    Rule{"S3_RestartPendsOnRunningVcpu", Running(), Irq(KVM_S390_RESTART), 0,
                         Running(Has<LocalIrq::kRestart>)},
                    Rule{"S3_RestartIsIdempotent", Stopped(Has<LocalIrq::kRestart>),
                         Irq(KVM_S390_RESTART), 0, Stopped(Has<LocalIrq::kRestart>)},
                    Rule{"S3_CpuTimerPends", Stopped(), Irq(KVM_S390_INT_CPU_TIMER), 0,
                         Stopped(Has<LocalIrq::kCpuTimer>)},
                    Rule{"S3_CpuTimerIsIdempotent", Running(Has<LocalIrq::kCpuTimer>),
                         Irq(KVM_S390_INT_CPU_TIMER), 0, Running(Has<LocalIrq::kCpuTimer>)},
                    Rule{"S3_ClockCompPends", Stopped(), Irq(KVM_S390_INT_CLOCK_COMP), 0,
                         Stopped(Has<LocalIrq::kClockComp>)},
                    Rule{"S3_ClockCompIsIdempotent", Running(Has<LocalIrq::kClockComp>),
                         Irq(KVM_S390_INT_CLOCK_COMP), 0, Running(Has<LocalIrq::kClockComp>)}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    SigpStop, InjectRuleTest,
    testing::Values(Rule{"S3_PendsOnRunningVcpu", Running(), Stop(0), 0,
                         Running(Has<LocalIrq::kSigpStop>)},
                    Rule{"S3_KeepsItsFlag", Running(), Stop(1), 0, Running(HasStoreStatusStop)},
                    Refused("S3_OtherFlagsAreInvalid", Running(), Stop(2), -EINVAL),
                    Refused("S3_AnyOtherFlagBitIsInvalid", Running(), Stop(0x80000001), -EINVAL),
                    Refused("S3_FlagsAreCheckedBeforeStopped", Stopped(), Stop(2), -EINVAL),
                    Refused("S3_FlagsAreCheckedBeforePending", Running(Has<LocalIrq::kSigpStop>),
                            Stop(3), -EINVAL),
                    Refused("S3_SecondIsBusy", Running(Has<LocalIrq::kSigpStop>), Stop(1), -EBUSY),
                    Refused("S8_8_OnStoppedVcpuSucceedsAndDisappears", Stopped(), Stop(0), 0),
                    Refused("S8_8_StoreStatusOnStoppedVcpuLeavesNothing", Stopped(), Stop(1), 0)),
    NameOf);

INSTANTIATE_TEST_SUITE_P(PfaultInit, InjectRuleTest,
                         testing::Values(Rule{"S3_PendsWithPayloadPadIncluded", Stopped(),
                                              PfaultInit(1, 3, 2), 0, Stopped(HasPfault(1, 2, 3))},
                                         Rule{"S3_WholePayloadIsReplaced",
                                              Running(HasPfault(7, 8, 9)), PfaultInit(0, 3, 0), 0,
                                              Running(HasPfault(0, 0, 3))}),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(
    ExternalCall, InjectRuleTest,
    testing::Values(
        Rule{"S3_Pends", Stopped(), ExternalCall(3), 0, Stopped(HasCall(3))},
        Rule{"S3_FromVcpuZero", Running(), ExternalCall(0), 0, Running(HasCall(0))},
        Refused("S3_CodeOfNoVcpuIsInvalid", Stopped(), ExternalCall(1), -EINVAL),
        Refused("S3_CodeAboveEveryIdIsInvalid", Stopped(), ExternalCall(0xffff), -EINVAL),
        Refused("S3_CodeCountsAsSixteenBits", Stopped(), ExternalCall(0x100), -EINVAL),
        Refused("S3_SecondIsBusy", Stopped(HasCall(3)), ExternalCall(200), -EBUSY),
        Refused("S3_SecondFromTheSameIsBusy", Stopped(HasCall(3)), ExternalCall(3), -EBUSY),
        Refused("S3_CodeIsCheckedBeforePending", Stopped(HasCall(3)), ExternalCall(1), -EINVAL)),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Emergency, InjectRuleTest,
    testing::Values(
        Rule{"S3_Pends", Stopped(), Emergency(200), 0, Stopped(HasEmergencies({200}))},
        Rule{"S3_FromVcpuZero", Running(), Emergency(0), 0, Running(HasEmergencies({0}))},
        Rule{"S3_SetOfSenders", Running(HasEmergencies({200})), Emergency(3), 0,
             Running(HasEmergencies({3, 200}))},
        Rule{"S3_OncePerSender", Stopped(HasEmergencies({3})), Emergency(3), 0,
             Stopped(HasEmergencies({3}))},
        Refused("S3_CodeOfNoVcpuIsInvalid", Stopped(HasEmergencies({3})), Emergency(1), -EINVAL),
        Refused("S3_CodeAboveEveryIdIsInvalid", Stopped(), Emergency(0xffff), -EINVAL),
        Refused("S3_CodeCountsAsSixteenBits", Stopped(), Emergency(0x103), -EINVAL)),
    NameOf);

std::vector<Rule> UnknownTypes() {
  std::vector<Rule> rules;
  const struct {
    const char* name;
    uint64_t type;
  } kTypes[] = {
      {"S8_14_IoTypeZero", 0},
      {"S8_14_IoAdapter", 0x04010000},
      {"S3_IoHighest", KVM_S390_INT_IO_MAX},
      {"S3_PfaultDoneIsFloating", KVM_S390_INT_PFAULT_DONE},
      {"S3_VirtioIsFloating", KVM_S390_INT_VIRTIO},
      {"S3_ServiceIsFloating", KVM_S390_INT_SERVICE},
      {"S3_UnknownType", 0xfffe0006},
      {"S3_RecordTypesCountIn64Bits", uint64_t{1} << 32 | KVM_S390_RESTART},
      {"S3_AllOnes", ~uint64_t{0}},
  };
  for (const auto& type : kTypes) {
    rules.push_back(Refused(type.name, Running(HasEmergencies({3})), Irq(type.type), -EINVAL));
  }
  return rules;
}
INSTANTIATE_TEST_SUITE_P(Unknown, InjectRuleTest, testing::ValuesIn(UnknownTypes()), NameOf);

constexpr uint64_t kExigent0 = 0x8000000000000000;      // mcic bit 0: system damage
constexpr uint64_t kExigent1 = 0x4000000000000000;      // bit 1: instruction-processing damage
constexpr uint64_t kRepressible5 = 0x0400000000000000;  // bit 5: timing-facility damage
constexpr uint64_t kRepressible7 = 0x0100000000000000;  // bit 7: recovery
constexpr uint64_t kRepressible8 = 0x0080000000000000;  // bit 8: degradation
constexpr uint64_t kNeither = ~(kMchkExigentMask | kMchkRepressibleMask);

// 0x21 before, 0x42 after.
kvm_s390_mchk_info MergedMchk() {
  kvm_s390_mchk_info mchk = FilledMchk(0x42, kRepressible7 | kRepressible8);
  mchk.cr14 |= 0x21;
  mchk.ext_damage_code |= 0x21;
  return mchk;
}

INSTANTIATE_TEST_SUITE_P(
    MachineCheck, InjectRuleTest,
    testing::Values(
        Rule{"S31_Bit0IsExigent", Stopped(), MchkOf(kExigent0), 0,
             Stopped(HoldsMcic(kExigent0, {LocalIrq::kMchkExigent}))},
        Rule{"S31_Bit1IsExigent", Running(), MchkOf(kExigent1), 0,
             Running(HoldsMcic(kExigent1, {LocalIrq::kMchkExigent}))},
        Rule{"S31_Bit5IsRepressible", Stopped(), MchkOf(kRepressible5), 0,
             Stopped(HoldsMcic(kRepressible5, {LocalIrq::kMchkRepressible}))},
        Rule{"S31_Bit7IsRepressible", Stopped(), MchkOf(kRepressible7), 0,
             Stopped(HoldsMcic(kRepressible7, {LocalIrq::kMchkRepressible}))},
        Rule{"S31_Bit8IsRepressible", Stopped(), MchkOf(kRepressible8), 0,
             Stopped(HoldsMcic(kRepressible8, {LocalIrq::kMchkRepressible}))},
        Rule{"S31_BothKindsAtOnceAreExigent", Stopped(), MchkOf(kExigent1 | kRepressible5), 0,
             Stopped(HoldsMcic(kExigent1 | kRepressible5, {LocalIrq::kMchkExigent}))},
        Rule{"S31_PayloadIsStoredWithoutPad", Stopped(), Mchk(FilledMchk(0x21, kExigent0)), 0,
             Stopped(HoldsMchk(FilledMchk(0x21, kExigent0), {LocalIrq::kMchkExigent}))},
        Rule{"S31_MasksAreOredAddressAndLogoutReplaced",
             Stopped(HoldsMchk(FilledMchk(0x21, kRepressible7), {LocalIrq::kMchkRepressible})),
             Mchk(FilledMchk(0x42, kRepressible8)), 0,
             Stopped(HoldsMchk(MergedMchk(), {LocalIrq::kMchkRepressible}))},
        Rule{"S8_1_RepressibleThenExigentLeavesBothPending",
             Stopped(HoldsMcic(kRepressible5, {LocalIrq::kMchkRepressible})), MchkOf(kExigent0), 0,
             Stopped(HoldsMcic(kRepressible5 | kExigent0,
                               {LocalIrq::kMchkRepressible, LocalIrq::kMchkExigent}))},
        Rule{"S31_ExigentThenRepressibleLeavesOnePending",
             Stopped(HoldsMcic(kExigent0, {LocalIrq::kMchkExigent})), MchkOf(kRepressible5), 0,
             Stopped(HoldsMcic(kExigent0 | kRepressible5, {LocalIrq::kMchkExigent}))},
        Rule{"S8_2_NeitherSucceedsAndStaysBehind", Stopped(), MchkOf(kNeither), 0,
             Stopped(HoldsMcic(kNeither, {}))},
        Rule{"S8_2_WhatStayedBehindLeaksIntoTheNext", Stopped(HoldsMcic(0x10, {})),
             MchkOf(kExigent1), 0, Stopped(HoldsMcic(0x10 | kExigent1, {LocalIrq::kMchkExigent}))},
        Rule{"S31_KindComesFromTheAccumulatedMcic",
             Stopped(HoldsMcic(kExigent0, {LocalIrq::kMchkExigent})), MchkOf(0), 0,
             Stopped(HoldsMcic(kExigent0, {LocalIrq::kMchkExigent}))}),
    NameOf);

// What 0x42 leaves of 0x21, its PER event being all that is new.
kvm_s390_pgm_info OnlyPerReplaced(uint16_t code) {
  const kvm_s390_pgm_info per = FilledPgm(0x42, kPgmPer, kIlcValid);
  kvm_s390_pgm_info pgm = FilledPgm(0x21, code, kIlcValid);
  pgm.per_address = per.per_address;
  pgm.per_code = per.per_code;
  pgm.per_atmid = per.per_atmid;
  pgm.per_access_id = per.per_access_id;
  return pgm;
}

// What 0x42 leaves of 0x21, the rest being new.
kvm_s390_pgm_info AllButPerReplaced(uint16_t code) {
  const kvm_s390_pgm_info next = FilledPgm(0x42, code, kIlcValid);
  kvm_s390_pgm_info pgm = FilledPgm(0x21, code, kIlcValid);
  pgm.trans_exc_code = next.trans_exc_code;
  pgm.mon_code = next.mon_code;
  pgm.data_exc_code = next.data_exc_code;
  pgm.mon_class_nr = next.mon_class_nr;
  pgm.exc_access_id = next.exc_access_id;
  pgm.op_access_id = next.op_access_id;
  return pgm;
}

kvm_s390_pgm_info WithFlags(kvm_s390_pgm_info pgm, uint8_t flags) {
  pgm.flags = flags;
  return pgm;
}

// A program interrupt with `flags` on an idle vCPU.
Rule Flags(std::string name, uint8_t flags, uint8_t stored) {
  return {std::move(name), Stopped(), Program(PgmOf(4, flags)), 0,
          Stopped(HoldsPgm(PgmOf(4, stored)))};
}

INSTANTIATE_TEST_SUITE_P(
    ProgramFlags, InjectRuleTest,
    testing::Values(Flags("S8_19_ValidComesBackSet", 0, 1),
                    Flags("S32_IlcWithoutValidIsDropped", 6, 1),
                    Flags("S32_OtherFlagsAreKept", 0xfe, 0xf9),
                    Flags("S32_ValidFlagsAreTakenAsTheyAre", 7, 7),
                    Flags("S32_ValidWithAllFlags", 0xff, 0xff),
                    Rule{"S32_FlagsAreReplacedEveryTime", Stopped(HoldsPgm(PgmOf(4, 0xff))),
                         Program(PgmOf(4, 3)), 0, Stopped(HoldsPgm(PgmOf(4, 3)))},
                    Rule{"S32_FlagsAreReplacedByPerToo", Stopped(HoldsPgm(PgmOf(4, 0xff))),
                         Program(PgmOf(kPgmPer, 8)), 0, Stopped(HoldsPgm(PgmOf(kPgmPer | 4, 9)))}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    ProgramMerge, InjectRuleTest,
    testing::Values(Rule{"S8_19_CodeZeroIsAcceptedAndPending", Running(),
                         Program(PgmOf(0, kIlcValid)), 0, Running(HoldsPgm(PgmOf(0, kIlcValid)))},
                    Rule{"S32_PerSetsTheBitAndReplacesPerFieldsOnly",
                         Stopped(HoldsPgm(FilledPgm(0x21, 4, kIlcValid))),
                         Program(FilledPgm(0x42, kPgmPer, kIlcValid)), 0,
                         Stopped(HoldsPgm(OnlyPerReplaced(kPgmPer | 4)))},
                    Rule{"S32_WithoutPerKeepsPerFields",
                         Stopped(HoldsPgm(FilledPgm(0x21, 4, kIlcValid))),
                         Program(FilledPgm(0x42, 6, kIlcValid)), 0,
                         Stopped(HoldsPgm(AllButPerReplaced(6)))},
                    Rule{"S32_WithoutPerKeepsThePerBit",
                         Stopped(HoldsPgm(FilledPgm(0x21, kPgmPer | 4, kIlcValid))),
                         Program(FilledPgm(0x42, 6, kIlcValid)), 0,
                         Stopped(HoldsPgm(AllButPerReplaced(kPgmPer | 6)))},
                    Rule{"S32_PerWithMoreReplacesAllPadIncluded",
                         Stopped(HoldsPgm(FilledPgm(0x21, 4, kIlcValid))),
                         Program(FilledPgm(0x42, kPgmPer | 6, kIlcValid)), 0,
                         Stopped(HoldsPgm(FilledPgm(0x42, kPgmPer | 6, kIlcValid)))},
                    Rule{"S32_PerWithMoreGetsItsIlcCompleted", Stopped(),
                         Program(FilledPgm(0x42, kPgmPer | 6, 0x0e)), 0,
                         Stopped(HoldsPgm(WithFlags(FilledPgm(0x42, kPgmPer | 6, 0), 0x09)))},
                    Rule{"S32_PerWithHighCodeBitsIsNotExactlyPer",
                         Stopped(HoldsPgm(FilledPgm(0x21, 4, kIlcValid))),
                         Program(FilledPgm(0x42, kPgmPer | 0x8000, kIlcValid)), 0,
                         Stopped(HoldsPgm(FilledPgm(0x42, kPgmPer | 0x8000, kIlcValid)))}),
    NameOf);

}  // namespace
}  // namespace irqd
