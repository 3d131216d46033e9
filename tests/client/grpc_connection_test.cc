// What the connection makes of servers that are not there, slow, full, or strange.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "client/connection.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"

namespace irqd {
namespace {

using ::testing::HasSubstr;

// Answers what a test tells it to.
class FakeKvm : public v1::Kvm::Service {
 public:
  grpc::Status GetMpState(grpc::ServerContext*, const v1::GetMpStateRequest*,
                          v1::GetMpStateResponse*) override {
    std::lock_guard<std::mutex> lock(mutex);
    return answer_;
  }
  void set_answer(const grpc::Status& answer) {
    std::lock_guard<std::mutex> lock(mutex);
    answer_ = answer;
  }

  // While this is held, calls hang.
  std::mutex mutex;

 private:
  grpc::Status answer_;
};

// A server of the future.
class FakeVms : public v1::Vms::Service {
 public:
  grpc::Status GetVm(grpc::ServerContext*, const v1::GetVmRequest*, v1::Vm* vm) override {
    vm->mutable_host_profile()->set_kernel("linux-99");
    return grpc::Status::OK;
  }
};

class GrpcConnectionTest : public testing::Test {
 protected:
  GrpcConnectionTest() {
    int port = 0;
    server_ = grpc::ServerBuilder()
                  .AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port)
                  .RegisterService(&kvm_)
                  .RegisterService(&vms_)
                  .BuildAndStart();
    connection_ = *Connect("127.0.0.1:" + std::to_string(port));
  }

  FakeKvm kvm_;
  FakeVms vms_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<Connection> connection_;
};

TEST_F(GrpcConnectionTest, KeepsCodeAndMessage) {
  for (int code = 1; code <= 16; ++code) {
    kvm_.set_answer(grpc::Status(static_cast<grpc::StatusCode>(code), "what happened"));

    const absl::Status status = connection_->GetMpState({1, 2}, CallOptions()).status();

    EXPECT_EQ(status, absl::Status(static_cast<absl::StatusCode>(code), "what happened"));
  }
}

TEST_F(GrpcConnectionTest, GivesUpAtTheTimeout) {
  std::lock_guard<std::mutex> calls_hang(kvm_.mutex);
  CallOptions options;
  options.timeout = absl::Milliseconds(50);

  const auto state = connection_->GetMpState({1, 2}, options);

  EXPECT_EQ(state.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(GrpcConnectionTest, ReportsABrokenConnection) {
  ASSERT_TRUE(connection_->GetMpState({1, 2}, CallOptions()).ok());

  server_->Shutdown();

  EXPECT_EQ(connection_->GetMpState({1, 2}, CallOptions()).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(GrpcConnectionTest, RefusesAnAnswerItDoesNotUnderstand) {
  const absl::Status status = connection_->GetVm(1, CallOptions()).status();

  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("linux-99"));
}

TEST(GrpcConnectionWithoutServerTest, IsUnavailable) {
  const auto connection = *Connect("unix:nobody-listens-here");

  EXPECT_EQ(connection->GetMpState({1, 2}, CallOptions()).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace irqd
