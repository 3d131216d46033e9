// One call between the two ends, at the moments that a proxy's threads may choose.
#include "client/vectors/byte_streams.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "gtest/gtest.h"

namespace irqd {
namespace {

grpc::ByteBuffer Message(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

// Hands its first call over.
class Server : private grpc::CallbackGenericService {
 public:
  Server() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    return grpc::CreateChannel("127.0.0.1:" + std::to_string(port_),
                               grpc::InsecureChannelCredentials());
  }
  std::shared_ptr<IncomingCall> AwaitCall() {
    came_.Await();
    return std::move(call_);
  }

 private:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    call_ = IncomingCall::Make();
    IncomingCall* const call = call_.get();
    came_.Report(true);
    return call;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<IncomingCall> call_;
  Outcome came_;
};

class ByteStreamsTest : public testing::Test {
 protected:
  Server server_;
  grpc::GenericStub stub_{server_.NewChannel()};
  grpc::ClientContext context_;
  OutgoingCall out_{&stub_, &context_, "/irqd.v1.Kvm/Any"};
  const std::shared_ptr<IncomingCall> in_ = server_.AwaitCall();
  grpc::ByteBuffer buffer_;
};

TEST_F(ByteStreamsTest, PassesMessagesBothWays) {
  EXPECT_TRUE(out_.Write(Message("there")));
  EXPECT_TRUE(in_->Read(&buffer_));
  EXPECT_EQ(buffer_.Length(), 5u);
  EXPECT_TRUE(in_->Write(Message("and back")));
  EXPECT_TRUE(out_.Read(&buffer_));
  EXPECT_EQ(buffer_.Length(), 8u);

  out_.WritesDone();
  EXPECT_FALSE(in_->Read(&buffer_));
  in_->Finish(grpc::Status(grpc::StatusCode::ABORTED, "enough"));
  EXPECT_FALSE(out_.Read(&buffer_));
  EXPECT_EQ(out_.Finish().error_message(), "enough");
}

TEST_F(ByteStreamsTest, AReadThatWaitsFailsWhenTheCallIsFinished) {
  std::thread reader([this] { EXPECT_FALSE(in_->Read(&buffer_)); });

  in_->Finish(grpc::Status::OK);

  reader.join();
  EXPECT_TRUE(out_.Finish().ok());
}

// gRPC would take it for a call that still is, in memory that is no longer its own.
TEST_F(ByteStreamsTest, AReadAfterTheCallFailsAtOnce) {
  in_->Finish(grpc::Status::OK);
  EXPECT_TRUE(out_.Finish().ok());
  while (in_.use_count() > 1) std::this_thread::yield();  // gRPC's share

  EXPECT_FALSE(in_->Read(&buffer_));
}

}  // namespace
}  // namespace irqd
