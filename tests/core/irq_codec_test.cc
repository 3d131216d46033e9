#include "core/irq_codec.h"

#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/irq_layout.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

std::string EncodedHex(const kvm_s390_irq& irq) { return absl::BytesToHexString(Image(irq)); }

// The image of `type` whose union holds 01 02 .. 40.
std::string CountingImage(uint64_t type) {
  std::string image(kIrqSize, '\0');
  for (int i = 0; i < 8; ++i) image[i] = static_cast<char>(type >> (56 - 8 * i));
  std::iota(image.begin() + 8, image.end(), 1);
  return image;
}

// Section 2 of the layouts: what each type's fields read from a counting image, written down
// in the order of the structure.
struct Layout {
  std::string name;
  uint64_t type;
  size_t member_size;
  std::vector<uint64_t> (*fields)(const kvm_s390_irq& irq);
  std::vector<uint64_t> values;
};
void PrintTo(const Layout& layout, std::ostream* out) { *out << layout.name; }

std::vector<uint64_t> IoFields(const kvm_s390_irq& irq) {
  const kvm_s390_io_info& io = irq.u.io;
  return {io.subchannel_id, io.subchannel_nr, io.io_int_parm, io.io_int_word};
}
const std::vector<uint64_t> kIoValues = {0x0102, 0x0304, 0x05060708, 0x090a0b0c};

std::vector<uint64_t> ExtFields(const kvm_s390_irq& irq) {
  return {irq.u.ext.ext_params, irq.u.ext.pad, irq.u.ext.ext_params2};
}
const std::vector<uint64_t> kExtValues = {0x01020304, 0x05060708, 0x090a0b0c0d0e0f10};

std::vector<uint64_t> PgmFields(const kvm_s390_irq& irq) {
  const kvm_s390_pgm_info& pgm = irq.u.pgm;
  return {pgm.trans_exc_code, pgm.mon_code, pgm.per_address, pgm.data_exc_code, pgm.code,
          pgm.mon_class_nr,   pgm.per_code, pgm.per_atmid,   pgm.exc_access_id, pgm.per_access_id,
          pgm.op_access_id,   pgm.flags,    pgm.pad[0],      pgm.pad[1]};
}
const std::vector<uint64_t> kPgmValues = {
    0x0102030405060708,
    0x090a0b0c0d0e0f10,
    0x1112131415161718,
    0x191a1b1c,
    0x1d1e,
    0x1f20,
    0x21,
    0x22,
    0x23,
    0x24,
    0x25,
    0x26,
    0x27,
    0x28,
};

std::vector<uint64_t> MchkFields(const kvm_s390_irq& irq) {
  const kvm_s390_mchk_info& mchk = irq.u.mchk;
  std::vector<uint64_t> values = {mchk.cr14, mchk.mcic, mchk.failing_storage_address,
                                  mchk.ext_damage_code, mchk.pad};
  values.insert(values.end(), std::begin(mchk.fixed_logout), std::end(mchk.fixed_logout));
  return values;
}
const std::vector<uint64_t> kMchkValues = {
    0x0102030405060708,
    0x090a0b0c0d0e0f10,
    0x1112131415161718,
    0x191a1b1c,
    0x1d1e1f20,
    0x21,
    0x22,
    0x23,
    0x24,
    0x25,
    0x26,
    0x27,
    0x28,
    0x29,
    0x2a,
    0x2b,
    0x2c,
    0x2d,
    0x2e,
    0x2f,
    0x30,
};

std::vector<uint64_t> EmergFields(const kvm_s390_irq& irq) { return {irq.u.emerg.code}; }
std::vector<uint64_t> ExtcallFields(const kvm_s390_irq& irq) { return {irq.u.extcall.code}; }
std::vector<uint64_t> PrefixFields(const kvm_s390_irq& irq) { return {irq.u.prefix.address}; }
std::vector<uint64_t> StopFields(const kvm_s390_irq& irq) { return {irq.u.stop.flags}; }
std::vector<uint64_t> NoFields(const kvm_s390_irq& irq) { return {}; }

