#include "tests/conformance/exceptions.h"

namespace irqd {

bool IsNotCompared(const Step& step) {
  if (step.op == Op::kEnableCap) {
    // What Linux 6.1 has no capability for, or irqd has too.
    return step.number != KVM_CAP_S390_AIS && step.number != KVM_CAP_S390_IRQCHIP &&
           step.number < 1000;
  }
  if (step.op != Op::kSetDeviceAttr) return false;
  const bool registers = step.attr.group == GroupOf(FlicGroup::kAdapterRegister);
  return registers && step.attr.memory.size() > 4 && static_cast<uint8_t>(step.attr.memory[4]) > 31;
}

}  // namespace irqd
