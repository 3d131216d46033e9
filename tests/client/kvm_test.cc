#include "client/kvm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

#include "core/irq_codec.h"
#include "tests/client/mock_connection.h"

namespace irqd {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Field;
using ::testing::Return;
using ::testing::SizeIs;
using ::testing::StrictMock;

kvm_s390_irq Emergency(uint16_t code) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_EMERGENCY;
  irq.u.emerg.code = code;
  return irq;
}

std::string Image(const kvm_s390_irq& irq) {
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

auto IsVcpu(uint64_t vm_id, uint32_t vcpu_id) {
  return AllOf(Field(&VcpuAddress::vm_id, vm_id), Field(&VcpuAddress::vcpu_id, vcpu_id));
}

auto HasTimeout(absl::Duration timeout) { return Field(&CallOptions::timeout, timeout); }

class KvmTest : public testing::Test {
 protected:
  KvmTest() : vm_(connection_, {9, "dasher", *ParseHostProfile("no-sigpif"), 2}) {}

  const std::shared_ptr<StrictMock<MockConnection>> connection_ =
      std::make_shared<StrictMock<MockConnection>>();
  const VmClient vm_;
};

TEST_F(KvmTest, CreatesAVmOfItsProfile) {
  const HostProfile profile = *ParseHostProfile("no-esca");
  EXPECT_CALL(*connection_,
              CreateVm(AllOf(Field(&VmSpec::name, "dasher"), Field(&VmSpec::profile, profile),
                             Field(&VmSpec::vcpu_ids, ElementsAre(0, 5))),
                       _))
      .WillOnce(Return(VmInfo{9, "dasher", profile, 2}));

  const auto vm = KvmClient(connection_, profile).CreateVm("dasher", {0, 5});

  ASSERT_TRUE(vm.ok());
  EXPECT_EQ(vm->id(), 9);
  EXPECT_EQ(vm->name(), "dasher");
  EXPECT_EQ(vm->profile(), profile);
}

TEST_F(KvmTest, OpensAVmByName) {
  EXPECT_CALL(*connection_, FindVm(absl::string_view("dancer"), _))
      .WillOnce(Return(VmInfo{4, "dancer", DefaultHostProfile(), 0}));

  EXPECT_EQ(KvmClient(connection_).OpenVm("dancer")->id(), 4);
}

TEST_F(KvmTest, PassesStatusesOn) {
  const absl::Status status = absl::UnavailableError("no server");
  EXPECT_CALL(*connection_, CreateVm).WillOnce(Return(status));
  EXPECT_CALL(*connection_, FindVm).WillOnce(Return(status));
  EXPECT_CALL(*connection_, GetIrqState).WillOnce(Return(status));
  EXPECT_CALL(*connection_, S390Irq).WillOnce(Return(status));

  EXPECT_EQ(KvmClient(connection_).CreateVm().status(), status);
  EXPECT_EQ(KvmClient(connection_).OpenVm("dancer").status(), status);
  EXPECT_EQ(vm_.Vcpu(0).GetIrqState().status(), status);
  EXPECT_EQ(vm_.Vcpu(0).S390Irq(Emergency(1)).status(), status);
}

TEST_F(KvmTest, EachVcpuCallNamesItsVcpu) {
  const VcpuClient vcpu = vm_.Vcpu(3);
  const auto itself = IsVcpu(9, 3);
  EXPECT_CALL(*connection_, CreateVcpu(itself, _)).WillOnce(Return(-EEXIST));
  EXPECT_CALL(*connection_, S390Irq(itself, Eq(Image(Emergency(7))), _)).WillOnce(Return(-EINVAL));
  EXPECT_CALL(*connection_, S390Interrupt(itself, Field(&kvm_s390_interrupt::parm, 7), _))
      .WillOnce(Return(0));
  EXPECT_CALL(*connection_, Reset(itself, ResetKind::kClear, _)).WillOnce(Return(0));
  EXPECT_CALL(*connection_, SetMpState(itself, KVM_MP_STATE_LOAD, _)).WillOnce(Return(-ENXIO));
  EXPECT_CALL(*connection_, GetMpState(itself, _)).WillOnce(Return(KVM_MP_STATE_STOPPED));

  EXPECT_EQ(*vm_.CreateVcpu(3), -EEXIST);
  EXPECT_EQ(*vcpu.S390Irq(Emergency(7)), -EINVAL);
  EXPECT_EQ(*vcpu.S390Interrupt({KVM_S390_INT_EMERGENCY, 7, 0}), 0);
  EXPECT_EQ(*vcpu.Reset(ResetKind::kClear), 0);
  EXPECT_EQ(*vcpu.SetMpState(KVM_MP_STATE_LOAD), -ENXIO);
  EXPECT_EQ(*vcpu.GetMpState(), KVM_MP_STATE_STOPPED);
}

TEST_F(KvmTest, EachCallOfAGuestNamesItsVcpu) {
  const VcpuClient vcpu = vm_.Vcpu(3);
  const auto itself = IsVcpu(9, 3);
  VcpuRegisters registers;
  registers.cr6 = 7;
  VcpuRegistersUpdate update;
  update.cr6 = 7;
  DeliverResult delivered;
  delivered.more = true;
  Deliverable deliverable;
  deliverable.has_irq = true;
  EXPECT_CALL(*connection_, GetVcpuRegisters(itself, _)).WillOnce(Return(registers));
  EXPECT_CALL(*connection_,
              SetVcpuRegisters(itself, Field(&VcpuRegistersUpdate::cr6, update.cr6), _))
      .WillOnce(Return(absl::NotFoundError("gone")));
  EXPECT_CALL(*connection_, Deliver(itself, 5, _)).WillOnce(Return(delivered));
  EXPECT_CALL(*connection_, GetDeliverable(itself, _)).WillOnce(Return(deliverable));
  EXPECT_CALL(*connection_, StopIntercept(itself, _)).WillOnce(Return(-EOPNOTSUPP));
  EXPECT_CALL(*connection_, Sigp(itself, 4, 13, 0x2000, _))
      .WillOnce(Return(SigpResult{kSigpStatusStored, kSigpIncorrectState}));

  EXPECT_EQ(*vcpu.GetRegisters(), registers);
  EXPECT_EQ(vcpu.SetRegisters(update), absl::NotFoundError("gone"));
  EXPECT_TRUE(vcpu.Deliver(5)->more);
  EXPECT_TRUE(vcpu.GetDeliverable()->has_irq);
  EXPECT_EQ(*vcpu.StopIntercept(), -EOPNOTSUPP);
  EXPECT_EQ(vcpu.Sigp(4, SigpOrder::kSetPrefix, 0x2000)->status, kSigpIncorrectState);
}

TEST_F(KvmTest, EachCallOnAVmNamesIt) {
  VmRegisters registers;
  registers.tod_clock = 7;
  VmRegistersUpdate update;
  update.tod_clock = 7;
  EXPECT_CALL(*connection_, S390InterruptVm(9, Field(&kvm_s390_interrupt::parm, 5), _))
      .WillOnce(Return(FloatReply{0, {1}}));
  EXPECT_CALL(*connection_, EnableCap(9, KVM_CAP_S390_AIS, 0, _)).WillOnce(Return(-EBUSY));
  EXPECT_CALL(*connection_, GetVmRegisters(9, _)).WillOnce(Return(registers));
  EXPECT_CALL(*connection_,
              SetVmRegisters(9, Field(&VmRegistersUpdate::tod_clock, update.tod_clock), _))
      .WillOnce(Return(absl::NotFoundError("gone")));

  EXPECT_THAT(vm_.S390Interrupt({KVM_S390_MCHK, 5, 0})->woken, ElementsAre(1));
  EXPECT_EQ(*vm_.EnableCap(KVM_CAP_S390_AIS), -EBUSY);
  EXPECT_EQ(vm_.GetRegisters()->tod_clock, 7);
  EXPECT_EQ(vm_.SetRegisters(update), absl::NotFoundError("gone"));
}

TEST_F(KvmTest, GetsTypedRecords) {
  const std::string images = Image(Emergency(1)) + Image(Emergency(0x0102));
  EXPECT_CALL(*connection_, GetIrqState(IsVcpu(9, 0), kMaxPendingIrqs * kIrqSize, _))
      .WillOnce(Return(GetIrqStateReply{144, images}));

  const auto state = vm_.Vcpu(0).GetIrqState();

  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->ret, 144);
  ASSERT_THAT(state->irqs, SizeIs(2));
  EXPECT_EQ(state->irqs[1].type, KVM_S390_INT_EMERGENCY);
  EXPECT_EQ(state->irqs[1].u.emerg.code, 0x0102);
}

