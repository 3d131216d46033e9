// Deliver: order, data and what is left, named after the sections of the semantics.
#include "core/delivery.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/local_states.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::vector<std::pair<uint64_t, uint64_t>> DataOf(const DeliverResult& result) {
  std::vector<std::pair<uint64_t, uint64_t>> data;
  for (const DeliveredIrq& irq : result.delivered) data.emplace_back(irq.data0, irq.data1);
  return data;
}

// Each kind, from the lowest priority to the highest, but for machine checks.
void InjectOneOfEach(ValueGuest* guest) {
  guest->Inject({SetPrefix(0x2000), Irq(KVM_S390_RESTART)});
  for (int isc = 7; isc >= 0; --isc) guest->InjectFloating({IoOn(isc, 1)});
  guest->InjectFloating({Virtio(1, 2), PfaultDone(3), Service(0x1001)});
  guest->Inject({PfaultInit(0, 4)});
  guest->ReachCpuTimer();
  guest->ReachClockComparator();
  guest->Inject({ExternalCall(5), Emergency(7), Emergency(6), Program(PgmOf(8, kIlcValid))});
}

std::vector<kvm_s390_irq> OthersInOrder() {
  std::vector<kvm_s390_irq> irqs = {Emergency(6),
                                    Emergency(7),
                                    ExternalCall(5),
                                    Irq(KVM_S390_INT_CLOCK_COMP),
                                    Irq(KVM_S390_INT_CPU_TIMER),
                                    Service(0x1001),
                                    Service(0x1000),
                                    PfaultInit(0, 4),
                                    PfaultDone(3),
                                    Virtio(1, 2)};
  for (int isc = 0; isc < kIscCount; ++isc) irqs.push_back(IoOn(isc, 1));
  irqs.push_back(Irq(KVM_S390_RESTART));
  irqs.push_back(SetPrefix(0x2000));
  return irqs;
}

TEST(DeliverTest, S6_ExigentMachineCheckComesFirstAndTakesAllAlong) {
  ValueGuest guest;
  InjectOneOfEach(&guest);
  guest.InjectFloating({FloatMchk(0, 1)});
  guest.Inject({MchkOf(kRepressibleBit), MchkOf(kExigentBit)});
  std::vector<kvm_s390_irq> expected = {MchkOf(kExigentBit | kRepressibleBit | 1),
                                        Program(PgmOf(8, kIlcValid))};
  for (const kvm_s390_irq& irq : OthersInOrder()) expected.push_back(irq);

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf(expected));
  EXPECT_EQ(result.ret, 0);
  EXPECT_FALSE(result.more);
  EXPECT_THAT(result.pending, IsEmpty());
  EXPECT_EQ(guest.local.pending, 0);
  EXPECT_EQ(guest.local.payload, LocalPayload()) << "no data stays behind";
  EXPECT_EQ(guest.flic.Word(), 0u);
}

TEST(DeliverTest, S6_RepressibleMachineCheckComesAfterProgram) {
  ValueGuest guest;
  InjectOneOfEach(&guest);
  guest.InjectFloating({FloatMchk(kLimitedCr14, 1)});
  std::vector<kvm_s390_irq> expected = {Program(PgmOf(8, kIlcValid)), FloatMchk(kLimitedCr14, 1)};
  for (const kvm_s390_irq& irq : OthersInOrder()) expected.push_back(irq);

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf(expected));
}

TEST(DeliverTest, S10_Linux41HasTheSameOrderWithOneServiceSignal) {
  ValueGuest guest(Linux41());
  InjectOneOfEach(&guest);
  std::vector<kvm_s390_irq> expected = {Program(PgmOf(8, kIlcValid))};
  for (const kvm_s390_irq& irq : OthersInOrder()) {
    if (irq.type == KVM_S390_INT_SERVICE && irq.u.ext.ext_params == 0x1000) continue;
    expected.push_back(irq);
  }

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf(expected));
}

TEST(DeliverTest, NothingPendingIsFine) {
  ValueGuest guest;

  const DeliverResult result = guest.Deliver();

  EXPECT_THAT(result.delivered, IsEmpty());
  EXPECT_FALSE(result.more);
  EXPECT_EQ(guest.local.registers.psw_mask, kPswOpen);
}

