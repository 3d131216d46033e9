// What the connection makes of servers that are not there, slow, full, or strange.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "client/connection.h"
#include "core/kvm_flic.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "irqd/v1/flic.grpc.pb.h"
#include "irqd/v1/guest.grpc.pb.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"

namespace irqd {
namespace {

using ::testing::HasSubstr;

// What a test wants answered, for the server's threads to answer with.
template <typename Answer>
class Wanted {
 public:
  Answer Get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return answer_;
  }
  void Set(const Answer& answer) {
    std::lock_guard<std::mutex> lock(mutex_);
    answer_ = answer;
  }

 private:
  mutable std::mutex mutex_;
  Answer answer_;
};

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

// Answers GetDeviceAttr and the calls of a guest as a test tells it to.
class FakeFlic : public v1::Flic::Service {
 public:
  grpc::Status GetDeviceAttr(grpc::ServerContext*, const v1::GetDeviceAttrRequest*,
                             v1::GetDeviceAttrResponse* response) override {
    *response = answer.Get();
    return grpc::Status::OK;
  }

  Wanted<v1::GetDeviceAttrResponse> answer;
};

class FakeGuest : public v1::Guest::Service {
 public:
  grpc::Status Deliver(grpc::ServerContext*, const v1::DeliverRequest*,
                       v1::DeliverResponse* response) override {
    *response = delivered.Get();
    return grpc::Status::OK;
  }
  grpc::Status GetDeliverable(grpc::ServerContext*, const v1::GetDeliverableRequest*,
                              v1::GetDeliverableResponse* response) override {
    *response = deliverable.Get();
    return grpc::Status::OK;
  }
  grpc::Status Sigp(grpc::ServerContext*, const v1::SigpRequest*,
                    v1::SigpResponse* response) override {
    *response = sigp.Get();
    return grpc::Status::OK;
  }

  Wanted<v1::DeliverResponse> delivered;
  Wanted<v1::GetDeliverableResponse> deliverable;
  Wanted<v1::SigpResponse> sigp;
};

// Says of itself what a test tells it to.
class FakeHealth : public grpc::health::v1::Health::Service {
 public:
  grpc::Status Check(grpc::ServerContext*, const grpc::health::v1::HealthCheckRequest* request,
                     grpc::health::v1::HealthCheckResponse* response) override {
    if (!request->service().empty()) return grpc::Status(grpc::StatusCode::NOT_FOUND, "");
    response->set_status(status.Get());
    return grpc::Status::OK;
  }

  Wanted<grpc::health::v1::HealthCheckResponse::ServingStatus> status;
};

class GrpcConnectionTest : public testing::Test {
 protected:
  GrpcConnectionTest() {
    int port = 0;
    server_ = grpc::ServerBuilder()
                  .AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port)
                  .RegisterService(&kvm_)
                  .RegisterService(&vms_)
                  .RegisterService(&flic_)
                  .RegisterService(&guest_)
                  .RegisterService(&health_)
                  .BuildAndStart();
    connection_ = *Connect("127.0.0.1:" + std::to_string(port));
  }

  FakeKvm kvm_;
  FakeVms vms_;
  FakeFlic flic_;
  FakeGuest guest_;
  FakeHealth health_;
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

// What the kernel would not write must not get into a program's memory.
TEST_F(GrpcConnectionTest, RefusesMemoryThatTheKernelWouldNotWrite) {
  struct Case {
    FlicGroup group;
    uint64_t attr;
    int32_t ret;
    size_t size;
    absl::StatusCode code;
  };
  constexpr absl::StatusCode kOk = absl::StatusCode::kOk;
  constexpr absl::StatusCode kStrange = absl::StatusCode::kInternal;
  const Case cases[] = {
      {FlicGroup::kGetAllIrqs, 144, 2, 144, kOk},
      {FlicGroup::kGetAllIrqs, 1000, 0, 0, kOk},
      {FlicGroup::kGetAllIrqs, 144, -12, 0, kOk},
      {FlicGroup::kGetAllIrqs, 143, 2, 144, kStrange},
      {FlicGroup::kGetAllIrqs, 1000, 2, 143, kStrange},
      {FlicGroup::kGetAllIrqs, 1000, 1, 144, kStrange},
      {FlicGroup::kGetAllIrqs, 1000, 0x7fffffff, 72, kStrange},
      {FlicGroup::kGetAllIrqs, 1000, -12, 72, kStrange},
      {FlicGroup::kAismAll, 2, 0, 2, kOk},
      {FlicGroup::kAismAll, 100, 0, 3, kStrange},
      {FlicGroup::kAismAll, 100, 0, 0, kStrange},
      {FlicGroup::kAism, 100, -22, 0, kOk},
      {FlicGroup::kAism, 100, 0, 1, kStrange},
  };
  for (const Case& test : cases) {
    v1::GetDeviceAttrResponse answer;
    answer.set_ret(test.ret);
    answer.set_memory(std::string(test.size, '\0'));
    flic_.answer.Set(answer);

    const auto reply = connection_->GetDeviceAttr(
        1, {0, static_cast<uint32_t>(test.group), test.attr}, CallOptions());

    EXPECT_EQ(reply.status().code(), test.code) << test.attr << ' ' << test.ret << ' ' << test.size;
  }
}

TEST_F(GrpcConnectionTest, RefusesDeliveriesItDoesNotUnderstand) {
  for (const size_t size : {0, 71, 73}) {
    v1::DeliverResponse delivered;
    delivered.add_delivered()->set_irq(std::string(size, '\0'));
    guest_.delivered.Set(delivered);
    const absl::Status status = connection_->Deliver({1, 2}, 0, CallOptions()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::to_string(size) + " bytes"));
  }
  for (const int held_by : {0, 15, -1}) {
    const auto unknown = static_cast<v1::PendingIrq::HeldBy>(held_by);
    v1::DeliverResponse delivered;
    delivered.add_pending()->set_held_by(unknown);
    guest_.delivered.Set(delivered);
    v1::GetDeliverableResponse deliverable;
    deliverable.add_pending()->set_held_by(unknown);
    guest_.deliverable.Set(deliverable);
    EXPECT_EQ(connection_->Deliver({1, 2}, 0, CallOptions()).status().code(),
              absl::StatusCode::kInternal);
    EXPECT_EQ(connection_->GetDeliverable({1, 2}, CallOptions()).status().code(),
              absl::StatusCode::kInternal);
  }
  for (const int condition_code : {-1, 4}) {
    v1::SigpResponse sigp;
    sigp.set_condition_code(condition_code);
    guest_.sigp.Set(sigp);
    EXPECT_EQ(connection_->Sigp({1, 2}, 0, 1, 0, CallOptions()).status().code(),
              absl::StatusCode::kInternal);
  }
}

TEST_F(GrpcConnectionTest, BelievesOnlyAServerThatSaysItServes) {
  using grpc::health::v1::HealthCheckResponse;
  for (const auto status : {HealthCheckResponse::UNKNOWN, HealthCheckResponse::SERVING,
                            HealthCheckResponse::NOT_SERVING}) {
    health_.status.Set(status);

    EXPECT_EQ(*connection_->IsServing(CallOptions()), status == HealthCheckResponse::SERVING);
  }
}

TEST(GrpcConnectionWithoutServerTest, IsUnavailable) {
  const auto connection = *Connect("unix:nobody-listens-here");

  EXPECT_EQ(connection->GetMpState({1, 2}, CallOptions()).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace irqd
