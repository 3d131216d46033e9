#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/vectors/flic_names.h"
#include "client/vectors/json_fields.h"
#include "client/vectors/scenario.h"
#include "core/kvm_flic.h"

namespace irqd {
namespace {

using nlohmann::json;

constexpr uint64_t kMax32 = std::numeric_limits<uint32_t>::max();
constexpr uint64_t kMax64 = std::numeric_limits<uint64_t>::max();
// Of arrays and objects in one another: a scenario's steps' deliveries.
constexpr int kMaxDepth = 5;

HostProfile ReadHost(const json& object) {
  JsonFields from(object, "host");
  HostProfile profile;
  const std::string kernel = from.Text("kernel");
  profile.kernel = FindKernelRules(kernel);
  if (profile.kernel == nullptr) {
    throw FieldError("host.kernel", absl::StrCat("is none of ", KernelRulesNames()));
  }
  profile.sigp_interpretation = from.Bool("sigp_interpretation");
  profile.extended_sca = from.Bool("extended_sca");
  profile.gisa = from.Has("gisa") && from.Bool("gisa");
  from.Finish();
  return profile;
}

// The FLIC's calls have short names. False if `op` is none of them.
bool ReadFlic(const std::string& op, JsonFields* from, Step* step) {
  FlicAttr& attr = step->attr;
  if (op == kGetAllIrqsName) {
    step->op = Op::kGetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kGetAllIrqs);
    attr.attr = from->Number("len", kMax64);
    attr.blank = ListingRoom(attr.attr);
  } else if (op == kEnqueueName) {
    step->op = Op::kSetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kEnqueue);
    attr.attr = from->Number("len", kMax64);
    attr.memory = from->Bytes("buf");
  } else if (op == kClearIrqsName) {
    step->op = Op::kSetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kClearIrqs);
  } else if (op == kClearIoIrqName) {
    step->op = Op::kSetDeviceAttr;
    attr.group = GroupOf(FlicGroup::kClearIoIrq);
    attr.attr = 4;
    const uint64_t schid = from->Number("schid", kMax32);
    for (int shift = 24; shift >= 0; shift -= 8) {
      attr.memory.push_back(static_cast<char>(schid >> shift));
    }
  } else {
    return false;
  }
  return true;
}

Op ReadOp(const std::string& name, const JsonFields& from) {
  static const auto* const ops = [] {
    auto* map = new std::map<std::string, Op>;
    for (int op = 0; op < kOps; ++op) {
      map->emplace(std::string(OpName(static_cast<Op>(op))), static_cast<Op>(op));
    }
    return map;
  }();
  const auto found = ops->find(name);
  if (found == ops->end()) throw FieldError(from.PathOf("op"), "is no call of this format");
  return found->second == Op::kVmInterrupt && from.Has("vcpu") ? Op::kS390Interrupt : found->second;
}

void ReadAttr(JsonFields* from, FlicAttr* attr) {
  attr->flags = static_cast<uint32_t>(from->Number("flags", kMax32));
  attr->group = static_cast<uint32_t>(from->Number("group", kMax32));
  attr->attr = from->Number("attr", kMax64);
  attr->memory = from->Bytes("memory");
}

int64_t ReadCr(JsonFields* from) {
  const uint64_t cr = from->Number("cr", 14);
  if (cr != 0 && cr != 6 && cr != 14) throw FieldError(from->PathOf("cr"), "is none of 0, 6, 14");
  return static_cast<int64_t>(cr);
}

