#include "client/irqctl/command_line.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace irqd::irqctl {
namespace {

constexpr Option kGlobalOptions[] = {
    {"target", "T",
     "the server: host:port or unix:PATH (default: $IRQD_TARGET,\n"
     "or 127.0.0.1:50051)"},
    {"json", "", "print JSON"},
    {"timeout", "D", "give up after D, such as 500ms (default: 10s)"},
    {"help", "", "explain irqctl, or the command"},
};

absl::Status Error(const Command* command, absl::string_view message) {
  if (command == nullptr) return absl::InvalidArgumentError(message);
  return absl::InvalidArgumentError(absl::StrCat(command->name, ": ", message));
}

const Option* FindOption(absl::string_view name, absl::Span<const Option> options) {
  for (const Option& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

// Reads words from left to right into a CommandLine.
class Parser {
 public:
  Parser(absl::Span<const std::string> words, absl::Span<const Command> commands)
      : words_(words), commands_(commands) {}

  absl::StatusOr<CommandLine> Parse() {
    bool options_ended = false;
    while (next_ < words_.size()) {
      const absl::string_view word = words_[next_];
      absl::Status status;
      if (!options_ended && word == "--") {
        options_ended = true;
        ++next_;
      } else if (!options_ended && word.size() > 1 && word[0] == '-') {
        status = TakeOption();
      } else if (line_.command == nullptr) {
        status = TakeCommand();
      } else {
        line_.arguments.emplace_back(word);
        ++next_;
      }
      if (!status.ok()) return status;
      if (line_.wants_help && line_.command != nullptr) return line_;
    }
    const absl::Status status = CheckComplete();
    if (!status.ok()) return status;
    return line_;
  }

 private:
  absl::Status TakeOption() {
    const std::string& word = words_[next_++];
    if (word == "-h" || word == "--help") {
      line_.wants_help = true;
      return absl::OkStatus();
    }
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    const absl::string_view name = absl::StripPrefix(parts.first, "--");
    const Option* option =
        absl::StartsWith(word, "--") ? FindOption(name, GlobalOptions()) : nullptr;
    if (option == nullptr && line_.command != nullptr && absl::StartsWith(word, "--")) {
      option = FindOption(name, line_.command->options);
    }
    if (option == nullptr) {
      return Error(line_.command, absl::StrCat("unknown option '", parts.first, "'"));
    }
    if (line_.Has(name)) {
      return Error(line_.command, absl::StrCat("--", name, " is given twice"));
    }
    return TakeValue(*option, absl::StrContains(word, '='), parts.second);
  }

  absl::Status TakeValue(const Option& option, bool is_attached, absl::string_view attached) {
    std::string value(attached);
    if (option.value.empty()) {
      if (is_attached) {
        return Error(line_.command, absl::StrCat("--", option.name, " takes no value"));
      }
    } else if (!is_attached) {
      if (next_ == words_.size()) {
        return Error(line_.command, absl::StrCat("--", option.name, " needs a value"));
      }
      value = words_[next_++];
    }
    line_.options[option.name] = std::move(value);
    return absl::OkStatus();
  }

  // One word or two, as the command has them. "help" is a way to ask for help.
  absl::Status TakeCommand() {
    const std::string& first = words_[next_++];
    if (first == "help" && !line_.wants_help) {
      line_.wants_help = true;
      return absl::OkStatus();
    }
    const std::string both =
        next_ < words_.size() ? absl::StrCat(first, " ", words_[next_]) : first;
    std::vector<absl::string_view> seconds;
    for (const Command& command : commands_) {
      if (command.name == first || command.name == both) {
        if (command.name != first) ++next_;
        line_.command = &command;
        return absl::OkStatus();
      }
      absl::string_view name = command.name;
      if (absl::ConsumePrefix(&name, absl::StrCat(first, " "))) seconds.push_back(name);
    }
    if (seconds.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown command '", first, "'; see irqctl --help"));
    }
    if (line_.wants_help || (next_ < words_.size() && IsHelp(words_[next_]))) {
      line_.wants_help = true;
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        absl::StrCat(first, ": which of ", absl::StrJoin(seconds, ", "), "?"));
  }

  static bool IsHelp(absl::string_view word) { return word == "-h" || word == "--help"; }

  absl::Status CheckComplete() const {
    if (line_.wants_help) return absl::OkStatus();
    const Command* command = line_.command;
    if (command == nullptr) {
      return absl::InvalidArgumentError("which command? See irqctl --help");
    }
    const size_t given = line_.arguments.size();
    if (given < command->min_arguments) {
      const std::vector<absl::string_view> names = absl::StrSplit(command->arguments, ' ');
      return Error(command, absl::StrCat(names[given], " is missing; usage: irqctl ", command->name,
                                         " ", command->arguments));
    }
    if (given > command->max_arguments) {
      return Error(command, absl::StrCat("'", line_.arguments[command->max_arguments],
                                         "' is one argument too many"));
    }
    return absl::OkStatus();
  }

  absl::Span<const std::string> words_;
  absl::Span<const Command> commands_;
  size_t next_ = 0;
  CommandLine line_;
};

}  // namespace

absl::optional<absl::string_view> CommandLine::Get(absl::string_view option) const {
  const auto found = options.find(option);
  if (found == options.end()) return absl::nullopt;
  return absl::string_view(found->second);
}

absl::Span<const Option> GlobalOptions() { return kGlobalOptions; }

absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const std::string> words,
                                             absl::Span<const Command> commands) {
  return Parser(words, commands).Parse();
}

}  // namespace irqd::irqctl
