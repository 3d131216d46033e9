// What a delivery takes, in which order, what it says of it, and what it leaves. S6 to S10 name the
// sections of the kernel's semantics that a case follows.
#include "core/delivery.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Each kind once or twice; all masks are open and stay so.
Guest EverythingPending() {
  Guest guest;
  guest.OpenAllMasks();
  guest.local.stopped = false;
  guest.Inject(Stop());
  guest.local.stopped = true;
  for (const kvm_s390_irq& irq :
       {SetPrefix(0x1000), Irq(KVM_S390_RESTART), PfaultInit(0, 1), ExternalCall(3), Emergency(200),
        Emergency(3), Program(PgmOf(6, kIlcValid)), MchkOf(kMchkExigentMask)}) {
    guest.Inject(irq);
  }
  for (const kvm_s390_irq& irq : {Io(7, 1), Io(0, 2), Io(0, 1), Io(3, 1), Virtio(1, 0),
                                  Virtio(2, 0), PfaultDone(2), PfaultDone(1), Service(0x1001)}) {
    guest.Enqueue(irq);
  }
  ReachesClockComparator(guest);
  ReachesCpuTimer(guest);
  return guest;
}

std::vector<std::pair<uint64_t, uint64_t>> TypesAndData(const DeliverResult& result) {
  std::vector<std::pair<uint64_t, uint64_t>> list;
  for (const DeliveredIrq& delivered : result.delivered) {
    list.emplace_back(delivered.irq.type, delivered.data0 | delivered.data1);
  }
  return list;
}

TEST(DeliveryTest, S6_OrderIsByPriority) {
  Guest guest = EverythingPending();

  const DeliverResult result = guest.Deliver();

  const uint64_t io_1 = 0x10001 | uint64_t{0xabcd0001} << 32;
  EXPECT_THAT(TypesAndData(result),
              ElementsAre(Pair(KVM_S390_MCHK, kMchkExigentMask), Pair(KVM_S390_PROGRAM_INT, 6),
                          Pair(KVM_S390_INT_EMERGENCY, 3), Pair(KVM_S390_INT_EMERGENCY, 200),
                          Pair(KVM_S390_INT_EXTERNAL_CALL, 3), Pair(KVM_S390_INT_CLOCK_COMP, 0),
                          Pair(KVM_S390_INT_CPU_TIMER, 0), Pair(KVM_S390_INT_SERVICE, 0x1001),
                          Pair(KVM_S390_INT_SERVICE, 0x1000), Pair(KVM_S390_INT_PFAULT_INIT, 1),
                          Pair(KVM_S390_INT_PFAULT_DONE, 2), Pair(KVM_S390_INT_PFAULT_DONE, 1),
                          Pair(KVM_S390_INT_VIRTIO, 1), Pair(KVM_S390_INT_VIRTIO, 2),
                          Pair(0, 0x10002 | uint64_t{0xabcd0002} << 32), Pair(0, io_1),
                          Pair(0, io_1 | 3 << 27), Pair(0, io_1 | 7ull << 27),
                          Pair(KVM_S390_RESTART, 0), Pair(KVM_S390_SIGP_SET_PREFIX, 0x1000)));
  EXPECT_FALSE(result.more);
  ASSERT_EQ(result.pending.size(), 1u) << "a stop is never delivered";
  EXPECT_EQ(result.pending[0].type, KVM_S390_SIGP_STOP);
  EXPECT_EQ(result.pending[0].held_by, HeldBy::kStopIntercept);
}

TEST(DeliveryTest, S6_WhatWasDeliveredLeavesNothing) {
  Guest guest = EverythingPending();
  guest.Deliver();
  guest.local.registers = {};

  LocalState stop;
  stop.Set(LocalIrq::kSigpStop);
  EXPECT_EQ(guest.local, stop);
  EXPECT_EQ(guest.floating.Pending(), 0u);
  EXPECT_EQ(guest.floating.io_count, 0u);
  EXPECT_EQ(guest.floating.service_parm, 0u);
}

