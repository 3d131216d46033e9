#include "client/irqctl/numbers.h"

#include <limits>

#include "gmock/gmock.h"

namespace irqd::irqctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

TEST(ParseNumber, ReadsDecimalAndHexadecimal) {
  EXPECT_THAT(ParseNumber("0", kMax), Optional(0u));
  EXPECT_THAT(ParseNumber("010", kMax), Optional(10u));
  EXPECT_THAT(ParseNumber("0x1F", kMax), Optional(31u));
  EXPECT_THAT(ParseNumber("0Xff", kMax), Optional(255u));
  EXPECT_THAT(ParseNumber("18446744073709551615", kMax), Optional(kMax));
  EXPECT_THAT(ParseNumber("0xffffffffffffffff", kMax), Optional(kMax));
}

TEST(ParseNumber, HoldsTheBound) {
  EXPECT_THAT(ParseNumber("255", 255), Optional(255u));
  EXPECT_EQ(ParseNumber("256", 255), absl::nullopt);
  EXPECT_EQ(ParseNumber("0x100", 255), absl::nullopt);
}

TEST(ParseNumber, RefusesEverythingElse) {
  for (const char* text : {"",
                           " ",
                           "-1",
                           "+1",
                           " 1",
                           "1 ",
                           "1\n",
                           "0x",
                           "0x-1",
                           "0x+1",
                           "0x 1",
                           "0xg",
                           "1a",
                           "1.0",
                           "1e3",
                           "x1",
                           "0x0x1",
                           "18446744073709551616",
                           "0x10000000000000000",
                           "99999999999999999999999999999999999999"}) {
    EXPECT_EQ(ParseNumber(text, kMax), absl::nullopt) << "'" << text << "'";
  }
}

TEST(ParseNumberList, ReadsNumbersAndRanges) {
  EXPECT_THAT(*ParseNumberList("7", 254, 255), ElementsAre(7));
  EXPECT_THAT(*ParseNumberList("63,0,8-10,0x10", 254, 255), ElementsAre(63, 0, 8, 9, 10, 16));
  EXPECT_THAT(*ParseNumberList("3-3", 254, 255), ElementsAre(3));
}

TEST(ParseNumberList, NamesThePartThatIsWrong) {
  for (const char* part : {"", "a", "255", "5-3", "1-", "-1", "1-2-3", "1-255"}) {
    const auto list = ParseNumberList(std::string("0,") + part, 254, 255);
    ASSERT_FALSE(list.ok()) << part;
    EXPECT_THAT(list.status().message(), HasSubstr(std::string("'") + part + "'"));
  }
}

TEST(ParseNumberList, HoldsTheCount) {
  EXPECT_TRUE(ParseNumberList("0-254", 254, 255).ok());
  EXPECT_FALSE(ParseNumberList("0-254,0", 254, 255).ok());
  EXPECT_FALSE(ParseNumberList("0-4294967295", 4294967295, 255).ok());
}

TEST(FormatNumberList, PutsRunsTogether) {
  EXPECT_EQ(FormatNumberList({}), "");
  EXPECT_EQ(FormatNumberList({7}), "7");
  EXPECT_EQ(FormatNumberList({7, 8}), "7,8");
  EXPECT_EQ(FormatNumberList({9, 7, 8, 7}), "7-9");
  EXPECT_EQ(FormatNumberList({0, 1, 2, 5, 63, 62, 61}), "0-2,5,61-63");
}

TEST(FormatCount, SeparatesThousands) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(18432), "18,432");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
}

}  // namespace
}  // namespace irqd::irqctl
