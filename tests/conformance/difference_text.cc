#include "tests/conformance/difference_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace irqd {
namespace {

std::string Hex(uint64_t value) { return absl::StrCat("0x", absl::Hex(value)); }
std::string Quoted(const std::string& bytes) {
  return absl::StrCat("absl::HexStringToBytes(\"", absl::BytesToHexString(bytes), "\")");
}
std::string Argument(const kvm_s390_interrupt& interrupt) {
  return absl::StrCat("{", Hex(interrupt.type), ", ", Hex(interrupt.parm), ", ",
                      Hex(interrupt.parm64), "}");
}
std::string Argument(const FlicAttr& attr) {
  return absl::StrCat("{", attr.flags, ", ", attr.group, ", ", Hex(attr.attr), ", ",
                      Quoted(attr.memory), "}");
}

// The step as an expression.
std::string CallOf(const Step& step) {
  const std::string vcpu = absl::StrCat("(", step.vcpu);
  switch (step.op) {
    case Op::kCreateVcpu:
      return absl::StrCat("CreateVcpu", vcpu, ")");
    case Op::kEnableCap:
      return absl::StrCat("EnableCap(", step.number, ")");
    case Op::kVmInterrupt:
      return absl::StrCat("VmInterrupt(", Argument(step.interrupt), ")");
    case Op::kSetDeviceAttr:
      return absl::StrCat("SetDeviceAttr(", Argument(step.attr), ")");
    case Op::kGetDeviceAttr:
      return absl::StrCat("GetDeviceAttr(", Argument(step.attr), ")");
    case Op::kHasDeviceAttr:
      return absl::StrCat("HasDeviceAttr(", Argument(step.attr), ")");
    case Op::kSetTod:
      return absl::StrCat("SetTodClock(", Hex(step.value), ")");
    case Op::kSetNewPswMask:
      return absl::StrCat("SetNewPswMask(static_cast<NewPsw>(", step.number, "), ", Hex(step.value),
                          ")");
    case Op::kVmPending:
      return "VmPending()";
    case Op::kS390Irq:
      return absl::StrCat("S390Irq", vcpu, ", ", Quoted(step.images), ")");
    case Op::kS390Interrupt:
      return absl::StrCat("S390Interrupt", vcpu, ", ", Argument(step.interrupt), ")");
    case Op::kGetIrqState:
      return absl::StrCat("GetIrqState", vcpu, ", ", step.len, ", ", Hex(step.room), ")");
    case Op::kSetIrqState:
      return absl::StrCat("SetIrqState", vcpu, ", ", step.len, ", ", Quoted(step.images), ")");
    case Op::kNormalReset:
    case Op::kInitialReset:
    case Op::kClearReset:
      return absl::StrCat("Reset", vcpu, ", ", std::string(OpName(step.op)), ")");
    case Op::kSetMpState:
      return absl::StrCat("SetMpState", vcpu, ", ", step.number, ")");
    case Op::kGetMpState:
      return absl::StrCat("GetMpState", vcpu, ")");
    case Op::kNullArgument:
      return absl::StrCat("NullArgument", vcpu, ", ", Hex(step.number), ")");
    case Op::kPending:
      return absl::StrCat("Pending", vcpu, ")");
    case Op::kRegisters:
      return absl::StrCat("Registers", vcpu, ")");
    case Op::kSetPswMask:
      return absl::StrCat("SetPswMask", vcpu, ", ", Hex(step.value), ")");
    case Op::kSetCr:
      return absl::StrCat("SetCr", vcpu, ", ", step.number, ", ", Hex(step.value), ")");
    case Op::kSetClockComparator:
      return absl::StrCat("SetClockComparator", vcpu, ", ", Hex(step.value), ")");
    case Op::kSetCpuTimer:
      return absl::StrCat("SetCpuTimer", vcpu, ", ", Hex(step.value), ")");
    case Op::kDeliver:
      return absl::StrCat("Deliver", vcpu, ")");
    case Op::kHasIrq:
      return absl::StrCat("HasIrq", vcpu, ")");
    case Op::kStopIntercept:
      return absl::StrCat("StopIntercept", vcpu, ")");
  }
  return "";
}

// One statement for each call; all five PSWs make five calls.
void AppendCall(const Step& step, std::string* to) {
  if (step.op == Op::kSetNewPswMask && step.number == -1) {
    Step one = step;
    for (one.number = 0; one.number < kNewPsws; ++one.number) AppendCall(one, to);
    return;
  }
  absl::StrAppend(to, "  vm->", CallOf(step), ";\n");
}

void AppendAssertions(const Step& last, std::string* to) {
  if (last.op == Op::kRegisters) {
    absl::StrAppend(to, "  // As 64-bit numbers: ", absl::BytesToHexString(last.reply.buf), "\n");
    return;
  }
  const bool is_reply =
      last.op == Op::kGetIrqState || last.op == Op::kGetDeviceAttr || last.op == Op::kDeliver;
  absl::StrAppend(to, "  EXPECT_EQ(", is_reply ? "reply.ret" : "reply", ", ", last.reply.ret,
                  ");\n");
  if (last.op == Op::kDeliver) {
    std::vector<std::string> delivered;
    for (const Delivered& irq : last.reply.delivered) {
      delivered.push_back(absl::StrCat("Delivered{", Hex(irq.type), ", ", Hex(irq.data0), ", ",
                                       Hex(irq.data1), "}"));
    }
    absl::StrAppend(to, "  EXPECT_THAT(reply.delivered, testing::ElementsAre(",
                    absl::StrJoin(delivered, ", "), "));\n");
  } else if (is_reply) {
    absl::StrAppend(to, "  EXPECT_EQ(absl::BytesToHexString(reply.buf), \"",
                    absl::BytesToHexString(last.reply.buf), "\");\n");
  }
}

}  // namespace

std::string TextOf(const Difference& difference) {
  std::string text = absl::StrCat("On ", FormatHostProfile(difference.scenario.host), "\n");
  for (const Step& step : difference.scenario.steps) {
    absl::StrAppend(&text, "  ", CallOf(step), "\n    -> ", Describe(step.reply), "\n");
  }
  absl::StrAppend(&text, "The kernel answers so. The back end, to the last call:\n    -> ",
                  Describe(difference.got), "\n");
  return text;
}

std::string TestOf(const Difference& difference) {
  const std::vector<Step>& steps = difference.scenario.steps;
  std::string text = absl::StrCat(
      "TEST(CoreBackendTest, FromSeed", difference.seed,
      ") {\n  const std::unique_ptr<Backend> backend = MakeCoreBackend();\n"
      "  const std::unique_ptr<BackendVm> vm =\n      backend->CreateVm(*ParseHostProfile(\"",
      FormatHostProfile(difference.scenario.host), "\"));\n");
  for (size_t i = 0; i + 1 < steps.size(); ++i) AppendCall(steps[i], &text);
  absl::StrAppend(&text, "\n  const auto reply = vm->", CallOf(steps.back()), ";\n\n");
  AppendAssertions(steps.back(), &text);
  return text + "}\n";
}

}  // namespace irqd
