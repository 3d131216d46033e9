// What the FLIC's descriptor asks of a server, and what it makes of answers that only a server far
// away, or a hostile one, gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>

#include "client/flic_enqueue.h"
#include "client/kvm_descriptors.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"
#include "tests/client/guarded_memory.h"
#include "tests/client/mock_connection.h"

namespace irqd {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::InSequence;
using ::testing::Return;
using ::testing::SizeIs;
using ::testing::StrictMock;

constexpr size_t kPart = 910 * kIrqSize;

testing::Matcher<const DeviceAttr&> Attr(FlicGroup group, uint64_t attr) {
  return AllOf(Field(&DeviceAttr::flags, 5u),
               Field(&DeviceAttr::group, static_cast<uint32_t>(group)),
               Field(&DeviceAttr::attr, attr));
}

class FlicDescriptorTest : public testing::Test {
 protected:
  int Ioctl(unsigned int request, FlicGroup group, uint64_t attr, const void* address) {
    const kvm_device_attr argument = {5, static_cast<uint32_t>(group), attr,
                                      reinterpret_cast<uintptr_t>(address)};
    return flic_.Ioctl(-1, request, reinterpret_cast<uintptr_t>(&argument));
  }

  const std::shared_ptr<StrictMock<MockConnection>> connection_ =
      std::make_shared<StrictMock<MockConnection>>();
  const FlicDescriptor flic_{{connection_, 7, OpenProfile()}};
  const GuardedMemory memory_{2 * kPart};
};

TEST_F(FlicDescriptorTest, SendsBigEndianStructures) {
  const struct {
    FlicGroup group;
    std::string host;  // as a little-endian program has it
    std::string image;
  } cases[] = {
      {FlicGroup::kAdapterRegister, "\1\2\3\4\5\6\7\10", "\4\3\2\1\5\6\7\10"},
      {FlicGroup::kAdapterModify, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20",
       "\4\3\2\1\5\6\10\7\20\17\16\15\14\13\12\11"},
      {FlicGroup::kClearIoIrq, "\1\2\3\4", "\4\3\2\1"},
      {FlicGroup::kAism, "\1\2\3\4", "\1\2\4\3"},
      {FlicGroup::kAismAll, "\1\2", "\1\2"},
      {FlicGroup::kClearIrqs, "", ""},
      {FlicGroup::kAirqInject, "", ""},
  };
  for (const auto& test : cases) {
    EXPECT_CALL(*connection_,
                SetDeviceAttr(7, Attr(test.group, 9), absl::string_view(test.image), _))
        .WillOnce(Return(FloatReply{0, {1}}));
    const char* const address = memory_.Put(test.host, test.host.size());

    EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, test.group, 9, address), 0);
  }
}

TEST_F(FlicDescriptorTest, SendsAsMuchAsThereIs) {
  for (const size_t room : {0, 1, 7}) {
    EXPECT_CALL(*connection_,
                SetDeviceAttr(7, Attr(FlicGroup::kAdapterRegister, 0), SizeIs(room), _))
        .WillOnce(Return(FloatReply{-EFAULT, {}}));

    EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, FlicGroup::kAdapterRegister, 0, memory_.Before(room)),
              -EFAULT);
  }
}

TEST_F(FlicDescriptorTest, SendsLongListsInParts) {
  const InSequence in_this_order;
  for (const size_t size : {kPart, kPart, size_t{72}}) {
    EXPECT_CALL(*connection_, SetDeviceAttr(7, Attr(FlicGroup::kEnqueue, size),
                                            SizeIs(size == kPart ? kPart : size_t{20}), _))
        .WillOnce(Return(FloatReply{0, {}}));
  }

  EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, FlicGroup::kEnqueue, 2 * kPart + 72,
                  memory_.Before(2 * kPart + 20)),
            0);
}

TEST_F(FlicDescriptorTest, SendsNothingOfARefusedLength) {
  const uint64_t lengths[] = {71, 0xffffffb8, 33554448, uint64_t{1} << 32 | 71};
  for (const uint64_t length : lengths) {
    EXPECT_CALL(*connection_, SetDeviceAttr(7, Attr(FlicGroup::kEnqueue, length), SizeIs(0), _))
        .WillOnce(Return(FloatReply{-EINVAL, {}}));

    EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, FlicGroup::kEnqueue, length, memory_.Before(72)), -EINVAL);
  }
}

