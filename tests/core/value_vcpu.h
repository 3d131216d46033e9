// A vCPU that is only a value: the rules without Vcpu around them.
#ifndef IRQD_TESTS_CORE_VALUE_VCPU_H_
#define IRQD_TESTS_CORE_VALUE_VCPU_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/local_irq.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/local_states.h"

namespace irqd {

inline constexpr uint32_t kEnough = 20664;
inline constexpr uint64_t kExigent = 0x8000000000000000;
inline constexpr uint64_t kRepressible = 0x0400000000000000;

inline bool AllExist(uint32_t id) { return id < 255; }

// A vCPU as a value, on a machine with or without SIGP interpretation.
struct ValueVcpu {
  explicit ValueVcpu(bool sigpif) : profile(Sigpif(sigpif)) {}

  LocalContext context() const { return {profile, AllExist, user_controls_run_state}; }
  int Inject(const kvm_s390_irq& irq) { return InjectIrq(irq, context(), &state); }
  void InjectAll(const std::vector<kvm_s390_irq>& irqs) {
    for (const kvm_s390_irq& irq : irqs) ASSERT_EQ(Inject(irq), 0);
  }
  int64_t Get(uint32_t len) { return GetIrqState(state, context(), len, &images); }
  // What GET says is pending, a line per record.
  std::string Pending() {
    const int64_t size = Get(kEnough);
    EXPECT_EQ(size, static_cast<int64_t>(images.size()));
    return HexRecords(images);
  }
  int Set(const std::string& list) {
    return SetIrqState({reinterpret_cast<const uint8_t*>(list.data()), list.size()}, context(),
                       &state);
  }

  HostProfile profile;
  bool user_controls_run_state = false;
  LocalState state;
  std::string images;
};

inline std::string Hex(const std::vector<kvm_s390_irq>& irqs) { return HexRecords(Images(irqs)); }

// Each local interrupt once, in the order of GET without SIGP interpretation.
inline std::vector<kvm_s390_irq> OneOfEach() {
  kvm_s390_mchk_info mchk = FilledMchk(0x21, kRepressible);
  mchk.pad = 0;
  return {
      Irq(KVM_S390_RESTART),
      Stop(1),
      PfaultInit(1, 2, 3),
      Irq(KVM_S390_INT_CPU_TIMER),
      Irq(KVM_S390_INT_CLOCK_COMP),
      ExternalCall(7),
      Mchk(mchk),
      Program(FilledPgm(0x42, kPgmPer | 6, 1)),
      Emergency(0),
      Emergency(63),
      Emergency(64),
      Emergency(254),
  };
}

// For INSTANTIATE_TEST_SUITE_P(..., testing::Bool(), MachineName).
class BothMachinesTest : public testing::TestWithParam<bool> {
 protected:
  ValueVcpu vcpu_{GetParam()};
};

inline std::string MachineName(const testing::TestParamInfo<bool>& info) {
  return info.param ? "SigpInterpretation" : "NoSigpInterpretation";
}

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VALUE_VCPU_H_
