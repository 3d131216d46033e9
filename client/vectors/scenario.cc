#include "client/vectors/scenario.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/kvm_flic.h"

namespace irqd {
namespace {

// The order of fields is that of writing them.
using json = nlohmann::ordered_json;

// Listings are as long as this in all recordings.
constexpr size_t kListing = 1 << 20;

std::string Bytes(const json& hex) { return absl::HexStringToBytes(hex.get<std::string>()); }
std::string Hex(uint64_t value) { return absl::StrCat("0x", absl::Hex(value)); }

// Numbers of 64 bits are strings where a double could not hold them.
uint64_t Number(const json& from) {
  if (!from.is_string()) return from.get<uint64_t>();
  uint64_t value;
  std::string digits = from.get<std::string>();
  if (!absl::StartsWith(digits, "0x") || !absl::SimpleHexAtoi(digits, &value)) {
    throw std::runtime_error("no number: " + digits);
  }
  return value;
}

HostProfile ParseHost(const json& host) {
  HostProfile profile;
  profile.kernel = FindKernelRules(host.at("kernel").get<std::string>());
  if (profile.kernel == nullptr) throw std::runtime_error("unknown kernel in " + host.dump());
  profile.sigp_interpretation = host.at("sigp_interpretation");
  profile.extended_sca = host.at("extended_sca");
  profile.gisa = host.value("gisa", false);
  return profile;
}

json FormatHost(const HostProfile& host) {
  json to = {{"kernel", std::string(host.kernel->name)},
             {"sigp_interpretation", host.sigp_interpretation},
             {"extended_sca", host.extended_sca}};
  if (host.gisa) to["gisa"] = true;
  return to;
}

bool Writes(Op op) {
  return op == Op::kGetIrqState || op == Op::kGetDeviceAttr || op == Op::kRegisters;
}

// The FLIC's calls have short names in recordings.
bool ParseFlic(const std::string& op, const json& from, Step* step) {
  FlicAttr& attr = step->attr;
  if (op == "KVM_DEV_FLIC_GET_ALL_IRQS") {
    step->op = Op::kGetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kGetAllIrqs);
    attr.attr = from.at("len");
    attr.memory.resize(std::min<uint64_t>(attr.attr, kListing));
  } else if (op == "KVM_DEV_FLIC_ENQUEUE") {
    step->op = Op::kSetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kEnqueue);
    attr.attr = from.at("len");
    attr.memory = Bytes(from.at("buf"));
  } else if (op == "KVM_DEV_FLIC_CLEAR_IRQS") {
    step->op = Op::kSetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kClearIrqs);
  } else if (op == "KVM_DEV_FLIC_CLEAR_IO_IRQ") {
    step->op = Op::kSetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kClearIoIrq);
    attr.attr = 4;
    const uint64_t schid = Number(from.at("schid"));
    for (int shift = 24; shift >= 0; shift -= 8) {
      attr.memory.push_back(static_cast<char>(schid >> shift));
    }
  } else {
    return false;
  }
  return true;
}

Op ParseOp(const std::string& name, const json& from) {
  static const auto* const ops = [] {
    auto* map = new std::map<std::string, Op>;
    for (int op = 0; op < kOps; ++op) {
      map->emplace(std::string(OpName(static_cast<Op>(op))), static_cast<Op>(op));
    }
    return map;
  }();
  const auto found = ops->find(name);
  if (found == ops->end()) throw std::runtime_error("unknown op " + name);
  return found->second == Op::kVmInterrupt && from.contains("vcpu") ? Op::kS390Interrupt
                                                                    : found->second;
}

void ParseArguments(const json& from, Step* step) {
  step->vcpu = from.value("vcpu", 0u);
  step->len = from.value("len", 0u);
  step->room = from.value("room", kAnyRoom);
  if (from.contains("arg")) step->images = Bytes(from.at("arg"));
  if (step->op == Op::kSetIrqState) step->images = Bytes(from.at("buf"));
  if (from.contains("type")) {
    step->interrupt.type = static_cast<uint32_t>(Number(from.at("type")));
    step->interrupt.parm = static_cast<uint32_t>(Number(from.at("parm")));
    step->interrupt.parm64 = Number(from.at("parm64"));
  }
  if (from.contains("group")) {
    step->attr.flags = from.at("flags");
    step->attr.group = from.at("group");
    step->attr.attr = Number(from.at("attr"));
    step->attr.memory = Bytes(from.at("memory"));
  }
  for (const char* name : {"mp_state", "cap", "cr", "request"}) {
    if (from.contains(name)) step->number = static_cast<int64_t>(Number(from.at(name)));
  }
  if (step->op == Op::kSetNewPswMask) step->number = from.value("which", -1);
  if (from.contains("value")) step->value = Number(from.at("value"));
}

