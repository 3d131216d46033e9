// decode, encode.
#include "absl/strings/escaping.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_blob.h"
#include "client/irqctl/irq_json.h"
#include "tests/client/irqctl/irqctl_test_case.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(IrqctlTest, EncodeWritesHexARecordALine) {
  EXPECT_EQ(Irqctl("encode INT_EMERGENCY code=5 RESTART").out,
            BlobToHex(Images({Emergency(5), Irq(KVM_S390_RESTART)})));
  EXPECT_THAT(targets_, IsEmpty());
}

TEST_F(IrqctlTest, EncodeWritesRawAndJson) {
  EXPECT_EQ(Irqctl("encode --format raw SIGP_SET_PREFIX address=0x2000").out,
            Image(SetPrefix(0x2000)));
  EXPECT_EQ(Json::parse(Irqctl("encode --json RESTART").out),
            Json::parse(R"({"irqs": [{"type": "0xfffe0003", "name": "RESTART"}]})"));
}

TEST_F(IrqctlTest, EncodeNamesTheWordThatIsWrong) {
  const Reply reply = Irqctl("encode RESTART MCHK foo=1");

  EXPECT_EQ(reply.exit_code, 2);
  EXPECT_EQ(reply.err,
            "irqctl: encode: field 'foo': MCHK has cr14, mcic, failing_storage_address, "
            "ext_damage_code, pad, fixed_logout\n");
}

TEST_F(IrqctlTest, DecodeReadsWhatEncodeWrites) {
  for (const char* format : {"raw", "hex"}) {
    SetStdin(Irqctl(std::string("encode INT_EMERGENCY code=5 --format ") + format).out);
    EXPECT_EQ(Irqctl("decode").out,
              "#  TYPE           PAYLOAD\n"
              "0  INT_EMERGENCY  code=0x5 (CPU 5)\n"
              "1 interrupt, 72 bytes\n");
    EXPECT_EQ(Irqctl(std::string("decode - --format ") + format).exit_code, 0);
  }
  EXPECT_THAT(Irqctl("decode --summary").out, HasSubstr("from CPU 5\n"));
  EXPECT_EQ(Json::parse(Irqctl("decode --json").out)["irqs"][0]["emerg"]["code"], 5);
  EXPECT_EQ(Json::parse(Irqctl("decode --json --summary").out)["summary"][0]["cpus"], "5");
}

TEST_F(IrqctlTest, DecodeOfNothingIsNothing) {
  EXPECT_EQ(Irqctl("decode").out, "no interrupts\n");
  EXPECT_EQ(Json::parse(Irqctl("decode --json").out), Json::parse(R"({"irqs": []})"));
}

TEST_F(IrqctlTest, DecodeNamesTheFileThatIsWrong) {
  const std::string odd = TempFile("abc");
  const std::string torn = TempFile(std::string(71, '\0'));
  SetStdin("hello");

  EXPECT_EQ(Irqctl("decode " + odd).err,
            "irqctl: decode: " + odd + ": an odd number of hex digits, 3\n");
  EXPECT_EQ(Irqctl("decode " + torn).err,
            "irqctl: decode: " + torn + ": 71 bytes are no whole number of records of 72 bytes\n");
  EXPECT_EQ(Irqctl("decode").err,
            "irqctl: decode: standard input: 'h' at offset 0 is no hex digit\n");
  EXPECT_EQ(Irqctl("decode /").err, "irqctl: decode: /: Is a directory\n");
  EXPECT_EQ(Irqctl("decode").exit_code, 2);
}

TEST_F(IrqctlTest, DecodeStopsReadingWhatIsTooLong) {
  const Reply reply = Irqctl("decode /dev/zero");

  EXPECT_EQ(reply.exit_code, 2);
  EXPECT_EQ(reply.err, "irqctl: decode: /dev/zero: longer than 16777216 bytes\n");
}

}  // namespace
}  // namespace irqd::irqctl
