// What the C interface makes of answers that only a server far away, or a hostile one, gives.
#include "client/kvm_descriptors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>

#include "core/kvm_s390.h"
#include "tests/client/mock_connection.h"

namespace irqd {
namespace {

using ::testing::Each;
using ::testing::NiceMock;
using ::testing::Return;

class VcpuDescriptorTest : public testing::Test {
 protected:
  int Ioctl(unsigned int request, const void* argument = nullptr) {
    return vcpu_.Ioctl(-1, request, reinterpret_cast<uintptr_t>(argument));
  }
  int Get(std::string* buf) {
    kvm_s390_irq_state state = {};
    state.buf = reinterpret_cast<uintptr_t>(&(*buf)[0]);
    state.len = buf->size();
    return Ioctl(KVM_S390_GET_IRQ_STATE, &state);
  }

  const std::shared_ptr<NiceMock<MockConnection>> connection_ =
      std::make_shared<NiceMock<MockConnection>>();
  const VcpuDescriptor vcpu_{{connection_, 1, OpenProfile()}, 2};
};

TEST_F(VcpuDescriptorTest, GivesEachStatusAnErrno) {
  const struct {
    absl::StatusCode code;
    int error;
  } cases[] = {
      {absl::StatusCode::kUnavailable, EHOSTDOWN}, {absl::StatusCode::kCancelled, EHOSTDOWN},
      {absl::StatusCode::kNotFound, ENODEV},       {absl::StatusCode::kDeadlineExceeded, ETIMEDOUT},
      {absl::StatusCode::kInternal, EPROTO},       {absl::StatusCode::kResourceExhausted, EDQUOT},
      {absl::StatusCode::kUnimplemented, EPROTO},  {absl::StatusCode::kInvalidArgument, EPROTO},
  };
  for (const auto& test : cases) {
    const absl::Status status(test.code, "");
    ON_CALL(*connection_, GetMpState).WillByDefault(Return(status));
    ON_CALL(*connection_, GetIrqState).WillByDefault(Return(status));

    std::string buf(kIrqSize, '\0');
    EXPECT_EQ(Ioctl(KVM_GET_MP_STATE), -test.error) << status;
    EXPECT_EQ(Get(&buf), -test.error) << status;
  }
}

TEST_F(VcpuDescriptorTest, RefusesAResultThatIsNone) {
  ON_CALL(*connection_, GetMpState).WillByDefault(Return(-4096));

  EXPECT_EQ(Ioctl(KVM_GET_MP_STATE), -EPROTO);
}

TEST_F(VcpuDescriptorTest, WritesNothingThatTheKernelWouldNot) {
  const GetIrqStateReply replies[] = {
      {3 * kIrqSize, std::string(3 * kIrqSize, 'x')},  // more than there is room for
      {-ENOBUFS, std::string(3 * kIrqSize, 'x')},
      {kIrqSize, std::string(2 * kIrqSize, 'x')},  // more than it says
      {kIrqSize + 1, std::string(kIrqSize + 1, 'x')},
      {kIrqSize, ""},
  };
  for (const GetIrqStateReply& reply : replies) {
    ON_CALL(*connection_, GetIrqState).WillByDefault(Return(reply));
    std::string buf(2 * kIrqSize, '.');

    EXPECT_EQ(Get(&buf), -EPROTO);

    EXPECT_THAT(buf, Each('.'));
  }
}

}  // namespace
}  // namespace irqd
