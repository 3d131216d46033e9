#include "client/irqctl/irq_table.h"

#include <vector>

#include "absl/strings/str_split.h"
#include "client/irqctl/text_table.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// As GET gives a vCPU that holds about everything.
std::vector<kvm_s390_irq> FullVcpu() {
  kvm_s390_mchk_info mchk = FilledMchk(0, 0);
  mchk.cr14 = 0x4000000;
  mchk.mcic = 0x8100000000000000;
  mchk.failing_storage_address = 0x1000;
  mchk.ext_damage_code = 9;
  for (int i = 0; i < 16; ++i) mchk.fixed_logout[i] = static_cast<uint8_t>(i);
  std::vector<kvm_s390_irq> irqs = {
      SetPrefix(0),        Irq(KVM_S390_RESTART),        Stop(1),
      PfaultInit(2, 1, 3), Irq(KVM_S390_INT_CLOCK_COMP), Mchk(mchk),
  };
  for (uint16_t cpu = 0; cpu < 248; ++cpu) irqs.push_back(Emergency(cpu));
  irqs.push_back(ExternalCall(247));
  return irqs;
}

TEST(IrqTable, ShowsARecordARow) {
  const std::vector<kvm_s390_irq> all = FullVcpu();
  const std::vector<kvm_s390_irq> irqs(all.begin(), all.begin() + 8);

  EXPECT_EQ(IrqTable(irqs), R"(#  TYPE             PAYLOAD
0  SIGP_SET_PREFIX  address=0x0
1  RESTART          -
2  SIGP_STOP        flags=0x1
3  INT_PFAULT_INIT  ext_params=0x2 pad=0x3 ext_params2=0x1
4  INT_CLOCK_COMP   -
5  MCHK             cr14=0x4000000 mcic=0x8100000000000000
                    failing_storage_address=0x1000 ext_damage_code=0x9
                    fixed_logout=0x000102030405060708090a0b0c0d0e0f
6  INT_EMERGENCY    code=0x0 (CPU 0)
7  INT_EMERGENCY    code=0x1 (CPU 1)
8 interrupts, 576 bytes
)");
}

TEST(IrqSummaryTable, ShowsATypeARow) {
  EXPECT_EQ(IrqSummaryTable(FullVcpu()), R"(#      TYPE               COUNT  PAYLOAD
0      SIGP_SET_PREFIX        1  address=0x0
1      RESTART                1  -
2      SIGP_STOP              1  flags=0x1
3      INT_PFAULT_INIT        1  ext_params=0x2 pad=0x3 ext_params2=0x1
4      INT_CLOCK_COMP         1  -
5      MCHK                   1  cr14=0x4000000 mcic=0x8100000000000000
                                 failing_storage_address=0x1000
                                 ext_damage_code=0x9
                                 fixed_logout=0x000102030405060708090a0b0c0d0e0f
6-253  INT_EMERGENCY        248  from CPUs 0-247
254    INT_EXTERNAL_CALL      1  from CPU 247
255 interrupts, 18,360 bytes
)");
}

TEST(IrqSummaryTable, GroupsWhatLiesApart) {
  const std::vector<kvm_s390_irq> irqs = {MchkOf(0x2), Emergency(7), MchkOf(0x10), Emergency(7)};

  EXPECT_EQ(IrqSummaryTable(irqs), R"(#    TYPE           COUNT  PAYLOAD
0,2  MCHK               2  mcic=0x2..0x10
1,3  INT_EMERGENCY      2  from CPU 7 (1 repeated)
4 interrupts, 288 bytes
)");
}

TEST(IrqSummaryTable, CountsRowsOfBytesThatDiffer) {
  kvm_s390_irq other = MchkOf(1);
  other.u.mchk.fixed_logout[3] = 1;

  EXPECT_THAT(IrqSummaryTable({MchkOf(1), other, other}),
              HasSubstr("3  mcic=0x1 fixed_logout=(2 values)\n"));
}

TEST(IrqSummaryTable, WrapsALongListOfSenders) {
  std::vector<kvm_s390_irq> irqs;
  for (uint16_t cpu = 0; cpu < 250; cpu += 2) irqs.push_back(Emergency(cpu));

  const std::string table = IrqSummaryTable(irqs);

  const std::vector<std::string> lines = absl::StrSplit(table, '\n');
  EXPECT_GT(lines.size(), 6u);
  for (const std::string& line : lines) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_THAT(table, HasSubstr("from CPUs 0,2,4,"));
  EXPECT_THAT(table, HasSubstr("246,248\n125 interrupts, 9,000 bytes\n"));
}

TEST(IrqTable, ShowsTypesTheKernelDoesNotKnow) {
  kvm_s390_irq io = Irq(0x10001);
  io.u.io.io_int_word = 0x38000000;

  EXPECT_EQ(IrqTable({io, Irq(0xfffe0006)}), R"(#  TYPE            PAYLOAD
0  INT_IO 0x10001  io_int_word=0x38000000
1  0xfffe0006      -
2 interrupts, 144 bytes
)");
}

TEST(IrqTable, SaysThatThereIsNothing) {
  EXPECT_EQ(IrqTable({}), "no interrupts\n");
  EXPECT_EQ(IrqSummaryTable({}), "no interrupts\n");
  EXPECT_THAT(IrqTable({Emergency(1)}), HasSubstr("1 interrupt, 72 bytes"));
}

TEST(IrqTable, NeverIsWiderThanAScreen) {
  Random random(TestSeed());
  std::vector<kvm_s390_irq> irqs;
  for (int i = 0; i < 1000; ++i) irqs.push_back(RandomIrq(255, random));

  for (const std::string& table : {IrqTable(irqs), IrqSummaryTable(irqs)}) {
    for (absl::string_view line : absl::StrSplit(table, '\n')) {
      EXPECT_LE(line.size(), 80u) << line;
    }
  }
}

TEST(WrapText, BreaksAfterSpacesAndCommas) {
  EXPECT_THAT(WrapText("", 5), ElementsAre(""));
  EXPECT_THAT(WrapText("ab cd", 5), ElementsAre("ab cd"));
  EXPECT_THAT(WrapText("ab cde", 5), ElementsAre("ab", "cde"));
  EXPECT_THAT(WrapText("1,2,3,4", 4), ElementsAre("1,2,", "3,4"));
  EXPECT_THAT(WrapText("a toolongword b", 5), ElementsAre("a", "toolongword", "b"));
  EXPECT_THAT(WrapText("ab ", 2), SizeIs(1));
  EXPECT_THAT(WrapText("a=1 b=12345..67890", 7), ElementsAre("a=1 b=", "12345..", "67890"));
}

TEST(TextTable, AlignsColumns) {
  TextTable table({{"ID", /*align_right=*/true}, {"NAME"}, {"LAST"}});
  table.AddRow({"1", "long-name", "x"});
  table.AddRow({"1000", "n", ""});

  EXPECT_EQ(table.Format(),
            "  ID  NAME       LAST\n"
            "   1  long-name  x\n"
            "1000  n\n");
}

}  // namespace
}  // namespace irqd::irqctl
