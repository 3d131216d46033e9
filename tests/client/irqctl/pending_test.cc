#include "client/irqctl/pending.h"

#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"

namespace irqd::irqctl {
namespace {

using testing::MatchesRegex;

TEST(PendingTable, SpellsTheMaskBitOut) {
  const std::vector<PendingIrq> pending = {
      {KVM_S390_MCHK, 0, 1, HeldBy::kCr14Subclass},
      {KVM_S390_INT_EMERGENCY, 0, 247, HeldBy::kCr0EmergencySignal},
      {KVM_S390_INT_SERVICE, 0, 1, HeldBy::kNothing},
      {KVM_S390_INT_IO_MIN, 3, 266250, HeldBy::kCr6Isc},
      {KVM_S390_INT_IO_MIN, 7, 1, HeldBy::kPswIo},
  };

  EXPECT_EQ(PendingTable(pending),
            "TYPE           ISC    COUNT  HELD BY\n"
            "MCHK           -          1  CR14 (none of the check's subclasses)\n"
            "INT_EMERGENCY  -        247  CR0 bit 49 (emergency signal)\n"
            "INT_SERVICE    -          1  -\n"
            "INT_IO         3    266,250  CR6 bit 35 (ISC 3)\n"
            "INT_IO         7          1  PSW bit 6 (I/O)\n");
  EXPECT_EQ(PendingTable({}), "nothing pending\n");
}

TEST(PendingTable, TellsAllReasonsApart) {
  std::set<std::string> descriptions;
  std::set<std::string> names;
  constexpr int kReasons = static_cast<int>(HeldBy::kSigpInterpretation) + 1;
  for (int reason = 0; reason < kReasons; ++reason) {
    const PendingIrq irq = {KVM_S390_INT_IO_MIN, 1, 1, static_cast<HeldBy>(reason)};
    descriptions.insert(DescribeHeldBy(irq));
    const std::string name = PendingToJson({irq})[0]["held_by"];
    EXPECT_THAT(name, MatchesRegex("[A-Z0-9_]+"));
    names.insert(name);
  }

  EXPECT_EQ(descriptions.size(), size_t{kReasons});
  EXPECT_EQ(names.size(), size_t{kReasons});
  EXPECT_EQ(DescribeHeldBy({0, 0, 1, static_cast<HeldBy>(200)}), "?");
}

TEST(PendingToJson, NamesTypesAndReasons) {
  EXPECT_EQ(PendingToJson({}), Json::array());
  EXPECT_EQ(PendingToJson({{KVM_S390_INT_CLOCK_COMP, 0, 1, HeldBy::kTimerNotReached},
                           {KVM_S390_INT_IO_MIN, 2, 5, HeldBy::kCr6Isc},
                           {0xfffe0006, 0, 1, HeldBy::kNothing}}),
            Json::parse(R"([
    {"type": "0xffff1004", "name": "INT_CLOCK_COMP", "count": 1, "held_by": "TIMER_NOT_REACHED"},
    {"type": "0x0", "name": "INT_IO", "isc": 2, "count": 5, "held_by": "CR6_ISC"},
    {"type": "0xfffe0006", "name": null, "count": 1, "held_by": "NOTHING"}])"));
}

}  // namespace
}  // namespace irqd::irqctl
