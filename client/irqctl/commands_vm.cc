// vm, vcpu, health: what is there.
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/mp_state.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/session.h"
#include "client/irqctl/text_table.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {
namespace {

// Above it JSON numbers lose digits in most readers.
constexpr uint64_t kMaxJsonInteger = uint64_t{1} << 53;

Json IdToJson(uint64_t id) { return id <= kMaxJsonInteger ? Json(id) : Json(FormatHex(id)); }

Json VmToJson(const VmInfo& vm) {
  Json json;
  json["name"] = vm.name;
  json["id"] = IdToJson(vm.id);
  json["host_profile"]["kernel"] = std::string(vm.profile.kernel->name);
  json["host_profile"]["sigp_interpretation"] = vm.profile.sigp_interpretation;
  json["host_profile"]["extended_sca"] = vm.profile.extended_sca;
  json["host_profile"]["gisa"] = vm.profile.gisa;
  json["vcpu_count"] = vm.vcpu_count;
  json["floating_pending"] = FormatHex(vm.floating_pending);
  return json;
}

Json VcpuToJson(const VcpuInfo& vcpu) {
  Json json;
  json["id"] = vcpu.id;
  json["mp_state"] = vcpu.mp_state;
  json["pending"] = FormatHex(vcpu.pending);
  return json;
}

absl::Status SetVcpuIds(const CommandLine& line, VmSpec* spec) {
  if (line.Has("vcpus") && line.Has("vcpu-ids")) {
    return absl::InvalidArgumentError("--vcpus and --vcpu-ids exclude each other");
  }
  if (absl::optional<absl::string_view> text = line.Get("vcpus")) {
    const absl::optional<uint64_t> count = ParseNumber(*text, kMaxVcpuIds);
    if (!count) {
      return absl::InvalidArgumentError(
          absl::StrCat("--vcpus: '", *text, "' is no number from 0 to ", kMaxVcpuIds));
    }
    for (uint32_t id = 0; id < *count; ++id) spec->vcpu_ids.push_back(id);
  }
  if (absl::optional<absl::string_view> text = line.Get("vcpu-ids")) {
    absl::StatusOr<std::vector<uint32_t>> ids =
        ParseNumberList(*text, kMaxVcpuIds - 1, kMaxVcpuIds);
    if (!ids.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--vcpu-ids: ", ids.status().message()));
    }
    spec->vcpu_ids = *std::move(ids);
  }
  return absl::OkStatus();
}

absl::StatusOr<VmSpec> ParseVmSpec(const Invocation& invocation) {
  VmSpec spec;
  if (invocation.argument_count() > 0) spec.name = invocation.argument(0);
  if (absl::optional<absl::string_view> text = invocation.line.Get("profile")) {
    const absl::StatusOr<HostProfile> profile = ParseHostProfile(*text);
    if (!profile.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--profile: ", profile.status().message()));
    }
    spec.profile = *profile;
  }
  const absl::Status status = SetVcpuIds(invocation.line, &spec);
  if (!status.ok()) return status;
  return spec;
}

}  // namespace

Reply VmCreate(const Invocation& invocation) {
  const absl::StatusOr<VmSpec> spec = ParseVmSpec(invocation);
  if (!spec.ok()) return UsageError(invocation, spec.status());
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<VmInfo> vm = session->connection().CreateVm(*spec, session->options());
  if (!vm.ok()) return session->NotReached(vm.status());
  return Done(invocation.wants_json() ? FormatJson(VmToJson(*vm)) : absl::StrCat(vm->name, "\n"));
}

Reply VmList(const Invocation& invocation) {
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<std::vector<VmInfo>> vms = session->connection().ListVms(session->options());
  if (!vms.ok()) return session->NotReached(vms.status());
  if (invocation.wants_json()) {
    Json json;
    json["vms"] = Json::array();
    for (const VmInfo& vm : *vms) json["vms"].push_back(VmToJson(vm));
    return Done(FormatJson(json));
  }
  TextTable table({{"ID", /*align_right=*/true},
                   {"NAME"},
                   {"VCPUS", /*align_right=*/true},
                   {"FLOATING"},
                   {"HOST PROFILE"}});
  for (const VmInfo& vm : *vms) {
    table.AddRow({absl::StrCat(vm.id), vm.name, absl::StrCat(vm.vcpu_count),
                  FormatHex(vm.floating_pending), FormatHostProfile(vm.profile)});
  }
  return Done(vms->empty() ? "no VMs\n" : table.Format());
}

Reply VmDelete(const Invocation& invocation) {
  const absl::Status named = CheckVm(invocation.argument(0));
  if (!named.ok()) return UsageError(invocation, named);
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<uint64_t> id = session->FindVm(invocation.argument(0));
  if (!id.ok()) return session->NotReached(id.status());
  const absl::Status status = session->connection().DeleteVm(*id, session->options());
  if (!status.ok()) return session->NotReached(status);
  if (!invocation.wants_json()) return Done("");
  Json json;
  json["id"] = IdToJson(*id);
  return Done(FormatJson(json));
}

Reply VcpuCreate(const Invocation& invocation) {
  return OnVcpu(invocation, [&](const Session& session, const VcpuAddress& vcpu) {
    const absl::StatusOr<int32_t> ret = session.connection().CreateVcpu(vcpu, session.options());
    if (!ret.ok()) return session.NotReached(ret.status());
    return BareKernelAnswer(invocation, "KVM_CREATE_VCPU", *ret);
  });
}

Reply VcpuList(const Invocation& invocation) {
  const absl::Status named = CheckVm(invocation.argument(0));
  if (!named.ok()) return UsageError(invocation, named);
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<uint64_t> vm = session->FindVm(invocation.argument(0));
  if (!vm.ok()) return session->NotReached(vm.status());
  const absl::StatusOr<std::vector<VcpuInfo>> vcpus =
      session->connection().ListVcpus(*vm, session->options());
  if (!vcpus.ok()) return session->NotReached(vcpus.status());
  if (invocation.wants_json()) {
    Json json;
    json["vcpus"] = Json::array();
    for (const VcpuInfo& vcpu : *vcpus) json["vcpus"].push_back(VcpuToJson(vcpu));
    return Done(FormatJson(json));
  }
  TextTable table({{"ID", /*align_right=*/true}, {"STATE"}, {"PENDING"}});
  for (const VcpuInfo& vcpu : *vcpus) {
    table.AddRow({absl::StrCat(vcpu.id), FormatMpState(vcpu.mp_state), FormatHex(vcpu.pending)});
  }
  return Done(vcpus->empty() ? "no vCPUs\n" : table.Format());
}

Reply Health(const Invocation& invocation) {
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<bool> serving = session->connection().IsServing(session->options());
  if (!serving.ok()) return session->NotReached(serving.status());
  Reply reply = *serving ? Done("serving\n") : session->NotServing();
  if (invocation.wants_json()) {
    Json json;
    json["status"] = *serving ? "SERVING" : "NOT_SERVING";
    reply.out = FormatJson(json);
  }
  return reply;
}

}  // namespace irqd::irqctl
