// irqctl from its command line to what it prints and its exit code.
#ifndef IRQD_CLIENT_IRQCTL_RUN_H_
#define IRQD_CLIENT_IRQCTL_RUN_H_

#include <string>

#include "absl/types/span.h"
#include "client/irqctl/command.h"

namespace irqd::irqctl {

// `words`: the command line after the program's name.
Reply Run(absl::Span<const std::string> words, const Environment& environment);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_RUN_H_
