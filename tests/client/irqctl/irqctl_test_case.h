// irqctl against a connection that a test programs, or against none.
#ifndef IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_TEST_CASE_H_
#define IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_TEST_CASE_H_

#include <memory>
#include <string>
#include <vector>

#include "client/connection.h"
#include "client/irqctl/command.h"
#include "gmock/gmock.h"

namespace irqd::irqctl {

class MockConnection : public Connection {
 public:
  MOCK_METHOD(absl::StatusOr<VmInfo>, CreateVm, (const VmSpec&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<VmInfo>, GetVm, (uint64_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<VmInfo>, FindVm, (absl::string_view, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<std::vector<VmInfo>>, ListVms, (const CallOptions&), (override));
  MOCK_METHOD(absl::Status, DeleteVm, (uint64_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, CreateVcpu, (const VcpuAddress&, const CallOptions&),
              (override));
  MOCK_METHOD(absl::StatusOr<std::vector<VcpuInfo>>, ListVcpus, (uint64_t, const CallOptions&),
              (override));
  MOCK_METHOD(absl::StatusOr<GetIrqStateReply>, GetIrqState,
              (const VcpuAddress&, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, SetIrqState,
              (const VcpuAddress&, uint32_t, absl::string_view, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, S390Irq,
              (const VcpuAddress&, absl::string_view, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, S390Interrupt,
              (const VcpuAddress&, const kvm_s390_interrupt&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, Reset, (const VcpuAddress&, ResetKind, const CallOptions&),
              (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, SetMpState,
              (const VcpuAddress&, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, GetMpState, (const VcpuAddress&, const CallOptions&),
              (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, CheckExtension,
              (const HostProfile&, uint64_t, const CallOptions&), (override));
};

MATCHER_P2(Vcpu, vm_id, vcpu_id, "") { return arg.vm_id == vm_id && arg.vcpu_id == vcpu_id; }

// Calls that a test does not expect fail it.
class IrqctlTest : public testing::Test {
 protected:
  // Runs irqctl with these words, separated by spaces.
  Reply Irqctl(const std::string& words);

  // What the commands read as standard input.
  void SetStdin(const std::string& content);
  // A file of this content; its name.
  std::string TempFile(const std::string& content);

  std::shared_ptr<testing::StrictMock<MockConnection>> connection_ =
      std::make_shared<testing::StrictMock<MockConnection>>();
  std::string irqd_target_;
  std::vector<std::string> targets_;  // what was connected to
  absl::Status connect_status_;

 private:
  std::string stdin_file_ = "/dev/null";
};

}  // namespace irqd::irqctl

#endif  // IRQD_TESTS_CLIENT_IRQCTL_IRQCTL_TEST_CASE_H_
