#include "client/irqctl/help.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace irqd::irqctl {
namespace {

constexpr absl::string_view kExitCodes =
    "Exit code: 0 done; 1 the kernel answered an errno, or not as a vector says;\n"
    "2 usage, or a file; 3 the call did not reach the kernel (no server, no such VM).\n";

std::string Synopsis(const Command& command) {
  return absl::StrCat(command.name, command.arguments.empty() ? "" : " ", command.arguments);
}

// Two columns; the right one may have several lines.
void AppendRow(absl::string_view left, size_t width, absl::string_view right, std::string* text) {
  std::string start = absl::StrCat("  ", left, std::string(width - left.size(), ' '), "  ");
  for (absl::string_view line : absl::StrSplit(right, '\n')) {
    absl::StrAppend(text, start, line, "\n");
    start.assign(start.size(), ' ');
  }
}

void AppendOptions(absl::Span<const Option> options, std::string* text) {
  std::vector<std::string> names;
  size_t width = 0;
  for (const Option& option : options) {
    names.push_back(absl::StrCat("--", option.name, option.value.empty() ? "" : " ", option.value));
    width = std::max(width, names.back().size());
  }
  for (size_t i = 0; i < names.size(); ++i) AppendRow(names[i], width, options[i].help, text);
}

}  // namespace

std::string OverviewHelp(absl::Span<const Command> commands) {
  std::string text =
      "usage: irqctl [OPTION]... COMMAND\n"
      "See and change the interrupts pending on the simulated s390 vCPUs of an irqd.\n\n";
  size_t width = 0;
  for (const Command& command : commands) width = std::max(width, Synopsis(command).size());
  for (const Command& command : commands) {
    AppendRow(Synopsis(command), width, command.summary, &text);
  }
  absl::StrAppend(&text,
                  "\nVM is a name or an id; numbers are decimal or 0x...; FILE - is stdin.\n\n");
  AppendOptions(GlobalOptions(), &text);
  absl::StrAppend(&text,
                  "\nirqctl vm create demo --vcpus 4\n"
                  "irqctl inject demo 0 MCHK mcic=0x8000000000000000 cr14=0x10000000\n"
                  "irqctl get demo 0\n"
                  "irqctl get demo 0 --format raw | irqctl set demo 1\n"
                  "irqctl encode INT_EMERGENCY code=1 RESTART | irqctl decode\n"
                  "\n",
                  kExitCodes);
  return text;
}

std::string CommandHelp(const Command& command) {
  std::string text =
      absl::StrCat("usage: irqctl ", Synopsis(command),
                   command.options.empty() ? "" : " [OPTION]...", "\n\n", command.details, "\n\n");
  std::vector<Option> options(command.options.begin(), command.options.end());
  options.insert(options.end(), GlobalOptions().begin(), GlobalOptions().end());
  AppendOptions(options, &text);
  return text;
}

}  // namespace irqd::irqctl
