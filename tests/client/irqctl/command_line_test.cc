#include "client/irqctl/command_line.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "client/irqctl/commands.h"
#include "client/irqctl/help.h"
#include "gmock/gmock.h"

namespace irqd::irqctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

absl::StatusOr<CommandLine> Parse(const std::vector<std::string>& words) {
  return ParseCommandLine(words, Commands());
}

TEST(ParseCommandLine, FindsCommandsOfOneWordAndOfTwo) {
  EXPECT_EQ(Parse({"get", "vm", "0"})->command->name, "get");
  EXPECT_EQ(Parse({"vm", "create"})->command->name, "vm create");
  EXPECT_THAT(Parse({"vcpu", "create", "vm", "5"})->arguments, ElementsAre("vm", "5"));
}

TEST(ParseCommandLine, TakesOptionsAnywhere) {
  const auto line =
      Parse({"--target=a:1", "get", "--len", "72", "vm", "--json", "0", "--format=hex"});

  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->arguments, ElementsAre("vm", "0"));
  EXPECT_THAT(line->Get("target"), Optional(absl::string_view("a:1")));
  EXPECT_THAT(line->Get("len"), Optional(absl::string_view("72")));
  EXPECT_THAT(line->Get("format"), Optional(absl::string_view("hex")));
  EXPECT_TRUE(line->Has("json"));
  EXPECT_EQ(line->Get("output"), absl::nullopt);
}

TEST(ParseCommandLine, EndsOptionsAtTwoDashes) {
  EXPECT_THAT(Parse({"decode", "--", "--json"})->arguments, ElementsAre("--json"));
  EXPECT_THAT(Parse({"decode", "-"})->arguments, ElementsAre("-"));
  EXPECT_THAT(Parse({"encode", "A", "--", "B", "--", "C"})->arguments,
              ElementsAre("A", "B", "--", "C"));
}

TEST(ParseCommandLine, TakesTheWordAfterAnOptionWhateverItIs) {
  EXPECT_THAT(Parse({"get", "vm", "0", "--len", "-1"})->Get("len"),
              Optional(absl::string_view("-1")));
  EXPECT_THAT(Parse({"get", "vm", "0", "--len="})->Get("len"), Optional(absl::string_view("")));
}

TEST(ParseCommandLine, NamesTheWordThatIsWrong) {
  const struct {
    std::vector<std::string> words;
    const char* message;
  } kCases[] = {
      {{}, "which command?"},
      {{""}, "unknown command ''"},
      {{"frobnicate"}, "unknown command 'frobnicate'"},
      {{"vm"}, "vm: which of create, list, delete?"},
      {{"vm", "frobnicate"}, "vm: which of create, list, delete?"},
      {{"get"}, "get: VM is missing; usage: irqctl get VM VCPU"},
      {{"get", "vm"}, "get: VCPU is missing"},
      {{"inject", "vm", "0"}, "inject: TYPE is missing"},
      {{"reset", "vm", "0"}, "reset: normal|initial|clear is missing"},
      {{"get", "vm", "0", "1"}, "get: '1' is one argument too many"},
      {{"vm", "list", "x"}, "vm list: 'x' is one argument too many"},
      {{"--len", "7", "get"}, "unknown option '--len'"},
      {{"get", "vm", "0", "--vcpus", "7"}, "get: unknown option '--vcpus'"},
      {{"mp-state", "vm", "0", "-1"}, "mp-state: unknown option '-1'"},
      {{"get", "-len", "7"}, "get: unknown option '-len'"},
      {{"get", "vm", "0", "--len"}, "get: --len needs a value"},
      {{"get", "vm", "0", "--summary=1"}, "get: --summary takes no value"},
      {{"get", "vm", "0", "--len=1", "--len=1"}, "get: --len is given twice"},
      {{"--json", "--json"}, "--json is given twice"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(std::string(Parse(c.words).status().message()), HasSubstr(c.message));
  }
}

TEST(ParseCommandLine, HelpNeedsNothingElse) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--help"}, {"-h"}, {"help"}, {"vm", "--help"}, {"help", "vm"}}) {
    const auto line = Parse(words);
    ASSERT_TRUE(line.ok()) << line.status();
    EXPECT_TRUE(line->wants_help);
    EXPECT_EQ(line->command, nullptr);
  }
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"get", "--help"}, {"--help", "get"}, {"help", "get"}, {"get", "vm", "-h", "--x"}}) {
    const auto line = Parse(words);
    ASSERT_TRUE(line.ok()) << line.status();
    EXPECT_TRUE(line->wants_help);
    EXPECT_EQ(line->command->name, "get");
  }
}

TEST(Help, FitsTheScreen) {
  const std::vector<std::string> lines = absl::StrSplit(OverviewHelp(Commands()), '\n');
  EXPECT_LE(lines.size(), 50u);
  std::vector<std::string> all = lines;
  for (const Command& command : Commands()) {
    for (absl::string_view line : absl::StrSplit(CommandHelp(command), '\n')) {
      all.emplace_back(line);
    }
  }
  for (const std::string& line : all) EXPECT_LE(line.size(), 80u) << line;
}

TEST(Help, NamesEveryCommandAndOption) {
  const std::string overview = OverviewHelp(Commands());
  for (const Command& command : Commands()) {
    EXPECT_THAT(overview, HasSubstr("  " + std::string(command.name)));
    for (const Option& option : command.options) {
      EXPECT_THAT(CommandHelp(command), HasSubstr("--" + std::string(option.name)));
      EXPECT_THAT(std::string(option.help), testing::Not(IsEmpty()));
    }
  }
}

}  // namespace
}  // namespace irqd::irqctl
