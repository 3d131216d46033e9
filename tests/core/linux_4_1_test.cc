// What tells linux-4.1 from linux-6.1 in a vCPU's local interrupts: section 10 of the kernel's
// semantics. Floating interrupts and delivery have their cases with those of linux-6.1.
#include <cerrno>
#include <vector>

#include "core/host_profile.h"
#include "core/local_irq.h"
#include "gmock/gmock.h"
#include "tests/core/local_states.h"
#include "tests/core/value_vcpu.h"

namespace irqd {
namespace {

class Linux41Test : public testing::Test {
 protected:
  Linux41Test() { vcpu_.profile.kernel = FindKernelRules("linux-4.1"); }

  ValueVcpu vcpu_{false};
};

TEST_F(Linux41Test, S10_Numbers) {
  const KernelRules& kernel = *vcpu_.profile.kernel;
  EXPECT_EQ(kernel.max_vcpu_ids, 64u);
  EXPECT_EQ(kernel.set_irq_state_max_len, 6912u);
  EXPECT_EQ(kernel.max_pfault_done, 4096u);
  for (bool sigpif : {false, true}) {
    HostProfile profile = vcpu_.profile;
    profile.sigp_interpretation = sigpif;
    EXPECT_EQ(VcpuIdLimit(profile), 64u) << "a basic SCA only";
  }
}

TEST_F(Linux41Test, S10_SetTakesAsMuch) {
  EXPECT_EQ(CheckSetIrqStateLen(vcpu_.profile, 6912), 0);
  EXPECT_EQ(CheckSetIrqStateLen(vcpu_.profile, 6912 + 72), -EINVAL);
}

TEST_F(Linux41Test, S10_LaterCapabilitiesAreMissing) {
  for (int extension : {14, 89, 99, 113, 114}) {
    EXPECT_EQ(CheckExtension(vcpu_.profile, extension), 1) << extension;
  }
  for (int extension : {141, 150, 179}) {
    EXPECT_EQ(CheckExtension(vcpu_.profile, extension), 0) << extension;
  }
}

TEST_F(Linux41Test, S10_PendingBits) {
  struct {
    LocalIrq irq;
    int bit;
  } const places[] = {
      {LocalIrq::kMchkExigent, 0}, {LocalIrq::kProgram, 2},      {LocalIrq::kMchkRepressible, 3},
      {LocalIrq::kEmergency, 6},   {LocalIrq::kExternalCall, 7}, {LocalIrq::kClockComp, 8},
      {LocalIrq::kCpuTimer, 9},    {LocalIrq::kPfaultInit, 13},  {LocalIrq::kSigpStop, 24},
      {LocalIrq::kRestart, 25},    {LocalIrq::kSetPrefix, 26}};
  for (const auto& place : places) {
    LocalState state;
    state.Set(place.irq);
    EXPECT_EQ(PendingWord(state.pending, vcpu_.profile), uint64_t{1} << place.bit);
  }
}

TEST_F(Linux41Test, S10_GetWalksItsBitsUpwards) {
  vcpu_.InjectAll({SetPrefix(0x1000), Irq(KVM_S390_RESTART), PfaultInit(1, 2),
                   Irq(KVM_S390_INT_CPU_TIMER), Irq(KVM_S390_INT_CLOCK_COMP), Emergency(9),
                   Emergency(3), ExternalCall(7), Program(PgmOf(6, 1)), MchkOf(kRepressible)});

  EXPECT_EQ(vcpu_.Pending(),
            Hex({Program(PgmOf(6, 1)), MchkOf(kRepressible), ExternalCall(7),
                 Irq(KVM_S390_INT_CLOCK_COMP), Irq(KVM_S390_INT_CPU_TIMER), PfaultInit(1, 2),
                 Irq(KVM_S390_RESTART), SetPrefix(0x1000), Emergency(3), Emergency(9)}));
}

TEST_F(Linux41Test, S10_ProgramInterruptsAreStoredAsTheyCame) {
  const kvm_s390_irq per = Program(FilledPgm(0x21, kPgmPer, 0xfe));
  const kvm_s390_irq other = Program(FilledPgm(0x42, 6, 0x04));

  vcpu_.InjectAll({per});
  EXPECT_EQ(vcpu_.Pending(), Hex({per})) << "pad and ILC included";
  vcpu_.InjectAll({other});
  EXPECT_EQ(vcpu_.Pending(), Hex({other})) << "nothing is merged";
}

TEST_F(Linux41Test, GisaIsNamedWhereThereIsOne) {
  vcpu_.profile.gisa = true;
  EXPECT_EQ(FormatHostProfile(vcpu_.profile), "linux-4.1,no-sigpif,esca,gisa");
  EXPECT_EQ(*ParseHostProfile("gisa,linux-4.1,no-sigpif"), vcpu_.profile);
  EXPECT_FALSE(ParseHostProfile("no-gisa")->gisa);
}

}  // namespace
}  // namespace irqd
