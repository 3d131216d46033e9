// get-all, set-all, inject-stream: many vCPUs at once.
#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_lines.h"
#include "client/irqctl/irq_output.h"
#include "client/irqctl/irq_table.h"
#include "client/irqctl/line_injector.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/session.h"
#include "core/limits.h"

namespace irqd::irqctl {
namespace {

constexpr uint64_t kDefaultBatch = 64;
constexpr uint64_t kMaxRepeat = 1000000000;

absl::StatusOr<std::vector<uint32_t>> ParseVcpuIds(const CommandLine& line) {
  const absl::optional<absl::string_view> text = line.Get("vcpu-ids");
  if (!text) return std::vector<uint32_t>();
  absl::StatusOr<std::vector<uint32_t>> ids =
      ParseNumberList(*text, kMaxVcpuIds - 1, kMaxBatchVcpus);
  if (ids.ok()) return ids;
  return absl::InvalidArgumentError(absl::StrCat("--vcpu-ids: ", ids.status().message()));
}

absl::StatusOr<uint64_t> ParseCount(const CommandLine& line, absl::string_view option,
                                    uint64_t otherwise, uint64_t max) {
  const absl::optional<absl::string_view> text = line.Get(option);
  if (!text) return otherwise;
  const absl::optional<uint64_t> count = ParseNumber(*text, max);
  if (count && *count > 0) return *count;
  return absl::InvalidArgumentError(
      absl::StrCat("--", option, ": '", *text, "' is no number from 1 to ", max));
}

absl::StatusOr<std::vector<IrqLine>> ReadIrqLines(const Invocation& invocation) {
  const std::string file = invocation.argument_count() > 1 ? invocation.argument(1) : "-";
  const absl::StatusOr<std::string> content = ReadInput(file, invocation.environment.stdin_fd);
  if (!content.ok()) return content.status();
  absl::StatusOr<std::vector<IrqLine>> lines = ParseIrqLines(*content);
  if (lines.ok()) return lines;
  return absl::InvalidArgumentError(
      absl::StrCat(IrqInputName(invocation, 1), ": ", lines.status().message()));
}

// What several vCPUs answered: the first errno decides how the command ends.
Reply Answers(absl::string_view ioctl, absl::Span<const uint32_t> vcpu_ids,
              absl::Span<const int32_t> ret, std::string out) {
  const auto bad = std::find_if(ret.begin(), ret.end(), [](int32_t each) { return each < 0; });
  if (bad == ret.end()) return Done(std::move(out));
  return KernelAnswer(absl::StrCat(ioctl, " of vCPU ", vcpu_ids[bad - ret.begin()]), *bad,
                      std::move(out));
}

Json EntryOf(uint32_t vcpu_id, int32_t ret) {
  Json entry;
  entry["id"] = vcpu_id;
  entry.update(RetToJson(ret));
  return entry;
}

// What GetIrqStates answered, as `output` says. Fails if these are no records.
absl::StatusOr<std::string> FormatStates(const GetIrqStatesReply& reply, const IrqOutput& output) {
  Json json = {{"vcpus", Json::array()}};
  std::string text;
  absl::string_view rest = reply.buf;
  for (size_t i = 0; i < reply.vcpu_ids.size(); ++i) {
    const absl::string_view images = rest.substr(0, reply.size[i]);
    rest.remove_prefix(images.size());
    const absl::StatusOr<std::vector<kvm_s390_irq>> irqs = DecodeIrqs(images);
    if (!irqs.ok()) return irqs.status();
    if (output.json) {
      json["vcpus"].push_back(EntryOf(reply.vcpu_ids[i], reply.ret[i]));
      json["vcpus"].back()["irqs"] = IrqsToJson(*irqs);
    } else if (output.format == IrqOutput::Format::kHex) {
      text += FormatIrqLines(reply.vcpu_ids[i], images);
    } else if (!irqs->empty()) {
      absl::StrAppend(&text, text.empty() ? "" : "\n", "vCPU ", reply.vcpu_ids[i], "\n",
                      IrqTable(*irqs));
    }
  }
  if (output.json) return FormatJson(json);
  const bool is_table = output.format == IrqOutput::Format::kTable;
  return is_table && text.empty() ? IrqTable({}) : text;
}

// The lines of each vCPU together, in the order in which vCPUs come up.
struct States {
  std::vector<uint32_t> vcpu_ids;
  std::vector<uint32_t> len;
  std::string buf;
};

States GroupByVcpu(const std::vector<IrqLine>& lines) {
  States states;
  std::map<uint32_t, std::string> images;
  for (const IrqLine& line : lines) {
    std::string& list = images[line.vcpu_id];
    if (list.empty()) states.vcpu_ids.push_back(line.vcpu_id);
    list += line.image;
  }
  for (const uint32_t id : states.vcpu_ids) {
    states.len.push_back(static_cast<uint32_t>(images[id].size()));
    states.buf += images[id];
  }
  return states;
}

Reply InjectAnswer(const Invocation& invocation, const LineInjector& injector) {
  Json json = {{"injected", injector.injected()}, {"refused", Json::object()}};
  std::string text = absl::StrCat("injected ", FormatCount(injector.injected()), "\n");
  for (const auto& [ret, count] : injector.refused()) {
    json["refused"][ErrnoName(ret)] = count;
    absl::StrAppend(&text, ErrnoName(ret), " ", FormatCount(count), "\n");
  }
  std::string out = invocation.wants_json() ? FormatJson(json) : text;
  if (injector.first_refused() == nullptr) return Done(std::move(out));
  const IrqLine& first = *injector.first_refused();
  return KernelAnswer(absl::StrCat("KVM_S390_IRQ of line ", first.number, ", vCPU ", first.vcpu_id),
                      injector.first_errno(), std::move(out));
}

}  // namespace

Reply GetAll(const Invocation& invocation) {
  const absl::StatusOr<uint32_t> len = ParseIrqLen(invocation.line);
  if (!len.ok()) return UsageError(invocation, len.status());
  const absl::StatusOr<std::vector<uint32_t>> ids = ParseVcpuIds(invocation.line);
  if (!ids.ok()) return UsageError(invocation, ids.status());
  const absl::StatusOr<IrqOutput> output = ParseIrqOutput(invocation.line);
  if (!output.ok()) return UsageError(invocation, output.status());
  if (output->format == IrqOutput::Format::kRaw) {
    return UsageError(invocation, "--format: 'raw' is none of table, hex");
  }
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const auto reply = session.connection().GetIrqStates(vm_id, *ids, *len, session.options());
    if (!reply.ok()) return session.NotReached(reply.status());
    const absl::StatusOr<std::string> text = FormatStates(*reply, *output);
    if (!text.ok()) {
      return session.NotReached(
          absl::InternalError(absl::StrCat("the server's answer: ", text.status().message())));
    }
    return ToOutputFile(invocation,
                        Answers("KVM_S390_GET_IRQ_STATE", reply->vcpu_ids, reply->ret, *text));
  });
}

