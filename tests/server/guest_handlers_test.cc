#include "server/guest_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "core/irq_codec.h"
#include "core/limits.h"
#include "core/sigp.h"
#include "tests/server/status_matchers.h"

namespace irqd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kPswExternal = 0x0100000000000000;

// A VM with vCPUs 0 and 1, of which 0 runs, and requests that would succeed.
class GuestHandlersTest : public testing::Test {
 protected:
  GuestHandlersTest() {
    VmSpec spec;
    spec.vcpu_ids = {0, 1};
    vm_id_ = registry_.CreateVm(spec).vm.id;
    Vcpu0().SetMpState(KVM_MP_STATE_OPERATING);
    for (v1::VcpuRef* ref :
         {get_.mutable_vcpu(), set_.mutable_vcpu(), deliver_.mutable_vcpu(),
          deliverable_.mutable_vcpu(), stop_.mutable_vcpu(), sigp_.mutable_vcpu()}) {
      ref->set_vm_id(vm_id_);
    }
    get_vm_.mutable_vm()->set_id(vm_id_);
    set_vm_.mutable_vm()->set_id(vm_id_);
    set_.mutable_registers()->set_psw_mask(kPswExternal);
    set_vm_.mutable_registers()->set_new_psw_external(kPswExternal);
    sigp_.set_to_vcpu_id(1);
    sigp_.set_order(v1::SIGP_SENSE);
  }

  Vcpu& Vcpu0() { return *registry_.Find(vm_id_)->FindVcpu(0); }
  void Inject(uint32_t type) { ASSERT_EQ(Vcpu0().S390Interrupt({type, 0, 0}), 0); }
  void InjectVm(uint32_t type, uint32_t parm = 0) {
    ASSERT_EQ(registry_.Find(vm_id_)->S390Interrupt({type, parm, 0}).ret, 0);
  }

  // Calls every handler on a vCPU after `edit(request)`, and expects the same of each status.
  template <typename Edit, typename Matcher>
  void ExpectOfAll(Edit edit, const Matcher& matcher) {
    edit(get_);
    edit(set_);
    edit(deliver_);
    edit(deliverable_);
    edit(stop_);
    edit(sigp_);
    EXPECT_THAT(handlers_.GetVcpuRegisters(get_, &registers_), matcher);
    EXPECT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), matcher);
    EXPECT_THAT(handlers_.Deliver(deliver_, &delivered_), matcher);
    EXPECT_THAT(handlers_.GetDeliverable(deliverable_, &deliverable_response_), matcher);
    EXPECT_THAT(handlers_.StopIntercept(stop_, &stop_response_), matcher);
    EXPECT_THAT(handlers_.Sigp(sigp_, &sigp_response_), matcher);
  }
  // And on a VM.
  template <typename Edit, typename Matcher>
  void ExpectOfVmCalls(Edit edit, const Matcher& matcher) {
    edit(get_vm_);
    edit(set_vm_);
    EXPECT_THAT(handlers_.GetVmRegisters(get_vm_, &vm_registers_), matcher);
    EXPECT_THAT(handlers_.SetVmRegisters(set_vm_, &empty_), matcher);
  }

  VmRegistry registry_;
  GuestHandlers handlers_{&registry_};
  uint64_t vm_id_ = 0;
  v1::GetVcpuRegistersRequest get_;
  v1::SetVcpuRegistersRequest set_;
  v1::GetVmRegistersRequest get_vm_;
  v1::SetVmRegistersRequest set_vm_;
  v1::DeliverRequest deliver_;
  v1::GetDeliverableRequest deliverable_;
  v1::StopInterceptRequest stop_;
  v1::SigpRequest sigp_;
  v1::VcpuRegisters registers_;
  v1::VmRegisters vm_registers_;
  google::protobuf::Empty empty_;
  v1::DeliverResponse delivered_;
  v1::GetDeliverableResponse deliverable_response_;
  v1::StopInterceptResponse stop_response_;
  v1::SigpResponse sigp_response_;
};

TEST_F(GuestHandlersTest, EveryCallReachesItsVcpuOrVm) {
  ExpectOfAll([](auto&) {}, IsOk());
  ExpectOfVmCalls([](auto&) {}, IsOk());
}

TEST_F(GuestHandlersTest, EveryCallNeedsAVcpuOrAVm) {
  ExpectOfAll([](auto& request) { request.clear_vcpu(); }, IsInvalid("vcpu"));
  ExpectOfVmCalls([](auto& request) { request.clear_vm(); }, IsInvalid("vm"));
  ExpectOfVmCalls([](auto& request) { request.mutable_vm(); }, IsInvalid("vm"));
}

