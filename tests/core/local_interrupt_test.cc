// KVM_S390_INTERRUPT on a vCPU. The names give the section of the kernel's semantics that each
// case follows: S3 the table of local types, S8 the surprises. A case compares the whole state.
#include <cerrno>
#include <string>

#include "core/local_irq.h"
#include "gmock/gmock.h"
#include "tests/core/local_states.h"

namespace irqd {
namespace {

// KVM_S390_INTERRUPT builds a record, and is then the same.
struct OldForm {
  std::string name;
  kvm_s390_interrupt interrupt;
  int ret;
  LocalState after;
  LocalState before = Running();
};
void PrintTo(const OldForm& form, std::ostream* out) { *out << form.name; }

class InjectInterruptTest : public testing::TestWithParam<OldForm> {};

TEST_P(InjectInterruptTest, Holds) {
  LocalState state = GetParam().before;

  const int ret =
      InjectInterrupt(GetParam().interrupt, LocalContext{DefaultHostProfile(), Exists}, &state);

  EXPECT_EQ(ret, GetParam().ret);
  EXPECT_EQ(state, GetParam().after);
}

constexpr uint64_t kParm64 = 0xa1a2a3a4a5a6a7a8;

INSTANTIATE_TEST_SUITE_P(
    Interrupt, InjectInterruptTest,
    testing::Values(
        OldForm{"S3_ParmBecomesTheProgramCode",
                {KVM_S390_PROGRAM_INT, 0xffff, kParm64},
                0,
                Running(HoldsPgm(PgmOf(0xffff, kIlcValid)))},
        OldForm{"S3_ProgramCodeAbove16BitsIsInvalid",
                {KVM_S390_PROGRAM_INT, 0x10004, 0},
                -EINVAL,
                Running()},
        OldForm{"S3_ParmBecomesTheSenderOfACall",
                {KVM_S390_INT_EXTERNAL_CALL, 200, kParm64},
                0,
                Running(HasCall(200))},
        OldForm{"S3_CallerAbove16BitsIsInvalid",
                {KVM_S390_INT_EXTERNAL_CALL, 0x10003, 0},
                -EINVAL,
                Running()},
        OldForm{
            "S3_UnknownCallerIsInvalid", {KVM_S390_INT_EXTERNAL_CALL, 1, 0}, -EINVAL, Running()},
        OldForm{"S3_SecondCallIsBusy",
                {KVM_S390_INT_EXTERNAL_CALL, 3, 0},
                -EBUSY,
                Running(HasCall(0)),
                Running(HasCall(0))},
        OldForm{"S3_ParmBecomesTheSenderOfAnEmergency",
                {KVM_S390_INT_EMERGENCY, 3, kParm64},
                0,
                Running(HasEmergencies({3}))},
        OldForm{"S3_EmergencyAbove16BitsIsInvalid",
                {KVM_S390_INT_EMERGENCY, 0x10003, 0},
                -EINVAL,
                Running()},
        OldForm{"S3_ParmBecomesThePrefixAddress",
                {KVM_S390_SIGP_SET_PREFIX, 0x1000, kParm64},
                0,
                Stopped(HasPrefix),
                Stopped()},
        OldForm{"S3_PrefixOfRunningVcpuIsBusy",
                {KVM_S390_SIGP_SET_PREFIX, 0x1000, 0},
                -EBUSY,
                Running()},
        OldForm{"S3_ParmBecomesTheStopFlags",
                {KVM_S390_SIGP_STOP, 1, kParm64},
                0,
                Running(HasStoreStatusStop)},
        OldForm{"S3_StopFlagsAreChecked", {KVM_S390_SIGP_STOP, 2, 0}, -EINVAL, Running()},
        OldForm{"S8_12_Parm64BecomesMcicAndCr14StaysZero",
                {KVM_S390_MCHK, 0xffffffff, kParm64},
                0,
                Running(HoldsMcic(kParm64, {LocalIrq::kMchkExigent}))},
        OldForm{"S3_BothBecomeExtParams",
                {KVM_S390_INT_PFAULT_INIT, 0x12345678, kParm64},
                0,
                Running(HasPfault(0x12345678, 0, kParm64))},
        OldForm{"S3_RestartIgnoresBoth",
                {KVM_S390_RESTART, 0x12345678, kParm64},
                0,
                Running(Has<LocalIrq::kRestart>)},
        OldForm{"S3_ClockCompIgnoresBoth",
                {KVM_S390_INT_CLOCK_COMP, 0x12345678, kParm64},
                0,
                Running(Has<LocalIrq::kClockComp>)},
        OldForm{"S3_CpuTimerIgnoresBoth",
                {KVM_S390_INT_CPU_TIMER, 0x12345678, kParm64},
                0,
                Running(Has<LocalIrq::kCpuTimer>)},
        OldForm{"S8_14_IoIsInvalid", {0, 0, 0}, -EINVAL, Running()},
        OldForm{"S3_PfaultDoneIsInvalid", {KVM_S390_INT_PFAULT_DONE, 0, 0}, -EINVAL, Running()},
        OldForm{"S3_VirtioIsInvalid", {KVM_S390_INT_VIRTIO, 0, 0}, -EINVAL, Running()},
        OldForm{"S3_ServiceIsInvalid", {KVM_S390_INT_SERVICE, 0, 0}, -EINVAL, Running()},
        OldForm{"S3_UnknownTypeIsInvalid", {0xffffffff, 0, 0}, -EINVAL, Running()}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace irqd
