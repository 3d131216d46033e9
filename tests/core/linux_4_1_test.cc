// Linux 4.1 beside 6.1: section 10 of the semantics row by row, and what happens to interrupts that
// are read on one of them and set on the other.
#include <cerrno>
#include <string>
#include <vector>

#include "core/irq_codec.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/local_states.h"
#include "tests/core/value_guest.h"
#include "tests/core/value_vcpu.h"

namespace irqd {
namespace {

using testing::IsEmpty;

HostProfile Without(HostProfile profile, bool HostProfile::*facility) {
  profile.*facility = false;
  return profile;
}

ValueVcpu VcpuOn(const HostProfile& profile) {
  ValueVcpu vcpu(profile.sigp_interpretation);
  vcpu.profile = profile;
  return vcpu;
}

TEST(Linux41Test, S10_VcpusAre64WhateverTheMachine) {
  for (bool HostProfile::*facility :
       {&HostProfile::gisa, &HostProfile::extended_sca, &HostProfile::sigp_interpretation}) {
    const HostProfile profile = Without(Linux41(), facility);
    EXPECT_EQ(VcpuIdLimit(profile), 64u);
    EXPECT_EQ(CheckExtension(profile, KVM_CAP_MAX_VCPUS), 64);
  }
}

TEST(Linux41Test, S10_CapabilitiesOfItsTime) {
  for (int cap : {KVM_CAP_MP_STATE, KVM_CAP_DEVICE_CTRL, KVM_CAP_S390_IRQCHIP,
                  KVM_CAP_S390_INJECT_IRQ, KVM_CAP_S390_IRQ_STATE}) {
    EXPECT_EQ(CheckExtension(Linux41(), cap), 1) << cap;
  }
  for (int cap : {KVM_CAP_S390_AIS, KVM_CAP_S390_AIS_MIGRATION, KVM_CAP_S390_VCPU_RESETS}) {
    EXPECT_EQ(CheckExtension(Linux41(), cap), 0) << cap;
    EXPECT_EQ(CheckExtension(Linux61(), cap), 1) << cap;
  }
  FloatState state;
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 0, Linux41(), 0, &state), -EINVAL);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_IRQCHIP, 0, Linux41(), 0, &state), 0);
}

TEST(Linux41Test, S10_SetTakes6912Bytes) {
  EXPECT_EQ(CheckSetIrqStateLen(Linux41(), 6912), 0);
  EXPECT_EQ(CheckSetIrqStateLen(Linux41(), 6912 + 72), -EINVAL);
  EXPECT_EQ(CheckSetIrqStateLen(Linux61(), 6912 + 72), 0);
  EXPECT_EQ(CheckSetIrqStateLen(Linux41(), 19944), -EINVAL);
  EXPECT_EQ(CheckSetIrqStateLen(Linux61(), 19944), 0);
}

TEST(Linux41Test, S10_HighestPriorityHasTheLowestBit) {
  const struct {
    LocalIrq irq;
    int bit;
  } kBits[] = {
      {LocalIrq::kMchkExigent, 0}, {LocalIrq::kProgram, 2},      {LocalIrq::kMchkRepressible, 3},
      {LocalIrq::kEmergency, 6},   {LocalIrq::kExternalCall, 7}, {LocalIrq::kClockComp, 8},
      {LocalIrq::kCpuTimer, 9},    {LocalIrq::kPfaultInit, 13},  {LocalIrq::kSigpStop, 24},
      {LocalIrq::kRestart, 25},    {LocalIrq::kSetPrefix, 26},
  };
  const HostProfile profile = Without(Linux41(), &HostProfile::sigp_interpretation);
  for (const auto& place : kBits) {
    LocalState state;
    state.Set(place.irq);
    EXPECT_EQ(PendingWord(state.pending, profile), uint64_t{1} << place.bit) << place.bit;
  }
}

TEST(Linux41Test, S10_CallInTheScaHasNoBit) {
  EXPECT_EQ(PendingWord(1u << static_cast<int>(LocalIrq::kExternalCall), Linux41()), 0u);
}

// GET walks the word upwards, which is the other way round; emergencies come last all the same.
TEST(Linux41Test, S10_OrderOfGet) {
  ValueVcpu vcpu = VcpuOn(Without(Linux41(), &HostProfile::sigp_interpretation));
  vcpu.state.stopped = false;
  vcpu.InjectAll({Emergency(63), Emergency(0), Irq(KVM_S390_RESTART), Stop(1), PfaultInit(1, 2),
                  Irq(KVM_S390_INT_CPU_TIMER), Irq(KVM_S390_INT_CLOCK_COMP), ExternalCall(7),
                  MchkOf(kRepressible), Program(PgmOf(8, 0)), MchkOf(kExigent)});
  vcpu.state.stopped = true;
  vcpu.InjectAll({SetPrefix(0x2000)});
  const kvm_s390_irq mchk = MchkOf(kExigent | kRepressible);

  EXPECT_EQ(vcpu.Pending(),
            Hex({mchk, Program(PgmOf(8, 0)), mchk, ExternalCall(7), Irq(KVM_S390_INT_CLOCK_COMP),
                 Irq(KVM_S390_INT_CPU_TIMER), PfaultInit(1, 2), Stop(1), Irq(KVM_S390_RESTART),
                 SetPrefix(0x2000), Emergency(0), Emergency(63)}));
}

