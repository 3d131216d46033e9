// Health checking as a client sees it: Check, Watch, and what a server says that stops.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/server.h"

namespace irqd {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ::testing::HasSubstr;

// Longer than any of these tests: what ends earlier was not waited for.
constexpr absl::Duration kGrace = absl::Minutes(10);

HealthCheckRequest Of(const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() {
    auto server = Server::Start({*ParseListenAddress("127.0.0.1:0")}, {});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = Health::NewStub(
        grpc::CreateChannel(server_->addresses()[0], grpc::InsecureChannelCredentials()));
  }

  grpc::Status Check(const std::string& service, HealthCheckResponse* response) {
    grpc::ClientContext context;
    return stub_->Check(&context, Of(service), response);
  }

  std::unique_ptr<Server> server_;
  std::unique_ptr<Health::Stub> stub_;
};

// A stream of Watch, and the first status on it.
class Watcher {
 public:
  Watcher(Health::Stub* stub, const std::string& service)
      : reader_(stub->Watch(&context_, Of(service))) {}
  ~Watcher() { context_.TryCancel(); }

  HealthCheckResponse::ServingStatus Next() {
    HealthCheckResponse response;
    return reader_->Read(&response) ? response.status() : HealthCheckResponse::UNKNOWN;
  }
  grpc::Status End() { return reader_->Finish(); }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
};

TEST_F(HealthTest, ServesAsAWholeAndEachService) {
  for (const char* service :
       {"", "irqd.v1.Kvm", "irqd.v1.Batch", "irqd.v1.Flic", "irqd.v1.Guest", "irqd.v1.Vms"}) {
    HealthCheckResponse response;

    EXPECT_TRUE(Check(service, &response).ok()) << service;
    EXPECT_EQ(response.status(), HealthCheckResponse::SERVING) << service;
  }
}

TEST_F(HealthTest, KnowsNoOtherService) {
  HealthCheckResponse response;

  const grpc::Status status = Check("irqd.v1.Nothing", &response);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("irqd.v1.Nothing"));
}

TEST_F(HealthTest, QuotesTheBeginningOfALongName) {
  HealthCheckResponse response;

  const grpc::Status status = Check(std::string(100000, 'x'), &response);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_LT(status.error_message().size(), 200u);
}

TEST_F(HealthTest, WatchSaysTheStatusAtOnce) {
  EXPECT_EQ(Watcher(stub_.get(), "").Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(Watcher(stub_.get(), "irqd.v1.Kvm").Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(Watcher(stub_.get(), "irqd.v1.Nothing").Next(), HealthCheckResponse::SERVICE_UNKNOWN);
}

TEST_F(HealthTest, WatchEndsWithNotServingWhenTheServerStops) {
  Watcher whole(stub_.get(), ""), kvm(stub_.get(), "irqd.v1.Kvm"), none(stub_.get(), "x");
  for (Watcher* watcher : {&whole, &kvm, &none}) watcher->Next();

  std::thread stopper([this] { server_->Shutdown(kGrace); });

  EXPECT_EQ(whole.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(kvm.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(none.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  for (Watcher* watcher : {&whole, &kvm, &none}) EXPECT_TRUE(watcher->End().ok());
  stopper.join();
}

TEST_F(HealthTest, AClientThatWentIsForgotten) {
  {
    Watcher watcher(stub_.get(), "");
    watcher.Next();
    watcher.Cancel();
    EXPECT_EQ(watcher.End().error_code(), grpc::StatusCode::CANCELLED);
  }

  server_->Shutdown(kGrace);  // and does not wait for it
}

TEST_F(HealthTest, ManyWatchAtOnce) {
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < 200; ++i) watchers.push_back(std::make_unique<Watcher>(stub_.get(), ""));
  for (auto& watcher : watchers) ASSERT_EQ(watcher->Next(), HealthCheckResponse::SERVING);
  for (size_t i = 0; i < watchers.size(); i += 2) watchers[i].reset();

  std::thread stopper([this] { server_->Shutdown(kGrace); });

  for (size_t i = 1; i < watchers.size(); i += 2) {
    ASSERT_EQ(watchers[i]->Next(), HealthCheckResponse::NOT_SERVING);
  }
  stopper.join();
}

}  // namespace
}  // namespace irqd
