// A call on a VM as a value, with its answer: what vectors are made of, and random sequences.
#ifndef IRQD_CLIENT_VECTORS_STEP_H_
#define IRQD_CLIENT_VECTORS_STEP_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "client/vectors/backend.h"

namespace irqd {

enum class Op : uint8_t {
  kCreateVcpu,
  kEnableCap,
  kVmInterrupt,
  kSetDeviceAttr,
  kGetDeviceAttr,
  kHasDeviceAttr,
  kSetTod,
  kSetNewPswMask,
  kVmPending,
  kS390Irq,
  kS390Interrupt,
  kGetIrqState,
  kSetIrqState,
  kNormalReset,
  kInitialReset,
  kClearReset,
  kSetMpState,
  kGetMpState,
  kNullArgument,
  kPending,
  kRegisters,
  kSetPswMask,
  kSetCr,
  kSetClockComparator,
  kSetCpuTimer,
  kDeliver,
  kHasIrq,
  kStopIntercept,
};
inline constexpr int kOps = static_cast<int>(Op::kStopIntercept) + 1;

// As vectors call it. KVM_S390_INTERRUPT is the name of two: on a VM and on a vCPU.
absl::string_view OpName(Op op);
// True for the calls on a VM.
bool IsOnVm(Op op);
// True for the calls that write to memory.
bool Writes(Op op);
// True for those that set a register or a clock to `value`, and answer nothing.
bool HasValue(Op op);
// False for the calls that change nothing.
bool Changes(const struct Step& step);

struct Step {
  Op op = Op::kCreateVcpu;
  uint32_t vcpu = 0;
  // Arguments, as far as the op has them.
  uint32_t len = 0;
  uint32_t room = kAnyRoom;
  std::string images;  // record or records, with whatever else a caller puts there
  kvm_s390_interrupt interrupt = {};
  FlicAttr attr;
  // A capability, a run state, a request; which CR, which new PSW (-1: all of them).
  int64_t number = 0;
  uint64_t value = 0;  // of a register or a clock
  // The answer.
  Reply reply;
};

// The feature that a back end needs for the call.
absl::optional<Feature> FeatureFor(const Step& step);

// The call, its answer as `vm` gives it.
Reply Run(const Step& step, BackendVm* vm);

// For messages: "deliver on vCPU 3", with the arguments.
std::string Describe(const Step& step);
std::string Describe(const Reply& reply);

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_STEP_H_