TEST_F(FlicDescriptorTest, GivesEachStatusAnErrno) {
  const absl::Status unavailable = absl::UnavailableError("");
  EXPECT_CALL(*connection_, SetDeviceAttr).Times(2).WillRepeatedly(Return(unavailable));
  EXPECT_CALL(*connection_, GetDeviceAttr).WillOnce(Return(unavailable));
  EXPECT_CALL(*connection_, HasDeviceAttr).WillOnce(Return(absl::NotFoundError("")));

  EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, FlicGroup::kEnqueue, 72, memory_.Before(72)), -EHOSTDOWN);
  EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, FlicGroup::kClearIrqs, 0, nullptr), -EHOSTDOWN);
  EXPECT_EQ(Ioctl(KVM_GET_DEVICE_ATTR, FlicGroup::kAismAll, 2, nullptr), -EHOSTDOWN);
  EXPECT_EQ(Ioctl(KVM_HAS_DEVICE_ATTR, FlicGroup::kAismAll, 2, nullptr), -ENODEV);
}

TEST_F(FlicDescriptorTest, WritesNothingThatTheKernelWouldNot) {
  const struct {
    FlicGroup group;
    uint64_t attr;
    GetDeviceAttrReply reply;
  } cases[] = {
      {FlicGroup::kGetAllIrqs, 144, {3, std::string(216, 'x')}},  // more than there is room for
      {FlicGroup::kGetAllIrqs, 144, {1, std::string(144, 'x')}},  // more than it says
      {FlicGroup::kGetAllIrqs, 144, {2, std::string(72, 'x')}},
      {FlicGroup::kGetAllIrqs, 144, {1, std::string(71, 'x')}},
      {FlicGroup::kGetAllIrqs, 144, {-ENOMEM, std::string(72, 'x')}},
      {FlicGroup::kGetAllIrqs, 144, {-4096, ""}},
      {FlicGroup::kGetAllIrqs, 144, {0x7fffffff, ""}},
      {FlicGroup::kAismAll, 2, {0, "xxx"}},
      {FlicGroup::kAismAll, 3, {0, "xxx"}},
      {FlicGroup::kAismAll, 2, {0, ""}},
      {FlicGroup::kAismAll, 2, {1, "xx"}},
      {FlicGroup::kEnqueue, 144, {0, ""}},
  };
  for (const auto& test : cases) {
    EXPECT_CALL(*connection_, GetDeviceAttr(7, Attr(test.group, test.attr), _))
        .WillOnce(Return(test.reply));
    std::string memory(216, '.');

    EXPECT_EQ(Ioctl(KVM_GET_DEVICE_ATTR, test.group, test.attr, &memory[0]), -EPROTO);

    EXPECT_THAT(memory, Each('.'));
  }
}

TEST_F(FlicDescriptorTest, RefusesAResultThatIsNone) {
  EXPECT_CALL(*connection_, SetDeviceAttr).WillOnce(Return(FloatReply{-4096, {}}));
  EXPECT_CALL(*connection_, HasDeviceAttr).WillOnce(Return(-4096));

  EXPECT_EQ(Ioctl(KVM_SET_DEVICE_ATTR, FlicGroup::kClearIrqs, 0, nullptr), -EPROTO);
  EXPECT_EQ(Ioctl(KVM_HAS_DEVICE_ATTR, FlicGroup::kAismAll, 0, nullptr), -EPROTO);
}

// The kernel counts a negative length down as if it were 2^32 larger.
TEST_F(FlicDescriptorTest, ANegativeLengthEndsBelowARecord) {
  const uint64_t size = (uint64_t{1} << 32) - 16;
  uint64_t sent = 0;
  EXPECT_CALL(*connection_, SetDeviceAttr)
      .WillRepeatedly([&](uint64_t, const DeviceAttr& attr, absl::string_view, const CallOptions&) {
        sent += attr.attr;
        return FloatReply{0, {}};
      });
  const auto read = [](uint64_t, size_t) { return std::string(); };

  const auto reply = EnqueueInParts(*connection_, 7,
                                    {0, static_cast<uint32_t>(FlicGroup::kEnqueue), ~uint64_t{15}},
                                    read, CallOptions());

  EXPECT_EQ(reply->ret, 0);
  EXPECT_EQ(sent, size / 72 * 72);
}

TEST_F(FlicDescriptorTest, EnqueueInPartsReportsAllThatWoke) {
  EXPECT_CALL(*connection_, SetDeviceAttr)
      .WillOnce(Return(FloatReply{0, {3, 1}}))
      .WillOnce(Return(FloatReply{-EBUSY, {2}}));
  const auto read = [](uint64_t, size_t size) { return std::string(size, '\0'); };

  const auto reply =
      EnqueueInParts(*connection_, 7, {0, static_cast<uint32_t>(FlicGroup::kEnqueue), 3 * kPart},
                     read, CallOptions());

  EXPECT_EQ(reply->ret, -EBUSY);
  EXPECT_THAT(reply->woken, ElementsAre(3, 1, 2));
}

}  // namespace
}  // namespace irqd