TEST(DeliveryTest, RepressibleMachineCheckComesAfterProgram) {
  Guest guest;
  guest.OpenAllMasks();
  guest.Inject(Program(PgmOf(6, kIlcValid)));
  kvm_s390_irq mchk = MchkOf(kMchkRepressibleMask);
  mchk.u.mchk.cr14 = 0x10000000;
  guest.Inject(mchk);

  EXPECT_THAT(TypesOf(guest.Deliver()), ElementsAre(KVM_S390_PROGRAM_INT, KVM_S390_MCHK));
}

TEST(DeliveryTest, AtMostSoManyAndTheRestLater) {
  Guest guest = EverythingPending();

  const DeliverResult none = guest.Deliver(0);
  EXPECT_THAT(none.delivered, IsEmpty());
  EXPECT_TRUE(none.more);
  EXPECT_THAT(TypesOf(guest.Deliver(2)), ElementsAre(KVM_S390_MCHK, KVM_S390_PROGRAM_INT));
  const DeliverResult rest = guest.Deliver(18);
  EXPECT_EQ(rest.delivered.size(), 18u);
  EXPECT_FALSE(rest.more);
}

TEST(DeliveryTest, S6_EmergencySignalsAreTakenOneByOneAndTheLastTakesTheBit) {
  Guest guest;
  guest.OpenAllMasks();
  guest.Inject(Emergency(200));
  guest.Inject(Emergency(3));

  guest.Deliver(1);
  EXPECT_TRUE(guest.local.Has(LocalIrq::kEmergency));
  EXPECT_FALSE(guest.local.payload.emergency.Contains(3));
  EXPECT_TRUE(guest.local.payload.emergency.Contains(200));

  guest.Deliver(1);
  EXPECT_EQ(guest.local.pending, 0);
  EXPECT_TRUE(guest.local.payload.emergency.IsEmpty());
}

struct Delivered {
  std::string name;
  GuestChange pend;
  uint64_t data0;
  uint64_t data1;
  kvm_s390_irq irq;
};
class DeliveredTest : public testing::TestWithParam<Delivered> {};

kvm_s390_irq StoredIo(uint64_t type) {
  kvm_s390_irq irq = Irq(type);
  irq.u.io = {0x1234, 0x5678, 0x9abcdef0, 0x18fedcba};
  return irq;
}
kvm_s390_irq LocalMchk() {
  kvm_s390_mchk_info mchk = FilledMchk(0x21, kMchkExigentMask);
  mchk.pad = 0;
  return Mchk(mchk);
}

INSTANTIATE_TEST_SUITE_P(
    S9, DeliveredTest,
    testing::Values(
        Delivered{"Emergency", Injected(Emergency(200)), 200, 0, Emergency(200)},
        Delivered{"ExternalCall", Injected(ExternalCall(200)), 200, 0, ExternalCall(200)},
        Delivered{"ClockComp", ReachesClockComparator, 0, 0, Irq(KVM_S390_INT_CLOCK_COMP)},
        Delivered{"CpuTimer", ReachesCpuTimer, 0, 0, Irq(KVM_S390_INT_CPU_TIMER)},
        Delivered{"Restart", Injected(Irq(KVM_S390_RESTART)), 0, 0, Irq(KVM_S390_RESTART)},
        Delivered{"PfaultInit", Injected(PfaultInit(1, 2, 3)), 0, 2, PfaultInit(1, 2, 3)},
        Delivered{"PfaultDone", Enqueued(PfaultDone(2)), 0, 2, PfaultDone(2)},
        Delivered{"Virtio", Enqueued(Virtio(1, 2)), 1, 2, Virtio(1, 2)},
        Delivered{"Service", Enqueued(Service(0x1000)), 0x1000, 0, Service(0x1000)},
        Delivered{"Program", Injected(Program(FilledPgm(0x42, kPgmPer | 6, kIlcValid))),
                  kPgmPer | 6, 0, Program(FilledPgm(0x42, kPgmPer | 6, kIlcValid))},
        Delivered{"LocalMchk", Injected(LocalMchk()), LocalMchk().u.mchk.cr14, kMchkExigentMask,
                  LocalMchk()},
        Delivered{"FloatMchk", Enqueued(FloatMchk(0x10000000, 5)), 0x10000000, 5,
                  FloatMchk(0x10000000, 5)},
        Delivered{"SetPrefix", Injected(SetPrefix(0xffffffff)), 0xffffffff, 0,
                  SetPrefix(0xffffffff)},
        Delivered{"Io", Enqueued(StoredIo(0x00010002)), 0x12345678, 0x9abcdef018fedcba,
                  StoredIo(0x00010002)}),
    [](const auto& info) { return info.param.name; });

