// Options by which commands read and show lists of records: --format, --summary, --json.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_OUTPUT_H_
#define IRQD_CLIENT_IRQCTL_IRQ_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/irqctl/command.h"

namespace irqd::irqctl {

struct IrqOutput {
  enum class Format { kTable, kHex, kRaw };
  Format format = Format::kTable;
  bool summary = false;
  bool json = false;
};

// From --format, --summary and --json; `otherwise` where none of them is given.
//   INVALID_ARGUMENT  --format is no format, or does not go together with the other
absl::StatusOr<IrqOutput> ParseIrqOutput(const CommandLine& line,
                                         IrqOutput::Format otherwise = IrqOutput::Format::kTable);

// --len in bytes; without it room for everything that can be pending on a vCPU.
//   INVALID_ARGUMENT  it is no number of 32 bits
absl::StatusOr<uint32_t> ParseIrqLen(const CommandLine& line);

// A list of images as `output` says. JSON is `json` with "irqs" (or "summary") added.
//   INVALID_ARGUMENT  `bytes` are no whole records, where that matters
absl::StatusOr<std::string> FormatIrqs(absl::string_view bytes, const IrqOutput& output, Json json);

// What `reply` prints goes to the file that --output names, if there is one.
Reply ToOutputFile(const Invocation& invocation, Reply reply);

// The file that argument number `argument` names, for messages.
std::string IrqInputName(const Invocation& invocation, size_t argument);

// The images in the file that argument number `argument` names, else in the standard input, in
// the --format given.
//   INVALID_ARGUMENT  naming the file: it cannot be read, or is no hex
absl::StatusOr<std::string> ReadIrqInput(const Invocation& invocation, size_t argument);
// The same for a file by name; "-" is the standard input.
absl::StatusOr<std::string> ReadIrqFile(const Invocation& invocation, const std::string& file);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_OUTPUT_H_