void ParseReply(const json& from, Step* step) {
  step->reply.ret = from.value("ret", int64_t{0});
  if (Writes(step->op) && from.contains("buf")) step->reply.buf = Bytes(from.at("buf"));
  for (const json& irq : from.value("delivered", json::array())) {
    step->reply.delivered.push_back(
        {Number(irq.at("type")), Number(irq.at("data0")), Number(irq.at("data1"))});
  }
}

Step ParseStep(const json& from) {
  Step step;
  const std::string op = from.at("op");
  if (!ParseFlic(op, from, &step)) {
    step.op = ParseOp(op, from);
    ParseArguments(from, &step);
  }
  ParseReply(from, &step);
  return step;
}

json FormatStep(const Step& step) {
  json to = {{"op", std::string(OpName(step.op))}};
  if (!IsOnVm(step.op) || step.op == Op::kCreateVcpu) to["vcpu"] = step.vcpu;
  switch (step.op) {
    case Op::kS390Irq:
      to["arg"] = absl::BytesToHexString(step.images);
      break;
    case Op::kVmInterrupt:
    case Op::kS390Interrupt:
      to["type"] = step.interrupt.type;
      to["parm"] = step.interrupt.parm;
      to["parm64"] = step.interrupt.parm64;
      break;
    case Op::kGetIrqState:
      to["len"] = step.len;
      if (step.room != kAnyRoom) to["room"] = step.room;
      break;
    case Op::kSetIrqState:
      to["len"] = step.len;
      to["buf"] = absl::BytesToHexString(step.images);
      break;
    case Op::kSetDeviceAttr:
    case Op::kGetDeviceAttr:
    case Op::kHasDeviceAttr:
      to["flags"] = step.attr.flags;
      to["group"] = step.attr.group;
      to["attr"] = Hex(step.attr.attr);
      to["memory"] = absl::BytesToHexString(step.attr.memory);
      break;
    case Op::kSetMpState:
      to["mp_state"] = step.number;
      break;
    case Op::kEnableCap:
      to["cap"] = step.number;
      break;
    case Op::kNullArgument:
      to["request"] = step.number;
      break;
    case Op::kSetCr:
      to["cr"] = step.number;
      break;
    case Op::kSetNewPswMask:
      if (step.number != -1) to["which"] = step.number;
      break;
    default:
      break;
  }
  return to;
}

bool HasValue(Op op) {
  return op == Op::kSetTod || op == Op::kSetNewPswMask || op == Op::kSetPswMask ||
         op == Op::kSetCr || op == Op::kSetClockComparator || op == Op::kSetCpuTimer;
}

void FormatReply(const Step& step, json* to) {
  if (HasValue(step.op)) {
    (*to)["value"] = Hex(step.value);
    return;
  }
  (*to)["ret"] = step.reply.ret;
  if (Writes(step.op)) {
    (*to)["buf"] = absl::BytesToHexString(step.reply.buf);
  }
  if (step.op != Op::kDeliver) return;
  json& delivered = (*to)["delivered"] = json::array();
  for (const Delivered& irq : step.reply.delivered) {
    delivered.push_back(
        {{"type", Hex(irq.type)}, {"data0", Hex(irq.data0)}, {"data1", Hex(irq.data1)}});
  }
}

}  // namespace

Scenario ParseScenario(const std::string& line) {
  try {
    const json from = json::parse(line);
    Scenario scenario;
    scenario.name = from.at("name");
    scenario.host = ParseHost(from.at("host"));
    for (const json& step : from.at("steps")) scenario.steps.push_back(ParseStep(step));
    return scenario;
  } catch (const json::exception& error) {
    throw std::runtime_error(error.what());
  }
}

std::string FormatScenario(const Scenario& scenario) {
  json steps = json::array();
  for (const Step& step : scenario.steps) {
    steps.push_back(FormatStep(step));
    FormatReply(step, &steps.back());
  }
  return json{{"name", scenario.name}, {"host", FormatHost(scenario.host)}, {"steps", steps}}
      .dump();
}

std::vector<Scenario> LoadScenarios(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<Scenario> scenarios;
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    try {
      scenarios.push_back(ParseScenario(line));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(path + ": " + error.what());
    }
    if (!names.insert(scenarios.back().name).second) {
      throw std::runtime_error(path + ": twice the name " + scenarios.back().name);
    }
  }
  return scenarios;
}

}  // namespace irqd
