// A Connection whose answers a test decides.
#ifndef IRQD_TESTS_CLIENT_MOCK_CONNECTION_H_
#define IRQD_TESTS_CLIENT_MOCK_CONNECTION_H_

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "client/connection.h"

namespace irqd {

class MockConnection : public Connection {
 public:
  // In a file of their own: gmock makes them long to compile.
  MockConnection();
  ~MockConnection() override;

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
  MOCK_METHOD(absl::StatusOr<GetIrqStatesReply>, GetIrqStates,
              (uint64_t, absl::Span<const uint32_t>, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<GetIrqStatesReply>, GetIrqStatesAtOneInstant,
              (uint64_t, absl::Span<const uint32_t>, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<std::vector<int32_t>>, SetIrqStates,
              (uint64_t, absl::Span<const uint32_t>, absl::Span<const uint32_t>, absl::string_view,
               const CallOptions&),
              (override));
  MOCK_METHOD(std::unique_ptr<InjectStream>, OpenInjectStream, (const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<FloatReply>, S390InterruptVm,
              (uint64_t, const kvm_s390_interrupt&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<FloatReply>, SetDeviceAttr,
              (uint64_t, const DeviceAttr&, absl::string_view, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<GetDeviceAttrReply>, GetDeviceAttr,
              (uint64_t, const DeviceAttr&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, HasDeviceAttr,
              (uint64_t, const DeviceAttr&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, CreateDevice,
              (uint64_t, uint32_t, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, EnableCap,
              (uint64_t, uint32_t, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<VcpuRegisters>, GetVcpuRegisters,
              (const VcpuAddress&, const CallOptions&), (override));
  MOCK_METHOD(absl::Status, SetVcpuRegisters,
              (const VcpuAddress&, const VcpuRegistersUpdate&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<VmRegisters>, GetVmRegisters, (uint64_t, const CallOptions&),
              (override));
  MOCK_METHOD(absl::Status, SetVmRegisters,
              (uint64_t, const VmRegistersUpdate&, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<DeliverResult>, Deliver,
              (const VcpuAddress&, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<Deliverable>, GetDeliverable, (const VcpuAddress&, const CallOptions&),
              (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, StopIntercept, (const VcpuAddress&, const CallOptions&),
              (override));
  MOCK_METHOD(absl::StatusOr<SigpResult>, Sigp,
              (const VcpuAddress&, uint32_t, uint8_t, uint32_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<int32_t>, CheckExtension,
              (const HostProfile&, uint64_t, const CallOptions&), (override));
  MOCK_METHOD(absl::StatusOr<bool>, IsServing, (const CallOptions&), (override));
};

}  // namespace irqd

#endif  // IRQD_TESTS_CLIENT_MOCK_CONNECTION_H_
