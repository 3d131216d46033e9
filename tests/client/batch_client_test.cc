#include "client/batch_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "client/kvm.h"
#include "core/irq_codec.h"
#include "tests/client/mock_connection.h"

namespace irqd {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Return;
using ::testing::SizeIs;
using ::testing::StrictMock;

kvm_s390_irq Irq(uint64_t type) {
  kvm_s390_irq irq = {};
  irq.type = type;
  return irq;
}

std::string Image(uint64_t type) {
  std::string image(kIrqSize, '\0');
  EncodeIrq(Irq(type), reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

const std::string kRestart = Image(KVM_S390_RESTART);
const std::string kCpuTimer = Image(KVM_S390_INT_CPU_TIMER);

class BatchClientTest : public testing::Test {
 protected:
  const std::shared_ptr<StrictMock<MockConnection>> connection_ =
      std::make_shared<StrictMock<MockConnection>>();
  const BatchClient batch_{connection_, 9};
};

TEST_F(BatchClientTest, AVmPassesItsOptionsOn) {
  CallOptions options;
  options.timeout = absl::Seconds(3);
  const VmClient vm(connection_, {9, "dasher", DefaultHostProfile(), 2}, options);
  EXPECT_CALL(*connection_,
              GetIrqStates(9, IsEmpty(), 20664, Field(&CallOptions::timeout, absl::Seconds(3))))
      .WillOnce(Return(GetIrqStatesReply()));

  const auto states = vm.Batch().GetIrqStates();

  ASSERT_TRUE(states.ok());
  EXPECT_THAT(*states, IsEmpty());
}

TEST_F(BatchClientTest, GetGivesEachItsRecords) {
  EXPECT_CALL(*connection_, GetIrqStates(9, ElementsAre(3, 0, 5), 144, _))
      .WillOnce(Return(GetIrqStatesReply{
          {3, 0, 5}, {144, 0, -ENOBUFS}, {144, 0, 72}, kRestart + kCpuTimer + kCpuTimer}));

  const auto states = batch_.GetIrqStates({3, 0, 5}, 144);

  ASSERT_TRUE(states.ok()) << states.status();
  ASSERT_THAT(*states, SizeIs(3));
  EXPECT_EQ((*states)[0].vcpu_id, 3);
  EXPECT_EQ((*states)[0].state.ret, 144);
  ASSERT_THAT((*states)[0].state.irqs, SizeIs(2));
  EXPECT_EQ((*states)[0].state.irqs[1].type, KVM_S390_INT_CPU_TIMER);
  EXPECT_THAT((*states)[1].state.irqs, IsEmpty());
  EXPECT_EQ((*states)[2].state.ret, -ENOBUFS);
  EXPECT_THAT((*states)[2].state.irqs, SizeIs(1));
}

TEST_F(BatchClientTest, GetTakesNoHalfRecords) {
  EXPECT_CALL(*connection_, GetIrqStates(_, _, _, _))
      .WillOnce(Return(GetIrqStatesReply{{3}, {71}, {71}, std::string(71, '\0')}));

  EXPECT_EQ(batch_.GetIrqStates().status().code(), absl::StatusCode::kInternal);
}

TEST_F(BatchClientTest, SetLeavesOutWhatIsEmpty) {
  const std::string buf = kRestart + kRestart + kCpuTimer;
  EXPECT_CALL(*connection_,
              SetIrqStates(9, ElementsAre(1, 4), ElementsAre(72, 144), absl::string_view(buf), _))
      .WillOnce(Return(std::vector<int32_t>{-EBUSY, 0}));
  const kvm_s390_irq restart = Irq(KVM_S390_RESTART);

  const auto ret = batch_.SetIrqStates(
      {{1, {0, {restart}}}, {2, {}}, {4, {0, {restart, Irq(KVM_S390_INT_CPU_TIMER)}}}, {5, {}}});

  ASSERT_TRUE(ret.ok()) << ret.status();
  EXPECT_THAT(*ret, ElementsAre(-EBUSY, 0, 0, 0));
}

TEST_F(BatchClientTest, SetOfNothingMakesNoCall) {
  const auto ret = batch_.SetIrqStates({{1, {}}});

  ASSERT_TRUE(ret.ok());
  EXPECT_THAT(*ret, ElementsAre(0));
}

TEST_F(BatchClientTest, StatusesArePassedOn) {
  EXPECT_CALL(*connection_, GetIrqStates(_, _, _, _))
      .WillOnce(Return(absl::NotFoundError("no VM")));
  EXPECT_CALL(*connection_, SetIrqStates(_, _, _, _, _))
      .WillOnce(Return(absl::NotFoundError("no VM")));

  EXPECT_EQ(batch_.GetIrqStates().status(), absl::NotFoundError("no VM"));
  EXPECT_EQ(batch_.SetIrqStates({{1, {0, {Irq(KVM_S390_RESTART)}}}}).status(),
            absl::NotFoundError("no VM"));
}

TEST_F(BatchClientTest, AStreamSendsImagesWithTheirVcpus) {
  const auto inproc = *Connect("inproc:");
  VmSpec spec;
  spec.vcpu_ids = {0, 1};
  const uint64_t vm_id = inproc->CreateVm(spec, {})->id;
  const auto stream = BatchClient(inproc, vm_id).OpenStream();

  EXPECT_TRUE(stream->Write({{1, Irq(KVM_S390_RESTART)}, {0, Irq(KVM_S390_INT_CPU_TIMER)}}));
  std::vector<int32_t> ret;
  EXPECT_TRUE(stream->Read(&ret));
  stream->WritesDone();

  EXPECT_THAT(ret, ElementsAre(0, 0));
  EXPECT_FALSE(stream->Read(&ret));
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(inproc->GetIrqState({vm_id, 1}, 20664, {})->buf, kRestart);
  EXPECT_EQ(inproc->GetIrqState({vm_id, 0}, 20664, {})->buf, kCpuTimer);
}

}  // namespace
}  // namespace irqd
