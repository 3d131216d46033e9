#include "client/irqctl/irq_blob.h"

#include <string>

#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/seed.h"

namespace irqd::irqctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string HexErrorOf(absl::string_view content) {
  return std::string(ReadBlob(content, BlobFormat::kHex).status().message());
}

TEST(ReadBlob, ReadsHexAcrossSpaceAndLines) {
  EXPECT_EQ(*ReadBlob("00 fF\n1\t2\r\n"), std::string("\x00\xff\x12", 3));
}

TEST(ReadBlob, TakesWhatIsNotTextAsRaw) {
  const std::string raw = Image(Emergency(5));
  EXPECT_EQ(*ReadBlob(raw), raw);
  EXPECT_EQ(DetectBlobFormat(raw), BlobFormat::kRaw);
  EXPECT_EQ(DetectBlobFormat(BlobToHex(raw)), BlobFormat::kHex);
}

TEST(ReadBlob, DoesAsToldRatherThanDetect) {
  EXPECT_EQ(*ReadBlob("00ff", BlobFormat::kRaw), "00ff");
  EXPECT_THAT(HexErrorOf(std::string("00\x00", 3)), HasSubstr("byte 0x00 at offset 2"));
}

TEST(ReadBlob, IsEmptyForNothing) {
  EXPECT_THAT(*ReadBlob(""), IsEmpty());
  EXPECT_THAT(*ReadBlob(" \n"), IsEmpty());
}

TEST(ReadBlob, SaysWhatIsWrongWithHex) {
  EXPECT_EQ(HexErrorOf("abc"), "an odd number of hex digits, 3");
  EXPECT_EQ(HexErrorOf("00 zz"), "'z' at offset 3 is no hex digit");
  EXPECT_EQ(HexErrorOf("0x00"), "'x' at offset 1 is no hex digit");
  EXPECT_EQ(HexErrorOf("-1"), "'-' at offset 0 is no hex digit");
  EXPECT_EQ(HexErrorOf("00\xff"), "byte 0xff at offset 2 is no hex digit");
}

TEST(DecodeIrqs, TakesWholeRecordsOnly) {
  for (size_t size : {1, 71, 73, 143}) {
    EXPECT_THAT(std::string(DecodeIrqs(std::string(size, '\0')).status().message()),
                HasSubstr(std::to_string(size) + " bytes are no whole number of records"));
  }
  EXPECT_THAT(*DecodeIrqs(""), IsEmpty());
  EXPECT_THAT(*DecodeIrqs(std::string(144, '\0')), SizeIs(2));
}

TEST(BlobToHex, HasALinePerRecord) {
  EXPECT_EQ(BlobToHex(""), "");
  EXPECT_EQ(BlobToHex(std::string(144, '\0')),
            std::string(144, '0') + "\n" + std::string(144, '0') + "\n");
  // What GET wrote for a hostile server need not be whole.
  EXPECT_EQ(BlobToHex("\x12"), "12\n");
}

TEST(Blob, ComesBackFromRawAndHex) {
  Random random(TestSeed());
  for (int round = 0; round < 100; ++round) {
    std::vector<kvm_s390_irq> irqs;
    const uint64_t count = 1 + Below(20, random);
    for (uint64_t i = 0; i < count; ++i) irqs.push_back(RandomIrq(255, random));
    const std::string images = Images(irqs);

    EXPECT_EQ(EncodeIrqs(*DecodeIrqs(images)), images);
    EXPECT_EQ(EncodeIrqs(irqs), images);
    EXPECT_EQ(*ReadBlob(BlobToHex(images)), images);
  }
}

// Any bytes are raw, hex or an error: never a crash, and never bytes from nowhere.
TEST(ReadBlob, SurvivesAnyBytes) {
  Random random(TestSeed());
  for (int round = 0; round < 2000; ++round) {
    std::string content(Below(200, random), '\0');
    const bool is_text = Below(2, random) == 0;
    for (char& c : content) {
      c = is_text ? "0123456789abcdefABCDEF \nxyz-"[Below(28, random)]
                  : static_cast<char>(random());
    }
    const auto bytes = ReadBlob(content);
    if (!bytes.ok()) continue;
    EXPECT_LE(bytes->size(), content.size());
    DecodeIrqs(*bytes).status().IgnoreError();
  }
}

}  // namespace
}  // namespace irqd::irqctl
