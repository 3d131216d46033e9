// The connection that a command makes its calls on, from --target and --timeout.
#ifndef IRQD_CLIENT_IRQCTL_SESSION_H_
#define IRQD_CLIENT_IRQCTL_SESSION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/connection.h"
#include "client/irqctl/command.h"

namespace irqd::irqctl {

// A simulation inside irqctl is gone when irqctl ends: of use only to a command that needs no more.
enum class Inproc { kRefused, kAllowed };

struct Target {
  absl::string_view source;  // "--target" or "IRQD_TARGET", for messages
  std::string name;
};

// The server that --target names, or IRQD_TARGET, or the default.
//   INVALID_ARGUMENT  it is inside this process, and may not be
absl::StatusOr<Target> FindTarget(const Invocation& invocation, Inproc inproc);

class Session {
 public:
  //   INVALID_ARGUMENT  --timeout is no duration, --target is no server; never NOT_FOUND etc.
  static absl::StatusOr<Session> Open(const Invocation& invocation,
                                      Inproc inproc = Inproc::kRefused);

  Connection& connection() const { return *connection_; }
  const std::shared_ptr<Connection>& shared_connection() const { return connection_; }
  const CallOptions& options() const { return options_; }

  // The id of the VM that somebody called `vm`: an id already, or a name to be looked up.
  absl::StatusOr<uint64_t> FindVm(absl::string_view vm) const;
  // As above, with a vCPU's id.
  absl::StatusOr<VcpuAddress> FindVcpu(absl::string_view vm, uint32_t vcpu_id) const;

  // A call ended with `status`.
  Reply NotReached(const absl::Status& status) const;
  // The server answers, but takes no calls any more.
  Reply NotServing() const;

 private:
  Session() = default;

  std::string target_;
  CallOptions options_;
  std::shared_ptr<Connection> connection_;
};

// An argument that names a VM or a vCPU can do so.
//   INVALID_ARGUMENT  naming the argument
absl::Status CheckVm(absl::string_view text);
absl::StatusOr<uint32_t> ParseVcpuId(absl::string_view text);

// Runs `call` on the VM that the first argument names, whether or not there is such a VM.
Reply OnVm(const Invocation& invocation,
           absl::FunctionRef<Reply(const Session& session, uint64_t vm_id)> call);

// Runs `call` on the vCPU that the first two arguments name, whether or not there is such a vCPU.
Reply OnVcpu(const Invocation& invocation,
             absl::FunctionRef<Reply(const Session& session, const VcpuAddress& vcpu)> call);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_SESSION_H_
