#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/vectors/flic_names.h"
#include "client/vectors/scenario.h"

namespace irqd {
namespace {

// The order of fields is that of writing them.
using json = nlohmann::ordered_json;

std::string Hex(uint64_t value) { return absl::StrCat("0x", absl::Hex(value)); }

json HostToJson(const HostProfile& host) {
  json to = {{"kernel", std::string(host.kernel->name)},
             {"sigp_interpretation", host.sigp_interpretation},
             {"extended_sca", host.extended_sca}};
  if (host.gisa) to["gisa"] = true;
  return to;
}

uint64_t SubchannelOf(const std::string& memory) {
  uint64_t schid = 0;
  for (unsigned char byte : memory) schid = schid << 8 | byte;
  return schid;
}

// The step under the short name of a FLIC call, if it has one.
bool WriteFlic(const Step& step, json* to) {
  const FlicAttr& attr = step.attr;
  if (attr.flags != 0) return false;
  const bool gets = step.op == Op::kGetDeviceAttr;
  if (!gets && step.op != Op::kSetDeviceAttr) return false;
  if (gets && attr.group == GroupOf(FlicGroup::kGetAllIrqs) && attr.memory.empty() &&
      attr.blank == ListingRoom(attr.attr)) {
    *to = {{"op", kGetAllIrqsName}, {"len", attr.attr}};
  } else if (!gets && attr.group == GroupOf(FlicGroup::kEnqueue)) {
    *to = {{"op", kEnqueueName}, {"len", attr.attr}, {"buf", absl::BytesToHexString(attr.memory)}};
  } else if (!gets && attr.group == GroupOf(FlicGroup::kClearIrqs) && attr.attr == 0 &&
             attr.memory.empty()) {
    (*to)["op"] = kClearIrqsName;
  } else if (!gets && attr.group == GroupOf(FlicGroup::kClearIoIrq) && attr.attr == 4 &&
             attr.memory.size() == 4) {
    *to = {{"op", kClearIoIrqName}, {"schid", SubchannelOf(attr.memory)}};
  } else {
    return false;
  }
  return true;
}

void WriteAttr(const FlicAttr& attr, json* to) {
  (*to)["flags"] = attr.flags;
  (*to)["group"] = attr.group;
  (*to)["attr"] = Hex(attr.attr);
  (*to)["memory"] =
      absl::BytesToHexString(attr.memory) + std::string(2 * static_cast<size_t>(attr.blank), '0');
}

void WriteArguments(const Step& step, json* to) {
  if (!IsOnVm(step.op) || step.op == Op::kCreateVcpu) (*to)["vcpu"] = step.vcpu;
  switch (step.op) {
    case Op::kS390Irq:
      (*to)["arg"] = absl::BytesToHexString(step.images);
      break;
    case Op::kVmInterrupt:
    case Op::kS390Interrupt:
      (*to)["type"] = step.interrupt.type;
      (*to)["parm"] = step.interrupt.parm;
      (*to)["parm64"] = step.interrupt.parm64;
      break;
    case Op::kGetIrqState:
      (*to)["len"] = step.len;
      if (step.room != kAnyRoom) (*to)["room"] = step.room;
      break;
    case Op::kSetIrqState:
      (*to)["len"] = step.len;
      (*to)["buf"] = absl::BytesToHexString(step.images);
      break;
    case Op::kSetDeviceAttr:
    case Op::kGetDeviceAttr:
    case Op::kHasDeviceAttr:
      WriteAttr(step.attr, to);
      break;
    case Op::kSetMpState:
      (*to)["mp_state"] = step.number;
      break;
    case Op::kEnableCap:
      (*to)["cap"] = step.number;
      break;
    case Op::kNullArgument:
      (*to)["request"] = step.number;
      break;
    case Op::kSetCr:
      (*to)["cr"] = step.number;
      break;
    case Op::kSetNewPswMask:
      if (step.number != -1) (*to)["which"] = step.number;
      break;
    default:
      break;
  }
}

void WriteReply(const Step& step, json* to) {
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

std::string FormatStep(const Step& step) {
  json to;
  if (!WriteFlic(step, &to)) {
    to["op"] = std::string(OpName(step.op));
    WriteArguments(step, &to);
  }
  WriteReply(step, &to);
  return to.dump();
}

std::string FormatScenarioStart(absl::string_view name, const HostProfile& host) {
  return absl::StrCat("{\"name\":", json(std::string(name)).dump(),
                      ",\"host\":", HostToJson(host).dump(), ",\"steps\":[");
}

std::string FormatScenario(const Scenario& scenario) {
  const std::string steps =
      absl::StrJoin(scenario.steps, ",",
                    [](std::string* out, const Step& step) { out->append(FormatStep(step)); });
  return absl::StrCat(FormatScenarioStart(scenario.name, scenario.host), steps, kScenarioEnd);
}

}  // namespace irqd
