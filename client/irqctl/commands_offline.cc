// decode, encode: records without a server.
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_output.h"
#include "client/irqctl/irq_text.h"

namespace irqd::irqctl {

Reply Decode(const Invocation& invocation) {
  const absl::StatusOr<std::string> bytes = ReadIrqInput(invocation, /*argument=*/0);
  if (!bytes.ok()) return UsageError(invocation, bytes.status());
  // --format is about the input here.
  IrqOutput output;
  output.summary = invocation.line.Has("summary");
  output.json = invocation.wants_json();
  absl::StatusOr<std::string> text = FormatIrqs(*bytes, output, Json::object());
  if (!text.ok()) {
    return UsageError(invocation, absl::StrCat(IrqInputName(invocation, /*argument=*/0), ": ",
                                               text.status().message()));
  }
  return Done(*std::move(text));
}

Reply Encode(const Invocation& invocation) {
  const absl::StatusOr<IrqOutput> output = ParseIrqOutput(invocation.line, IrqOutput::Format::kHex);
  if (!output.ok()) return UsageError(invocation, output.status());
  const absl::StatusOr<std::vector<kvm_s390_irq>> irqs = ParseIrqs(invocation.line.arguments);
  if (!irqs.ok()) return UsageError(invocation, irqs.status());
  absl::StatusOr<std::string> text = FormatIrqs(EncodeIrqs(*irqs), *output, Json::object());
  if (!text.ok()) return UsageError(invocation, text.status());
  return Done(*std::move(text));
}

}  // namespace irqd::irqctl
