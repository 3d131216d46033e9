#include "core/host_profile.h"

#include <linux/kvm.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"

namespace irqd {
namespace {

using testing::HasSubstr;

HostProfile Profile(bool sigpif, bool esca) {
  HostProfile profile = DefaultHostProfile();
  profile.sigp_interpretation = sigpif;
  profile.extended_sca = esca;
  return profile;
}

TEST(HostProfileTest, DefaultIsLinux61WithBothFacilities) {
  EXPECT_EQ(DefaultHostProfile().kernel->name, "linux-6.1");
  EXPECT_EQ(DefaultHostProfile(), Profile(true, true));
}

struct ParseCase {
  std::string name;
  std::string text;
  HostProfile profile;
};
class ParseTest : public testing::TestWithParam<ParseCase> {};
INSTANTIATE_TEST_SUITE_P(
    Texts, ParseTest,
    testing::Values(ParseCase{"Empty", "", Profile(true, true)},
                    ParseCase{"KernelOnly", "linux-6.1", Profile(true, true)},
                    ParseCase{"Full", "linux-6.1,sigpif,esca", Profile(true, true)},
                    ParseCase{"FacilityOnly", "no-sigpif", Profile(false, true)},
                    ParseCase{"OtherFacilityOnly", "no-esca", Profile(true, false)},
                    ParseCase{"AnyOrder", "no-esca,linux-6.1,no-sigpif", Profile(false, false)}),
    [](const auto& info) { return info.param.name; });

TEST_P(ParseTest, ReadsTheText) {
  const absl::StatusOr<HostProfile> profile = ParseHostProfile(GetParam().text);

  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(*profile, GetParam().profile);
}

TEST_P(ParseTest, FormatIsTheInverse) {
  const absl::StatusOr<HostProfile> again = ParseHostProfile(FormatHostProfile(GetParam().profile));

  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, GetParam().profile);
}

TEST(HostProfileTest, FormatSpellsEveryWordOut) {
  EXPECT_EQ(FormatHostProfile(Profile(true, true)), "linux-6.1,sigpif,esca");
  EXPECT_EQ(FormatHostProfile(Profile(false, false)), "linux-6.1,no-sigpif,no-esca");
}

TEST(HostProfileTest, RefusesOtherWordsAndNamesThem) {
  for (absl::string_view text :
       {"linux-5.0", "sigpif,nonsense", "SIGPIF", " esca", "no-linux-6.1"}) {
    const absl::Status status = ParseHostProfile(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(std::string(ParseHostProfile("sigpif,nonsense").status().message()),
              HasSubstr("'nonsense'"));
  EXPECT_FALSE(ParseHostProfile(",").ok());
  EXPECT_FALSE(ParseHostProfile("sigpif,").ok());
}

TEST(HostProfileTest, RefusesAWordGivenTwice) {
  for (absl::string_view text : {"sigpif,sigpif", "esca,no-esca", "linux-6.1,linux-6.1"}) {
    EXPECT_EQ(ParseHostProfile(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(HostProfileTest, MessageOfAHugeWordIsShort) {
  const absl::Status status = ParseHostProfile(std::string(1 << 20, 'x')).status();

  EXPECT_LT(status.message().size(), 300u);
}

TEST(HostProfileTest, KernelRulesByName) {
  EXPECT_EQ(FindKernelRules("linux-6.1"), DefaultHostProfile().kernel);
  EXPECT_EQ(FindKernelRules("linux-9.9"), nullptr);
  EXPECT_EQ(FindKernelRules(""), nullptr);
  EXPECT_EQ(KernelRulesNames(), "linux-6.1, linux-4.1");
}

// Section 1: constants.
TEST(HostProfileTest, S1_SetTakes20664Bytes) {
  EXPECT_EQ(DefaultHostProfile().kernel->set_irq_state_max_len, 20664u);
}

// Section 3: the pending word, one bit for each row.
TEST(HostProfileTest, S3_PendingBits) {
  std::vector<int> bits;
  std::vector<LocalIrq> irqs;
  for (const PendingBit& place : DefaultHostProfile().kernel->pending_bits) {
    bits.push_back(place.bit);
    irqs.push_back(place.irq);
  }

  EXPECT_THAT(bits, testing::ElementsAre(0, 1, 2, 13, 18, 19, 20, 21, 24, 25, 27));
  EXPECT_THAT(irqs, testing::ElementsAre(
                        LocalIrq::kSetPrefix, LocalIrq::kRestart, LocalIrq::kSigpStop,
                        LocalIrq::kPfaultInit, LocalIrq::kCpuTimer, LocalIrq::kClockComp,
                        LocalIrq::kExternalCall, LocalIrq::kEmergency, LocalIrq::kMchkRepressible,
                        LocalIrq::kProgram, LocalIrq::kMchkExigent));
}

struct MachineCase {
  std::string name;
  HostProfile profile;
  uint32_t ids;
};
class MachineTest : public testing::TestWithParam<MachineCase> {};
INSTANTIATE_TEST_SUITE_P(
    Machines, MachineTest,
    testing::Values(MachineCase{"BasicSca", Profile(true, false), 64},
                    MachineCase{"ExtendedSca", Profile(true, true), 248},
                    MachineCase{"NoSigpInterpretation", Profile(false, false), 255},
                    MachineCase{"ExtendedScaUnused", Profile(false, true), 255}),
    [](const auto& info) { return info.param.name; });

TEST_P(MachineTest, S1_VcpuIdLimit) { EXPECT_EQ(VcpuIdLimit(GetParam().profile), GetParam().ids); }

TEST_P(MachineTest, S1_CheckExtensionCountsVcpus) {
  const int ids = static_cast<int>(GetParam().ids);
  EXPECT_EQ(CheckExtension(GetParam().profile, KVM_CAP_MAX_VCPUS), ids);
  EXPECT_EQ(CheckExtension(GetParam().profile, KVM_CAP_MAX_VCPU_ID), ids);
  EXPECT_EQ(CheckExtension(GetParam().profile, KVM_CAP_NR_VCPUS), ids);
}

TEST_P(MachineTest, S1_CheckExtensionHas) {
  for (int extension : {14, 89, 99, 113, 114, 141, 150, 179}) {
    EXPECT_EQ(CheckExtension(GetParam().profile, extension), 1) << extension;
  }
}

TEST_P(MachineTest, S1_CheckExtensionHasNothingElse) {
  // 0 is the irqchip of x86, 4 its MMU; 2^32 + 114 must not read as 114.
  for (uint64_t extension :
       {uint64_t{0}, uint64_t{4}, uint64_t{115}, (uint64_t{1} << 32) + 114, ~uint64_t{0}}) {
    EXPECT_EQ(CheckExtension(GetParam().profile, extension), 0) << extension;
  }
}

TEST(HostProfileTest, KernelWithoutTheExtendedScaDoesNotUseIt) {
  KernelRules older = *DefaultHostProfile().kernel;
  older.has_extended_sca = false;
  older.max_vcpu_ids = 64;
  HostProfile profile = Profile(true, true);
  profile.kernel = &older;

  EXPECT_EQ(VcpuIdLimit(profile), 64u);
  profile.sigp_interpretation = false;
  EXPECT_EQ(VcpuIdLimit(profile), 64u);
}

}  // namespace
}  // namespace irqd
