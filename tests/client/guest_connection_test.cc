// What a guest does, through both connections: inject, deliver, see what stays and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/kvm_flic.h"
#include "core/limits.h"
#include "tests/client/connection_test_case.h"

namespace irqd {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kPswExternal = 0x0100000000000000;
constexpr uint64_t kPswIo = 0x0200000000000000;
constexpr uint64_t kPswMachineCheck = 0x0004000000000000;
constexpr uint64_t kPswAll = kPswExternal | kPswIo | kPswMachineCheck;
constexpr uint64_t kCr0EmergencySignal = 0x4000;
constexpr uint64_t kCr0ServiceSignal = 0x200;

// Of one kind that is pending.
auto Pends(uint64_t type, uint32_t count, HeldBy held_by) {
  return AllOf(Field(&PendingIrq::type, type), Field(&PendingIrq::count, count),
               Field(&PendingIrq::held_by, held_by));
}

auto Has(uint64_t type, uint64_t data0, uint64_t data1) {
  return AllOf(
      testing::Truly([type](const DeliveredIrq& delivered) { return delivered.irq.type == type; }),
      Field(&DeliveredIrq::data0, data0), Field(&DeliveredIrq::data1, data1));
}

class GuestConnectionTest : public ConnectionTestCase {
 protected:
  // Makes a VM, of which vCPU 0 runs.
  void SetUp() override {
    ConnectionTestCase::SetUp();
    vm_ = MakeVm("no-sigpif");
    vcpu_ = {vm_, 0};
    ASSERT_EQ(*connection_->SetMpState(vcpu_, KVM_MP_STATE_OPERATING, kOptions), 0);
  }

  void SetRegisters(const VcpuRegistersUpdate& update) {
    const absl::Status status = connection_->SetVcpuRegisters(vcpu_, update, kOptions);
    ASSERT_TRUE(status.ok()) << status;
  }
  // New PSWs that leave everything enabled.
  void StayEnabled() {
    VmRegistersUpdate update;
    update.new_psw_restart = update.new_psw_external = update.new_psw_program = kPswAll;
    update.new_psw_machine_check = update.new_psw_io = kPswAll;
    ASSERT_TRUE(connection_->SetVmRegisters(vm_, update, kOptions).ok());
  }
  void Inject(const kvm_s390_interrupt& interrupt) {
    ASSERT_EQ(*connection_->S390Interrupt(vcpu_, interrupt, kOptions), 0);
  }
  void InjectVm(const kvm_s390_interrupt& interrupt) {
    ASSERT_EQ(connection_->S390InterruptVm(vm_, interrupt, kOptions)->ret, 0);
  }
  DeliverResult Deliver(uint32_t max = 0) {
    const auto result = connection_->Deliver(vcpu_, max, kOptions);
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }

