#include "client/irqctl/session.h"

#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/irqctl/numbers.h"

namespace irqd::irqctl {
namespace {

constexpr absl::string_view kDefaultTarget = "127.0.0.1:50051";
constexpr absl::Duration kMaxTimeout = absl::Hours(24);

absl::Status SetTimeout(const Invocation& invocation, CallOptions* options) {
  const absl::optional<absl::string_view> text = invocation.line.Get("timeout");
  if (!text) return absl::OkStatus();
  if (!absl::ParseDuration(*text, &options->timeout) || options->timeout <= absl::ZeroDuration() ||
      options->timeout > kMaxTimeout) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--timeout: '", *text, "' is no time above 0 and up to 24h, such as 500ms or 10s"));
  }
  return absl::OkStatus();
}

bool IsVmId(absl::string_view text) { return !text.empty() && absl::ascii_isdigit(text[0]); }

absl::optional<uint64_t> ParseVmId(absl::string_view text) {
  return ParseNumber(text, std::numeric_limits<uint64_t>::max());
}

}  // namespace

absl::StatusOr<Target> FindTarget(const Invocation& invocation, Inproc inproc) {
  Target target = {"--target", std::string(kDefaultTarget)};
  if (const absl::optional<absl::string_view> given = invocation.line.Get("target")) {
    target.name = std::string(*given);
  } else if (!invocation.environment.irqd_target.empty()) {
    target = {"IRQD_TARGET", invocation.environment.irqd_target};
  }
  if (inproc == Inproc::kRefused && absl::StartsWith(target.name, "inproc:")) {
    return absl::InvalidArgumentError(
        absl::StrCat(target.source, ": the simulation inside this process (", target.name,
                     ") would be gone with it; name a server"));
  }
  return target;
}

absl::StatusOr<Session> Session::Open(const Invocation& invocation, Inproc inproc) {
  Session session;
  absl::Status status = SetTimeout(invocation, &session.options_);
  if (!status.ok()) return status;

  absl::StatusOr<Target> target = FindTarget(invocation, inproc);
  if (!target.ok()) return target.status();
  session.target_ = std::move(target->name);
  absl::StatusOr<std::shared_ptr<Connection>> connection =
      invocation.environment.connect(session.target_);
  if (!connection.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(target->source, ": ", connection.status().message()));
  }
  session.connection_ = *std::move(connection);
  return session;
}

absl::StatusOr<uint64_t> Session::FindVm(absl::string_view vm) const {
  if (absl::optional<uint64_t> id = ParseVmId(vm)) return *id;
  const absl::StatusOr<VmInfo> info = connection_->FindVm(vm, options_);
  if (!info.ok()) return info.status();
  return info->id;
}

absl::StatusOr<VcpuAddress> Session::FindVcpu(absl::string_view vm, uint32_t vcpu_id) const {
  const absl::StatusOr<uint64_t> vm_id = FindVm(vm);
  if (!vm_id.ok()) return vm_id.status();
  return VcpuAddress{*vm_id, vcpu_id};
}

Reply Session::NotReached(const absl::Status& status) const {
  std::string message =
      absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message());
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    absl::StrAppend(&message, " (target ", target_, ")");
  }
  return {kNotReached, "", ErrorLine(message)};
}

Reply Session::NotServing() const {
  return {kNotReached, "", ErrorLine(absl::StrCat("not serving (target ", target_, ")"))};
}

absl::Status CheckVm(absl::string_view text) {
  if (text.empty() || (IsVmId(text) && !ParseVmId(text))) {
    return absl::InvalidArgumentError(absl::StrCat("VM: '", text, "' is no name and no id"));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> ParseVcpuId(absl::string_view text) {
  const absl::optional<uint64_t> id = ParseNumber(text, std::numeric_limits<uint32_t>::max());
  if (!id) return absl::InvalidArgumentError(absl::StrCat("VCPU: '", text, "' is no vCPU id"));
  return static_cast<uint32_t>(*id);
}

Reply OnVm(const Invocation& invocation,
           absl::FunctionRef<Reply(const Session& session, uint64_t vm_id)> call) {
  const absl::Status named = CheckVm(invocation.argument(0));
  if (!named.ok()) return UsageError(invocation, named);
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<uint64_t> vm_id = session->FindVm(invocation.argument(0));
  if (!vm_id.ok()) return session->NotReached(vm_id.status());
  return call(*session, *vm_id);
}

Reply OnVcpu(const Invocation& invocation,
             absl::FunctionRef<Reply(const Session& session, const VcpuAddress& vcpu)> call) {
  const absl::Status named = CheckVm(invocation.argument(0));
  if (!named.ok()) return UsageError(invocation, named);
  const absl::StatusOr<uint32_t> id = ParseVcpuId(invocation.argument(1));
  if (!id.ok()) return UsageError(invocation, id.status());
  const absl::StatusOr<Session> session = Session::Open(invocation);
  if (!session.ok()) return UsageError(invocation, session.status());
  const absl::StatusOr<VcpuAddress> vcpu = session->FindVcpu(invocation.argument(0), *id);
  if (!vcpu.ok()) return session->NotReached(vcpu.status());
  return call(*session, *vcpu);
}

}  // namespace irqd::irqctl
