#include "core/vm.h"

#include <cerrno>
#include <numeric>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

static_assert(sizeof(Vcpu) == 64 && alignof(Vcpu) == 64, "a vCPU is one cache line");

HostProfile Profile(bool sigpif, bool esca) {
  HostProfile profile = DefaultHostProfile();
  profile.sigp_interpretation = sigpif;
  profile.extended_sca = esca;
  return profile;
}

TEST(VmTest, KeepsWhatItWasMadeWith) {
  const Vm vm(42, "a-name", Profile(true, false));

  EXPECT_EQ(vm.id(), 42u);
  EXPECT_EQ(vm.name(), "a-name");
  EXPECT_EQ(vm.profile(), Profile(true, false));
  EXPECT_EQ(vm.vcpu_count(), 0u);
  EXPECT_THAT(vm.VcpuIds(), IsEmpty());
}

struct Machine {
  std::string name;
  HostProfile profile;
  uint32_t ids;
};
void PrintTo(const Machine& machine, std::ostream* out) { *out << machine.name; }

class MachineTest : public testing::TestWithParam<Machine> {
 protected:
  Vm vm_{1, "vm-1", GetParam().profile};
};
INSTANTIATE_TEST_SUITE_P(Machines, MachineTest,
                         testing::Values(Machine{"BasicSca", Profile(true, false), 64},
                                         Machine{"ExtendedSca", Profile(true, true), 248},
                                         Machine{"NoSigpInterpretation", Profile(false, true),
                                                 255}),
                         [](const auto& info) { return info.param.name; });

TEST_P(MachineTest, TakesEveryIdBelowTheLimitOnce) {
  for (uint32_t id = 0; id < GetParam().ids; ++id) EXPECT_EQ(vm_.CreateVcpu(id), 0) << id;
  for (uint32_t id = 0; id < GetParam().ids; ++id) EXPECT_EQ(vm_.CreateVcpu(id), -EEXIST) << id;

  std::vector<uint32_t> ids(GetParam().ids);
  std::iota(ids.begin(), ids.end(), 0);
  EXPECT_EQ(vm_.vcpu_count(), GetParam().ids);
  EXPECT_EQ(vm_.VcpuIds(), ids);
}

// A failing creation goes through the id's SCA entry too.
TEST_P(MachineTest, CreatedAgainAVcpuLosesAnExternalCallInTheSca) {
  ASSERT_EQ(vm_.CreateVcpu(0), 0);
  Vcpu& vcpu = *vm_.FindVcpu(0);
  ASSERT_EQ(vcpu.S390Irq(ExternalCall(0)), 0);
  ASSERT_EQ(vcpu.S390Irq(Emergency(0)), 0);

  EXPECT_EQ(vm_.CreateVcpu(0), -EEXIST);

  std::string images;
  vcpu.GetIrqState(20664, &images);
  const bool in_sca = GetParam().profile.sigp_interpretation;
  EXPECT_EQ(HexRecords(images),
            HexRecords(in_sca ? Image(Emergency(0)) : Images({ExternalCall(0), Emergency(0)})));
}

TEST_P(MachineTest, RefusesEveryOtherId) {
  for (uint32_t id : {GetParam().ids, 255u, 256u, 0x100u + 3, 0x10000u, 0xffffffffu}) {
    EXPECT_EQ(vm_.CreateVcpu(id), -EINVAL) << id;
    EXPECT_EQ(vm_.FindVcpu(id), nullptr) << id;
  }
  EXPECT_EQ(vm_.vcpu_count(), 0u);
}

TEST_P(MachineTest, SignalsComeFromExistingVcpusOnly) {
  const uint16_t highest = static_cast<uint16_t>(GetParam().ids - 1);
  ASSERT_EQ(vm_.CreateVcpu(0), 0);
  Vcpu& vcpu = *vm_.FindVcpu(0);

  EXPECT_EQ(vcpu.S390Irq(Emergency(highest)), -EINVAL);
  ASSERT_EQ(vm_.CreateVcpu(highest), 0);
  EXPECT_EQ(vcpu.S390Irq(Emergency(highest)), 0);
  EXPECT_EQ(vcpu.S390Irq(Emergency(highest - 1)), -EINVAL);
}

TEST(VmTest, FindsWhatWasCreatedAndNothingElse) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  for (uint32_t id : {9u, 0u, 200u}) ASSERT_EQ(vm.CreateVcpu(id), 0);

  for (uint32_t id = 0; id < 300; ++id) {
    Vcpu* vcpu = vm.FindVcpu(id);
    ASSERT_EQ(vcpu != nullptr, id == 9 || id == 0 || id == 200) << id;
    if (vcpu != nullptr) {
      EXPECT_EQ(vcpu->id(), id);
    }
  }
  EXPECT_THAT(vm.VcpuIds(), ElementsAre(0, 9, 200));
}

TEST(VmTest, ExistenceIsAMatterOfTheFacts) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(5), 0);
  const VmFacts before = vm.facts();
  ASSERT_EQ(vm.CreateVcpu(4), 0);

  EXPECT_TRUE(vm.HasVcpu(5, before));
  EXPECT_FALSE(vm.HasVcpu(4, before)) << "it did not exist then";
  EXPECT_TRUE(vm.HasVcpu(4, vm.facts()));
  EXPECT_FALSE(vm.HasVcpu(6, vm.facts())) << "it lies beside existing ones";
}

TEST(VmTest, NewVcpuIsStoppedAndHasNothingPending) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);

  EXPECT_EQ(vm.FindVcpu(0)->GetMpState(), KVM_MP_STATE_STOPPED);
  EXPECT_EQ(vm.FindVcpu(0)->pending(), 0u);
}

// Section 5: any KVM_SET_MP_STATE hands run-state control to userspace, for the whole VM.
TEST(VmTest, S5_UserControlCoversEveryVcpuAlsoLaterOnes) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);
  ASSERT_EQ(vm.CreateVcpu(1), 0);
  EXPECT_FALSE(vm.facts().user_controls_run_state());

  EXPECT_EQ(vm.FindVcpu(0)->SetMpState(KVM_MP_STATE_OPERATING), 0);
  ASSERT_EQ(vm.CreateVcpu(2), 0);

  EXPECT_TRUE(vm.facts().user_controls_run_state());
  for (uint32_t id : {0, 1, 2}) {
    Vcpu& vcpu = *vm.FindVcpu(id);
    EXPECT_EQ(vcpu.SetMpState(KVM_MP_STATE_OPERATING), 0);
    EXPECT_EQ(vcpu.Reset(ResetKind::kNormal), 0);
    EXPECT_EQ(vcpu.GetMpState(), KVM_MP_STATE_OPERATING);
  }
  EXPECT_EQ(vm.facts().vcpu_count(), 3u);
}

TEST(VmTest, S8_11_FailingSetMpStateTakesControlToo) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);

  EXPECT_EQ(vm.FindVcpu(0)->SetMpState(KVM_MP_STATE_LOAD), -ENXIO);

  EXPECT_TRUE(vm.facts().user_controls_run_state());
}

TEST(VmTest, UserControlIsOfOneVm) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  const Vm other(2, "vm-2", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);

  vm.FindVcpu(0)->SetMpState(KVM_MP_STATE_OPERATING);

  EXPECT_FALSE(other.facts().user_controls_run_state());
}

TEST(VmTest, LettingUserControlIsIdempotentAndKeepsTheCount) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);

  EXPECT_EQ(vm.LetUserControlRunState().bits, 0x101u);
  EXPECT_EQ(vm.LetUserControlRunState().bits, 0x101u);
}

}  // namespace
}  // namespace irqd
