#include "client/irqctl/sigp_names.h"

#include "gmock/gmock.h"

namespace irqd::irqctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ParseSigpOrder, KnowsNamesAndNumbers) {
  const struct {
    const char* text;
    int order;
  } kCases[] = {
      {"sense", 1},
      {"external-call", 2},
      {"emergency-signal", 3},
      {"start", 4},
      {"stop", 5},
      {"restart", 6},
      {"cpu-reset", 12},
      {"stop-and-store-status", 9},
      {"initial-cpu-reset", 11},
      {"set-prefix", 13},
      {"0", 0},
      {"0xff", 255},
  };
  for (const auto& c : kCases) {
    const auto order = ParseSigpOrder(c.text);
    ASSERT_TRUE(order.ok()) << order.status();
    EXPECT_EQ(*order, c.order) << c.text;
  }
}

TEST(ParseSigpOrder, NamesTheWordThatIsWrong) {
  for (const char* text : {"", "Sense", "256", "-1", "sens", "sense "}) {
    EXPECT_THAT(std::string(ParseSigpOrder(text).status().message()),
                HasSubstr(std::string("ORDER: '") + text + "' is none of sense, external-call,"));
  }
}

TEST(SigpStatusNames, NamesEveryBit) {
  EXPECT_THAT(SigpStatusNames(0), IsEmpty());
  EXPECT_THAT(SigpStatusNames(0xc0), ElementsAre("stopped", "external call pending"));
  EXPECT_THAT(SigpStatusNames(0x302),
              ElementsAre("invalid order", "invalid parameter", "incorrect state"));
  EXPECT_THAT(SigpStatusNames(0x80000040), ElementsAre("stopped", "0x80000000"));
}

TEST(ConditionCodeName, NamesAll) {
  EXPECT_EQ(ConditionCodeName(0), "accepted");
  EXPECT_EQ(ConditionCodeName(1), "status stored");
  EXPECT_EQ(ConditionCodeName(2), "busy");
  EXPECT_EQ(ConditionCodeName(3), "not operational");
  EXPECT_EQ(ConditionCodeName(4), "unknown");
}

}  // namespace
}  // namespace irqd::irqctl
