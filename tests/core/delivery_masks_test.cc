// Which mask holds back which interrupt, by what name, and that masks are looked at anew after
// each new PSW.
#include <string>
#include <vector>

#include "core/delivery.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/local_states.h"
#include "tests/core/value_guest.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

PendingIrq Held(uint64_t type, HeldBy by, uint32_t count = 1, uint32_t isc = 0) {
  return {type, isc, count, by};
}

// One of each kind that masks can hold back, but for timers, and some that none can.
void InjectEverything(ValueGuest* guest) {
  guest->Inject({SetPrefix(0x2000), Irq(KVM_S390_RESTART), PfaultInit(0, 4), ExternalCall(5),
                 Emergency(6), Emergency(7), Program(PgmOf(8, kIlcValid)), MchkOf(kExigentBit)});
  for (int isc = 0; isc < kIscCount; ++isc) guest->InjectFloating({IoOn(isc, 1)});
  guest->InjectFloating({Virtio(1, 2), PfaultDone(3), Service(0x1001)});
}

struct Mask {
  std::string name;
  uint64_t VcpuRegisters::*of;
  uint64_t bit;  // cleared
  std::vector<PendingIrq> held;
};
void PrintTo(const Mask& mask, std::ostream* out) { *out << mask.name; }
class DeliveryMaskTest : public testing::TestWithParam<Mask> {
 protected:
  DeliveryMaskTest() {
    InjectEverything(&guest_);
    guest_.local.registers.*GetParam().of &= ~GetParam().bit;
    // New PSWs open nothing that was closed, and close nothing that was open.
    const uint64_t psw_mask = guest_.local.registers.psw_mask;
    guest_.vm.new_psw_masks = {psw_mask, psw_mask, psw_mask, psw_mask, psw_mask};
  }

  ValueGuest guest_;
};

TEST_P(DeliveryMaskTest, S6_HoldsBackItsOwnAndNothingElse) {
  const DeliverResult result = guest_.Deliver();

  EXPECT_THAT(result.pending, ElementsAreArray(GetParam().held));
  EXPECT_FALSE(result.more);
}

TEST_P(DeliveryMaskTest, S6_HeldInterruptsAreDeliveredOnceItIsOpen) {
  guest_.Deliver();

  guest_.local.registers.*GetParam().of |= GetParam().bit;
  guest_.vm = ValueGuest().vm;

  EXPECT_THAT(guest_.Deliver().pending, IsEmpty());
  EXPECT_EQ(guest_.local.pending, 0);
  EXPECT_EQ(guest_.flic.Word(), 0u);
}

TEST_P(DeliveryMaskTest, ListSaysSoBeforehand) {
  std::vector<PendingIrq> held;
  for (const PendingIrq& irq : guest_.List()) {
    if (irq.held_by != HeldBy::kNothing) held.push_back(irq);
  }

  EXPECT_THAT(held, ElementsAreArray(GetParam().held));
}

std::vector<PendingIrq> AllExternal() {
  const HeldBy by = HeldBy::kPswExternal;
  return {Held(KVM_S390_INT_EMERGENCY, by, 2), Held(KVM_S390_INT_EXTERNAL_CALL, by),
          Held(KVM_S390_INT_SERVICE, by),      Held(KVM_S390_INT_SERVICE, by),
          Held(KVM_S390_INT_PFAULT_INIT, by),  Held(KVM_S390_INT_PFAULT_DONE, by),
          Held(KVM_S390_INT_VIRTIO, by)};
}

std::vector<PendingIrq> AllIo(HeldBy by) {
  std::vector<PendingIrq> held;
  for (uint32_t isc = 0; isc < kIscCount; ++isc) {
    held.push_back(Held(KVM_S390_INT_IO_MIN, by, 1, isc));
  }
  return held;
}

std::vector<Mask> Masks() {
  using R = VcpuRegisters;
  std::vector<Mask> masks = {
      {"PswExternal", &R::psw_mask, kPswExternal, AllExternal()},
      {"PswIo", &R::psw_mask, kPswIo, AllIo(HeldBy::kPswIo)},
      {"PswMachineCheck",
       &R::psw_mask,
       kPswMachineCheck,
       {Held(KVM_S390_MCHK, HeldBy::kPswMachineCheck)}},
      {"Cr0EmergencySignal",
       &R::cr0,
       0x4000,
       {Held(KVM_S390_INT_EMERGENCY, HeldBy::kCr0EmergencySignal, 2)}},
      {"Cr0ExternalCall",
       &R::cr0,
       0x2000,
       {Held(KVM_S390_INT_EXTERNAL_CALL, HeldBy::kCr0ExternalCall)}},
      {"Cr0ServiceSignal",
       &R::cr0,
       0x200,
       {Held(KVM_S390_INT_SERVICE, HeldBy::kCr0ServiceSignal),
        Held(KVM_S390_INT_SERVICE, HeldBy::kCr0ServiceSignal)}},
      {"Cr6", &R::cr6, kCr6Open, AllIo(HeldBy::kCr6Isc)},
      {"Cr14ForExigent", &R::cr14, ~uint64_t{0}, {}},
  };
  for (uint32_t isc = 0; isc < kIscCount; ++isc) {
    masks.push_back({"Cr6Isc" + std::to_string(isc),
                     &R::cr6,
                     0x80000000u >> isc,
                     {Held(KVM_S390_INT_IO_MIN, HeldBy::kCr6Isc, 1, isc)}});
  }
  return masks;
}
INSTANTIATE_TEST_SUITE_P(Masks, DeliveryMaskTest, testing::ValuesIn(Masks()),
                         [](const auto& info) { return info.param.name; });

