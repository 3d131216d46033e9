// Calls on many vCPUs at once: both connections answer alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "client/connection.h"
#include "core/limits.h"
#include "tests/client/connection_test_case.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kRestart = Image(KVM_S390_RESTART);
const std::string kCpuTimer = Image(KVM_S390_INT_CPU_TIMER);
const std::string kVirtio = Image(KVM_S390_INT_VIRTIO);  // none that a vCPU takes

// A VM with vCPUs 0 to 2.
class BatchConnectionTest : public ConnectionTestCase {
 protected:
  void SetUp() override {
    ConnectionTestCase::SetUp();
    vm_ = MakeVm();
  }

  std::string Pending(uint32_t vcpu_id) {
    return connection_->GetIrqState({vm_, vcpu_id}, 20664, kOptions)->buf;
  }

  uint64_t vm_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Targets, BatchConnectionTest, AllTargets(), TargetName);

TEST_P(BatchConnectionTest, WhatIsSetIsRead) {
  const std::vector<uint32_t> ids = {2, 0};
  const std::vector<uint32_t> len = {144, 72};

  const auto ret =
      connection_->SetIrqStates(vm_, ids, len, kRestart + kCpuTimer + kRestart, kOptions);

  ASSERT_TRUE(ret.ok()) << ret.status();
  EXPECT_THAT(*ret, ElementsAre(0, 0));
  const auto all = connection_->GetIrqStates(vm_, {}, 20664, kOptions);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_THAT(all->vcpu_ids, ElementsAre(0, 1, 2));
  EXPECT_THAT(all->ret, ElementsAre(72, 0, 144));
  EXPECT_THAT(all->size, ElementsAre(72, 0, 144));
  EXPECT_EQ(all->buf, kRestart + Pending(2));
  const auto some = connection_->GetIrqStates(vm_, ids, 72, kOptions);
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_THAT(some->vcpu_ids, ElementsAre(2, 0));
  EXPECT_THAT(some->ret, ElementsAre(-ENOBUFS, 72));
  EXPECT_EQ(some->buf, Pending(2).substr(0, 72) + kRestart);
}

TEST_P(BatchConnectionTest, ErrnosAreOfEach) {
  const std::vector<uint32_t> ids = {0, 0, 1};
  const std::vector<uint32_t> len = {72, 72, 71};

  const auto ret =
      connection_->SetIrqStates(vm_, ids, len, kRestart + kRestart + kRestart.substr(1), kOptions);

  ASSERT_TRUE(ret.ok()) << ret.status();
  EXPECT_THAT(*ret, ElementsAre(0, -EBUSY, -EINVAL));
}

