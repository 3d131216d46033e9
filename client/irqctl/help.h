// What irqctl says about itself, made from the table of commands.
#ifndef IRQD_CLIENT_IRQCTL_HELP_H_
#define IRQD_CLIENT_IRQCTL_HELP_H_

#include <string>

#include "absl/types/span.h"
#include "client/irqctl/command_line.h"

namespace irqd::irqctl {

// Everything on one screen.
std::string OverviewHelp(absl::Span<const Command> commands);
std::string CommandHelp(const Command& command);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_HELP_H_
