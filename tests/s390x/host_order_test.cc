// Only on s390x: memory of this machine is what images are. Nothing is converted but by name.
#include <cstring>
#include <string>

#include "core/irq_codec.h"
#include "gmock/gmock.h"
#include "tests/conformance/recordings.h"

namespace irqd {
namespace {

class HostOrderTest : public testing::TestWithParam<Scenario> {};

std::string NameOf(const testing::TestParamInfo<Scenario>& info) {
  return TestName(info.param.name);
}

kvm_s390_irq AsItLies(const std::string& image) {
  kvm_s390_irq irq;
  std::memcpy(&irq, image.data(), sizeof(irq));
  return irq;
}

std::string Encoded(const kvm_s390_irq& irq) {
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

// What the kernel wrote, record by record.
TEST_P(HostOrderTest, ImagesAreRecords) {
  for (const Step& step : GetParam().steps) {
    if (step.op != Op::kGetIrqState) continue;
    for (size_t at = 0; at + kIrqSize <= step.reply.buf.size(); at += kIrqSize) {
      const std::string image = step.reply.buf.substr(at, kIrqSize);
      const kvm_s390_irq decoded = DecodeIrq(reinterpret_cast<const uint8_t*>(image.data()));

      EXPECT_EQ(std::memcmp(&decoded, image.data(), kIrqSize), 0);
      EXPECT_EQ(Encoded(AsItLies(image)), image);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Named, HostOrderTest,
                         testing::ValuesIn(LoadScenarios("tests/testdata/named.jsonl")), NameOf);
INSTANTIATE_TEST_SUITE_P(Local, HostOrderTest,
                         testing::ValuesIn(LoadScenarios("tests/testdata/local.jsonl")), NameOf);

TEST(ThisMachineTest, HasTheHighestByteFirst) {
  const uint64_t number = 0x0102030405060708;

  EXPECT_EQ(std::memcmp(&number, "\1\2\3\4\5\6\7\10", sizeof(number)), 0);
}

}  // namespace
}  // namespace irqd