std::vector<Layout> Layouts() {
  return {
      {"IoLowest", 0, 12, IoFields, kIoValues},
      {"IoAdapter", 0x04000000, 12, IoFields, kIoValues},
      {"IoHighest", 0xfffdffff, 12, IoFields, kIoValues},
      {"SigpStop", 0xfffe0000, 4, StopFields, {0x01020304}},
      {"ProgramInt", 0xfffe0001, 40, PgmFields, kPgmValues},
      {"SigpSetPrefix", 0xfffe0002, 4, PrefixFields, {0x01020304}},
      {"Restart", 0xfffe0003, 0, NoFields, {}},
      {"IntPfaultInit", 0xfffe0004, 16, ExtFields, kExtValues},
      {"IntPfaultDone", 0xfffe0005, 16, ExtFields, kExtValues},
      {"Mchk", 0xfffe1000, 48, MchkFields, kMchkValues},
      {"IntClockComp", 0xffff1004, 0, NoFields, {}},
      {"IntCpuTimer", 0xffff1005, 0, NoFields, {}},
      {"IntEmergency", 0xffff1201, 2, EmergFields, {0x0102}},
      {"IntExternalCall", 0xffff1202, 2, ExtcallFields, {0x0102}},
      {"IntService", 0xffff2401, 16, ExtFields, kExtValues},
      {"IntVirtio", 0xffff2603, 16, ExtFields, kExtValues},
      {"BetweenIoAndLocal", 0xfffe0006, 0, NoFields, {}},
      {"AboveAll", 0xffffffff, 0, NoFields, {}},
      {"LocalTypeWithHighBits", 0x1ffff1201, 0, NoFields, {}},
  };
}

class LayoutTest : public testing::TestWithParam<Layout> {};
INSTANTIATE_TEST_SUITE_P(Types, LayoutTest, testing::ValuesIn(Layouts()),
                         [](const auto& info) { return info.param.name; });

TEST_P(LayoutTest, DecodeReadsEachFieldBigEndian) {
  const std::string image = CountingImage(GetParam().type);

  const kvm_s390_irq irq = DecodeIrq(Bytes(image));

  EXPECT_EQ(irq.type, GetParam().type);
  EXPECT_EQ(GetParam().fields(irq), GetParam().values);
}

TEST_P(LayoutTest, DecodeIgnoresBytesBeyondTheMember) {
  const std::string image = CountingImage(GetParam().type);

  const kvm_s390_irq irq = DecodeIrq(Bytes(image));

  const std::string beyond(reinterpret_cast<const char*>(&irq) + 8 + GetParam().member_size,
                           64 - GetParam().member_size);
  EXPECT_EQ(absl::BytesToHexString(beyond), std::string(2 * beyond.size(), '0'));
}

TEST_P(LayoutTest, EncodeWritesTheMemberAndZeroesBeyond) {
  std::string image = CountingImage(GetParam().type);
  kvm_s390_irq irq = DecodeIrq(Bytes(image));
  // What lies behind the member must not come out.
  std::memset(reinterpret_cast<uint8_t*>(&irq) + 8 + GetParam().member_size, 0xee,
              64 - GetParam().member_size);

  const std::string encoded = EncodedHex(irq);

  std::fill(image.begin() + 8 + GetParam().member_size, image.end(), '\0');
  EXPECT_EQ(encoded, absl::BytesToHexString(image));
}

TEST_P(LayoutTest, RandomImagesComeBackButForWhatLiesBeyondTheMember) {
  Random random(TestSeed());
  for (int i = 0; i < 200; ++i) {
    std::string image = CountingImage(GetParam().type);
    for (size_t at = 8; at < image.size(); ++at) image[at] = static_cast<char>(random());

    const std::string encoded = EncodedHex(DecodeIrq(Bytes(image)));

    std::fill(image.begin() + 8 + GetParam().member_size, image.end(), '\0');
    ASSERT_EQ(encoded, absl::BytesToHexString(image));
  }
}

TEST_P(LayoutTest, TakesUnalignedImages) {
  const std::string image = CountingImage(GetParam().type);
  for (size_t shift = 1; shift < 8; ++shift) {
    std::string room(shift + kIrqSize + 8, '\x5a');
    std::memcpy(&room[shift], image.data(), kIrqSize);

    const kvm_s390_irq irq = DecodeIrq(Bytes(room) + shift);
    EncodeIrq(irq, reinterpret_cast<uint8_t*>(&room[shift]));

    EXPECT_EQ(GetParam().fields(irq), GetParam().values);
    EXPECT_EQ(room.substr(shift, kIrqSize), Image(irq));
    EXPECT_EQ(room.substr(0, shift), std::string(shift, '\x5a')) << "wrote before the image";
    EXPECT_EQ(room.substr(shift + kIrqSize), std::string(8, '\x5a')) << "wrote behind the image";
  }
}

TEST_P(LayoutTest, FieldTableCoversTheMember) {
  const IrqMember& member = MemberOf(GetParam().type);

  size_t covered = 0;
  for (const IrqField& field : member.fields) {
    EXPECT_EQ(field.offset, covered) << field.name;
    covered += field.size;
  }

  EXPECT_EQ(covered, GetParam().member_size);
  EXPECT_EQ(member.size, GetParam().member_size);
}

TEST(IrqCodecTest, EmergencyAsTheKernelWritesIt) {
  EXPECT_EQ(EncodedHex(Emergency(3)),
            absl::StrCat("00000000ffff1201", "0003", std::string(124, '0')));
}

}  // namespace
}  // namespace irqd