// Of the masks that hold an interrupt back the PSW's is named.
TEST(DeliveryMasksTest, PswComesFirst) {
  ValueGuest guest;
  InjectEverything(&guest);
  guest.local.registers.psw_mask = 0;
  guest.local.registers.cr0 = 0;
  guest.local.registers.cr6 = 0;
  guest.vm.new_psw_masks = {};
  std::vector<PendingIrq> held = {Held(KVM_S390_MCHK, HeldBy::kPswMachineCheck)};
  for (const PendingIrq& irq : AllExternal()) held.push_back(irq);
  for (const PendingIrq& irq : AllIo(HeldBy::kPswIo)) held.push_back(irq);

  EXPECT_THAT(guest.Deliver().pending, ElementsAreArray(held));
}

TEST(DeliveryMasksTest, S8_13_PfaultAndVirtioIgnoreCr0) {
  ValueGuest guest;
  guest.local.registers.cr0 = 0;
  guest.Inject({PfaultInit(0, 4), Emergency(1)});
  guest.InjectFloating({Virtio(1, 2), PfaultDone(3)});

  EXPECT_EQ(guest.WouldDeliver(), HexOf({PfaultInit(0, 4), PfaultDone(3), Virtio(1, 2)}));
}

// The kernel computes the mask of ISC 0 as a negative int: its sign covers CR6's left half.
TEST(DeliveryMasksTest, S6_LeftHalfOfCr6LetsIsc0Through) {
  for (int bit = 31; bit < 64; ++bit) {
    ValueGuest guest;
    guest.local.registers.cr6 = uint64_t{1} << bit;
    for (int isc = 0; isc < kIscCount; ++isc) guest.InjectFloating({IoOn(isc, 1)});

    EXPECT_EQ(guest.WouldDeliver(), HexOf({IoOn(0, 1)})) << bit;
  }
}

// A repressible check, local (with `local_cr14`), floating (with `floating_cr14`), or both, and
// what CR14 lets through.
struct Cr14 {
  std::string name;
  HostProfile profile;
  bool local_pending;
  uint64_t local_cr14;
  bool floating_pending;
  uint64_t floating_cr14;
  uint64_t cr14;
  bool delivered;
};
void PrintTo(const Cr14& rule, std::ostream* out) { *out << rule.name; }
class Cr14Test : public testing::TestWithParam<Cr14> {};

