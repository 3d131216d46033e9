#include "server/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "tests/socket_directory.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StrEq;

TEST(ParseListenAddress, ReadsWhatItPrints) {
  for (const char* text :
       {"127.0.0.1:0", "localhost:50051", "[::1]:65535", "unix:/run/irqd.sock", "unix:relative"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(ParseListenAddress, RefusesAndSaysWhat) {
  for (const char* text :
       {"", "host", ":50051", "host:", "host:port", "host:65536", "host:-1", "unix:"}) {
    const auto address = ParseListenAddress(text);
    EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(address.status().message()), HasSubstr(text));
  }
  EXPECT_FALSE(ParseListenAddress("unix:" + std::string(108, 'x')).ok());
  EXPECT_TRUE(ParseListenAddress("unix:" + std::string(107, 'x')).ok());
}

TEST(TakeRepeatedFlag, TakesAllFormsAndLeavesTheRest) {
  std::vector<std::string> words = {"irqd", "--listen=a:1", "--max_vms=3", "-listen",
                                    "b:2",  "--listen",     "unix:/c",     "--listening=no"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(&word[0]);

  EXPECT_THAT(TakeRepeatedFlag("listen", &arguments), ElementsAre("a:1", "b:2", "unix:/c"));

  EXPECT_THAT(arguments, ElementsAre(StrEq("irqd"), StrEq("--max_vms=3"), StrEq("--listening=no")));
}

class ClearStaleSocketTest : public ::testing::Test {
 protected:
  ~ClearStaleSocketTest() override {
    if (fd_ >= 0) close(fd_);
  }

  void Bind() {
    fd_ = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path_.c_str());
    ASSERT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }

  SocketDirectory directory_;
  const std::string path_ = directory_.File("socket");
  int fd_ = -1;
};

TEST_F(ClearStaleSocketTest, NothingThereIsFine) { EXPECT_TRUE(ClearStaleSocket(path_).ok()); }

TEST_F(ClearStaleSocketTest, RemovesASocketThatNobodyListensOn) {
  Bind();

  EXPECT_TRUE(ClearStaleSocket(path_).ok());

  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(ClearStaleSocketTest, LeavesASocketInUse) {
  Bind();
  ASSERT_EQ(listen(fd_, 1), 0);

  EXPECT_EQ(ClearStaleSocket(path_).code(), absl::StatusCode::kAlreadyExists);

  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
}

TEST_F(ClearStaleSocketTest, LeavesAFileThatIsNoSocket) {
  std::ofstream(path_) << "precious";

  EXPECT_EQ(ClearStaleSocket(path_).code(), absl::StatusCode::kAlreadyExists);

  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace irqd