TEST_P(DeliveredTest, IsReportedAsTheKernelStoresIt) {
  Guest guest;
  guest.OpenAllMasks();
  GetParam().pend(guest);

  const DeliverResult result = guest.Deliver();

  ASSERT_EQ(result.delivered.size(), 1u);
  EXPECT_EQ(result.delivered[0].data0, GetParam().data0);
  EXPECT_EQ(result.delivered[0].data1, GetParam().data1);
  EXPECT_EQ(HexRecords(Image(result.delivered[0].irq)), HexRecords(Image(GetParam().irq)));
  EXPECT_THAT(result.pending, IsEmpty());
}

// S6: each class of interruptions loads a PSW of its own, set-prefix none.
TEST_P(DeliveredTest, S6_LoadsThePswOfItsClass) {
  Guest guest;
  guest.OpenAllMasks();
  guest.vm.new_psw_masks = {/*restart=*/1, /*external=*/2, /*program=*/3, /*machine_check=*/4,
                            /*io=*/5};
  GetParam().pend(guest);

  guest.Deliver();

  const std::string& name = GetParam().name;
  const uint64_t expected = name == "Restart"                        ? 1
                            : name == "Program"                      ? 3
                            : name.find("Mchk") != std::string::npos ? 4
                            : name == "Io"                           ? 5
                            : name == "SetPrefix"                    ? kOpen
                                                                     : 2;
  EXPECT_EQ(guest.local.registers.psw_mask, expected);
}

TEST(DeliveryTest, S6_ANewPswClosesTheDoor) {
  Guest guest = EverythingPending();
  guest.vm.new_psw_masks.machine_check = kPswIo;

  EXPECT_THAT(TypesOf(guest.Deliver(4)),
              ElementsAre(KVM_S390_MCHK, KVM_S390_PROGRAM_INT, KVM_S390_INT_EMERGENCY,
                          KVM_S390_INT_EMERGENCY));
  guest = EverythingPending();
  guest.vm.new_psw_masks.program = kPswIo;
  guest.vm.new_psw_masks.io = 0;
  guest.vm.new_psw_masks.restart = 0;

  EXPECT_THAT(TypesOf(guest.Deliver()), ElementsAre(KVM_S390_MCHK, KVM_S390_PROGRAM_INT, 0,
                                                    KVM_S390_RESTART, KVM_S390_SIGP_SET_PREFIX));
}

TEST(DeliveryTest, S6_PrefixIsTheAddressWithoutWhatNoPrefixHas) {
  Guest guest;
  guest.Inject(SetPrefix(0xffffffff));

  guest.Deliver();

  EXPECT_EQ(guest.local.registers.prefix, 0x7fffe000u);
}

TEST(DeliveryTest, S8_16_EventBitsAreDeliveredTwice) {
  Guest guest;
  guest.OpenAllMasks();
  guest.Enqueue(Service(3));

  EXPECT_THAT(TypesAndData(guest.Deliver()),
              ElementsAre(Pair(KVM_S390_INT_SERVICE, 3), Pair(KVM_S390_INT_SERVICE, 0)));
}

