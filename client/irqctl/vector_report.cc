#include "client/irqctl/vector_report.h"

#include <algorithm>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/irqctl/command.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_fields.h"
#include "client/irqctl/irq_table.h"
#include "client/irqctl/numbers.h"

namespace irqd::irqctl {
namespace {

constexpr absl::string_view kNothing = "nothing";

// The steps whose `buf` is a list of records.
bool ListsRecords(const Step& step) {
  return step.op == Op::kGetIrqState ||
         (step.op == Op::kGetDeviceAttr && step.attr.group == GroupOf(FlicGroup::kGetAllIrqs));
}

bool IsErrno(int64_t ret) { return ret < 0 && ret == static_cast<int32_t>(ret); }

std::string RetText(int64_t ret) {
  if (!IsErrno(ret)) return absl::StrCat("ret ", ret);
  return absl::StrCat("ret ", ret, " (", ErrnoName(static_cast<int32_t>(ret)), ")");
}

// "expected" and "got" of the first item that differs, or that only one side has.
template <typename Item>
std::string FirstDifference(absl::string_view name, size_t expected, size_t got, Item item) {
  for (size_t i = 0; i < std::max(expected, got); ++i) {
    const std::string a = i < expected ? item(true, i) : std::string(kNothing);
    const std::string b = i < got ? item(false, i) : std::string(kNothing);
    if (a == b) continue;
    return absl::StrCat("  ", name, " ", i, "\n    expected  ", a, "\n    got       ", b, "\n");
  }
  return "";
}

// A record decoded, and its bytes below it.
std::string RecordText(absl::string_view image) {
  const absl::StatusOr<std::vector<kvm_s390_irq>> irqs = DecodeIrqs(image);
  const std::string hex = absl::BytesToHexString(image);
  if (!irqs.ok() || irqs->size() != 1) return hex;
  return absl::StrCat(DescribeIrq(irqs->front()), "\n              ", hex);
}

size_t RecordCount(const std::string& buf) { return (buf.size() + kIrqSize - 1) / kIrqSize; }

std::string BufDifference(const Step& step, const std::string& expected, const std::string& got) {
  if (expected == got) return "";
  if (!ListsRecords(step)) {
    return absl::StrCat("  bytes\n    expected  ", absl::BytesToHexString(expected),
                        "\n    got       ", absl::BytesToHexString(got), "\n");
  }
  const auto record = [&](bool is_expected, size_t i) {
    const absl::string_view buf = is_expected ? expected : got;
    return RecordText(buf.substr(i * kIrqSize, kIrqSize));
  };
  return FirstDifference("record", RecordCount(expected), RecordCount(got), record);
}

std::string DeliveryDifference(const std::vector<Delivered>& expected,
                               const std::vector<Delivered>& got) {
  const auto delivery = [&](bool is_expected, size_t i) {
    const Delivered& irq = (is_expected ? expected : got)[i];
    return absl::StrCat(FormatIrqType(irq.type), " data0=", FormatHex(irq.data0),
                        " data1=", FormatHex(irq.data1));
  };
  return FirstDifference("delivery", expected.size(), got.size(), delivery);
}

Json AnswerToJson(const Step& step, const irqd::Reply& answer) {
  Json json;
  json["ret"] = answer.ret;
  if (IsErrno(answer.ret)) json["errno"] = ErrnoName(static_cast<int32_t>(answer.ret));
  if (Writes(step.op)) json["buf"] = absl::BytesToHexString(answer.buf);
  if (ListsRecords(step)) {
    const absl::StatusOr<std::vector<kvm_s390_irq>> irqs = DecodeIrqs(answer.buf);
    if (irqs.ok()) json["irqs"] = IrqsToJson(*irqs);
  }
  if (step.op != Op::kDeliver) return json;
  json["delivered"] = Json::array();
  for (const Delivered& irq : answer.delivered) {
    json["delivered"].push_back({{"type", FormatHex(irq.type)},
                                 {"name", FormatIrqType(irq.type)},
                                 {"data0", FormatHex(irq.data0)},
                                 {"data1", FormatHex(irq.data1)}});
  }
  return json;
}

std::string Heading(const VectorPlace& place, const Scenario& scenario) {
  return absl::StrCat(place.file, ":", place.line, ": ", scenario.name);
}

Json PlaceToJson(const VectorPlace& place, const Scenario& scenario) {
  Json json;
  json["file"] = place.file;
  json["line"] = place.line;
  json["name"] = scenario.name;
  return json;
}

}  // namespace

void VectorReport::AddFailed(const VectorPlace& place, const Scenario& scenario,
                             const RunResult& result) {
  ++failed_;
  const int number = result.steps_run - 1;
  const Step& step = scenario.steps[number];
  const irqd::Reply& got = *result.got;
  absl::StrAppend(&text_, Heading(place, scenario), ", step ", number, ", ", Describe(step),
                  ": expected ", RetText(step.reply.ret), ", got ", RetText(got.ret), "\n",
                  BufDifference(step, step.reply.buf, got.buf),
                  DeliveryDifference(step.reply.delivered, got.delivered));
  Json json = PlaceToJson(place, scenario);
  json["step"] = number;
  json["op"] = std::string(OpName(step.op));
  if (!IsOnVm(step.op) || step.op == Op::kCreateVcpu) json["vcpu"] = step.vcpu;
  json["expected"] = AnswerToJson(step, step.reply);
  json["got"] = AnswerToJson(step, got);
  differences_.push_back(std::move(json));
}

void VectorReport::AddSkipped(const VectorPlace& place, const Scenario& scenario,
                              absl::string_view why) {
  ++skipped_;
  absl::StrAppend(&text_, Heading(place, scenario), ": skipped: ", why, "\n");
  Json json = PlaceToJson(place, scenario);
  json["reason"] = std::string(why);
  not_run_.push_back(std::move(json));
}

std::string VectorReport::Text() const {
  std::string text = absl::StrCat(text_, passed_, " passed, ", failed_, " failed");
  if (skipped_ > 0) absl::StrAppend(&text, ", ", skipped_, " skipped");
  return text + "\n";
}

Json VectorReport::ToJson() const {
  Json json;
  json["passed"] = passed_;
  json["failed"] = failed_;
  json["skipped"] = skipped_;
  json["differences"] = differences_;
  json["not_run"] = not_run_;
  return json;
}

}  // namespace irqd::irqctl
