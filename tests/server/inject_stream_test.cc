// The life of streams of irqd.v1.Batch.InjectStream: how they begin, end, break and wait, on a
// server that goes on serving.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/irq_codec.h"
#include "core/kvm_s390.h"
#include "core/limits.h"
#include "irqd/v1/batch.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"
#include "server/server.h"
#include "tests/server/status_matchers.h"

namespace irqd {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using Stream = grpc::ClientReaderWriter<v1::InjectStreamRequest, v1::InjectStreamResponse>;

std::chrono::system_clock::time_point Soon() {
  return std::chrono::system_clock::now() + std::chrono::seconds(60);
}

std::string Records(size_t count, uint64_t type = KVM_S390_RESTART) {
  kvm_s390_irq irq = {};
  irq.type = type;
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  std::string records;
  for (size_t i = 0; i < count; ++i) records += image;
  return records;
}

// A stream with its context.
struct OpenStream {
  explicit OpenStream(v1::Batch::Stub* stub) {
    context.set_deadline(Soon());
    stream = stub->InjectStream(&context);
  }

  grpc::ClientContext context;
  std::unique_ptr<Stream> stream;
};

// A server with a VM of vCPUs 0 and 1.
class InjectStreamTest : public ::testing::Test {
 protected:
  InjectStreamTest()
      : server_(*Server::Start({*ParseListenAddress("127.0.0.1:0")}, {})),
        channel_(grpc::CreateChannel(server_->addresses()[0], grpc::InsecureChannelCredentials())),
        vms_(v1::Vms::NewStub(channel_)),
        batch_(v1::Batch::NewStub(channel_)) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    v1::CreateVmRequest request;
    request.set_vcpu_count(2);
    EXPECT_THAT(vms_->CreateVm(&context, request, &vm_), IsOk());
  }

  v1::InjectStreamRequest Message(const std::string& records) {
    v1::InjectStreamRequest message;
    message.mutable_vm()->set_id(vm_.id());
    message.add_vcpu_ids(0);
    message.set_records(records);
    return message;
  }

  // Opens a stream, which has answered a message when this returns.
  std::unique_ptr<OpenStream> Open() {
    auto open = std::make_unique<OpenStream>(batch_.get());
    v1::InjectStreamResponse answer;
    EXPECT_TRUE(open->stream->Write(Message(Records(1))));
    EXPECT_TRUE(open->stream->Read(&answer));
    EXPECT_THAT(answer.ret(), ElementsAre(0));
    return open;
  }

  void ExpectServes() {
    const auto open = Open();
    open->stream->WritesDone();
    EXPECT_THAT(open->stream->Finish(), IsOk());
  }

  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Vms::Stub> vms_;
  std::unique_ptr<v1::Batch::Stub> batch_;
  v1::Vm vm_;
};

TEST_F(InjectStreamTest, AnswersEachMessageInOrderAndEndsWhenTheClientDoes) {
  OpenStream open(batch_.get());
  for (int count = 0; count < 50; ++count) ASSERT_TRUE(open.stream->Write(Message(Records(count))));
  open.stream->WritesDone();

  v1::InjectStreamResponse answer;
  for (int count = 0; count < 50; ++count) {
    ASSERT_TRUE(open.stream->Read(&answer)) << count;
    EXPECT_THAT(answer.ret(), AllOf(SizeIs(count), Each(0)));
  }

  EXPECT_FALSE(open.stream->Read(&answer));
  EXPECT_THAT(open.stream->Finish(), IsOk());
}

TEST_F(InjectStreamTest, AStreamWithoutAMessageEndsWell) {
  OpenStream open(batch_.get());
  open.stream->WritesDone();

  EXPECT_THAT(open.stream->Finish(), IsOk());
}

