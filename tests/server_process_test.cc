#include "tests/server_process.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "gmock/gmock.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;
using testing::StartsWith;

TEST(ServerProcessTest, ServesWhereItSays) {
  ServerProcess server;

  EXPECT_THAT(server.addresses(),
              ElementsAre(MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"), server.unix_address()));
  EXPECT_THAT(server.tcp_address(), StartsWith("127.0.0.1:"));
  EXPECT_EQ(access(server.unix_address().substr(5).c_str(), F_OK), 0);
  EXPECT_EQ(server.Stop(), 0);
}

TEST(ServerProcessTest, StopEndsIt) {
  ServerProcess server;
  const pid_t pid = server.pid();

  EXPECT_EQ(server.Stop(), 0);

  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(ServerProcessTest, SaysWhenIrqdDoesNotStart) {
  ServerProcess::Options options;
  options.flags = {"--no_such_flag"};

  EXPECT_THROW(ServerProcess server(options), std::runtime_error);
}

}  // namespace
}  // namespace irqd
