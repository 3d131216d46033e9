#include "client/irqctl/irq_output.h"

#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_table.h"
#include "client/irqctl/numbers.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {
namespace {

using Format = IrqOutput::Format;

absl::optional<Format> FormatFromName(absl::string_view name) {
  if (name == "table") return Format::kTable;
  if (name == "hex") return Format::kHex;
  if (name == "raw") return Format::kRaw;
  return absl::nullopt;
}

std::string FileArgument(const Invocation& invocation, size_t argument) {
  return invocation.argument_count() > argument ? invocation.argument(argument) : "-";
}

std::string DisplayName(const std::string& file) { return file == "-" ? "standard input" : file; }

}  // namespace

absl::StatusOr<IrqOutput> ParseIrqOutput(const CommandLine& line, Format otherwise) {
  IrqOutput output;
  output.format = otherwise;
  output.summary = line.Has("summary");
  output.json = line.Has("json");
  const absl::optional<absl::string_view> name = line.Get("format");
  if (!name) return output;
  const absl::optional<Format> format = FormatFromName(*name);
  if (!format) {
    return absl::InvalidArgumentError(
        absl::StrCat("--format: '", *name, "' is none of table, hex, raw"));
  }
  if (*format != Format::kTable && (output.json || output.summary)) {
    return absl::InvalidArgumentError(absl::StrCat("--format ", *name, " does not go with ",
                                                   output.json ? "--json" : "--summary"));
  }
  output.format = *format;
  return output;
}

absl::StatusOr<uint32_t> ParseIrqLen(const CommandLine& line) {
  const absl::optional<absl::string_view> text = line.Get("len");
  if (!text) return kMaxPendingIrqs * kIrqSize;
  const absl::optional<uint64_t> len = ParseNumber(*text, std::numeric_limits<uint32_t>::max());
  if (!len) {
    return absl::InvalidArgumentError(
        absl::StrCat("--len: '", *text, "' is no number from 0 to 0xffffffff"));
  }
  return static_cast<uint32_t>(*len);
}

absl::StatusOr<std::string> FormatIrqs(absl::string_view bytes, const IrqOutput& output,
                                       Json json) {
  if (!output.json && output.format == Format::kRaw) return std::string(bytes);
  if (!output.json && output.format == Format::kHex) return BlobToHex(bytes);
  const absl::StatusOr<std::vector<kvm_s390_irq>> irqs = DecodeIrqs(bytes);
  if (!irqs.ok()) return irqs.status();
  if (!output.json) return output.summary ? IrqSummaryTable(*irqs) : IrqTable(*irqs);
  if (output.summary) {
    json["summary"] = IrqSummaryToJson(*irqs);
  } else {
    json["irqs"] = IrqsToJson(*irqs);
  }
  return FormatJson(json);
}

Reply ToOutputFile(const Invocation& invocation, Reply reply) {
  const absl::optional<absl::string_view> file = invocation.line.Get("output");
  if (!file || *file == "-") return reply;
  const absl::Status status = WriteFile(std::string(*file), reply.out);
  if (!status.ok()) return UsageError(invocation, status);
  reply.out.clear();
  return reply;
}

std::string IrqInputName(const Invocation& invocation, size_t argument) {
  return DisplayName(FileArgument(invocation, argument));
}

absl::StatusOr<std::string> ReadIrqInput(const Invocation& invocation, size_t argument) {
  return ReadIrqFile(invocation, FileArgument(invocation, argument));
}

absl::StatusOr<std::string> ReadIrqFile(const Invocation& invocation, const std::string& file) {
  absl::optional<BlobFormat> format;
  if (absl::optional<absl::string_view> name = invocation.line.Get("format")) {
    if (*name != "raw" && *name != "hex") {
      return absl::InvalidArgumentError(
          absl::StrCat("--format: '", *name, "' is none of raw, hex"));
    }
    format = *name == "raw" ? BlobFormat::kRaw : BlobFormat::kHex;
  }
  const absl::StatusOr<std::string> content = ReadInput(file, invocation.environment.stdin_fd);
  if (!content.ok()) return content.status();
  absl::StatusOr<std::string> bytes = ReadBlob(*content, format);
  if (bytes.ok()) return bytes;
  return absl::InvalidArgumentError(
      absl::StrCat(DisplayName(file), ": ", bytes.status().message()));
}

}  // namespace irqd::irqctl
