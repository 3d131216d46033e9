// capture: a live session as vectors.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "client/irqctl/child_command.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/files.h"
#include "client/irqctl/session.h"
#include "client/vectors/capture_proxy.h"
#include "client/vectors/recorder.h"

namespace irqd::irqctl {
namespace {

constexpr absl::string_view kDefaultListen = "127.0.0.1:0";

// A file that is made at once, and closed with this.
class OutputFile {
 public:
  explicit OutputFile(const std::string& name)
      : name_(name), fd_(open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (fd_ < 0) status_ = Error();
  }
  ~OutputFile() { Close(); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const absl::Status& status() const { return status_; }
  absl::Status Write(absl::string_view bytes) { return WriteToFd(fd_, bytes, name_); }
  // A full disk may show up only now.
  void Close() {
    if (fd_ >= 0 && close(fd_) != 0) status_.Update(Error());
    fd_ = -1;
  }

 private:
  absl::Status Error() const {
    return absl::InvalidArgumentError(absl::StrCat(name_, ": ", std::strerror(errno)));
  }

  const std::string name_;
  int fd_;
  absl::Status status_;
};

// Nobody sees a file of this name that is not whole.
absl::Status WriteReadyFile(const std::string& name, absl::string_view address) {
  const std::string part = name + ".part";
  const absl::Status status = WriteFile(part, absl::StrCat(address, "\n"));
  if (!status.ok()) return status;
  if (rename(part.c_str(), name.c_str()) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(name, ": ", std::strerror(errno)));
}

// Serves until the command ends, or irqctl is asked to. The command's exit code, else kDone.
absl::StatusOr<int> ServeUntilEnd(const Invocation& invocation, const CaptureProxy& proxy,
                                  SignalsHeld* signals) {
  if (const absl::optional<absl::string_view> file = invocation.line.Get("ready-file")) {
    const absl::Status written = WriteReadyFile(std::string(*file), proxy.address());
    if (!written.ok()) return written;
  }
  if (invocation.argument_count() > 1) {
    return signals->RunChild(absl::MakeConstSpan(invocation.line.arguments).subspan(1),
                             absl::StrCat("IRQD_TARGET=", proxy.address()));
  }
  const std::string line = absl::StrCat("irqctl: capture: listening on ", proxy.address(), "\n");
  WriteToFd(STDERR_FILENO, line, "standard error").IgnoreError();
  signals->AwaitEnd();
  return kDone;
}

Json SummaryToJson(const Recorder& recorder) {
  Json json;
  json["scenarios"] = recorder.scenarios();
  json["steps"] = recorder.steps();
  json["notes"] = recorder.notes();
  return json;
}

std::string SummaryLines(const Recorder& recorder) {
  std::string lines;
  for (const std::string& note : recorder.notes()) {
    lines += ErrorLine(absl::StrCat("capture: ", note));
  }
  return lines + ErrorLine(absl::StrCat("capture: scenarios: ", recorder.scenarios(),
                                        ", steps: ", recorder.steps()));
}

}  // namespace

Reply Capture(const Invocation& invocation) {
  const absl::StatusOr<Target> target = FindTarget(invocation, Inproc::kRefused);
  if (!target.ok()) return UsageError(invocation, target.status());
  OutputFile file(invocation.argument(0));
  if (!file.status().ok()) return UsageError(invocation, file.status());

  // Before gRPC makes threads.
  SignalsHeld signals;
  Recorder recorder([&](absl::string_view line) { return file.Write(line); });
  const std::string listen(invocation.line.Get("listen").value_or(kDefaultListen));
  const absl::StatusOr<std::unique_ptr<CaptureProxy>> proxy =
      CaptureProxy::Start(target->name, listen, &recorder);
  if (!proxy.ok()) {
    return UsageError(invocation, absl::StrCat("--listen: ", proxy.status().message()));
  }
  const absl::StatusOr<int> end = ServeUntilEnd(invocation, **proxy, &signals);
  (*proxy)->Stop();
  recorder.Finish();
  file.Close();

  if (!end.ok()) return UsageError(invocation, end.status());
  if (!recorder.status().ok()) return UsageError(invocation, recorder.status());
  if (!file.status().ok()) return UsageError(invocation, file.status());
  Reply reply;
  reply.exit_code = *end;
  if (invocation.wants_json()) reply.out = FormatJson(SummaryToJson(recorder));
  reply.err = SummaryLines(recorder);
  return reply;
}

}  // namespace irqd::irqctl
