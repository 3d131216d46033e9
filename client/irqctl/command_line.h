// irqctl's command line: which command, which options, which arguments.
//
// Commands and options are tables. Options may stand anywhere after the word that they belong
// to, as "--name value" or "--name=value", each once; "--" ends them. Nothing here looks at what
// a value means. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_COMMAND_LINE_H_
#define IRQD_CLIENT_IRQCTL_COMMAND_LINE_H_

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace irqd::irqctl {

struct Reply;
struct Invocation;

inline constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

struct Option {
  absl::string_view name;   // "len"
  absl::string_view value;  // what help calls its value, e.g. "N"; "" for a switch
  absl::string_view help;
};

struct Command {
  absl::string_view name;       // one word or two: "get", "vm create"
  absl::string_view arguments;  // as help shows them, a word each, the required ones first
  size_t min_arguments;
  size_t max_arguments;
  absl::string_view summary;  // a few words, for the list of commands
  absl::string_view details;  // for its own help
  absl::Span<const Option> options;
  Reply (*run)(const Invocation& invocation);
};

struct CommandLine {
  const Command* command = nullptr;  // null: help about everything
  bool wants_help = false;
  std::map<absl::string_view, std::string> options;  // by name; a switch has ""
  std::vector<std::string> arguments;

  bool Has(absl::string_view option) const { return options.count(option) != 0; }
  // Nothing if the option was not given.
  absl::optional<absl::string_view> Get(absl::string_view option) const;
};

// Options of every command: --target, --json, --timeout and --help.
absl::Span<const Option> GlobalOptions();

// The words after the program's name. Pointers and views in the result refer to `commands`.
//   INVALID_ARGUMENT  naming the word that is wrong or missing; with wants_help nothing has to
//                     be there besides
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const std::string> words,
                                             absl::Span<const Command> commands);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_COMMAND_LINE_H_
