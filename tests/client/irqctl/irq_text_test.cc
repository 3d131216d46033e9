#include "client/irqctl/irq_text.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/irqctl/irq_fields.h"
#include "core/irq_layout.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/seed.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> Words(absl::string_view text) {
  if (text.empty()) return {};
  return absl::StrSplit(text, ' ');
}

std::string ErrorOf(absl::string_view text) {
  return std::string(ParseIrqs(Words(text)).status().message());
}

TEST(ParseIrq, ReadsFieldsByTheKernelsNames) {
  const auto irq =
      ParseIrq(Words("MCHK mcic=0x8000000000000000 cr14=268435456 "
                     "fixed_logout=00112233445566778899aabbccddeeff"));

  ASSERT_TRUE(irq.ok()) << irq.status();
  EXPECT_EQ(irq->type, KVM_S390_MCHK);
  EXPECT_EQ(irq->u.mchk.mcic, 0x8000000000000000);
  EXPECT_EQ(irq->u.mchk.cr14, 0x10000000u);
  EXPECT_EQ(irq->u.mchk.fixed_logout[0], 0x00);
  EXPECT_EQ(irq->u.mchk.fixed_logout[15], 0xff);
  EXPECT_EQ(irq->u.mchk.failing_storage_address, 0u);
}

TEST(ParseIrq, KnowsTypesByNameAndByNumber) {
  for (const char* text :
       {"INT_EMERGENCY", "emergency", "KVM_S390_INT_EMERGENCY", "0xffff1201", "4294906369"}) {
    const auto irq = ParseIrq({std::string(text), "code=5"});
    ASSERT_TRUE(irq.ok()) << irq.status();
    EXPECT_EQ(Image(*irq), Image(Emergency(5))) << text;
  }
}

TEST(ParseIrq, KeepsPaddingBytesInTheirOrder) {
  const auto irq = ParseIrq(Words("PROGRAM_INT code=0xc1 pad=0x12ab"));

  ASSERT_TRUE(irq.ok()) << irq.status();
  EXPECT_EQ(irq->u.pgm.pad[0], 0x12);
  EXPECT_EQ(irq->u.pgm.pad[1], 0xab);
}

TEST(ParseIrq, NamesTheWordThatIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } kCases[] = {
      {"FOO", "type 'FOO' is none of SIGP_STOP, PROGRAM_INT,"},
      {"-1", "type '-1' is none of"},
      {"0x10000000000000000", "type '0x10000000000000000' is none of"},
      {"INT_IO", "type 'INT_IO' stands for many: give the number, 0 to 0xfffdffff"},
      {"kvm_s390_int_io", "stands for many"},
      {"RESTART code=1", "field 'code': RESTART has no fields"},
      {"INT_EMERGENCY address=1", "field 'address': INT_EMERGENCY has code"},
      {"INT_EMERGENCY =1", "field '': INT_EMERGENCY has code"},
      {"INT_EMERGENCY code=1 code=1", "field 'code' is given twice"},
      {"INT_EMERGENCY code=65536", "'code=65536': not a number from 0 to 0xffff"},
      {"INT_EMERGENCY code=-1", "'code=-1': not a number"},
      {"INT_EMERGENCY code=", "'code=': not a number"},
      {"INT_EMERGENCY code=1=2", "'code=1=2': not a number"},
      {"MCHK mcic=0x10000000000000000", "not a number from 0 to 0xffffffffffffffff"},
      {"PROGRAM_INT flags=256", "not a number from 0 to 0xff"},
      {"MCHK fixed_logout=0011", "'fixed_logout=0011': not 32 hex digits"},
      {"MCHK fixed_logout=zz112233445566778899aabbccddeeff", "not 32 hex digits"},
      {"PROGRAM_INT pad=0x123", "not 4 hex digits"},
  };
  for (const auto& c : kCases) EXPECT_THAT(ErrorOf(c.text), HasSubstr(c.message)) << c.text;
  EXPECT_EQ(ErrorOf(""), "TYPE is missing");
  EXPECT_EQ(ErrorOf(", --"), "TYPE is missing");
}

TEST(ParseIrq, TakesOneRecordOnly) {
  const auto irq = ParseIrq({std::string("RESTART"), "RESTART"});

  EXPECT_THAT(std::string(irq.status().message()), HasSubstr("'RESTART' is not FIELD=VALUE"));
}

TEST(ParseIrqs, BeginsARecordAtEachType) {
  for (const char* text :
       {"EMERGENCY code=1 RESTART EMERGENCY code=2", "EMERGENCY code=1, RESTART, EMERGENCY code=2",
        "EMERGENCY code=1 -- RESTART -- EMERGENCY code=2",
        "EMERGENCY code=1 , RESTART , EMERGENCY code=2"}) {
    const auto irqs = ParseIrqs(Words(text));
    ASSERT_TRUE(irqs.ok()) << irqs.status();
    EXPECT_EQ(Images(*irqs), Images({Emergency(1), Irq(KVM_S390_RESTART), Emergency(2)})) << text;
  }
}

// What the tools print for a record reads back as the same record, whatever is in it.
TEST(ParseIrq, ReadsWhatIsPrintedForRandomRecordsOfEveryType) {
  Random random(TestSeed());
  std::vector<uint64_t> types = {0, 0x10001, KVM_S390_INT_IO_MAX, 0xfffe0006, ~uint64_t{0}};
  for (absl::string_view name : IrqTypeNames()) types.push_back(*IrqTypeFromName(name));
  for (uint64_t type : types) {
    for (int round = 0; round < 50; ++round) {
      kvm_s390_irq irq = Irq(type);
      for (char& byte : irq.u.reserved) byte = static_cast<char>(random());
      std::string text = IrqTypeName(type) && IrqTypeFromName(FormatIrqType(type))
                             ? FormatIrqType(type)
                             : absl::StrCat(type);
      for (const NamedField& field : FieldsOf(type)) {
        absl::StrAppend(&text, " ", field.name, "=", FormatValue(irq, field));
      }

      const auto read = ParseIrq(Words(text));

      ASSERT_TRUE(read.ok()) << text << ": " << read.status();
      ASSERT_EQ(HexRecords(Image(*read)), HexRecords(Image(irq))) << text;
    }
  }
}

TEST(FieldsOf, HasUniqueNamesThatCoverTheMember) {
  for (absl::string_view name : IrqTypeNames()) {
    const uint64_t type = *IrqTypeFromName(name);
    size_t size = 0;
    for (const NamedField& field : FieldsOf(type)) size += field.size;
    EXPECT_EQ(size, MemberOf(type).size) << name;
  }
  EXPECT_THAT(FieldsOf(KVM_S390_PROGRAM_INT), SizeIs(13));
}

}  // namespace
}  // namespace irqd::irqctl
