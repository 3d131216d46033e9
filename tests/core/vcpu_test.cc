#include "core/vcpu.h"

#include <cerrno>
#include <string>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/allocation_count.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint32_t kEnough = 20664;
constexpr uint64_t kExigent = 0x8000000000000000;

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

class VcpuTest : public testing::Test {
 protected:
  static std::string Pending(Vcpu& vcpu) {
    std::string images;
    const int64_t ret = vcpu.GetIrqState(kEnough, &images);
    EXPECT_EQ(ret, static_cast<int64_t>(images.size()));
    return HexRecords(images);
  }
  static int Set(Vcpu& vcpu, const std::string& list) {
    return vcpu.SetIrqState(static_cast<uint32_t>(list.size()), Bytes(list));
  }

  // The VM has vCPUs 0 to 3.
  Vcpu& Create(uint32_t id) {
    EXPECT_EQ(vm_.CreateVcpu(id), 0);
    return *vm_.FindVcpu(id);
  }

  Vm vm_{1, "vm-1", DefaultHostProfile()};
  Vcpu& vcpu_ = Create(0);
  Vcpu& other_ = Create(1);
  Vcpu& third_ = Create(2);
  Vcpu& fourth_ = Create(3);
};

std::string Hex(const std::vector<kvm_s390_irq>& irqs) { return HexRecords(Images(irqs)); }

TEST_F(VcpuTest, InjectsByBothForms) {
  EXPECT_EQ(vcpu_.S390Irq(Emergency(3)), 0);
  EXPECT_EQ(vcpu_.S390Interrupt({KVM_S390_INT_EMERGENCY, 2, 0}), 0);

  EXPECT_EQ(Pending(vcpu_), Hex({Emergency(2), Emergency(3)}));
}

TEST_F(VcpuTest, VcpusAreApart) {
  EXPECT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);

  EXPECT_EQ(Pending(other_), "");
}

TEST_F(VcpuTest, FailingInjectionChangesNothing) {
  ASSERT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);
  ASSERT_EQ(vcpu_.S390Irq(ExternalCall(1)), 0);
  const std::string before = Pending(vcpu_);

  EXPECT_EQ(vcpu_.S390Irq(ExternalCall(2)), -EBUSY);
  EXPECT_EQ(vcpu_.S390Irq(Emergency(4)), -EINVAL);
  EXPECT_EQ(vcpu_.S390Interrupt({KVM_S390_INT_VIRTIO, 0, 0}), -EINVAL);

  EXPECT_EQ(Pending(vcpu_), before);
}

TEST_F(VcpuTest, PendingIsTheKernelsWord) {
  ASSERT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);
  ASSERT_EQ(vcpu_.S390Irq(Emergency(3)), 0);
  ASSERT_EQ(vcpu_.S390Irq(ExternalCall(3)), 0);  // in the SCA

  EXPECT_EQ(vcpu_.pending(), 1u << 27 | 1u << 21);
}

TEST_F(VcpuTest, GetWithTooLittleRoomGivesWhatFits) {
  ASSERT_EQ(vcpu_.S390Irq(Emergency(3)), 0);
  ASSERT_EQ(vcpu_.S390Irq(Irq(KVM_S390_RESTART)), 0);
  std::string images = "old";

  EXPECT_EQ(vcpu_.GetIrqState(100, &images), -ENOBUFS);
  EXPECT_EQ(HexRecords(images), Hex({Irq(KVM_S390_RESTART)}));
  EXPECT_EQ(vcpu_.GetIrqState(0, &images), -EINVAL);
  EXPECT_EQ(images, "");
}

TEST_F(VcpuTest, SetTakesAListAtOnce) {
  const std::vector<kvm_s390_irq> list = {SetPrefix(0x2000), PfaultInit(1, 2), Emergency(1),
                                          ExternalCall(2)};

  EXPECT_EQ(Set(vcpu_, Images(list)), 0);

  EXPECT_EQ(Pending(vcpu_), Hex(list));
}

TEST_F(VcpuTest, SetThatFailsHalfWayKeepsTheRecordsBefore) {
  const std::vector<kvm_s390_irq> list = {PfaultInit(1, 2), Emergency(1), Emergency(77),
                                          Irq(KVM_S390_RESTART)};

  EXPECT_EQ(Set(vcpu_, Images(list)), -EINVAL);

  EXPECT_EQ(Pending(vcpu_), Hex({list[0], list[1]}));
}

TEST_F(VcpuTest, SetThatFailsAtOnceChangesNothing) {
  EXPECT_EQ(Set(vcpu_, Image(Irq(0))), -EINVAL);
  EXPECT_EQ(Pending(vcpu_), "");

  ASSERT_EQ(vcpu_.S390Irq(Irq(KVM_S390_RESTART)), 0);
  EXPECT_EQ(Set(vcpu_, Image(Emergency(1))), -EBUSY);
  EXPECT_EQ(Pending(vcpu_), Hex({Irq(KVM_S390_RESTART)}));
}

TEST_F(VcpuTest, SetOfARefusedLengthDoesNotLookAtTheBuffer) {
  for (uint32_t len : {0u, 1u, 73u, 20736u, 0xffffffffu}) {
    EXPECT_EQ(vcpu_.SetIrqState(len, {}), -EINVAL) << len;
  }
  ASSERT_EQ(vcpu_.S390Irq(Irq(KVM_S390_RESTART)), 0);
  EXPECT_EQ(vcpu_.SetIrqState(71, {}), -EINVAL) << "also when busy";
}

