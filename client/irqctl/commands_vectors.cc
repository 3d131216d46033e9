// vectors run: files of vectors on any irqd.
#include <fnmatch.h>

#include "absl/strings/str_cat.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/session.h"
#include "client/irqctl/vector_report.h"
#include "client/vectors/connection_backend.h"
#include "client/vectors/scenario_runner.h"
#include "client/vectors/vector_file.h"

namespace irqd::irqctl {
namespace {

// One run of irqctl: file after file, scenario after scenario.
class VectorRun {
 public:
  VectorRun(const Invocation& invocation, const Session& session)
      : invocation_(invocation),
        session_(session),
        backend_(MakeConnectionBackend(session.shared_connection(), session.options())),
        glob_(invocation.line.Get("name").value_or("")),
        stops_at_first_(invocation.line.Has("stop-at-first")) {}

  Reply Run() {
    std::vector<std::string> files = invocation_.line.arguments;
    if (files.empty()) files.push_back("-");
    for (const std::string& file : files) {
      if (!IsOver()) RunFile(file);
    }
    return Finish();
  }

 private:
  bool IsOver() const { return error_.exit_code != kDone || has_stopped_; }

  void RunFile(const std::string& file) {
    absl::StatusOr<VectorReader> reader =
        file == "-" ? VectorReader(invocation_.environment.stdin_fd, "standard input")
                    : VectorReader::Open(file);
    if (!reader.ok()) {
      error_ = UsageError(invocation_, reader.status());
      return;
    }
    while (!IsOver()) {
      const absl::StatusOr<absl::optional<Scenario>> scenario = reader->Next();
      if (!scenario.ok()) {
        error_ = UsageError(invocation_, scenario.status());
        return;
      }
      if (!*scenario) return;
      if (glob_.empty() || fnmatch(glob_.c_str(), (*scenario)->name.c_str(), 0) == 0) {
        RunOne({reader->name(), reader->line()}, **scenario);
      }
    }
  }

  void RunOne(const VectorPlace& place, const Scenario& scenario) {
    const std::string why_not = WhyNotRunnable(scenario, *backend_);
    if (!why_not.empty()) {
      report_.AddSkipped(place, scenario, why_not);
      return;
    }
    const RunResult result = RunScenario(scenario, backend_.get());
    if (!result.status.ok()) {
      const std::string where = absl::StrCat(scenario.name, ", after ", result.steps_run,
                                             " steps: ", result.status.message());
      error_ = session_.NotReached(absl::Status(result.status.code(), where));
    } else if (result.got) {
      report_.AddFailed(place, scenario, result);
      has_stopped_ = stops_at_first_;
    } else {
      report_.AddPassed();
    }
  }

  // A run of nothing must not look like one that passed.
  absl::string_view WhyNothingRan() const {
    if (report_.skipped() > 0) return "all scenarios were skipped";
    return glob_.empty() ? "there is no scenario" : "--name: no scenario has such a name";
  }

  Reply Finish() {
    if (error_.exit_code == kDone && report_.passed() + report_.failed() == 0) {
      error_ = UsageError(invocation_, WhyNothingRan());
    }
    Reply reply = error_;
    reply.out = invocation_.wants_json() ? FormatJson(report_.ToJson()) : report_.Text();
    if (reply.exit_code == kDone && report_.failed() > 0) reply.exit_code = kKernelError;
    return reply;
  }

  const Invocation& invocation_;
  const Session& session_;
  const std::unique_ptr<Backend> backend_;
  const std::string glob_;  // "": all
  const bool stops_at_first_;
  VectorReport report_;
  Reply error_;
  bool has_stopped_ = false;
};

}  // namespace

Reply VectorsRun(const Invocation& invocation) {
  const absl::StatusOr<Session> session = Session::Open(invocation, Inproc::kAllowed);
  if (!session.ok()) return UsageError(invocation, session.status());
  return VectorRun(invocation, *session).Run();
}

}  // namespace irqd::irqctl
