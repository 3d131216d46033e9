#include "client/irqctl/run.h"

#include "client/irqctl/command_line.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/help.h"

namespace irqd::irqctl {

Reply Run(absl::Span<const std::string> words, const Environment& environment) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(words, Commands());
  if (!line.ok()) return {kUsageError, "", ErrorLine(line.status().message())};
  if (line->wants_help) {
    return Done(line->command ? CommandHelp(*line->command) : OverviewHelp(Commands()));
  }
  return line->command->run({*line, environment});
}

}  // namespace irqd::irqctl