TEST_F(VcpuTest, SetLooksAtNoByteBeyondLen) {
  const std::string list = Images({Emergency(1), Irq(0)});

  EXPECT_EQ(vcpu_.SetIrqState(72, Bytes(list)), 0);

  EXPECT_EQ(Pending(vcpu_), Hex({Emergency(1)}));
}

TEST_F(VcpuTest, ResetStopsUntilUserspaceTakesControl) {
  ASSERT_EQ(vcpu_.S390Irq(MchkOf(kExigent)), 0);

  EXPECT_EQ(vcpu_.Reset(ResetKind::kNormal), 0);
  EXPECT_EQ(Pending(vcpu_), "");
  EXPECT_EQ(vcpu_.GetMpState(), KVM_MP_STATE_STOPPED);

  EXPECT_EQ(vcpu_.SetMpState(KVM_MP_STATE_OPERATING), 0);
  EXPECT_EQ(vcpu_.Reset(ResetKind::kNormal), 0);
  EXPECT_EQ(vcpu_.GetMpState(), KVM_MP_STATE_OPERATING);
}

TEST_F(VcpuTest, RunStateDecidesAboutPrefixAndStop) {
  EXPECT_EQ(vcpu_.S390Irq(Stop()), 0);
  EXPECT_EQ(Pending(vcpu_), "");

  EXPECT_EQ(vcpu_.SetMpState(KVM_MP_STATE_OPERATING), 0);
  EXPECT_EQ(vcpu_.S390Irq(SetPrefix(0)), -EBUSY);
  EXPECT_EQ(vcpu_.S390Irq(Stop(1)), 0);
  EXPECT_EQ(vcpu_.S390Irq(Stop()), -EBUSY);
  EXPECT_EQ(Pending(vcpu_), Hex({Stop(1)}));

  EXPECT_EQ(vcpu_.SetMpState(KVM_MP_STATE_STOPPED), 0);
  EXPECT_EQ(Pending(vcpu_), "");
}

TEST_F(VcpuTest, OtherRunStatesAreRefused) {
  EXPECT_EQ(vcpu_.SetMpState(6), -ENXIO);
  EXPECT_EQ(vcpu_.GetMpState(), KVM_MP_STATE_STOPPED);
}

TEST_F(VcpuTest, CommonInterruptsAllocateNothing) {
  std::string images(kEnough, '\0');
  vcpu_.GetIrqState(kEnough, &images);  // the thread's first use
  const size_t before = Allocations();

  vcpu_.S390Irq(Emergency(3));
  vcpu_.S390Irq(ExternalCall(2));
  vcpu_.S390Irq(Irq(KVM_S390_RESTART));
  vcpu_.GetIrqState(kEnough, &images);
  vcpu_.SetMpState(KVM_MP_STATE_OPERATING);
  vcpu_.S390Irq(Stop(1));
  vcpu_.Reset(ResetKind::kNormal);

  EXPECT_EQ(Allocations(), before);
}

// The vCPU against the pure functions, call by call.
TEST_F(VcpuTest, RandomCallsDoWhatTheRulesSay) {
  Random random(TestSeed());
  LocalState model;
  bool user_control = false;
  const auto exists = [](uint32_t id) { return id < 4; };
  for (int i = 0; i < 20000; ++i) {
    const LocalContext context{vm_.profile(), exists, user_control};
    const uint64_t choice = Below(20, random);
    if (choice < 12) {
      const kvm_s390_irq irq = RandomIrq(6, random);
      ASSERT_EQ(vcpu_.S390Irq(irq), InjectIrq(irq, context, &model)) << "step " << i;
    } else if (choice < 15) {
      std::vector<kvm_s390_irq> irqs;
      for (uint64_t n = 1 + Below(4, random); n > 0; --n) irqs.push_back(RandomIrq(6, random));
      const std::string list = Images(irqs);
      ASSERT_EQ(Set(vcpu_, list), SetIrqState(Bytes(list), context, &model)) << "step " << i;
    } else if (choice < 17) {
      const auto kind = static_cast<ResetKind>(Below(3, random));
      ASSERT_EQ(vcpu_.Reset(kind), Reset(kind, context, &model));
    } else if (choice < 18) {
      const uint32_t mp_state = 5 + static_cast<uint32_t>(Below(3, random));
      user_control = true;
      ASSERT_EQ(vcpu_.SetMpState(mp_state), SetMpState(mp_state, &model)) << "step " << i;
    }
    const uint32_t len = Below(4, random) ? kEnough : static_cast<uint32_t>(Below(500, random));
    std::string images, expected;
    ASSERT_EQ(vcpu_.GetIrqState(len, &images), GetIrqState(model, context, len, &expected));
    ASSERT_EQ(HexRecords(images), HexRecords(expected)) << "step " << i;
    ASSERT_EQ(vcpu_.GetMpState(), GetMpState(model));
    ASSERT_EQ(vcpu_.GetRegisters(), model.registers);
    ASSERT_EQ(vcpu_.pending(), PendingWord(model.pending, vm_.profile()));
  }
}

}  // namespace
}  // namespace irqd
