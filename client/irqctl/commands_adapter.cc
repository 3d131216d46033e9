// flic adapter, flic ais: adapter interrupts and what suppresses them.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/flic_answer.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/session.h"
#include "client/irqctl/text_table.h"

namespace irqd::irqctl {
namespace {

constexpr int kIscCount = 8;

std::string BigEndian32(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

absl::StatusOr<uint64_t> ParseUpTo(absl::string_view name, absl::string_view text, uint64_t max) {
  const absl::optional<uint64_t> number = ParseNumber(text, max);
  if (number) return *number;
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": '", text, "' is no number from 0 to ", max));
}

Reply RegisterAdapter(const Invocation& invocation, uint32_t id) {
  // The kernel takes any ISC here, and irqctl keeps nothing from it.
  const absl::StatusOr<uint64_t> isc =
      ParseUpTo("--isc", invocation.line.Get("isc").value_or("0"), 0xff);
  if (!isc.ok()) return UsageError(invocation, isc.status());
  std::string adapter = BigEndian32(id);
  adapter.push_back(static_cast<char>(*isc));
  adapter.push_back(invocation.line.Has("maskable") ? 1 : 0);
  adapter.push_back(0);  // swap
  adapter.push_back(invocation.line.Has("suppressible") ? kAdapterSuppressible : 0);
  return SetFlicAttr(invocation, "KVM_DEV_FLIC_ADAPTER_REGISTER", FlicGroup::kAdapterRegister, 0,
                     adapter);
}

Reply MaskAdapter(const Invocation& invocation, uint32_t id, bool mask) {
  std::string request = BigEndian32(id);
  request.push_back(kIoAdapterMask);
  request.push_back(mask ? 1 : 0);
  request.resize(kIoAdapterReqSize);
  return SetFlicAttr(invocation, "KVM_DEV_FLIC_ADAPTER_MODIFY", FlicGroup::kAdapterModify, 0,
                     request);
}

Reply ShowAisModes(const Invocation& invocation) {
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kAismAll), kAisAllSize};
    const absl::StatusOr<GetDeviceAttrReply> reply =
        session.connection().GetDeviceAttr(vm_id, attr, session.options());
    if (!reply.ok()) return session.NotReached(reply.status());
    if (reply->ret >= 0 && reply->memory.size() != kAisAllSize) {
      return session.NotReached(absl::InternalError("the server's answer: no kvm_s390_ais_all"));
    }
    Json json = RetToJson(reply->ret);
    TextTable table({{"ISC"}, {"MODE"}});
    if (reply->ret >= 0) {
      const auto simm = static_cast<uint8_t>(reply->memory[0]);
      const auto nimm = static_cast<uint8_t>(reply->memory[1]);
      json["simm"] = simm;
      json["nimm"] = nimm;
      for (int isc = 0; isc < kIscCount; ++isc) {
        const bool single = simm >> (7 - isc) & 1;
        const bool none = nimm >> (7 - isc) & 1;
        table.AddRow({absl::StrCat(isc), none ? "no interruptions" : single ? "single" : "all"});
      }
    }
    std::string out = reply->ret >= 0 ? table.Format() : "";
    if (invocation.wants_json()) out = FormatJson(json);
    return KernelAnswer("KVM_DEV_FLIC_AISM_ALL", reply->ret, std::move(out));
  });
}

Reply EnableAis(const Invocation& invocation) {
  return OnVm(invocation, [&](const Session& session, uint64_t vm_id) {
    const absl::StatusOr<int32_t> ret =
        session.connection().EnableCap(vm_id, KVM_CAP_S390_AIS, 0, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    return BareKernelAnswer(invocation, "KVM_ENABLE_CAP", *ret);
  });
}

Reply SetAisMode(const Invocation& invocation, absl::string_view isc_text, absl::string_view mode) {
  const absl::StatusOr<uint64_t> isc = ParseUpTo("ISC", isc_text, 0xff);
  if (!isc.ok()) return UsageError(invocation, isc.status());
  if (mode != "all" && mode != "single") {
    return UsageError(invocation, absl::StrCat("'", mode, "' is none of all, single"));
  }
  const std::string request = {static_cast<char>(*isc), 0, 0,
                               static_cast<char>(mode == "single" ? kAisModeSingle : kAisModeAll)};
  return SetFlicAttr(invocation, "KVM_DEV_FLIC_AISM", FlicGroup::kAism, 0, request);
}

// "simm=N" or "nimm=N".
absl::StatusOr<char> ParseModes(absl::string_view name, absl::string_view word) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(word, absl::MaxSplits('=', 1));
  if (parts.first != name || !absl::StrContains(word, '=')) {
    return absl::InvalidArgumentError(absl::StrCat("'", word, "' is not ", name, "=N"));
  }
  const absl::StatusOr<uint64_t> modes = ParseUpTo(name, parts.second, 0xff);
  if (!modes.ok()) return modes.status();
  return static_cast<char>(*modes);
}

Reply SetAisModes(const Invocation& invocation) {
  const absl::StatusOr<char> simm = ParseModes("simm", invocation.argument(1));
  if (!simm.ok()) return UsageError(invocation, simm.status());
  const absl::StatusOr<char> nimm = ParseModes("nimm", invocation.argument(2));
  if (!nimm.ok()) return UsageError(invocation, nimm.status());
  const std::string modes = {*simm, *nimm};
  return SetFlicAttr(invocation, "KVM_DEV_FLIC_AISM_ALL", FlicGroup::kAismAll, 0, modes);
}

}  // namespace

Reply FlicAdapter(const Invocation& invocation) {
  const absl::StatusOr<uint64_t> id = ParseUpTo("ID", invocation.argument(1), 0xffffffff);
  if (!id.ok()) return UsageError(invocation, id.status());
  const auto adapter_id = static_cast<uint32_t>(*id);
  const std::string& action = invocation.argument(2);
  if (action == "register") return RegisterAdapter(invocation, adapter_id);
  for (const absl::string_view option : {"isc", "maskable", "suppressible"}) {
    if (invocation.line.Has(option)) {
      return UsageError(invocation, absl::StrCat("--", option, " goes with register only"));
    }
  }
  if (action == "mask") return MaskAdapter(invocation, adapter_id, true);
  if (action == "unmask") return MaskAdapter(invocation, adapter_id, false);
  if (action == "inject") {
    return SetFlicAttr(invocation, "KVM_DEV_FLIC_AIRQ_INJECT", FlicGroup::kAirqInject, adapter_id,
                       "");
  }
  return UsageError(invocation,
                    absl::StrCat("'", action, "' is none of register, mask, unmask, inject"));
}

Reply FlicAis(const Invocation& invocation) {
  const size_t count = invocation.argument_count();
  if (count == 1) return ShowAisModes(invocation);
  const std::string& first = invocation.argument(1);
  if (count == 2 && first == "enable") return EnableAis(invocation);
  if (count == 2) {
    return UsageError(invocation, absl::StrCat("'", first, "' is not enable, and lacks a mode"));
  }
  if (absl::StrContains(first, '=')) return SetAisModes(invocation);
  return SetAisMode(invocation, first, invocation.argument(2));
}

}  // namespace irqd::irqctl
