#include "server/ready_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace irqd {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(WriteReadyFile, WritesOneAddressALineOverWhatWasThere) {
  const std::string path = ::testing::TempDir() + "/ready";
  std::ofstream(path) << "something that was there before, and longer than what comes";

  EXPECT_TRUE(WriteReadyFile(path, {"127.0.0.1:1", "unix:/x"}).ok());

  EXPECT_EQ(Read(path), "127.0.0.1:1\nunix:/x\n");
}

TEST(WriteReadyFile, NamesTheFileThatItCannotWrite) {
  const absl::Status status = WriteReadyFile("/nonexistent/ready", {"a:1"});

  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("/nonexistent/ready"));
}

}  // namespace
}  // namespace irqd