Reply SetAll(const Invocation& invocation) {
  const absl::StatusOr<std::vector<IrqLine>> lines = ReadIrqLines(invocation);
  if (!lines.ok()) return UsageError(invocation, lines.status());
  const States states = GroupByVcpu(*lines);
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const auto ret = session.connection().SetIrqStates(vm_id, states.vcpu_ids, states.len,
                                                       states.buf, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    std::string out;
    if (invocation.wants_json()) {
      Json json = {{"vcpus", Json::array()}};
      for (size_t i = 0; i < ret->size(); ++i) {
        json["vcpus"].push_back(EntryOf(states.vcpu_ids[i], (*ret)[i]));
      }
      out = FormatJson(json);
    }
    return Answers("KVM_S390_SET_IRQ_STATE", states.vcpu_ids, *ret, std::move(out));
  });
}

Reply InjectLines(const Invocation& invocation) {
  const absl::StatusOr<uint64_t> batch =
      ParseCount(invocation.line, "batch", kDefaultBatch, kMaxStreamRecords);
  if (!batch.ok()) return UsageError(invocation, batch.status());
  const absl::StatusOr<uint64_t> repeat = ParseCount(invocation.line, "repeat", 1, kMaxRepeat);
  if (!repeat.ok()) return UsageError(invocation, repeat.status());
  const absl::StatusOr<std::vector<IrqLine>> lines = ReadIrqLines(invocation);
  if (!lines.ok()) return UsageError(invocation, lines.status());
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const auto stream = session.connection().OpenInjectStream(session.options());
    LineInjector injector(stream.get(), vm_id, *lines, *batch);
    const absl::Status status = injector.Run(*repeat);
    if (!status.ok()) return session.NotReached(status);
    return InjectAnswer(invocation, injector);
  });
}

}  // namespace irqd::irqctl