TEST_F(KvmTest, RefusesHalfARecord) {
  EXPECT_CALL(*connection_, GetIrqState)
      .WillOnce(Return(GetIrqStateReply{100, std::string(100, 0)}));

  EXPECT_EQ(vm_.Vcpu(0).GetIrqState().status().code(), absl::StatusCode::kInternal);
}

TEST_F(KvmTest, SetsTypedRecords) {
  const std::string images = Image(Emergency(1)) + Image(Emergency(2));
  EXPECT_CALL(*connection_, SetIrqState(IsVcpu(9, 0), 144, Eq(images), _)).WillOnce(Return(0));
  EXPECT_CALL(*connection_, SetIrqState(IsVcpu(9, 0), 0, absl::string_view(), _))
      .WillOnce(Return(-EINVAL));

  EXPECT_EQ(*vm_.Vcpu(0).SetIrqState({Emergency(1), Emergency(2)}), 0);
  EXPECT_EQ(*vm_.Vcpu(0).SetIrqState({}), -EINVAL);
}

TEST_F(KvmTest, AsksForExtensionsOfItsHost) {
  EXPECT_CALL(*connection_, CheckExtension(DefaultHostProfile(), KVM_CAP_MAX_VCPUS, _))
      .WillOnce(Return(248));
  EXPECT_CALL(*connection_, CheckExtension(vm_.profile(), KVM_CAP_MAX_VCPUS, _))
      .WillOnce(Return(255));

  EXPECT_EQ(*KvmClient(connection_).CheckExtension(KVM_CAP_MAX_VCPUS), 248);
  EXPECT_EQ(*vm_.CheckExtension(KVM_CAP_MAX_VCPUS), 255);
}