TEST_F(GuestHandlersTest, EveryCallFindsNoVmThatIsNotThere) {
  ExpectOfAll([](auto& request) { request.mutable_vcpu()->set_vm_id(999); },
              IsNotFound("irqd.v1.Vm"));
  ExpectOfVmCalls([](auto& request) { request.mutable_vm()->set_id(999); },
                  IsNotFound("irqd.v1.Vm"));
  ExpectOfVmCalls([](auto& request) { request.mutable_vm()->set_name("nobody"); },
                  IsNotFound("irqd.v1.Vm"));
}

TEST_F(GuestHandlersTest, EveryCallFindsNoVcpuThatIsNotThere) {
  for (const uint32_t id : {2u, 255u, 0xffffffffu}) {
    ExpectOfAll([id](auto& request) { request.mutable_vcpu()->set_vcpu_id(id); },
                IsNotFound("irqd.v1.Vcpu"));
  }
}

// Before the vCPU or the VM is looked for.
TEST_F(GuestHandlersTest, SettingRegistersNeedsSome) {
  set_.clear_registers();
  set_vm_.clear_registers();
  set_.mutable_vcpu()->set_vm_id(999);
  set_vm_.mutable_vm()->set_id(999);

  EXPECT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), IsInvalid("registers"));
  EXPECT_THAT(handlers_.SetVmRegisters(set_vm_, &empty_), IsInvalid("registers"));

  set_.clear_vcpu();
  set_vm_.clear_vm();
  EXPECT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), IsInvalid("vcpu"));
  EXPECT_THAT(handlers_.SetVmRegisters(set_vm_, &empty_), IsInvalid("vm"));
}

TEST_F(GuestHandlersTest, SetsOnlyWhatIsSet) {
  v1::VcpuRegisters all;
  all.set_psw_mask(1);
  all.set_cr0(2);
  all.set_cr6(3);
  all.set_cr14(4);
  all.set_clock_comparator(5);
  all.set_cpu_timer(6);
  all.set_prefix(0x2000);
  *set_.mutable_registers() = all;
  ASSERT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), IsOk());
  set_.mutable_registers()->Clear();
  set_.mutable_registers()->set_cr0(0);
  ASSERT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), IsOk());

  ASSERT_THAT(handlers_.GetVcpuRegisters(get_, &registers_), IsOk());

  all.set_cr0(0);
  EXPECT_EQ(registers_.SerializeAsString(), all.SerializeAsString());
  EXPECT_TRUE(registers_.has_cr0());
}

TEST_F(GuestHandlersTest, SetsOnlyWhatIsSetOfAVm) {
  v1::VmRegisters all;
  all.set_tod_clock(1);
  all.set_new_psw_restart(2);
  all.set_new_psw_external(3);
  all.set_new_psw_program(4);
  all.set_new_psw_machine_check(5);
  all.set_new_psw_io(6);
  *set_vm_.mutable_registers() = all;
  ASSERT_THAT(handlers_.SetVmRegisters(set_vm_, &empty_), IsOk());
  set_vm_.mutable_registers()->Clear();
  set_vm_.mutable_registers()->set_tod_clock(0);
  ASSERT_THAT(handlers_.SetVmRegisters(set_vm_, &empty_), IsOk());

  ASSERT_THAT(handlers_.GetVmRegisters(get_vm_, &vm_registers_), IsOk());

  all.set_tod_clock(0);
  EXPECT_EQ(vm_registers_.SerializeAsString(), all.SerializeAsString());
}

TEST_F(GuestHandlersTest, DeliversAndSaysWhatStays) {
  ASSERT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), IsOk());
  InjectVm(KVM_S390_INT_VIRTIO, 0x0102);
  InjectVm(KVM_S390_INT_IO(0, 0, 0, 0));

  EXPECT_THAT(handlers_.Deliver(deliver_, &delivered_), IsOk());

  ASSERT_THAT(delivered_.delivered(), SizeIs(1));
  const v1::DeliveredIrq& virtio = delivered_.delivered(0);
  ASSERT_THAT(virtio.irq(), SizeIs(kIrqSize));
  EXPECT_EQ(DecodeIrq(reinterpret_cast<const uint8_t*>(virtio.irq().data())).u.ext.ext_params,
            0x0102);
  EXPECT_EQ(virtio.data0(), 0x0102);
  ASSERT_THAT(delivered_.pending(), SizeIs(1));
  EXPECT_EQ(delivered_.pending(0).type(), 0u);
  EXPECT_EQ(delivered_.pending(0).count(), 1u);
  EXPECT_EQ(delivered_.pending(0).held_by(), v1::PendingIrq::PSW_IO);
  EXPECT_FALSE(delivered_.more());
}

