#include "client/flic_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/kvm.h"
#include "core/irq_codec.h"
#include "core/limits.h"
#include "tests/client/mock_connection.h"

namespace irqd {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::InSequence;
using ::testing::IsEmpty;
using ::testing::Return;
using ::testing::SizeIs;
using ::testing::StrictMock;

constexpr size_t kMostInOne = kMaxDeviceAttrMemory / kIrqSize;

kvm_s390_irq Virtio(uint32_t parm) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_VIRTIO;
  irq.u.ext.ext_params = parm;
  return irq;
}

std::string Image(const kvm_s390_irq& irq) {
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

auto IsAttr(FlicGroup group, uint64_t attr) {
  return AllOf(Field(&DeviceAttr::flags, 0u),
               Field(&DeviceAttr::group, static_cast<uint32_t>(group)),
               Field(&DeviceAttr::attr, attr));
}

class FlicClientTest : public testing::Test {
 protected:
  const std::shared_ptr<StrictMock<MockConnection>> connection_ =
      std::make_shared<StrictMock<MockConnection>>();
  const FlicClient flic_ = VmClient(connection_, {9, "dasher", DefaultHostProfile(), 2}).Flic();
};

TEST_F(FlicClientTest, GetsTypedRecords) {
  EXPECT_CALL(*connection_, GetDeviceAttr(9, IsAttr(FlicGroup::kGetAllIrqs, kFlicMaxBuffer), _))
      .WillOnce(Return(GetDeviceAttrReply{2, Image(Virtio(1)) + Image(Virtio(2))}));
  EXPECT_CALL(*connection_, GetDeviceAttr(9, IsAttr(FlicGroup::kGetAllIrqs, 72), _))
      .WillOnce(Return(GetDeviceAttrReply{-ENOMEM, ""}));

  const auto all = flic_.GetAllIrqs();
  const auto none = flic_.GetAllIrqs(72);

  ASSERT_TRUE(all.ok() && none.ok());
  EXPECT_EQ(all->ret, 2);
  ASSERT_THAT(all->irqs, SizeIs(2));
  EXPECT_EQ(all->irqs[1].u.ext.ext_params, 2);
  EXPECT_EQ(none->ret, -ENOMEM);
  EXPECT_THAT(none->irqs, IsEmpty());
}

TEST_F(FlicClientTest, RefusesAnswersThatTheKernelWouldNotGive) {
  const GetDeviceAttrReply strange[] = {{1, ""},
                                        {1, std::string(71, '\0')},
                                        {1, std::string(144, '\0')},
                                        {-ENOMEM, Image(Virtio(1))}};
  for (const GetDeviceAttrReply& reply : strange) {
    EXPECT_CALL(*connection_, GetDeviceAttr).WillOnce(Return(reply));
    EXPECT_EQ(flic_.GetAllIrqs().status().code(), absl::StatusCode::kInternal) << reply.ret;
  }
  EXPECT_CALL(*connection_, GetDeviceAttr).WillOnce(Return(GetDeviceAttrReply{0, "\1"}));
  EXPECT_EQ(flic_.GetAisModes().status().code(), absl::StatusCode::kInternal);
}

TEST_F(FlicClientTest, EnqueuesAShortListInOneCall) {
  const std::string image = Image(Virtio(7));
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, IsAttr(FlicGroup::kEnqueue, 72), absl::string_view(image), _))
      .WillOnce(Return(FloatReply{0, {1}}));
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, IsAttr(FlicGroup::kEnqueue, 0), absl::string_view(), _))
      .WillOnce(Return(FloatReply{}));

  EXPECT_THAT(flic_.Enqueue({Virtio(7)})->woken, ElementsAre(1));
  EXPECT_EQ(flic_.Enqueue({})->ret, 0);
}

TEST_F(FlicClientTest, EnqueuesALongListInParts) {
  const std::vector<kvm_s390_irq> irqs(2 * kMostInOne + 1, Virtio(7));
  InSequence in_order;
  EXPECT_CALL(*connection_, SetDeviceAttr(9, IsAttr(FlicGroup::kEnqueue, kMostInOne * kIrqSize),
                                          SizeIs(kMostInOne * kIrqSize), _))
      .WillOnce(Return(FloatReply{0, {1}}))
      .WillOnce(Return(FloatReply{0, {2}}));
  EXPECT_CALL(*connection_, SetDeviceAttr(9, IsAttr(FlicGroup::kEnqueue, 72), SizeIs(72), _))
      .WillOnce(Return(FloatReply{0, {3}}));

  const auto reply = flic_.Enqueue(irqs);

  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->ret, 0);
  EXPECT_THAT(reply->woken, ElementsAre(1, 2, 3));
}

