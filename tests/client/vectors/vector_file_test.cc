#include "client/vectors/vector_file.h"

#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Line(const std::string& name) {
  return absl::StrCat(R"({"name":")", name,
                      R"(","host":{"kernel":"linux-6.1","sigp_interpretation":true,)"
                      R"("extended_sca":true},"steps":[]})");
}

class VectorReaderTest : public testing::Test {
 protected:
  // Writes a file and reads all of it. "LINE NAME" for each scenario; the error goes to error_.
  std::vector<std::string> Read(const std::string& content) {
    const std::string path = testing::TempDir() + "/vector_file_test";
    std::ofstream(path, std::ios::binary) << content;
    VectorReader reader = VectorReader::Open(path).value();
    std::vector<std::string> read;
    while (true) {
      const absl::StatusOr<absl::optional<Scenario>> scenario = reader.Next();
      error_ = scenario.ok() ? "" : std::string(scenario.status().message());
      const size_t at = error_.find(path);
      if (at != std::string::npos) error_.replace(at, path.size(), "FILE");
      if (!scenario.ok() || !*scenario) return read;
      read.push_back(absl::StrCat(reader.line(), " ", (*scenario)->name));
    }
  }

  std::string error_;
};

TEST_F(VectorReaderTest, CountsLinesAndSkipsEmptyOnes) {
  EXPECT_THAT(Read(Line("a") + "\n\n \r\n" + Line("b") + "\r\n" + Line("c")),
              ElementsAre("1 a", "4 b", "5 c"));
  EXPECT_EQ(error_, "");
  EXPECT_THAT(Read(""), IsEmpty());
  EXPECT_EQ(error_, "");
}

TEST_F(VectorReaderTest, NamesTheLine) {
  EXPECT_THAT(Read(Line("a") + "\n" + Line("b") + "\n{}\n"), ElementsAre("1 a", "2 b"));
  EXPECT_EQ(error_, "FILE:3: name: is missing");
}

TEST_F(VectorReaderTest, RefusesANameThatIsTaken) {
  EXPECT_THAT(Read(Line("a") + "\n" + Line("b") + "\n" + Line("a")), ElementsAre("1 a", "2 b"));
  EXPECT_EQ(error_, "FILE:3: name: line 1 has 'a' already");
}

TEST_F(VectorReaderTest, RefusesALineBeforeAllOfItIsInMemory) {
  EXPECT_THAT(Read(Line("a") + "\n" + std::string(kMaxScenarioLine + (256 << 10), 'x')),
              ElementsAre("1 a"));
  EXPECT_EQ(error_, "FILE:2: longer than 16777216 bytes");
}

TEST_F(VectorReaderTest, ReadsAnyDescriptor) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string line = Line("a");
  ASSERT_EQ(write(ends[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
  close(ends[1]);
  VectorReader reader(ends[0], "standard input");

  EXPECT_EQ(reader.Next().value()->name, "a");
  EXPECT_FALSE(reader.Next().value());
  close(ends[0]);
}

TEST_F(VectorReaderTest, SaysWhatCannotBeRead) {
  EXPECT_EQ(VectorReader::Open("/nonexistent/a").status().message(),
            "/nonexistent/a: No such file or directory");
  VectorReader reader = VectorReader::Open("/").value();
  EXPECT_EQ(reader.Next().status().message(), "/: Is a directory");
}

}  // namespace
}  // namespace irqd