TEST_F(GuestHandlersTest, DeliversAtMostWhatIsAskedFor) {
  ASSERT_THAT(handlers_.SetVcpuRegisters(set_, &empty_), IsOk());
  ASSERT_THAT(handlers_.SetVmRegisters(set_vm_, &empty_), IsOk());
  for (uint32_t i = 0; i < kMaxDeliveredIrqs + 3; ++i) InjectVm(KVM_S390_INT_VIRTIO, i);

  deliver_.set_max_irqs(1);
  EXPECT_THAT(handlers_.Deliver(deliver_, &delivered_), IsOk());
  EXPECT_THAT(delivered_.delivered(), SizeIs(1));
  EXPECT_TRUE(delivered_.more());

  for (const uint32_t max : {0xffffffffu, 0u}) {
    delivered_.Clear();
    deliver_.set_max_irqs(max);
    EXPECT_THAT(handlers_.Deliver(deliver_, &delivered_), IsOk());
    EXPECT_THAT(delivered_.delivered(), SizeIs(max == 0 ? 2 : kMaxDeliveredIrqs));
  }
}

TEST_F(GuestHandlersTest, ShowsWhatIsDeliverable) {
  Inject(KVM_S390_SIGP_STOP);

  EXPECT_THAT(handlers_.GetDeliverable(deliverable_, &deliverable_response_), IsOk());

  ASSERT_THAT(deliverable_response_.pending(), SizeIs(1));
  EXPECT_EQ(deliverable_response_.pending(0).type(), KVM_S390_SIGP_STOP);
  EXPECT_EQ(deliverable_response_.pending(0).held_by(), v1::PendingIrq::STOP_INTERCEPT);
  EXPECT_TRUE(deliverable_response_.has_irq());
  EXPECT_FALSE(deliverable_response_.has_irq_besides_stop());
}

TEST_F(GuestHandlersTest, InterceptsAStop) {
  EXPECT_THAT(handlers_.StopIntercept(stop_, &stop_response_), IsOk());
  EXPECT_EQ(stop_response_.ret(), 0);
  Inject(KVM_S390_SIGP_STOP);

  EXPECT_THAT(handlers_.StopIntercept(stop_, &stop_response_), IsOk());

  EXPECT_EQ(stop_response_.ret(), -EOPNOTSUPP);
}

TEST_F(GuestHandlersTest, AnOrderIsAByte) {
  sigp_.set_order(kMaxSigpOrder);
  EXPECT_THAT(handlers_.Sigp(sigp_, &sigp_response_), IsOk());
  EXPECT_EQ(sigp_response_.condition_code(), kSigpStatusStored);
  EXPECT_EQ(sigp_response_.status(), kSigpInvalidOrder);

  // An order cut to a byte would be one that exists.
  for (const uint32_t order : {kMaxSigpOrder + 1 + v1::SIGP_EMERGENCY_SIGNAL, 0xffffffffu}) {
    sigp_.set_order(order);
    EXPECT_THAT(handlers_.Sigp(sigp_, &sigp_response_), IsInvalid("order")) << order;
  }
  std::string images;
  registry_.Find(vm_id_)->FindVcpu(1)->GetIrqState(20664, &images);
  EXPECT_THAT(images, IsEmpty());
}

TEST_F(GuestHandlersTest, AReceiverThatIsNotThereIsNotOperational) {
  for (const uint32_t id : {2u, 255u, 0xffffffffu}) {
    sigp_.set_to_vcpu_id(id);

    EXPECT_THAT(handlers_.Sigp(sigp_, &sigp_response_), IsOk());

    EXPECT_EQ(sigp_response_.condition_code(), kSigpNotOperational) << id;
    EXPECT_EQ(sigp_response_.status(), 0u);
  }
}

// The names in the protocol are the architecture's codes.
TEST_F(GuestHandlersTest, OrdersAreTheArchitectures) {
  EXPECT_EQ(v1::SIGP_SENSE, static_cast<int>(SigpOrder::kSense));
  EXPECT_EQ(v1::SIGP_EXTERNAL_CALL, static_cast<int>(SigpOrder::kExternalCall));
  EXPECT_EQ(v1::SIGP_EMERGENCY_SIGNAL, static_cast<int>(SigpOrder::kEmergencySignal));
  EXPECT_EQ(v1::SIGP_START, static_cast<int>(SigpOrder::kStart));
  EXPECT_EQ(v1::SIGP_STOP, static_cast<int>(SigpOrder::kStop));
  EXPECT_EQ(v1::SIGP_RESTART, static_cast<int>(SigpOrder::kRestart));
  EXPECT_EQ(v1::SIGP_STOP_AND_STORE_STATUS, static_cast<int>(SigpOrder::kStopAndStoreStatus));
  EXPECT_EQ(v1::SIGP_INITIAL_CPU_RESET, static_cast<int>(SigpOrder::kInitialCpuReset));
  EXPECT_EQ(v1::SIGP_CPU_RESET, static_cast<int>(SigpOrder::kCpuReset));
  EXPECT_EQ(v1::SIGP_SET_PREFIX, static_cast<int>(SigpOrder::kSetPrefix));
}

}  // namespace
}  // namespace irqd