// Section 9's table.
TEST(DeliverTest, S9_DataOfLocalInterrupts) {
  ValueGuest guest;
  kvm_s390_irq mchk = MchkOf(kExigentBit | 5);
  mchk.u.mchk.cr14 = kRecovery;
  guest.Inject({SetPrefix(0xffffffff), Irq(KVM_S390_RESTART), PfaultInit(1, 0x1234567890),
                ExternalCall(200), Emergency(254), Emergency(0),
                Program(FilledPgm(0x21, 0x84, kIlcValid)), mchk});
  guest.ReachClockComparator();
  guest.ReachCpuTimer();

  EXPECT_THAT(DataOf(guest.Deliver()),
              ElementsAre(Pair(kRecovery, kExigentBit | 5), Pair(0x84, 0), Pair(0, 0), Pair(254, 0),
                          Pair(200, 0), Pair(0, 0), Pair(0, 0), Pair(0, 0x1234567890), Pair(0, 0),
                          Pair(0xffffffff, 0)));
}

TEST(DeliverTest, S9_DataOfFloatingInterrupts) {
  ValueGuest guest;
  guest.InjectFloating({Io(0x77, {0xfffe, 0xfffd, 0xfffffffc, WordOf(2) | 3}),
                        Virtio(0xfffffffb, ~uint64_t{4}), Ext(KVM_S390_INT_PFAULT_DONE, 9, 8, 7),
                        Service(0x1003), FloatMchk(kLimitedCr14, 6)});

  EXPECT_THAT(DataOf(guest.Deliver()),
              ElementsAre(Pair(kLimitedCr14, 6), Pair(0x1003, 0), Pair(0x1000, 0), Pair(0, 8),
                          Pair(0xfffffffb, ~uint64_t{4}),
                          Pair(0xfffefffd, uint64_t{0xfffffffc} << 32 | WordOf(2) | 3)));
}

TEST(DeliverTest, S6_LocalAndFloatingMachineChecksAreOne) {
  ValueGuest guest;
  kvm_s390_irq local = Mchk(FilledMchk(0x21, kExigentBit));
  guest.Inject({local});
  guest.InjectFloating({FloatMchk(kLimitedCr14, 5)});
  local.u.mchk.pad = 0;
  local.u.mchk.cr14 |= kLimitedCr14;
  local.u.mchk.mcic |= 5;

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf({local}));
  EXPECT_THAT(DataOf(result), ElementsAre(Pair(local.u.mchk.cr14, kExigentBit | 5)));
  EXPECT_EQ(guest.flic.state.mchk_cr14, 0u);
  EXPECT_EQ(guest.local.payload.mchk.mcic, 0u);
}

// Section 3.1: what made nothing pending is not reported with a floating check, and stays.
TEST(DeliverTest, S31_LeftoverDataStaysBehindAFloatingCheck) {
  ValueGuest guest;
  guest.Inject({MchkOf(0x10)});
  guest.InjectFloating({FloatMchk(kLimitedCr14, 5)});

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf({FloatMchk(kLimitedCr14, 5)}));
  EXPECT_EQ(guest.local.payload.mchk.mcic, 0x10u);

  guest.Inject({MchkOf(kExigentBit)});
  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf({MchkOf(kExigentBit | 0x10)}));
  EXPECT_EQ(guest.local.payload.mchk.mcic, 0u) << "a delivered local check takes it along";
}

TEST(DeliverTest, S8_16_EventsAloneAreDeliveredTwice) {
  ValueGuest guest;
  guest.InjectFloating({Service(3)});

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf({Service(3), Service(0)}));
}

TEST(DeliverTest, S6_ServiceSignalWaitsWhereTheEventClosedTheDoor) {
  ValueGuest guest;
  guest.vm.new_psw_masks.external = 0;
  guest.InjectFloating({Service(0x1003)});

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf({Service(0x1003)}));
  EXPECT_EQ(guest.flic.Pending(), HexOf({Service(0x1000)}));
  guest.InjectFloating({Service(0x2001)});  // its address is dropped, its event is new
  guest.local.registers.psw_mask = kPswOpen;
  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf({Service(0x1001)}));
}

TEST(DeliverTest, S8_18_SetPrefixIsRoundedWhenDelivered) {
  ValueGuest guest;
  guest.Inject({SetPrefix(0xffffffff)});

  EXPECT_EQ(ValueGuest::RecordsOf(guest.Deliver()), HexOf({SetPrefix(0xffffffff)}));

  EXPECT_EQ(guest.local.registers.prefix, 0x7fffe000u);
  EXPECT_EQ(guest.local.registers.psw_mask, kPswOpen) << "no PSW is loaded";
}