TEST_P(Cr14Test, LetsThrough) {
  ValueGuest guest(GetParam().profile);
  kvm_s390_irq mchk = MchkOf(GetParam().local_pending ? kRepressibleBit : 0);
  mchk.u.mchk.cr14 = GetParam().local_cr14;
  guest.Inject({mchk});
  if (GetParam().floating_pending) {
    guest.InjectFloating({FloatMchk(GetParam().floating_cr14, 1)});
  }
  guest.local.registers.cr14 = GetParam().cr14;

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(result.delivered.size(), GetParam().delivered ? 1u : 0u);
  const uint32_t left =
      (GetParam().local_pending + GetParam().floating_pending) * uint32_t{!GetParam().delivered};
  if (left == 0) {
    EXPECT_THAT(result.pending, IsEmpty());
  } else {
    EXPECT_THAT(result.pending, ElementsAre(Held(KVM_S390_MCHK, HeldBy::kCr14Subclass, left)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Cr14Test,
    testing::Values(
        Cr14{"S6_LocalByItsOwn", Linux61(), true, kRecovery, false, 0, kRecovery, true},
        Cr14{"S6_LocalWithoutAMatch", Linux61(), true, kRecovery, false, 0, kLimitedCr14, false},
        Cr14{"S8_12_LocalWithoutACr14", Linux61(), true, 0, false, 0, ~uint64_t{0}, false},
        Cr14{"S6_FloatingByItsOwn", Linux61(), false, 0, true, kLimitedCr14, kLimitedCr14, true},
        Cr14{"S6_FloatingWithoutAMatch", Linux61(), false, 0, true, kLimitedCr14, kRecovery, false},
        Cr14{"S6_LocalByTheFloatingOnes", Linux61(), true, 0, true, kLimitedCr14, kLimitedCr14,
             true},
        Cr14{"S6_FloatingByTheLocalOnes", Linux61(), true, kRecovery, true, 0, kRecovery, true},
        Cr14{"S8_2_FloatingByWhatStayedBehind", Linux61(), false, kRecovery, true, 0, kRecovery,
             true},
        Cr14{"S6_AllBitsOfCr14Count", Linux61(), true, uint64_t{1} << 63, false, 0,
             uint64_t{1} << 63, true},
        Cr14{"S6_NeitherMatches", Linux61(), true, kRecovery, true, kLimitedCr14, 0x02000000,
             false},
        Cr14{"S10_LocalByItsOwn", Linux41(), true, kRecovery, false, 0, kRecovery, false},
        Cr14{"S10_LocalByTheFloatingOnes", Linux41(), true, 0, true, kLimitedCr14, kLimitedCr14,
             true},
        Cr14{"S10_FloatingByItsOwn", Linux41(), false, 0, true, kLimitedCr14, kLimitedCr14, true},
        Cr14{"S10_FloatingByTheLocalOnes", Linux41(), true, kRecovery, true, 0, kRecovery, false}),
    [](const auto& info) { return info.param.name; });

// A class of interruptions whose new PSW closes everything.
struct NewPsw {
  std::string name;
  uint64_t NewPswMasks::*closed;
  std::vector<kvm_s390_irq> delivered;  // before the door is closed
};
void PrintTo(const NewPsw& psw, std::ostream* out) { *out << psw.name; }
class NewPswTest : public testing::TestWithParam<NewPsw> {};

// Delivery goes on behind a closed door with what no mask holds.
TEST_P(NewPswTest, S6_MasksAreLookedAtAnew) {
  ValueGuest guest;
  guest.vm.new_psw_masks.*GetParam().closed = 0;
  guest.Inject({MchkOf(kExigentBit), Program(PgmOf(8, kIlcValid)), Emergency(6), Emergency(7),
                PfaultInit(0, 4), Irq(KVM_S390_RESTART), SetPrefix(0x2000)});
  guest.InjectFloating({Virtio(1, 2), IoOn(3, 1), IoOn(3, 2)});

  const DeliverResult result = guest.Deliver();

  EXPECT_EQ(ValueGuest::RecordsOf(result), HexOf(GetParam().delivered));
}

const kvm_s390_irq kPgm = Program(PgmOf(8, kIlcValid));
const kvm_s390_irq kRestart = Irq(KVM_S390_RESTART);

INSTANTIATE_TEST_SUITE_P(
    Classes, NewPswTest,
    testing::Values(
        // The program interruption's new PSW opens the door again.
        NewPsw{"MachineCheck",
               &NewPswMasks::machine_check,
               {MchkOf(kExigentBit), kPgm, Emergency(6), Emergency(7), PfaultInit(0, 4),
                Virtio(1, 2), IoOn(3, 1), IoOn(3, 2), kRestart, SetPrefix(0x2000)}},
        // So does the restart's, and everything is delivered after all.
        NewPsw{"Program",
               &NewPswMasks::program,
               {MchkOf(kExigentBit), kPgm, kRestart, Emergency(6), Emergency(7), PfaultInit(0, 4),
                Virtio(1, 2), IoOn(3, 1), IoOn(3, 2), SetPrefix(0x2000)}},
        // Each external interruption closes the door.
        NewPsw{
            "External",
            &NewPswMasks::external,
            {MchkOf(kExigentBit), kPgm, Emergency(6), kRestart, Emergency(7), SetPrefix(0x2000)}},
        NewPsw{"Io",
               &NewPswMasks::io,
               {MchkOf(kExigentBit), kPgm, Emergency(6), Emergency(7), PfaultInit(0, 4),
                Virtio(1, 2), IoOn(3, 1), kRestart, IoOn(3, 2), SetPrefix(0x2000)}},
        NewPsw{"Restart",
               &NewPswMasks::restart,
               {MchkOf(kExigentBit), kPgm, Emergency(6), Emergency(7), PfaultInit(0, 4),
                Virtio(1, 2), IoOn(3, 1), IoOn(3, 2), kRestart, SetPrefix(0x2000)}}),
    [](const auto& info) { return info.param.name; });

TEST(NewPswMasksTest, EachClassLoadsItsOwn) {
  const struct {
    kvm_s390_irq irq;
    bool is_local;
    uint64_t NewPswMasks::*field;
  } kClasses[] = {
      {MchkOf(kExigentBit), true, &NewPswMasks::machine_check},
      {kPgm, true, &NewPswMasks::program},
      {Emergency(1), true, &NewPswMasks::external},
      {ExternalCall(1), true, &NewPswMasks::external},
      {PfaultInit(0, 1), true, &NewPswMasks::external},
      {Service(0x1000), false, &NewPswMasks::external},
      {PfaultDone(1), false, &NewPswMasks::external},
      {Virtio(1, 2), false, &NewPswMasks::external},
      {IoOn(3, 1), false, &NewPswMasks::io},
      {kRestart, true, &NewPswMasks::restart},
  };
  for (const auto& c : kClasses) {
    ValueGuest guest;
    guest.vm.new_psw_masks = {};
    guest.vm.new_psw_masks.*c.field = 0x1234;
    if (c.is_local) guest.Inject({c.irq});
    if (!c.is_local) guest.InjectFloating({c.irq});

    guest.Deliver();

    EXPECT_EQ(guest.local.registers.psw_mask, 0x1234u) << std::hex << c.irq.type;
  }
}

}  // namespace
}  // namespace irqd