TEST_F(InjectStreamTest, ABadMessageEndsTheStreamAfterTheAnswersBeforeIt) {
  OpenStream open(batch_.get());
  v1::InjectStreamResponse answer;
  open.stream->Write(Message(Records(2)));
  open.stream->Write(Message(Records(3)));
  open.stream->Write(Message("short"));

  EXPECT_TRUE(open.stream->Read(&answer));
  EXPECT_THAT(answer.ret(), SizeIs(2));
  EXPECT_TRUE(open.stream->Read(&answer));
  EXPECT_THAT(answer.ret(), SizeIs(3));
  EXPECT_FALSE(open.stream->Read(&answer));
  EXPECT_THAT(open.stream->Finish(), IsInvalid("records"));
  ExpectServes();
}

TEST_F(InjectStreamTest, AMessageAboveTheServersBoundEndsTheStream) {
  const auto open = Open();
  v1::InjectStreamResponse answer;
  open->stream->Write(Message(std::string(kMaxRequestSize, '\0')));

  EXPECT_FALSE(open->stream->Read(&answer));
  const grpc::Status status = open->stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("6291456"));
  ExpectServes();
}

TEST_F(InjectStreamTest, ADeletedVmEndsTheStreamAtTheNextMessage) {
  const auto open = Open();
  grpc::ClientContext context;
  context.set_deadline(Soon());
  v1::DeleteVmRequest request;
  request.mutable_vm()->set_id(vm_.id());
  google::protobuf::Empty empty;
  ASSERT_THAT(vms_->DeleteVm(&context, request, &empty), IsOk());

  v1::InjectStreamRequest message;
  message.add_vcpu_ids(0);
  message.set_records(Records(1));
  open->stream->Write(message);

  v1::InjectStreamResponse answer;
  EXPECT_FALSE(open->stream->Read(&answer));
  EXPECT_THAT(open->stream->Finish(), IsNotFound("irqd.v1.Vm"));
}

TEST_F(InjectStreamTest, ManyStreamsAreOpenAtOnce) {
  std::vector<std::unique_ptr<OpenStream>> streams;
  for (int i = 0; i < 100; ++i) streams.push_back(Open());

  for (const auto& open : streams) {
    v1::InjectStreamResponse answer;
    EXPECT_TRUE(open->stream->Write(Message(Records(4))));
    EXPECT_TRUE(open->stream->Read(&answer));
    EXPECT_THAT(answer.ret(), SizeIs(4));
  }

  for (const auto& open : streams) {
    open->stream->WritesDone();
    EXPECT_THAT(open->stream->Finish(), IsOk());
  }
}