  uint64_t vm_ = 0;
  VcpuAddress vcpu_;
};

INSTANTIATE_TEST_SUITE_P(Targets, GuestConnectionTest, AllTargets(), TargetName);

TEST_P(GuestConnectionTest, DeliversWhatTheMasksAllowAndSaysWhatHoldsTheRest) {
  StayEnabled();
  VcpuRegistersUpdate update;
  update.psw_mask = kPswAll;
  update.cr0 = kCr0EmergencySignal;
  update.cr6 = 0x80000000 >> 5;
  SetRegisters(update);
  Inject({KVM_S390_INT_EMERGENCY, 1, 0});
  Inject({KVM_S390_INT_EMERGENCY, 2, 0});
  InjectVm({KVM_S390_INT_SERVICE, 0x1000, 0});
  InjectVm({KVM_S390_INT_IO(0, 0, 0, 0), 0x00010002, 5ull << 27 | 9ull << 32});
  InjectVm({KVM_S390_INT_IO(0, 0, 0, 0), 0x00010003, 4ull << 27});

  const DeliverResult result = Deliver();

  EXPECT_EQ(result.ret, 0);
  EXPECT_FALSE(result.more);
  EXPECT_THAT(result.delivered,
              ElementsAre(Has(KVM_S390_INT_EMERGENCY, 1, 0), Has(KVM_S390_INT_EMERGENCY, 2, 0),
                          Has(0, 0x00010002, 9ull << 32 | 5ull << 27)));
  EXPECT_EQ(result.delivered[2].irq.u.io.io_int_parm, 9);
  EXPECT_THAT(result.pending, ElementsAre(Pends(KVM_S390_INT_SERVICE, 1, HeldBy::kCr0ServiceSignal),
                                          Pends(0, 1, HeldBy::kCr6Isc)));
  EXPECT_EQ(result.pending[1].isc, 4);
}

// The new PSW of the first interruption closes the door.
TEST_P(GuestConnectionTest, EachInterruptionLoadsAPswMask) {
  VcpuRegistersUpdate update;
  update.psw_mask = kPswAll;
  update.cr0 = kCr0EmergencySignal | kCr0ServiceSignal;
  SetRegisters(update);
  Inject({KVM_S390_INT_EMERGENCY, 1, 0});
  InjectVm({KVM_S390_INT_SERVICE, 0x1000, 0});

  const DeliverResult result = Deliver();

  EXPECT_THAT(result.delivered, ElementsAre(Has(KVM_S390_INT_EMERGENCY, 1, 0)));
  EXPECT_THAT(result.pending, ElementsAre(Pends(KVM_S390_INT_SERVICE, 1, HeldBy::kPswExternal)));
  EXPECT_EQ(connection_->GetVcpuRegisters(vcpu_, kOptions)->psw_mask, 0);
}

TEST_P(GuestConnectionTest, DeliversNoMoreThanAskedFor) {
  StayEnabled();
  VcpuRegistersUpdate update;
  update.psw_mask = kPswAll;
  SetRegisters(update);
  for (uint64_t token = 1; token <= 3; ++token) InjectVm({KVM_S390_INT_VIRTIO, 0, token});

  const DeliverResult two = Deliver(2);
  const DeliverResult rest = Deliver(0xffffffff);

  EXPECT_THAT(two.delivered, SizeIs(2));
  EXPECT_TRUE(two.more);
  EXPECT_THAT(two.pending, ElementsAre(Pends(KVM_S390_INT_VIRTIO, 1, HeldBy::kNothing)));
  EXPECT_THAT(rest.delivered, ElementsAre(Has(KVM_S390_INT_VIRTIO, 0, 3)));
  EXPECT_FALSE(rest.more);
}

TEST_P(GuestConnectionTest, ADeliveryIsCutToItsBound) {
  StayEnabled();
  VcpuRegistersUpdate update;
  update.psw_mask = kPswAll;
  SetRegisters(update);
  std::string part;
  for (int i = 0; i < 500; ++i) part += Image(KVM_S390_INT_VIRTIO);
  const DeviceAttr enqueue = {0, static_cast<uint32_t>(FlicGroup::kEnqueue), part.size()};
  for (uint32_t sent = 0; sent < kMaxDeliveredIrqs; sent += 500) {
    ASSERT_EQ(connection_->SetDeviceAttr(vm_, enqueue, part, kOptions)->ret, 0);
  }
  InjectVm({KVM_S390_INT_VIRTIO, 0, 0});

  const DeliverResult most = Deliver(0);

  EXPECT_THAT(most.delivered, SizeIs(kMaxDeliveredIrqs));
  EXPECT_TRUE(most.more);
  EXPECT_THAT(Deliver(kMaxDeliveredIrqs + 1).delivered, SizeIs(1));
}

TEST_P(GuestConnectionTest, ShowsWhatIsDeliverableWithoutTakingIt) {
  const auto nothing = connection_->GetDeliverable(vcpu_, kOptions);
  Inject({KVM_S390_SIGP_STOP, 0, 0});
  const auto stop = connection_->GetDeliverable(vcpu_, kOptions);
  Inject({KVM_S390_RESTART, 0, 0});
  const auto both = connection_->GetDeliverable(vcpu_, kOptions);

  ASSERT_TRUE(nothing.ok() && stop.ok() && both.ok());
  EXPECT_FALSE(nothing->has_irq);
  EXPECT_THAT(nothing->pending, IsEmpty());
  EXPECT_TRUE(stop->has_irq);
  EXPECT_FALSE(stop->has_irq_besides_stop);
  EXPECT_TRUE(both->has_irq_besides_stop);
  EXPECT_THAT(both->pending, ElementsAre(Pends(KVM_S390_SIGP_STOP, 1, HeldBy::kStopIntercept),
                                         Pends(KVM_S390_RESTART, 1, HeldBy::kNothing)));
}

// Every reason once, as each has a name of its own on the wire.
TEST_P(GuestConnectionTest, TellsEveryReasonApart) {
  struct Case {
    kvm_s390_interrupt interrupt;
    uint64_t psw_mask;
    HeldBy held_by;
    bool floating = false;
  };
  const Case cases[] = {
      {{KVM_S390_RESTART, 0, 0}, 0, HeldBy::kNothing},
      {{KVM_S390_INT_PFAULT_INIT, 0, 0}, 0, HeldBy::kPswExternal},
      {{KVM_S390_INT_IO(0, 0, 0, 0), 0, 0}, 0, HeldBy::kPswIo, true},
      {{KVM_S390_MCHK, 0, 0x8000000000000000}, 0, HeldBy::kPswMachineCheck},
      {{KVM_S390_INT_EMERGENCY, 1, 0}, kPswAll, HeldBy::kCr0EmergencySignal},
      {{KVM_S390_INT_EXTERNAL_CALL, 1, 0}, kPswAll, HeldBy::kCr0ExternalCall},
      {{KVM_S390_INT_CLOCK_COMP, 0, 0}, kPswAll, HeldBy::kCr0ClockComparator},
      {{KVM_S390_INT_CPU_TIMER, 0, 0}, kPswAll, HeldBy::kCr0CpuTimer},
      {{KVM_S390_INT_SERVICE, 8, 0}, kPswAll, HeldBy::kCr0ServiceSignal, true},
      {{KVM_S390_INT_IO(0, 0, 0, 0), 0, 0}, kPswAll, HeldBy::kCr6Isc, true},
      {{KVM_S390_MCHK, 0, 0}, kPswAll, HeldBy::kCr14Subclass, true},
      {{KVM_S390_SIGP_STOP, 0, 0}, kPswAll, HeldBy::kStopIntercept},
  };
  for (const Case& test : cases) {
    vm_ = MakeVm("no-sigpif");
    vcpu_ = {vm_, 0};
    ASSERT_EQ(*connection_->SetMpState(vcpu_, KVM_MP_STATE_OPERATING, kOptions), 0);
    VcpuRegistersUpdate update;
    update.psw_mask = test.psw_mask;
    SetRegisters(update);
    test.floating ? InjectVm(test.interrupt) : Inject(test.interrupt);

    const auto found = connection_->GetDeliverable(vcpu_, kOptions);

    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_THAT(found->pending, SizeIs(1)) << std::hex << test.interrupt.type;
    EXPECT_EQ(found->pending[0].held_by, test.held_by) << std::hex << test.interrupt.type;
  }
}

TEST_P(GuestConnectionTest, AnEarlyTimerIsDroppedByTheNextDelivery) {
  VcpuRegistersUpdate update;
  update.psw_mask = kPswAll;
  update.cr0 = 0x800;  // clock comparator
  update.clock_comparator = 0xffffffffffffffff;
  SetRegisters(update);
  Inject({KVM_S390_INT_CLOCK_COMP, 0, 0});

  const auto before = connection_->GetDeliverable(vcpu_, kOptions);
  const DeliverResult result = Deliver();

  EXPECT_THAT(before->pending,
              ElementsAre(Pends(KVM_S390_INT_CLOCK_COMP, 1, HeldBy::kTimerNotReached)));
  EXPECT_THAT(result.delivered, IsEmpty());
  EXPECT_THAT(result.pending, IsEmpty());
}

TEST_P(GuestConnectionTest, TheMachineDeliversAnExternalCallItself) {
  vcpu_.vm_id = MakeVm();
  VcpuRegistersUpdate update;
  update.psw_mask = kPswAll;
  update.cr0 = 0x2000;
  SetRegisters(update);
  Inject({KVM_S390_INT_EXTERNAL_CALL, 1, 0});

  EXPECT_THAT(Deliver().pending,
              ElementsAre(Pends(KVM_S390_INT_EXTERNAL_CALL, 1, HeldBy::kSigpInterpretation)));
}

TEST_P(GuestConnectionTest, KeepsRegistersThatAreNotSet) {
  VcpuRegistersUpdate all;
  all.psw_mask = 1;
  all.cr0 = 2;
  all.cr6 = 3;
  all.cr14 = 4;
  all.clock_comparator = 5;
  all.cpu_timer = 6;
  all.prefix = 0xffffffff;
  VcpuRegisters expected = {1, 2, 3, 4, 5, 6, 0x7fffe000};

  SetRegisters(all);
  EXPECT_EQ(*connection_->GetVcpuRegisters(vcpu_, kOptions), expected);

  VcpuRegistersUpdate one;
  one.cr6 = 0;
  SetRegisters(one);
  SetRegisters(VcpuRegistersUpdate());

  expected.cr6 = 0;
  EXPECT_EQ(*connection_->GetVcpuRegisters(vcpu_, kOptions), expected);
}

TEST_P(GuestConnectionTest, KeepsRegistersOfAVmThatAreNotSet) {
  VmRegistersUpdate update;
  update.tod_clock = 1;
  update.new_psw_restart = 2;
  update.new_psw_external = 3;
  update.new_psw_program = 4;
  update.new_psw_machine_check = 5;
  update.new_psw_io = 6;
  ASSERT_TRUE(connection_->SetVmRegisters(vm_, update, kOptions).ok());
  VmRegistersUpdate one;
  one.tod_clock = 0;
  ASSERT_TRUE(connection_->SetVmRegisters(vm_, one, kOptions).ok());

  const auto registers = connection_->GetVmRegisters(vm_, kOptions);

  ASSERT_TRUE(registers.ok()) << registers.status();
  EXPECT_EQ(registers->tod_clock, 0);
  EXPECT_EQ(registers->new_psw_masks.restart, 2);
  EXPECT_EQ(registers->new_psw_masks.external, 3);
  EXPECT_EQ(registers->new_psw_masks.program, 4);
  EXPECT_EQ(registers->new_psw_masks.machine_check, 5);
  EXPECT_EQ(registers->new_psw_masks.io, 6);
}

TEST_P(GuestConnectionTest, AStopInterceptGoesToUserspace) {
  EXPECT_EQ(*connection_->StopIntercept(vcpu_, kOptions), 0);
  Inject({KVM_S390_SIGP_STOP, 0, 0});

  EXPECT_EQ(*connection_->StopIntercept(vcpu_, kOptions), -EOPNOTSUPP);
}

TEST_P(GuestConnectionTest, GivesOrdersToOtherVcpus) {
  struct Case {
    uint32_t to;
    uint8_t order;
    int condition_code;
    uint32_t status;
  };
  const Case cases[] = {
      {1, 1, kSigpStatusStored, kSigpStopped},
      {1, 3, kSigpAccepted, 0},
      {1, 2, kSigpAccepted, 0},
      {1, 2, kSigpStatusStored, kSigpExternalCallPending},
      {1, 13, kSigpAccepted, 0},
      {0, 13, kSigpStatusStored, kSigpIncorrectState},
      {1, 0, kSigpStatusStored, kSigpInvalidOrder},
      {1, 255, kSigpStatusStored, kSigpInvalidOrder},
      {1, 6, kSigpAccepted, 0},
      {1, 1, kSigpBusy, 0},
      {99, 1, kSigpNotOperational, 0},
      {0xffffffff, 1, kSigpNotOperational, 0},
  };
  for (const Case& test : cases) {
    const auto result = connection_->Sigp(vcpu_, test.to, test.order, 0x12345678, kOptions);

    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->condition_code, test.condition_code) << test.to << ' ' << +test.order;
    EXPECT_EQ(result->status, test.status) << test.to << ' ' << +test.order;
  }
  kvm_s390_irq prefix = {};
  prefix.type = KVM_S390_SIGP_SET_PREFIX;
  prefix.u.prefix.address = 0x12345678 & 0x7fffe000;
  EXPECT_EQ(connection_->GetIrqState({vm_, 1}, 20664, kOptions)->buf,
            Image(prefix) + Image(KVM_S390_RESTART) + Image(KVM_S390_INT_EXTERNAL_CALL, 0) +
                Image(KVM_S390_INT_EMERGENCY, 0));
}

