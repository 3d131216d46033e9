#include "client/irqctl/irq_json.h"

#include <vector>

#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

TEST(IrqToJson, HasEveryFieldOfTheMember) {
  kvm_s390_irq irq = MchkOf(0x8000000000000000);
  irq.u.mchk.ext_damage_code = 0xffffffff;
  irq.u.mchk.fixed_logout[15] = 0xab;

  EXPECT_EQ(IrqToJson(irq), Json::parse(R"({
    "type": "0xfffe1000", "name": "MCHK",
    "mchk": {"cr14": "0x0", "mcic": "0x8000000000000000", "failing_storage_address": "0x0",
             "ext_damage_code": 4294967295, "pad": 0,
             "fixed_logout": "0x000000000000000000000000000000ab"}})"));
}

TEST(IrqToJson, HasNoMemberWithoutPayload) {
  EXPECT_EQ(IrqToJson(Irq(KVM_S390_RESTART)),
            Json::parse(R"({"type": "0xfffe0003", "name": "RESTART"})"));
  EXPECT_EQ(IrqToJson(Irq(~uint64_t{0})),
            Json::parse(R"({"type": "0xffffffffffffffff", "name": null})"));
}

TEST(IrqsToJson, IsAnArrayEvenOfNothing) {
  EXPECT_EQ(IrqsToJson({}), Json::array());
  EXPECT_EQ(IrqsToJson({Emergency(5)}),
            Json::parse(R"([{"type": "0xffff1201", "name": "INT_EMERGENCY",
                             "emerg": {"code": 5}}])"));
}

TEST(IrqSummaryToJson, GroupsByType) {
  EXPECT_EQ(IrqSummaryToJson({}), Json::array());
  EXPECT_EQ(IrqSummaryToJson({Irq(KVM_S390_RESTART), Emergency(1), Emergency(2), Emergency(3)}),
            Json::parse(R"([
    {"type": "0xfffe0003", "name": "RESTART", "count": 1, "positions": "0"},
    {"type": "0xffff1201", "name": "INT_EMERGENCY", "count": 3, "positions": "1-3",
     "cpus": "1-3"}])"));
}

}  // namespace
}  // namespace irqd::irqctl
