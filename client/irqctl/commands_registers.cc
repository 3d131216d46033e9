// registers: those of a vCPU that decide about deliveries, and those that a VM's vCPUs share.
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/guest_registers.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/session.h"
#include "client/irqctl/text_table.h"

namespace irqd::irqctl {
namespace {

constexpr uint64_t kMax32Bits = 0xffffffff;

// Reads NAME=VALUE words, each register at most once, into `*update`.
template <typename Register, typename Update>
absl::Status ParseUpdate(absl::Span<const std::string> words, absl::Span<const Register> table,
                         Update* update) {
  std::set<absl::string_view> given;
  for (const std::string& word : words) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    if (!absl::StrContains(word, '=')) {
      return absl::InvalidArgumentError(absl::StrCat("'", word, "' is not NAME=VALUE"));
    }
    const auto found =
        absl::c_find_if(table, [&](const Register& entry) { return entry.name == parts.first; });
    if (found == table.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("register '", parts.first, "' is none of ",
                       absl::StrJoin(table, ", ", [](std::string* out, const Register& entry) {
                         absl::StrAppend(out, entry.name);
                       })));
    }
    if (!given.insert(found->name).second) {
      return absl::InvalidArgumentError(absl::StrCat("'", found->name, "' is given twice"));
    }
    const absl::optional<uint64_t> value = ParseNumber(parts.second, found->max);
    if (!value) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", word, "': not a number from 0 to ", FormatHex(found->max)));
    }
    found->set(*value, update);
  }
  return absl::OkStatus();
}

template <typename Register, typename Registers>
Reply ShowRegisters(const Invocation& invocation, absl::Span<const Register> table,
                    const Registers& registers) {
  if (invocation.wants_json()) {
    Json json;
    for (const Register& entry : table) {
      const uint64_t value = entry.get(registers);
      json[std::string(entry.name)] =
          entry.max <= kMax32Bits ? Json(value) : Json(FormatHex(value));
    }
    return Done(FormatJson(json));
  }
  TextTable text({{"REGISTER"}, {"VALUE"}});
  for (const Register& entry : table) {
    text.AddRow({std::string(entry.name), FormatHex(entry.get(registers))});
  }
  return Done(text.Format());
}

Reply WasSet(const Invocation& invocation, const Session& session, const absl::Status& status) {
  if (!status.ok()) return session.NotReached(status);
  return Done(invocation.wants_json() ? FormatJson(RetToJson(0)) : "");
}

Reply VmRegistersCommand(const Invocation& invocation, absl::Span<const std::string> words) {
  VmRegistersUpdate update;
  const absl::Status parsed = ParseUpdate(words, VmRegisterTable(), &update);
  if (!parsed.ok()) return UsageError(invocation, parsed);
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    Connection& connection = session.connection();
    if (!words.empty()) {
      return WasSet(invocation, session,
                    connection.SetVmRegisters(vm_id, update, session.options()));
    }
    const absl::StatusOr<VmRegisters> registers =
        connection.GetVmRegisters(vm_id, session.options());
    if (!registers.ok()) return session.NotReached(registers.status());
    return ShowRegisters(invocation, VmRegisterTable(), *registers);
  });
}

Reply VcpuRegistersCommand(const Invocation& invocation, absl::Span<const std::string> words) {
  VcpuRegistersUpdate update;
  const absl::Status parsed = ParseUpdate(words, VcpuRegisterTable(), &update);
  if (!parsed.ok()) return UsageError(invocation, parsed);
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    Connection& connection = session.connection();
    if (!words.empty()) {
      return WasSet(invocation, session,
                    connection.SetVcpuRegisters(vcpu, update, session.options()));
    }
    const absl::StatusOr<VcpuRegisters> registers =
        connection.GetVcpuRegisters(vcpu, session.options());
    if (!registers.ok()) return session.NotReached(registers.status());
    return ShowRegisters(invocation, VcpuRegisterTable(), *registers);
  });
}

}  // namespace

Reply Registers(const Invocation& invocation) {
  const absl::Span<const std::string> words = invocation.line.arguments;
  const bool names_vcpu = words.size() > 1 && !absl::StrContains(words[1], '=');
  return names_vcpu ? VcpuRegistersCommand(invocation, words.subspan(2))
                    : VmRegistersCommand(invocation, words.subspan(1));
}

}  // namespace irqd::irqctl