TEST_P(GuestConnectionTest, SaysWhichVmOrVcpuIsMissing) {
  const uint64_t no_vm = vm_ + 1000;
  for (const VcpuAddress& vcpu : {VcpuAddress{no_vm, 0}, VcpuAddress{vm_, 77}}) {
    const std::string missing =
        vcpu.vm_id == vm_ ? "Vcpu 77 of VM " + std::to_string(vm_) : "Vm " + std::to_string(no_vm);
    const absl::Status statuses[] = {
        connection_->GetVcpuRegisters(vcpu, kOptions).status(),
        connection_->SetVcpuRegisters(vcpu, VcpuRegistersUpdate(), kOptions),
        connection_->Deliver(vcpu, 1, kOptions).status(),
        connection_->GetDeliverable(vcpu, kOptions).status(),
        connection_->StopIntercept(vcpu, kOptions).status(),
        connection_->Sigp(vcpu, 0, 1, 0, kOptions).status(),
    };
    for (const absl::Status& status : statuses) {
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
      EXPECT_THAT(std::string(status.message()), HasSubstr(missing));
    }
  }
  EXPECT_EQ(connection_->GetVmRegisters(no_vm, kOptions).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(connection_->SetVmRegisters(no_vm, VmRegistersUpdate(), kOptions).code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace irqd