void ReadArguments(JsonFields* from, Step* step) {
  if (!IsOnVm(step->op) || step->op == Op::kCreateVcpu) {
    step->vcpu = static_cast<uint32_t>(from->Number("vcpu", kMax32));
  }
  switch (step->op) {
    case Op::kS390Irq:
      step->images = from->Bytes("arg");
      break;
    case Op::kVmInterrupt:
    case Op::kS390Interrupt:
      step->interrupt.type = static_cast<uint32_t>(from->Number("type", kMax32));
      step->interrupt.parm = static_cast<uint32_t>(from->Number("parm", kMax32));
      step->interrupt.parm64 = from->Number("parm64", kMax64);
      break;
    case Op::kGetIrqState:
      step->len = static_cast<uint32_t>(from->Number("len", kMax32));
      if (from->Has("room")) step->room = static_cast<uint32_t>(from->Number("room", kMax32));
      break;
    case Op::kSetIrqState:
      step->len = static_cast<uint32_t>(from->Number("len", kMax32));
      step->images = from->Bytes("buf");
      break;
    case Op::kSetDeviceAttr:
    case Op::kGetDeviceAttr:
    case Op::kHasDeviceAttr:
      ReadAttr(from, &step->attr);
      break;
    case Op::kSetMpState:
      step->number = static_cast<int64_t>(from->Number("mp_state", kMax32));
      break;
    case Op::kEnableCap:
      step->number = static_cast<int64_t>(from->Number("cap", kMax32));
      break;
    case Op::kNullArgument:
      step->number = static_cast<int64_t>(from->Number("request", kMax32));
      break;
    case Op::kSetCr:
      step->number = ReadCr(from);
      break;
    case Op::kSetNewPswMask:
      step->number =
          from->Has("which") ? static_cast<int64_t>(from->Number("which", kNewPsws - 1)) : -1;
      break;
    default:
      break;
  }
  if (HasValue(step->op)) step->value = from->Number("value", kMax64);
}

std::vector<Delivered> ReadDelivered(JsonFields* from) {
  std::vector<Delivered> delivered;
  for (const json& item : from->Array("delivered")) {
    JsonFields irq(item, absl::StrCat(from->PathOf("delivered"), "[", delivered.size(), "]"));
    delivered.push_back(
        {irq.Number("type", kMax64), irq.Number("data0", kMax64), irq.Number("data1", kMax64)});
    irq.Finish();
  }
  return delivered;
}

void ReadReply(JsonFields* from, Step* step) {
  if (HasValue(step->op)) return;
  step->reply.ret = from->Integer("ret");
  if (Writes(step->op)) step->reply.buf = from->Bytes("buf");
  if (step->op == Op::kDeliver) step->reply.delivered = ReadDelivered(from);
}

Step ReadStep(const json& object, const std::string& path) {
  JsonFields from(object, path);
  Step step;
  const std::string op = from.Text("op");
  if (!ReadFlic(op, &from, &step)) {
    step.op = ReadOp(op, from);
    ReadArguments(&from, &step);
  }
  ReadReply(&from, &step);
  from.Finish();
  return step;
}

std::vector<Step> ReadSteps(const json& array) {
  if (array.size() > kMaxScenarioSteps) {
    throw FieldError("steps", absl::StrCat("has more than ", kMaxScenarioSteps, " entries"));
  }
  std::vector<Step> steps;
  std::set<uint32_t> vcpus;
  for (const json& object : array) {
    const std::string path = absl::StrCat("steps[", steps.size(), "]");
    steps.push_back(ReadStep(object, path));
    const Step& step = steps.back();
    if (step.op == Op::kCreateVcpu && step.reply.ret == 0) vcpus.insert(step.vcpu);
    if (!IsOnVm(step.op) && vcpus.count(step.vcpu) == 0) {
      throw FieldError(path + ".vcpu", "no create_vcpu before made it");
    }
  }
  return steps;
}

std::string ReadName(JsonFields* from) {
  const std::string name = from->Text("name");
  bool plain = !name.empty() && name.size() <= kMaxScenarioName;
  for (unsigned char c : name) plain = plain && absl::ascii_isprint(c);
  if (plain) return name;
  throw FieldError(
      "name", absl::StrCat("has not 1 to ", kMaxScenarioName, " printable characters of ASCII"));
}

// What nests deeper takes memory out of proportion to its length. (The parser's own callback could
// count, but with one it takes time that grows with the square of the number of steps.)
bool NestsTooDeep(absl::string_view line) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<Scenario> ParseScenario(absl::string_view line) {
  if (line.size() > kMaxScenarioLine) {
    return absl::InvalidArgumentError(absl::StrCat("longer than ", kMaxScenarioLine, " bytes"));
  }
  try {
    if (NestsTooDeep(line)) throw FieldError("", "nests too deep");
    const json object = json::parse(line.begin(), line.end());
    JsonFields from(object, "");
    Scenario scenario;
    scenario.name = ReadName(&from);
    scenario.host = ReadHost(from.Value("host"));
    scenario.steps = ReadSteps(from.Array("steps"));
    from.Finish();
    return scenario;
  } catch (const FieldError& error) {
    return absl::InvalidArgumentError(error.what());
  } catch (const json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("is no JSON: ", error.what()));
  }
}

}  // namespace irqd