TEST_P(BatchConnectionTest, NamesWhatIsWrong) {
  const std::vector<uint32_t> many(kMaxBatchVcpus + 1, 0);
  const std::vector<uint32_t> missing = {0, 9};
  const std::vector<uint32_t> len = {0, 72};

  const absl::Status too_many = connection_->GetIrqStates(vm_, many, 72, kOptions).status();
  EXPECT_EQ(too_many.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(too_many.message(), "vcpu_ids: has 256 entries; the limit is 255");
  const absl::Status bad_buf =
      connection_->SetIrqStates(vm_, missing, len, "short", kOptions).status();
  EXPECT_EQ(bad_buf.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(bad_buf.message(), "buf: is 5 bytes long, but all len together are 72");
  for (const absl::Status& status :
       {connection_->GetIrqStates(vm_, missing, 72, kOptions).status(),
        connection_->SetIrqStates(vm_, missing, len, kRestart, kOptions).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(std::string(status.message()), HasSubstr("irqd.v1.Vcpu 9 of VM"));
  }
  EXPECT_EQ(connection_->GetIrqStates(999, {}, 72, kOptions).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(connection_->SetIrqStates(999, {}, {}, "", kOptions).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_P(BatchConnectionTest, AStreamAnswersInOrder) {
  const std::vector<uint32_t> each = {0, 1};
  const std::vector<uint32_t> one = {2};
  const auto stream = connection_->OpenInjectStream(kOptions);

  EXPECT_TRUE(stream->Write(vm_, each, kRestart + kVirtio));
  EXPECT_TRUE(stream->Write(vm_, one, kCpuTimer + kVirtio + kRestart));
  EXPECT_TRUE(stream->Write(vm_, {}, ""));
  stream->WritesDone();

  std::vector<int32_t> ret;
  EXPECT_TRUE(stream->Read(&ret));
  EXPECT_THAT(ret, ElementsAre(0, -EINVAL));
  EXPECT_TRUE(stream->Read(&ret));
  EXPECT_THAT(ret, ElementsAre(0, -EINVAL, 0));
  EXPECT_TRUE(stream->Read(&ret));
  EXPECT_THAT(ret, IsEmpty());
  EXPECT_FALSE(stream->Read(&ret));
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(Pending(0), kRestart);
  EXPECT_EQ(Pending(2).size(), 2 * kIrqSize);
}

TEST_P(BatchConnectionTest, AStreamReachesSeveralVms) {
  const uint64_t other = MakeVm();
  const std::vector<uint32_t> vcpu = {0};
  const auto stream = connection_->OpenInjectStream(kOptions);

  stream->Write(vm_, vcpu, kRestart);
  stream->Write(other, vcpu, kRestart + kCpuTimer);
  stream->Write(vm_, vcpu, kCpuTimer);
  EXPECT_TRUE(stream->Finish().ok());

  EXPECT_EQ(Pending(0).size(), 2 * kIrqSize);
  EXPECT_EQ(connection_->GetIrqState({other, 0}, 20664, kOptions)->ret, 144);
}

TEST_P(BatchConnectionTest, ABadMessageEndsAStream) {
  const std::vector<uint32_t> one = {0};
  const std::vector<uint32_t> missing = {7};
  std::vector<int32_t> ret;

  auto stream = connection_->OpenInjectStream(kOptions);
  stream->Write(vm_, one, kRestart);
  stream->Write(vm_, one, "short");
  EXPECT_TRUE(stream->Read(&ret));
  EXPECT_FALSE(stream->Read(&ret));
  absl::Status status = stream->Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "records: is 5 bytes long, no multiple of 72");

  stream = connection_->OpenInjectStream(kOptions);
  stream->Write(vm_, missing, kRestart);
  EXPECT_FALSE(stream->Read(&ret));
  status = stream->Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("irqd.v1.Vcpu 7 of VM"));

  stream = connection_->OpenInjectStream(kOptions);
  stream->Write(999, one, kRestart);
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kNotFound);
}

TEST_P(BatchConnectionTest, AStreamEndsAtItsTimeout) {
  CallOptions options;
  options.timeout = absl::Milliseconds(50);
  const auto stream = connection_->OpenInjectStream(options);
  std::vector<int32_t> ret;

  EXPECT_FALSE(stream->Read(&ret)) << "nothing was written";

  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_P(BatchConnectionTest, AStreamMayBeLeftUnfinished) {
  const std::vector<uint32_t> one = {0};
  CallOptions options;
  options.timeout = absl::InfiniteDuration();
  auto stream = connection_->OpenInjectStream(options);
  EXPECT_TRUE(stream->Write(vm_, one, kRestart));

  stream.reset();

  EXPECT_TRUE(connection_->GetVm(vm_, kOptions).ok());
}

TEST_P(BatchConnectionTest, OneThreadMayWriteWhileOneReads) {
  constexpr int kMessages = 2000;
  const std::vector<uint32_t> one = {1};
  CallOptions options;
  options.timeout = absl::Minutes(1);
  const auto stream = connection_->OpenInjectStream(options);
  std::thread writer([&] {
    for (int i = 0; i < kMessages; ++i) ASSERT_TRUE(stream->Write(vm_, one, kRestart + kCpuTimer));
    stream->WritesDone();
  });

  int answers = 0;
  std::vector<int32_t> ret;
  while (stream->Read(&ret)) {
    EXPECT_THAT(ret, SizeIs(2));
    ++answers;
  }

  writer.join();
  EXPECT_EQ(answers, kMessages);
  EXPECT_TRUE(stream->Finish().ok());
}

}  // namespace
}  // namespace irqd