TEST_F(InjectStreamTest, CancelledStreamsHurtNoOther) {
  const auto other = Open();
  for (int i = 0; i < 50; ++i) {
    const auto open = Open();
    if (i % 2 == 0) open->stream->Write(Message(Records(1000)));
    open->context.TryCancel();
    EXPECT_EQ(open->stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }

  v1::InjectStreamResponse answer;
  EXPECT_TRUE(other->stream->Write(Message(Records(5))));
  EXPECT_TRUE(other->stream->Read(&answer));
  EXPECT_THAT(answer.ret(), SizeIs(5));
  other->stream->WritesDone();
  EXPECT_THAT(other->stream->Finish(), IsOk());
}

TEST_F(InjectStreamTest, AStreamEndsAtItsDeadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  auto stream = batch_->InjectStream(&context);
  v1::InjectStreamResponse answer;
  stream->Write(Message(Records(1)));
  while (stream->Read(&answer)) {
  }

  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  ExpectServes();
}

TEST_F(InjectStreamTest, ShutdownEndsIdleStreams) {
  std::vector<std::unique_ptr<OpenStream>> streams;
  for (int i = 0; i < 10; ++i) streams.push_back(Open());

  server_->Shutdown(absl::ZeroDuration());

  for (const auto& open : streams) {
    v1::InjectStreamResponse answer;
    EXPECT_FALSE(open->stream->Read(&answer));
    EXPECT_FALSE(open->stream->Finish().ok());
  }
}

TEST_F(InjectStreamTest, ShutdownEndsBusyStreams) {
  std::vector<std::unique_ptr<OpenStream>> streams;
  for (int i = 0; i < 4; ++i) streams.push_back(Open());
  std::vector<std::thread> clients;
  for (const auto& open : streams) {
    clients.emplace_back([this, stream = open->stream.get()] {
      v1::InjectStreamResponse answer;
      while (stream->Write(Message(Records(100))) && stream->Read(&answer)) {
      }
    });
  }

  server_->Shutdown(absl::Milliseconds(20));

  for (std::thread& client : clients) client.join();
  for (const auto& open : streams) EXPECT_FALSE(open->stream->Finish().ok());
}

TEST_F(InjectStreamTest, ShutdownWaitsForStreamsThatEnd) {
  const auto open = Open();
  std::thread shutdown([this] { server_->Shutdown(absl::Seconds(60)); });

  v1::InjectStreamResponse answer;
  EXPECT_TRUE(open->stream->Write(Message(Records(7))));
  EXPECT_TRUE(open->stream->Read(&answer));
  EXPECT_THAT(answer.ret(), SizeIs(7));
  open->stream->WritesDone();

  EXPECT_THAT(open->stream->Finish(), IsOk());
  shutdown.join();
}

// A client that writes and does not read.
class UnreadStreamTest : public InjectStreamTest {
 protected:
  static constexpr size_t kRecords = 1000;
  // Far more than windows and buffers hold.
  static constexpr int kMostMessages = 20000;

  UnreadStreamTest() {
    context_.set_deadline(Soon());
    stream_ = batch_->AsyncInjectStream(&context_, &queue_, this);
    EXPECT_TRUE(Wait());
  }

  ~UnreadStreamTest() override {
    queue_.Shutdown();
    void* tag;
    bool ok;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  // For what was started last.
  bool Wait() {
    void* tag;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  // Writes until a write does not get on, which is under way then; how many had been started. That
  // a busy machine may call a write stuck which is only slow does no harm.
  int WriteUntilStuck() {
    v1::InjectStreamRequest message = Message(Records(kRecords));
    for (int started = 1; started <= kMostMessages; ++started) {
      stream_->Write(message, this);
      void* tag;
      bool ok = false;
      const auto patience = std::chrono::system_clock::now() + std::chrono::milliseconds(500);
      const auto next = queue_.AsyncNext(&tag, &ok, patience);
      if (next == grpc::CompletionQueue::TIMEOUT) return started;
      EXPECT_TRUE(ok);
    }
    return -1;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::InjectStreamRequest, v1::InjectStreamResponse>>
      stream_;
};

TEST_F(UnreadStreamTest, IsStoppedAndLosesNoAnswer) {
  const int messages = WriteUntilStuck();
  ASSERT_NE(messages, -1) << "the server took " << kMostMessages << " messages unread";

  ExpectServes();
  // A tag each for the write that is stuck and for the reads.
  v1::InjectStreamResponse answer;
  int answers = 0;
  bool write_done = false;
  stream_->Read(&answer, &answer);
  while (answers < messages || !write_done) {
    void* tag;
    bool ok = false;
    ASSERT_TRUE(queue_.Next(&tag, &ok));
    ASSERT_TRUE(ok);
    if (tag != &answer) {
      write_done = true;
      continue;
    }
    EXPECT_THAT(answer.ret(), SizeIs(kRecords));
    if (++answers < messages) stream_->Read(&answer, &answer);
  }
  stream_->WritesDone(this);
  EXPECT_TRUE(Wait());
  grpc::Status status;
  stream_->Finish(&status, this);
  EXPECT_TRUE(Wait());
  EXPECT_THAT(status, IsOk());
}

TEST_F(UnreadStreamTest, DoesNotHoldUpShutdown) {
  ASSERT_NE(WriteUntilStuck(), -1);

  server_->Shutdown(absl::ZeroDuration());

  // The write that was stuck, done or not, and then the answers that had arrived.
  v1::InjectStreamResponse answer;
  Wait();
  do {
    stream_->Read(&answer, this);
  } while (Wait());
  grpc::Status status;
  stream_->Finish(&status, this);
  EXPECT_TRUE(Wait());
  EXPECT_FALSE(status.ok());
}

}  // namespace
}  // namespace irqd