TEST(Linux41Test, S10_CallInTheScaComesLast) {
  ValueVcpu vcpu = VcpuOn(Linux41());
  vcpu.InjectAll({ExternalCall(7), Emergency(3), Irq(KVM_S390_RESTART)});

  EXPECT_EQ(vcpu.Pending(), Hex({Irq(KVM_S390_RESTART), Emergency(3), ExternalCall(7)}));
}

TEST(Linux41Test, S10_ProgramInterruptsAreStoredAsTheyCome) {
  for (uint8_t flags : {uint8_t{0}, uint8_t{6}, uint8_t{0xfe}, uint8_t{0xff}}) {
    for (uint16_t code : {uint16_t{kPgmPer}, uint16_t{4}, uint16_t{kPgmPer | 4}, uint16_t{0}}) {
      ValueVcpu vcpu = VcpuOn(Linux41());
      vcpu.InjectAll({Program(FilledPgm(0x21, kPgmPer | 6, 1))});

      vcpu.InjectAll({Program(FilledPgm(0x42, code, flags))});

      EXPECT_EQ(vcpu.Pending(), Hex({Program(FilledPgm(0x42, code, flags))})) << code;
    }
  }
}

TEST(Linux41Test, S10_MachineChecksMergeAsLater) {
  ValueVcpu older = VcpuOn(Linux41());
  ValueVcpu newer = VcpuOn(Linux61());
  for (ValueVcpu* vcpu : {&older, &newer}) {
    vcpu->InjectAll({Mchk(FilledMchk(0x21, kRepressible)), Mchk(FilledMchk(0x42, 0x10)),
                     Mchk(FilledMchk(0x84, kExigent))});
  }

  EXPECT_EQ(older.state, newer.state);
}

// The kernel of that time has no GISA, whatever the machine has.
TEST(Linux41Test, AdapterInterruptsAreQueuedWhateverTheMachine) {
  ValueFlic flic(WithGisa(Linux41()));

  EXPECT_EQ(flic.Inject(VmAdapter(3)), 0);
  EXPECT_EQ(flic.Inject(VmAdapter(3)), 0);

  EXPECT_EQ(flic.state.gisa_ipm, 0);
  EXPECT_EQ(flic.state.io[3].size(), 2u);
  EXPECT_EQ(flic.Word(), uint64_t{1} << 19);
}

TEST(Linux41Test, ClockComparatorIsUnsigned) {
  ValueGuest guest(Linux41());
  guest.local.registers.cr0 |= 0x0020000000000000;
  guest.local.registers.clock_comparator = ~uint64_t{0};

  EXPECT_THAT(guest.Deliver().delivered, IsEmpty());
  EXPECT_FALSE(guest.HasIrq());
  guest.flic.profile.kernel = Linux61().kernel;
  EXPECT_TRUE(guest.HasIrq());
}

// The FLIC of that time has groups 1 to 7.
TEST(Linux41Test, LaterFlicGroupsAreInvalid) {
  for (uint32_t group = 8; group <= 11; ++group) {
    ValueFlic flic(Linux41());
    flic.state.adapters[0] = IoAdapter{};

    EXPECT_EQ(flic.Set(static_cast<FlicGroup>(group), 0, std::string(16, '\0')), -EINVAL) << group;

    EXPECT_EQ(flic.Pending(), "") << group;
  }
  ValueFlic flic(Linux41());
  EXPECT_EQ(flic.Set(FlicGroup::kAdapterRegister, 0, std::string(8, '\0')), 0);
  EXPECT_EQ(flic.Enqueue({IoOn(3, 1)}), 0);
  EXPECT_EQ(flic.Set(FlicGroup::kClearIrqs, 0, ""), 0);
}

// --- one kernel's interrupts on the other ---

// Images as `vcpu` gives them.
std::string ImagesOf(ValueVcpu& vcpu) {
  const int64_t size = vcpu.Get(kEnough);
  EXPECT_EQ(size, static_cast<int64_t>(vcpu.images.size()));
  return vcpu.images;
}

std::vector<kvm_s390_irq> ForBoth() {
  return {SetPrefix(0x2000),    Irq(KVM_S390_RESTART),
          PfaultInit(1, 2, 3),  ExternalCall(7),
          MchkOf(kRepressible), Emergency(0),
          Emergency(63),        Program(FilledPgm(0x42, kPgmPer | 6, 1))};
}

