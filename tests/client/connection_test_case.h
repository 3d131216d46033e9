// A test of every kind of connection: to a server, and to the simulation in this process.
#ifndef IRQD_TESTS_CLIENT_CONNECTION_TEST_CASE_H_
#define IRQD_TESTS_CLIENT_CONNECTION_TEST_CASE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "client/connection.h"
#include "core/irq_codec.h"
#include "server/listen_address.h"
#include "server/server.h"

namespace irqd {

inline const CallOptions kOptions;

inline std::string Image(const kvm_s390_irq& irq) {
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

inline std::string Image(uint64_t type, uint16_t code = 0) {
  kvm_s390_irq irq = {};
  irq.type = type;
  irq.u.emerg.code = code;
  return Image(irq);
}

// Runs once per kind of target.
class ConnectionTestCase : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string target = "inproc:";
    if (GetParam() == std::string("server")) {
      auto server = Server::Start({*ParseListenAddress("127.0.0.1:0")}, VmRegistry::Limits());
      ASSERT_TRUE(server.ok()) << server.status();
      server_ = *std::move(server);
      target = server_->addresses()[0];
    }
    auto connection = Connect(target);
    ASSERT_TRUE(connection.ok()) << connection.status();
    connection_ = *std::move(connection);
  }

  // A VM with vCPUs 0 to 2.
  uint64_t MakeVm(absl::string_view profile = "") {
    VmSpec spec;
    spec.profile = *ParseHostProfile(profile);
    spec.vcpu_ids = {0, 1, 2};
    return connection_->CreateVm(spec, kOptions)->id;
  }

  std::unique_ptr<Server> server_;
  std::shared_ptr<Connection> connection_;
};

inline auto AllTargets() { return testing::Values("inproc", "server"); }
inline std::string TargetName(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace irqd

#endif  // IRQD_TESTS_CLIENT_CONNECTION_TEST_CASE_H_