TEST_F(FlicClientTest, StopsAtTheFirstPartThatFails) {
  const std::vector<kvm_s390_irq> irqs(3 * kMostInOne, Virtio(7));
  EXPECT_CALL(*connection_, SetDeviceAttr)
      .WillOnce(Return(FloatReply{0, {1}}))
      .WillOnce(Return(FloatReply{-EBUSY, {2}}));

  const auto reply = flic_.Enqueue(irqs);

  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->ret, -EBUSY);
  EXPECT_THAT(reply->woken, ElementsAre(1, 2));

  EXPECT_CALL(*connection_, SetDeviceAttr)
      .WillOnce(Return(FloatReply{}))
      .WillOnce(Return(absl::UnavailableError("gone")));
  EXPECT_EQ(flic_.Enqueue(irqs).status(), absl::UnavailableError("gone"));
}

TEST_F(FlicClientTest, LeavesAListThatIsTooLongToTheKernel) {
  const std::vector<kvm_s390_irq> irqs(kFlicMaxBuffer / kIrqSize + 1, Virtio(7));
  EXPECT_CALL(*connection_, SetDeviceAttr(9, IsAttr(FlicGroup::kEnqueue, irqs.size() * kIrqSize),
                                          absl::string_view(), _))
      .WillOnce(Return(FloatReply{-EINVAL, {}}));

  EXPECT_EQ(flic_.Enqueue(irqs)->ret, -EINVAL);
}

// Each setter: what it sends, and that it hands ret on.
TEST_F(FlicClientTest, SendsWhatTheKernelReads) {
  struct Case {
    FlicGroup group;
    uint64_t attr;
    std::string memory;
    std::function<absl::StatusOr<int>()> call;
  };
  const AdapterSpec adapter = {0x01020304, 5, true, false, true};
  const Case cases[] = {
      {FlicGroup::kClearIrqs, 0, "", [&] { return flic_.ClearIrqs(); }},
      {FlicGroup::kClearIoIrq, 4, {"\0\1\2\3", 4}, [&] { return flic_.ClearIoIrq(0x00010203); }},
      {FlicGroup::kAdapterRegister,
       0,
       {"\1\2\3\4\5\1\0\1", 8},
       [&] { return flic_.RegisterAdapter(adapter); }},
      {FlicGroup::kAdapterModify, 0, std::string("\0\0\0\7\1\1", 6) + std::string(10, '\0'),
       [&] { return flic_.MaskAdapter(7, true); }},
      {FlicGroup::kAism, 0, {"\3\0\0\1", 4}, [&] { return flic_.SetAisMode(3, kAisModeSingle); }},
      {FlicGroup::kAismAll, 0, "\x80\x01", [&] { return flic_.SetAisModes(0x80, 1); }},
  };
  for (const Case& test : cases) {
    EXPECT_CALL(*connection_,
                SetDeviceAttr(9, IsAttr(test.group, test.attr), absl::string_view(test.memory), _))
        .WillOnce(Return(FloatReply{-EINVAL, {}}));

    EXPECT_EQ(*test.call(), -EINVAL);
  }
}

TEST_F(FlicClientTest, InjectsAdapterInterrupts) {
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, IsAttr(FlicGroup::kAirqInject, 7), absl::string_view(), _))
      .WillOnce(Return(FloatReply{0, {1}}));

  EXPECT_THAT(flic_.InjectAirq(7)->woken, ElementsAre(1));
}

TEST_F(FlicClientTest, GetsAisModes) {
  EXPECT_CALL(*connection_, GetDeviceAttr(9, IsAttr(FlicGroup::kAismAll, kAisAllSize), _))
      .WillOnce(Return(GetDeviceAttrReply{0, "\x80\x01"}))
      .WillOnce(Return(GetDeviceAttrReply{-EOPNOTSUPP, ""}));

  const auto modes = flic_.GetAisModes();

  ASSERT_TRUE(modes.ok());
  EXPECT_EQ(modes->single, 0x80);
  EXPECT_EQ(modes->none, 0x01);
  EXPECT_EQ(flic_.GetAisModes()->ret, -EOPNOTSUPP);
}

TEST_F(FlicClientTest, CreatesAndAsks) {
  EXPECT_CALL(*connection_, CreateDevice(9, KVM_DEV_TYPE_FLIC, 0, _)).WillOnce(Return(-EINVAL));
  EXPECT_CALL(*connection_, HasDeviceAttr(9, IsAttr(static_cast<FlicGroup>(12), 0), _))
      .WillOnce(Return(-ENXIO));

  EXPECT_EQ(*flic_.Create(), -EINVAL);
  EXPECT_EQ(*flic_.HasGroup(12), -ENXIO);
}

TEST_F(FlicClientTest, CallsWithItsOptions) {
  CallOptions brief;
  brief.timeout = absl::Seconds(1);
  EXPECT_CALL(*connection_, SetDeviceAttr(9, _, _, Field(&CallOptions::timeout, brief.timeout)))
      .WillOnce(Return(absl::DeadlineExceededError("late")));

  EXPECT_EQ(flic_.WithOptions(brief).ClearIrqs().status(), absl::DeadlineExceededError("late"));
}

}  // namespace
}  // namespace irqd
