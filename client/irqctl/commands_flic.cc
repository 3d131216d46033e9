// flic list, enqueue, clear, clear-io: the floating interrupts of a VM.
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/flic_enqueue.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/flic_answer.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_output.h"
#include "client/irqctl/irq_text.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/session.h"

namespace irqd::irqctl {
namespace {

absl::StatusOr<uint64_t> ParseLen(const CommandLine& line) {
  const absl::optional<absl::string_view> text = line.Get("len");
  if (!text) return kFlicMaxBuffer;
  const absl::optional<uint64_t> len = ParseNumber(*text, std::numeric_limits<uint64_t>::max());
  if (len) return *len;
  return absl::InvalidArgumentError(absl::StrCat("--len: '", *text, "' is no number of 64 bits"));
}

// The images that the arguments after the VM say, or those in --file.
absl::StatusOr<std::string> RecordsToEnqueue(const Invocation& invocation) {
  const absl::Span<const std::string> words = invocation.line.arguments;
  if (words.size() == 1) {
    return ReadIrqFile(invocation, std::string(invocation.line.Get("file").value_or("-")));
  }
  for (const absl::string_view option : {"file", "format"}) {
    if (invocation.line.Has(option)) {
      return absl::InvalidArgumentError(absl::StrCat("TYPE and --", option, " exclude each other"));
    }
  }
  const absl::StatusOr<std::vector<kvm_s390_irq>> irqs = ParseIrqs(words.subspan(1));
  if (!irqs.ok()) return irqs.status();
  return EncodeIrqs(*irqs);
}

// "0xffff" and less.
absl::StatusOr<uint32_t> ParseHalf(absl::string_view name, absl::string_view text) {
  const absl::optional<uint64_t> number = ParseNumber(text, 0xffff);
  if (number) return static_cast<uint32_t>(*number);
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": '", text, "' is no number from 0 to 0xffff"));
}

}  // namespace

Reply FlicList(const Invocation& invocation) {
  const absl::StatusOr<uint64_t> len = ParseLen(invocation.line);
  if (!len.ok()) return UsageError(invocation, len.status());
  const absl::StatusOr<IrqOutput> output = ParseIrqOutput(invocation.line);
  if (!output.ok()) return UsageError(invocation, output.status());
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), *len};
    const absl::StatusOr<GetDeviceAttrReply> reply =
        session.connection().GetDeviceAttr(vm_id, attr, session.options());
    if (!reply.ok()) return session.NotReached(reply.status());
    // An error comes without records: then there is nothing to show.
    absl::StatusOr<std::string> text = std::string();
    if (reply->ret >= 0 || output->json) {
      text = FormatIrqs(reply->memory, *output, RetToJson(reply->ret));
    }
    if (!text.ok()) {
      return session.NotReached(
          absl::InternalError(absl::StrCat("the server's answer: ", text.status().message())));
    }
    return ToOutputFile(invocation,
                        KernelAnswer("KVM_DEV_FLIC_GET_ALL_IRQS", reply->ret, *std::move(text)));
  });
}

Reply FlicEnqueue(const Invocation& invocation) {
  const absl::StatusOr<std::string> bytes = RecordsToEnqueue(invocation);
  if (!bytes.ok()) return UsageError(invocation, bytes.status());
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kEnqueue), bytes->size()};
    const auto read = [&](uint64_t offset, size_t size) { return bytes->substr(offset, size); };
    return FlicAnswer(invocation, session, "KVM_DEV_FLIC_ENQUEUE",
                      EnqueueInParts(session.connection(), vm_id, attr, read, session.options()));
  });
}

Reply FlicClear(const Invocation& invocation) {
  return SetFlicAttr(invocation, "KVM_DEV_FLIC_CLEAR_IRQS", FlicGroup::kClearIrqs, 0, "");
}

Reply FlicClearIo(const Invocation& invocation) {
  const absl::StatusOr<uint32_t> id = ParseHalf("ID", invocation.argument(1));
  if (!id.ok()) return UsageError(invocation, id.status());
  const absl::StatusOr<uint32_t> nr = ParseHalf("NR", invocation.argument(2));
  if (!nr.ok()) return UsageError(invocation, nr.status());
  const std::string schid = {static_cast<char>(*id >> 8), static_cast<char>(*id),
                             static_cast<char>(*nr >> 8), static_cast<char>(*nr)};
  return SetFlicAttr(invocation, "KVM_DEV_FLIC_CLEAR_IO_IRQ", FlicGroup::kClearIoIrq, schid.size(),
                     schid);
}

}  // namespace irqd::irqctl
