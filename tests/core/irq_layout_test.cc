#include "core/irq_layout.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/kvm_s390.h"
#include "gmock/gmock.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

struct TypeName {
  uint64_t type;
  std::string name;
};

std::vector<TypeName> TypesWithNames() {
  return {
      {0xfffe0000, "SIGP_STOP"},
      {0xfffe0001, "PROGRAM_INT"},
      {0xfffe0002, "SIGP_SET_PREFIX"},
      {0xfffe0003, "RESTART"},
      {0xfffe0004, "INT_PFAULT_INIT"},
      {0xfffe0005, "INT_PFAULT_DONE"},
      {0xfffe1000, "MCHK"},
      {0xffff1004, "INT_CLOCK_COMP"},
      {0xffff1005, "INT_CPU_TIMER"},
      {0xffff2603, "INT_VIRTIO"},
      {0xffff2401, "INT_SERVICE"},
      {0xffff1201, "INT_EMERGENCY"},
      {0xffff1202, "INT_EXTERNAL_CALL"},
  };
}

void PrintTo(const TypeName& type, std::ostream* out) { *out << type.name; }

class TypeNameTest : public testing::TestWithParam<TypeName> {};
INSTANTIATE_TEST_SUITE_P(Types, TypeNameTest, testing::ValuesIn(TypesWithNames()),
                         [](const auto& info) { return info.param.name; });

TEST_P(TypeNameTest, NumberToName) {
  EXPECT_THAT(IrqTypeName(GetParam().type), Optional(Eq(GetParam().name)));
}

TEST_P(TypeNameTest, NameToNumberInEverySpelling) {
  std::vector<std::string> spellings = {GetParam().name,
                                        absl::StrCat("KVM_S390_", GetParam().name)};
  if (GetParam().name.substr(0, 4) == "INT_") spellings.push_back(GetParam().name.substr(4));

  for (const std::string& spelling : spellings) {
    EXPECT_THAT(IrqTypeFromName(spelling), Optional(GetParam().type)) << spelling;
    EXPECT_THAT(IrqTypeFromName(absl::AsciiStrToLower(spelling)), Optional(GetParam().type))
        << spelling;
  }
}

TEST_P(TypeNameTest, IsListed) {
  const absl::string_view name = GetParam().name;
  EXPECT_THAT(IrqTypeNames(), testing::Contains(name));
}

TEST(IrqLayoutTest, ListsNoOtherNames) {
  EXPECT_EQ(IrqTypeNames().size(), TypesWithNames().size());
}

TEST(IrqLayoutTest, TheWholeIoRangeHasOneName) {
  EXPECT_THAT(IrqTypeName(0), Optional(Eq("INT_IO")));
  EXPECT_THAT(IrqTypeName(0x04000000), Optional(Eq("INT_IO")));
  EXPECT_THAT(IrqTypeName(0xfffdffff), Optional(Eq("INT_IO")));
  EXPECT_EQ(IrqTypeFromName("INT_IO"), absl::nullopt) << "it stands for no single number";
}

TEST(IrqLayoutTest, UnknownNumbersHaveNoName) {
  EXPECT_EQ(IrqTypeName(0xfffe0006), absl::nullopt);
  EXPECT_EQ(IrqTypeName(0xffffffff), absl::nullopt);
  EXPECT_EQ(IrqTypeName(0x1ffff1201), absl::nullopt);
}

TEST(IrqLayoutTest, UnknownNamesHaveNoNumber) {
  for (absl::string_view name : {"", "STOP", "KVM_S390_", "INT_", "INT_EMERGENCY ", "KVM_MCHK"}) {
    EXPECT_EQ(IrqTypeFromName(name), absl::nullopt) << name;
  }
}

std::vector<std::string> FieldNames(uint64_t type) {
  std::vector<std::string> names;
  for (const IrqField& field : MemberOf(type).fields) names.emplace_back(field.name);
  return names;
}

TEST(IrqLayoutTest, FieldsHaveTheKernelsNames) {
  EXPECT_THAT(FieldNames(KVM_S390_SIGP_STOP), ElementsAre("flags"));
  EXPECT_THAT(FieldNames(KVM_S390_SIGP_SET_PREFIX), ElementsAre("address"));
  EXPECT_THAT(FieldNames(KVM_S390_INT_EMERGENCY), ElementsAre("code"));
  EXPECT_THAT(FieldNames(KVM_S390_INT_EXTERNAL_CALL), ElementsAre("code"));
  EXPECT_THAT(FieldNames(KVM_S390_INT_PFAULT_INIT),
              ElementsAre("ext_params", "pad", "ext_params2"));
  EXPECT_THAT(FieldNames(KVM_S390_MCHK), ElementsAre("cr14", "mcic", "failing_storage_address",
                                                     "ext_damage_code", "pad", "fixed_logout"));
  EXPECT_THAT(FieldNames(KVM_S390_PROGRAM_INT),
              ElementsAre("trans_exc_code", "mon_code", "per_address", "data_exc_code", "code",
                          "mon_class_nr", "per_code", "per_atmid", "exc_access_id", "per_access_id",
                          "op_access_id", "flags", "pad", "pad"));
  EXPECT_THAT(FieldNames(0),
              ElementsAre("subchannel_id", "subchannel_nr", "io_int_parm", "io_int_word"));
}

TEST(IrqLayoutTest, OnlyPaddingIsMarkedAsSuch) {
  for (const TypeName& type : TypesWithNames()) {
    for (const IrqField& field : MemberOf(type.type).fields) {
      EXPECT_EQ(field.is_padding, field.name == "pad") << type.name << "." << field.name;
    }
  }
}

TEST(IrqLayoutTest, OnlyTheFixedLogoutIsNoInteger) {
  for (const TypeName& type : TypesWithNames()) {
    for (const IrqField& field : MemberOf(type.type).fields) {
      EXPECT_EQ(field.is_integer(), field.name != "fixed_logout") << field.name;
    }
  }
}

}  // namespace
}  // namespace irqd
