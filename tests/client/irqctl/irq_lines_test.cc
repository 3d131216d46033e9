#include "client/irqctl/irq_lines.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(IrqLines, TakesImagesAndWords) {
  const std::string hex = absl::BytesToHexString(Image(MchkOf(0x1234)));

  const auto lines = ParseIrqLines(
      absl::StrCat("# saved\n", "3 ", hex, "\n\n", "0x10 INT_EMERGENCY code=5\r\n", " 4\tRESTART"));

  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_THAT(*lines, SizeIs(3));
  EXPECT_EQ((*lines)[0].number, 2);
  EXPECT_EQ((*lines)[0].vcpu_id, 3);
  EXPECT_EQ((*lines)[0].image, Image(MchkOf(0x1234)));
  EXPECT_EQ((*lines)[1].number, 4);
  EXPECT_EQ((*lines)[1].vcpu_id, 16);
  EXPECT_EQ((*lines)[1].image, Image(Emergency(5)));
  EXPECT_EQ((*lines)[2].vcpu_id, 4);
  EXPECT_EQ((*lines)[2].image, Image(Irq(KVM_S390_RESTART)));
}

TEST(IrqLines, TakesWhatItWrites) {
  const std::string text = FormatIrqLines(7, Images({Emergency(1), MchkOf(2)}));

  const auto lines = ParseIrqLines(text);

  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_THAT(*lines, SizeIs(2));
  EXPECT_EQ((*lines)[0].vcpu_id, 7);
  EXPECT_EQ((*lines)[0].image + (*lines)[1].image, Images({Emergency(1), MchkOf(2)}));
}

TEST(IrqLines, NothingIsNoLine) {
  EXPECT_THAT(*ParseIrqLines(""), IsEmpty());
  EXPECT_THAT(*ParseIrqLines("\n \n#\n"), IsEmpty());
  EXPECT_EQ(FormatIrqLines(7, ""), "");
}

TEST(IrqLines, NamesTheLineThatIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } kCases[] = {
      {"0 RESTART\nx RESTART", "line 2: 'x' is no vCPU id"},
      {"4294967296 RESTART", "line 1: '4294967296' is no vCPU id"},
      {"5", "line 1: no record after the vCPU id"},
      {"5 NONSENSE", "line 1: "},
      {"5 RESTART code=1", "line 1: "},
      {"5 00000000fffe0003", "line 1: "},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(std::string(ParseIrqLines(c.text).status().message()), HasSubstr(c.message))
        << c.text;
  }
}

}  // namespace
}  // namespace irqd::irqctl
