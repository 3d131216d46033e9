#include "server/server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/limits.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"
#include "tests/socket_directory.h"

namespace irqd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::chrono::system_clock::time_point Soon() {
  return std::chrono::system_clock::now() + std::chrono::seconds(30);
}

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    Start({*ParseListenAddress("127.0.0.1:0"), *ParseListenAddress("unix:" + path_)});
  }

  void Start(const std::vector<ListenAddress>& addresses) {
    auto server = Server::Start(addresses, {});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::shared_ptr<grpc::Channel> Channel(int address = 0) {
    return grpc::CreateChannel(server_->addresses()[address], grpc::InsecureChannelCredentials());
  }

  // One message to `method` and one back, as bytes.
  grpc::Status CallRaw(const std::string& method, const std::string& request,
                       std::string* response) {
    grpc::GenericStub stub(Channel());
    grpc::ClientContext context;
    context.set_deadline(Soon());
    grpc::CompletionQueue queue;
    const auto wait = [&queue] {
      void* tag;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    auto call = stub.PrepareCall(&context, method, &queue);
    call->StartCall(nullptr);
    wait();
    grpc::Slice slice(request);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    wait();
    grpc::ByteBuffer buffer;
    call->Read(&buffer, nullptr);
    if (wait() && buffer.DumpToSingleSlice(&slice).ok()) {
      response->assign(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    call->WritesDone(nullptr);
    wait();
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    return status;
  }

  SocketDirectory directory_;
  const std::string path_ = directory_.File("socket");
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, ListensOnTcpAndOnAUnixSocket) {
  ASSERT_THAT(server_->addresses(), SizeIs(2));
  EXPECT_THAT(server_->addresses()[0], AllOf(StartsWith("127.0.0.1:"), testing::Ne("127.0.0.1:0")));
  EXPECT_EQ(server_->addresses()[1], "unix:" + path_);
  for (int address : {0, 1}) {
    auto stub = v1::Kvm::NewStub(Channel(address));
    grpc::ClientContext context;
    context.set_deadline(Soon());
    v1::CheckExtensionResponse response;
    EXPECT_TRUE(stub->CheckExtension(&context, {}, &response).ok()) << address;
  }
}

TEST_F(ServerTest, RefusesAPortAndASocketInUse) {
  const auto port = Server::Start({*ParseListenAddress(server_->addresses()[0])}, {});
  EXPECT_EQ(port.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(port.status().message()), HasSubstr(server_->addresses()[0]));

  const auto socket = Server::Start({*ParseListenAddress(server_->addresses()[1])}, {});
  EXPECT_EQ(socket.status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(ServerTest, NamesTheAddressThatItCannotHave) {
  const auto server = Server::Start(
      {*ParseListenAddress("127.0.0.1:0"), *ParseListenAddress("unix:/nonexistent/irqd")}, {});

  EXPECT_EQ(server.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("unix:/nonexistent/irqd"));
}

TEST_F(ServerTest, SaysThatItIsHealthy) {
  std::string response;
  EXPECT_TRUE(CallRaw("/grpc.health.v1.Health/Check", "", &response).ok());
  EXPECT_EQ(response, "\x08\x01") << "status: SERVING";
}

TEST_F(ServerTest, ReflectsItsServices) {
  std::string response;
  CallRaw("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "\x3a\x01*",
          &response);  // list_services: "*"
  EXPECT_THAT(response, AllOf(HasSubstr("irqd.v1.Kvm"), HasSubstr("irqd.v1.Vms"),
                              HasSubstr("irqd.v1.Flic"), HasSubstr("irqd.v1.Guest"),
                              HasSubstr("irqd.v1.Batch"), HasSubstr("grpc.health.v1.Health")));
}

TEST_F(ServerTest, TakesNoRequestAboveTheBound) {
  auto stub = v1::Kvm::NewStub(Channel());
  grpc::ClientContext context;
  context.set_deadline(Soon());
  v1::SetIrqStateRequest request;
  request.mutable_buf()->resize(kMaxRequestSize);
  v1::SetIrqStateResponse response;

  const grpc::Status status = stub->SetIrqState(&context, request, &response);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("6291456"));
}

// More at a time than there are armed calls.
TEST_F(ServerTest, AnswersMoreCallsAtOnceThanItHasArmed) {
  constexpr int kCalls = 500;
  auto stub = v1::Kvm::NewStub(Channel());
  struct Call {
    grpc::ClientContext context;
    v1::CheckExtensionRequest request;
    v1::CheckExtensionResponse response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::CheckExtensionResponse>> reader;
  };
  grpc::CompletionQueue queue;
  std::vector<Call> calls(kCalls);
  for (Call& call : calls) {
    call.context.set_deadline(Soon());
    call.request.set_extension(KVM_CAP_S390_IRQ_STATE);
    call.reader = stub->AsyncCheckExtension(&call.context, call.request, &queue);
    call.reader->Finish(&call.response, &call.status, &call);
  }
  for (int i = 0; i < kCalls; ++i) {
    void* tag;
    bool ok;
    ASSERT_TRUE(queue.Next(&tag, &ok));
  }
  for (const Call& call : calls) {
    EXPECT_TRUE(call.status.ok()) << call.status.error_message();
    EXPECT_EQ(call.response.ret(), 1);
  }
}

TEST_F(ServerTest, AfterShutdownNobodyAnswersAndTheAddressesAreFree) {
  auto stub = v1::Kvm::NewStub(Channel());
  const std::vector<std::string> addresses = server_->addresses();

  server_->Shutdown(absl::Seconds(5));

  grpc::ClientContext context;
  context.set_deadline(Soon());
  v1::CheckExtensionResponse response;
  EXPECT_EQ(stub->CheckExtension(&context, {}, &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  Start({*ParseListenAddress(addresses[0]), *ParseListenAddress(addresses[1])});
}

TEST(ServerStart, NeedsAnAddress) {
  EXPECT_EQ(Server::Start({}, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace irqd