class MoveTest : public testing::TestWithParam<bool> {
 protected:
  const HostProfile older_ = GetParam() ? Linux41() : Sigpif41(false);
  const HostProfile newer_ = Sigpif(GetParam());

  static HostProfile Sigpif41(bool on) {
    HostProfile profile = Linux41();
    profile.sigp_interpretation = on;
    return profile;
  }
};
INSTANTIATE_TEST_SUITE_P(Machines, MoveTest, testing::Bool(), MachineName);

TEST_P(MoveTest, ThereAndBackIsTheSame) {
  for (bool upwards : {true, false}) {
    ValueVcpu source = VcpuOn(upwards ? older_ : newer_);
    ValueVcpu between = VcpuOn(upwards ? newer_ : older_);
    ValueVcpu target = VcpuOn(source.profile);
    source.InjectAll(ForBoth());
    const std::string first = ImagesOf(source);

    EXPECT_EQ(between.Set(first), 0);
    EXPECT_NE(ImagesOf(between), first) << "each has its own order";
    EXPECT_EQ(target.Set(ImagesOf(between)), 0);

    EXPECT_EQ(ImagesOf(target), first);
    EXPECT_EQ(between.state, source.state);
  }
}

TEST_P(MoveTest, LongListsDoNotFitTheOlderKernel) {
  ValueVcpu newer = VcpuOn(newer_);
  for (uint16_t id = 0; id < 248; ++id) newer.InjectAll({Emergency(id)});
  const std::string images = ImagesOf(newer);

  EXPECT_EQ(CheckSetIrqStateLen(older_, static_cast<uint32_t>(images.size())), -EINVAL);
  EXPECT_EQ(CheckSetIrqStateLen(newer_, static_cast<uint32_t>(images.size())), 0);
}

// 64 emergencies and one of everything else is what a vCPU of the older kernel can have at most.
TEST_P(MoveTest, WhatTheOlderKernelCanHaveFitsBoth) {
  ValueVcpu older = VcpuOn(older_);
  older.InjectAll(ForBoth());
  for (uint16_t id = 0; id < 64; ++id) older.InjectAll({Emergency(id)});
  const auto size = static_cast<uint32_t>(ImagesOf(older).size());

  EXPECT_EQ(CheckSetIrqStateLen(older_, size), 0);
  EXPECT_EQ(CheckSetIrqStateLen(newer_, size), 0);
}

bool Below64(uint32_t id) { return id < 64; }

// Ids that the target does not have end the list there; the records before stay.
TEST_P(MoveTest, UnknownIdsStopTheList) {
  ValueVcpu newer = VcpuOn(newer_);
  newer.InjectAll({Emergency(64), Emergency(3), Irq(KVM_S390_RESTART), PfaultInit(1, 2)});
  const std::string images = ImagesOf(newer);
  ValueVcpu older = VcpuOn(older_);

  const int ret = SetIrqState({reinterpret_cast<const uint8_t*>(images.data()), images.size()},
                              LocalContext{older_, Below64}, &older.state);

  EXPECT_EQ(ret, -EINVAL);
  EXPECT_EQ(older.Pending(), Hex({PfaultInit(1, 2), Irq(KVM_S390_RESTART), Emergency(3)}));
}

// The older kernel keeps flags as they come; the newer one completes them on the way.
TEST_P(MoveTest, ProgramFlags) {
  ValueVcpu older = VcpuOn(older_);
  ValueVcpu newer = VcpuOn(newer_);
  older.InjectAll({Program(PgmOf(8, 6))});

  ASSERT_EQ(newer.Set(ImagesOf(older)), 0);
  EXPECT_EQ(newer.Pending(), Hex({Program(PgmOf(8, 1))}));

  older.state = LocalState();
  ASSERT_EQ(older.Set(ImagesOf(newer)), 0);
  EXPECT_EQ(older.Pending(), Hex({Program(PgmOf(8, 1))}));
}

// Both records of repressible-then-exigent lie in a list whichever way it runs.
TEST_P(MoveTest, S8_1_TwoRecordsOfOneCheckBecomeOne) {
  for (bool upwards : {true, false}) {
    ValueVcpu source = VcpuOn(upwards ? older_ : newer_);
    ValueVcpu target = VcpuOn(upwards ? newer_ : older_);
    const kvm_s390_irq mchk = MchkOf(kRepressible | kExigent);
    source.InjectAll({MchkOf(kRepressible), MchkOf(kExigent)});
    ASSERT_EQ(source.Pending(), Hex({mchk, mchk}));

    ASSERT_EQ(target.Set(ImagesOf(source)), 0);

    EXPECT_EQ(target.Pending(), Hex({mchk}));
  }
}

}  // namespace
}  // namespace irqd
