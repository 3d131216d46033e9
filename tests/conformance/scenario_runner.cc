#include "tests/conformance/scenario_runner.h"

#include <functional>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

// A call of a step on a VM, and its answer.
using Call = std::function<GetReply(const Step& step, BackendVm* vm)>;

Call OfReset(unsigned long request) {
  return [request](const Step& step, BackendVm* vm) {
    return GetReply{vm->Reset(step.vcpu, request), ""};
  };
}

const std::map<std::string, Call>& Calls() {
  static const auto* const calls = new std::map<std::string, Call>{
      {"create_vcpu",
       [](const Step& step, BackendVm* vm) {
         return GetReply{vm->CreateVcpu(step.vcpu), ""};
       }},
      {"KVM_S390_IRQ",
       [](const Step& step, BackendVm* vm) {
         return GetReply{vm->S390Irq(step.vcpu, step.images), ""};
       }},
      {"KVM_S390_INTERRUPT",
       [](const Step& step, BackendVm* vm) {
         return GetReply{vm->S390Interrupt(step.vcpu, step.interrupt), ""};
       }},
      {"KVM_S390_GET_IRQ_STATE",
       [](const Step& step, BackendVm* vm) { return vm->GetIrqState(step.vcpu, step.len); }},
      {"KVM_S390_SET_IRQ_STATE",
       [](const Step& step, BackendVm* vm) {
         return GetReply{vm->SetIrqState(step.vcpu, step.len, step.images), ""};
       }},
      {"KVM_S390_NORMAL_RESET", OfReset(KVM_S390_NORMAL_RESET)},
      {"KVM_S390_INITIAL_RESET", OfReset(KVM_S390_INITIAL_RESET)},
      {"KVM_S390_CLEAR_RESET", OfReset(KVM_S390_CLEAR_RESET)},
      {"KVM_SET_MP_STATE",
       [](const Step& step, BackendVm* vm) {
         return GetReply{vm->SetMpState(step.vcpu, step.mp_state), ""};
       }},
      {"KVM_GET_MP_STATE",
       [](const Step& step, BackendVm* vm) {
         return GetReply{vm->GetMpState(step.vcpu), ""};
       }},
  };
  return *calls;
}

constexpr char kListFloating[] = "KVM_DEV_FLIC_GET_ALL_IRQS";

std::string Describe(int64_t ret, const std::string& buf) {
  std::string text = absl::StrCat("ret ", ret, ", ", buf.size(), " bytes");
  for (size_t at = 0; at < buf.size(); at += kIrqSize) {
    absl::StrAppend(&text, "\n    ", absl::BytesToHexString(buf.substr(at, kIrqSize)));
  }
  return text;
}

// What is wrong with the answer to a step, or "".
std::string RunStep(const Step& step, BackendVm* vm, RunResult* result) {
  if (step.op == kListFloating) {
    ++result->steps_not_run;
    const bool none = step.ret == 0 && step.buf.empty();
    return none ? "" : "the recording has floating interrupts, which are not simulated";
  }
  const auto call = Calls().find(step.op);
  if (call == Calls().end()) return "the runner does not know this call";
  const GetReply got = call->second(step, vm);
  ++result->steps_run;
  if (got.ret == step.ret && got.buf == step.buf) return "";
  return absl::StrCat("\n  want ", Describe(step.ret, step.buf), "\n  got  ",
                      Describe(got.ret, got.buf));
}

}  // namespace

RunResult RunScenario(const Scenario& scenario, Backend* backend) {
  RunResult result;
  const std::unique_ptr<BackendVm> vm = backend->CreateVm(scenario.host);
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    const std::string wrong = RunStep(step, vm.get(), &result);
    if (wrong.empty()) continue;
    result.first_difference =
        absl::StrCat(scenario.name, ", step ", i, ", ", step.op, " on vCPU ", step.vcpu, " with ",
                     FormatHostProfile(scenario.host), ": ", wrong);
    break;
  }
  return result;
}

}  // namespace irqd