TEST(DeliveryTest, S10_Linux41DeliversAServiceSignalOnce) {
  Guest guest;
  guest.profile.kernel = FindKernelRules("linux-4.1");
  guest.OpenAllMasks();
  guest.Enqueue(Service(0x1003));

  EXPECT_THAT(TypesAndData(guest.Deliver()), ElementsAre(Pair(KVM_S390_INT_SERVICE, 0x1003)));
  EXPECT_EQ(guest.floating.service_parm, 0u);
}

TEST(DeliveryTest, S6_LocalAndFloatingChecksAreOneReport) {
  Guest guest;
  guest.OpenAllMasks();
  kvm_s390_irq local = LocalMchk();
  guest.Inject(local);
  guest.Enqueue(FloatMchk(0x10000000, 5));

  const DeliverResult result = guest.Deliver();

  local.u.mchk.cr14 |= 0x10000000;
  local.u.mchk.mcic |= 5;
  ASSERT_EQ(result.delivered.size(), 1u);
  EXPECT_EQ(HexRecords(Image(result.delivered[0].irq)), HexRecords(Image(local)));
  EXPECT_FALSE(guest.floating.mchk_pending);
  EXPECT_EQ(guest.floating.mchk_cr14 | guest.floating.mchk_mcic, 0u);
}

TEST(DeliveryTest, S31_DataOfACheckOfNeitherKindStaysBehindAFloatingOne) {
  Guest guest;
  guest.OpenAllMasks();
  guest.Inject(MchkOf(0x10));
  guest.Enqueue(FloatMchk(0x10000000, 5));

  EXPECT_THAT(TypesAndData(guest.Deliver()), ElementsAre(Pair(KVM_S390_MCHK, 0x10000005)));
  EXPECT_EQ(guest.local.payload.mchk.mcic, 0x10u);
}

TEST(DeliveryTest, TheQueueComesBeforeTheGisa) {
  Guest guest;
  guest.OpenAllMasks();
  guest.profile.gisa = true;
  guest.Enqueue(Io(3, 1, kIntIoAdapter));
  guest.Enqueue(Io(3, 1));

  EXPECT_THAT(TypesOf(guest.Deliver()), ElementsAre(0, kIntIoAdapter));
  EXPECT_EQ(guest.floating.gisa_ipm, 0);
}

TEST(FloatTakerTest, TakesNothingUntilItCommits) {
  Guest guest = EverythingPending();
  const uint32_t pending = guest.floating.Pending();
  FloatTaker taker(&guest.floating);

  irqd::Deliver(guest.context(), 100, &guest.local, &taker);

  EXPECT_EQ(guest.floating.Pending(), pending);
  EXPECT_EQ(guest.floating.io_count, 4u);
  EXPECT_EQ(guest.floating.service_parm, 0x1001u);
  taker.Commit();
  EXPECT_EQ(guest.floating.Pending(), 0u);
  EXPECT_EQ(guest.floating.io_count, 0u);
  taker.Commit();
  EXPECT_EQ(guest.floating.io_count, 0u) << "a second time";
}

TEST(FloatTakerTest, TheSignalTakesItsEventPartAlong) {
  Guest guest;
  guest.Enqueue(Service(0x1001));
  FloatTaker taker(&guest.floating);

  EXPECT_EQ(taker.TakeService().u.ext.ext_params, 0x1001u);
  taker.Commit();

  EXPECT_EQ(guest.floating.Pending(), 0u);
}

TEST(FloatTakerTest, OfNothingHasNothing) {
  FloatTaker taker;
  for (int irq = 0; irq < kFloatIrqCount; ++irq) {
    EXPECT_EQ(taker.Count(static_cast<FloatIrq>(irq)), 0u);
  }
  taker.Commit();
}

}  // namespace
}  // namespace irqd