TEST(DeliverTest, GisaComesAfterTheQueueOfItsIsc) {
  ValueGuest guest(WithGisa());
  guest.InjectFloating({AdapterIrq(3), AdapterIrq(4), IoOn(3, 1), IoOn(4, 1), IoOn(3, 2)});

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result),
            HexOf({IoOn(3, 1), IoOn(3, 2), AdapterIrq(3), IoOn(4, 1), AdapterIrq(4)}));
  EXPECT_EQ(result.delivered[2].data1, WordOf(3) | 0x80000000);
  EXPECT_EQ(guest.flic.state.gisa_ipm, 0);
}

TEST(DeliverTest, S33_SigpInterpretationLeavesTheCallToTheMachine) {
  ValueGuest guest;
  guest.flic.profile.sigp_interpretation = true;
  guest.Inject({ExternalCall(3), Emergency(3)});

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf({Emergency(3)}));
  EXPECT_THAT(result.pending, ElementsAre(PendingIrq{KVM_S390_INT_EXTERNAL_CALL, 0, 1,
                                                     HeldBy::kSigpInterpretation}));
  EXPECT_TRUE(guest.local.Has(LocalIrq::kExternalCall));
}

TEST(DeliverTest, S3_StopIsNeverDelivered) {
  ValueGuest guest;
  guest.Inject({Stop(1), Irq(KVM_S390_RESTART)});

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf({Irq(KVM_S390_RESTART)}));
  EXPECT_THAT(result.pending,
              ElementsAre(PendingIrq{KVM_S390_SIGP_STOP, 0, 1, HeldBy::kStopIntercept}));
  EXPECT_EQ(guest.local.stop_flags, 1);
}

TEST(DeliverTest, MaxEndsIt) {
  ValueGuest guest;
  guest.Inject({Emergency(1), Emergency(2)});
  guest.InjectFloating({IoOn(3, 1)});

  DeliverResult result = guest.Deliver(0);
  EXPECT_THAT(result.delivered, IsEmpty());
  EXPECT_TRUE(result.more);
  EXPECT_THAT(result.pending,
              ElementsAre(PendingIrq{KVM_S390_INT_EMERGENCY, 0, 2, HeldBy::kNothing},
                          PendingIrq{KVM_S390_INT_IO_MIN, 3, 1, HeldBy::kNothing}));
  result = guest.Deliver(2);
  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf({Emergency(1), Emergency(2)}));
  EXPECT_TRUE(result.more);
  result = guest.Deliver(1);
  EXPECT_THAT(result.delivered, SizeIs(1));
  EXPECT_FALSE(result.more) << "that was the last one";
}

TEST(DeliverTest, MaxIsNoMoreThanWhatCouldBeDelivered) {
  ValueGuest guest;
  guest.vm.new_psw_masks.external = 0;
  guest.Inject({Emergency(1), Emergency(2)});

  const DeliverResult result = guest.Deliver(1);

  EXPECT_THAT(result.delivered, SizeIs(1));
  EXPECT_FALSE(result.more) << "the door is closed";
}

TEST(DeliverTest, S6_TheLastEmergencySignalTakesTheBit) {
  ValueGuest guest;
  guest.Inject({Emergency(1), Emergency(2)});

  guest.Deliver(1);
  EXPECT_TRUE(guest.local.Has(LocalIrq::kEmergency));
  EXPECT_FALSE(guest.local.payload.emergency.Contains(1));
  guest.Deliver(1);
  EXPECT_EQ(guest.local.pending, 0);
}

// Pfault-init: the kernel's data that stays behind is never seen again.
TEST(DeliverTest, DeliveredDataDoesNotComeBack) {
  ValueGuest guest;
  guest.Inject({PfaultInit(1, 2, 3), Program(FilledPgm(0x21, 0x84, kIlcValid)), ExternalCall(7)});
  guest.Deliver();

  guest.Inject({PfaultInit(0, 5), Program(PgmOf(kPgmPer, kIlcValid)), ExternalCall(0)});

  EXPECT_EQ(guest.WouldDeliver(),
            HexOf({Program(PgmOf(kPgmPer, kIlcValid)), ExternalCall(0), PfaultInit(0, 5)}));
}

}  // namespace
}  // namespace irqd