TEST_F(KvmTest, ListsAndDeletes) {
  EXPECT_CALL(*connection_, ListVms).WillOnce(Return(std::vector<VmInfo>(3)));
  EXPECT_CALL(*connection_, ListVcpus(9, _)).WillOnce(Return(std::vector<VcpuInfo>(2)));
  EXPECT_CALL(*connection_, DeleteVm(9, _)).WillOnce(Return(absl::NotFoundError("gone")));

  EXPECT_THAT(*KvmClient(connection_).ListVms(), SizeIs(3));
  EXPECT_THAT(*vm_.ListVcpus(), SizeIs(2));
  EXPECT_EQ(vm_.Delete(), absl::NotFoundError("gone"));
}

TEST_F(KvmTest, HandsOptionsDown) {
  CallOptions brief;
  brief.timeout = absl::Seconds(1);
  CallOptions briefer;
  briefer.timeout = absl::Milliseconds(1);
  EXPECT_CALL(*connection_, FindVm(_, HasTimeout(brief.timeout))).WillOnce(Return(VmInfo()));
  EXPECT_CALL(*connection_, DeleteVm(_, HasTimeout(brief.timeout)))
      .WillOnce(Return(absl::OkStatus()));
  EXPECT_CALL(*connection_, GetMpState(_, HasTimeout(brief.timeout))).WillOnce(Return(5));
  EXPECT_CALL(*connection_, GetMpState(_, HasTimeout(briefer.timeout))).WillOnce(Return(5));

  const auto vm = KvmClient(connection_).WithOptions(brief).OpenVm("dasher");

  EXPECT_TRUE(vm->Delete().ok());
  EXPECT_TRUE(vm->Vcpu(0).GetMpState().ok());
  EXPECT_TRUE(vm->Vcpu(0).WithOptions(briefer).GetMpState().ok());
}

}  // namespace
}  // namespace irqd
