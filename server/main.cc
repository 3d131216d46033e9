// irqd: holds simulated s390 vCPUs and answers the interrupt ioctls about them over gRPC.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "core/limits.h"
#include "server/listen_address.h"
#include "server/ready_file.h"
#include "server/server.h"

// Taken out of the command line before abseil sees it; here for --help.
ABSL_FLAG(
    std::string, listen, "127.0.0.1:50051",
    "host:port to listen on, port 0 for a free one, or unix:PATH; may be given several times");
ABSL_FLAG(std::string, ready_file, "",
          "file to write the bound addresses to, one a line, once irqd serves");
ABSL_FLAG(uint32_t, max_vms, irqd::kDefaultMaxVms, "most VMs at a time");
ABSL_FLAG(uint32_t, max_vcpus, irqd::kDefaultMaxVcpus, "most vCPUs at a time, of all VMs together");
ABSL_FLAG(absl::Duration, grace, absl::Seconds(1),
          "how long calls under way may take to finish after SIGTERM or SIGINT");

namespace {

// 2, as for any wrong use of a program.
[[noreturn]] void Refuse(absl::string_view why) {
  std::fprintf(stderr, "irqd: %.*s\n", static_cast<int>(why.size()), why.data());
  std::exit(2);
}

struct Settings {
  std::vector<irqd::ListenAddress> listen;
  irqd::VmRegistry::Limits limits;
};

uint32_t Bounded(absl::string_view flag, uint32_t value, uint32_t most) {
  if (value < 1 || value > most) {
    Refuse(absl::StrCat("--", flag, "=", value, ": takes a number from 1 to ", most));
  }
  return value;
}

Settings ParseCommandLine(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "holds simulated s390 vCPUs and answers their interrupt ioctls over gRPC");
  absl::FlagsUsageConfig usage;
  const auto is_ours = [](absl::string_view file) {
    return absl::StrContains(file, "server/main");
  };
  usage.contains_helpshort_flags = is_ours;
  usage.contains_help_flags = is_ours;
  absl::SetFlagsUsageConfig(usage);

  std::vector<char*> arguments(argv, argv + argc);
  std::vector<std::string> listen = irqd::TakeRepeatedFlag("listen", &arguments);
  const std::vector<char*> rest =
      absl::ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
  if (rest.size() > 1) Refuse(absl::StrCat("'", rest[1], "': takes flags only"));
  if (listen.empty()) listen.push_back(absl::GetFlag(FLAGS_listen));

  Settings settings;
  for (const std::string& text : listen) {
    auto address = irqd::ParseListenAddress(text);
    if (!address.ok()) Refuse(absl::StrCat("--listen=", address.status().message()));
    settings.listen.push_back(*std::move(address));
  }
  settings.limits.max_vms = Bounded("max_vms", absl::GetFlag(FLAGS_max_vms), irqd::kMaxMaxVms);
  settings.limits.max_vcpus =
      Bounded("max_vcpus", absl::GetFlag(FLAGS_max_vcpus), irqd::kMaxMaxVcpus);
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  // gRPC's own log would say again, in many lines, what irqd says in one.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  const Settings settings = ParseCommandLine(argc, argv);

  // Blocked before any thread starts, so that only the sigwait below sees them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  // One of an earlier run would say that this one serves already.
  const std::string ready_file = absl::GetFlag(FLAGS_ready_file);
  if (!ready_file.empty()) unlink(ready_file.c_str());
  auto server = irqd::Server::Start(settings.listen, settings.limits);
  if (!server.ok()) {
    std::fprintf(stderr, "irqd: %s\n", std::string(server.status().message()).c_str());
    return 1;
  }
  if (!ready_file.empty()) {
    const absl::Status written = irqd::WriteReadyFile(ready_file, (*server)->addresses());
    if (!written.ok()) {
      std::fprintf(stderr, "irqd: %s\n", std::string(written.message()).c_str());
      return 1;
    }
  }
  std::fprintf(stderr, "irqd: listening on %s\n",
               absl::StrJoin((*server)->addresses(), ", ").c_str());
  int signal_number = 0;
  sigwait(&stop_signals, &signal_number);
  (*server)->Shutdown(absl::GetFlag(FLAGS_grace));
  return 0;
}
