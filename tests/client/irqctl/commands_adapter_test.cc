// flic adapter, flic ais.
#include "client/irqctl/irq_json.h"
#include "core/kvm_flic.h"
#include "tests/client/irqctl/irqctl_test_case.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

std::string Bytes(std::initializer_list<int> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

TEST_F(IrqctlTest, AdapterCommandsSendTheKernelsStructures) {
  const struct {
    const char* words;
    FlicGroup group;
    uint64_t attr;
    std::string memory;
  } kCases[] = {
      {"register", FlicGroup::kAdapterRegister, 0, Bytes({0, 0, 1, 2, 0, 0, 0, 0})},
      {"register --isc 3 --maskable", FlicGroup::kAdapterRegister, 0,
       Bytes({0, 0, 1, 2, 3, 1, 0, 0})},
      {"register --suppressible --isc=0xff", FlicGroup::kAdapterRegister, 0,
       Bytes({0, 0, 1, 2, 0xff, 0, 0, 1})},
      {"mask", FlicGroup::kAdapterModify, 0,
       Bytes({0, 0, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})},
      {"unmask", FlicGroup::kAdapterModify, 0,
       Bytes({0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})},
      {"inject", FlicGroup::kAirqInject, 0x102, ""},
  };
  for (const auto& c : kCases) {
    EXPECT_CALL(*connection_,
                SetDeviceAttr(9, FlicAttr(c.group, c.attr), absl::string_view(c.memory), _))
        .WillOnce(Return(FloatReply{0, {}}));
    const Reply reply = Irqctl(std::string("flic adapter 9 0x102 ") + c.words);
    EXPECT_EQ(reply.exit_code, 0) << c.words << ": " << reply.err;
    testing::Mock::VerifyAndClearExpectations(connection_.get());
  }
}

TEST_F(IrqctlTest, AdapterCommandsNameTheirIoctl) {
  EXPECT_CALL(*connection_, SetDeviceAttr(9, _, _, _))
      .Times(3)
      .WillRepeatedly(Return(FloatReply{-EINVAL, {}}));

  EXPECT_EQ(Irqctl("flic adapter 9 1 register").err,
            "irqctl: KVM_DEV_FLIC_ADAPTER_REGISTER: Invalid argument (EINVAL)\n");
  EXPECT_EQ(Irqctl("flic adapter 9 1 mask").err,
            "irqctl: KVM_DEV_FLIC_ADAPTER_MODIFY: Invalid argument (EINVAL)\n");
  EXPECT_EQ(Irqctl("flic adapter 9 1 inject").err,
            "irqctl: KVM_DEV_FLIC_AIRQ_INJECT: Invalid argument (EINVAL)\n");
}

TEST_F(IrqctlTest, AdapterInjectSaysWhoWoke) {
  EXPECT_CALL(*connection_, SetDeviceAttr(9, _, _, _)).WillOnce(Return(FloatReply{0, {4}}));

  EXPECT_EQ(Irqctl("flic adapter 9 1 inject").out, "woke vCPU 4\n");
}

TEST_F(IrqctlTest, AisShowsTheModes) {
  EXPECT_CALL(*connection_, GetDeviceAttr(9, FlicAttr(FlicGroup::kAismAll, 2u), _))
      .WillOnce(Return(GetDeviceAttrReply{0, "\xc0\x40"}))
      .WillOnce(Return(GetDeviceAttrReply{0, "\xc0\x40"}))
      .WillOnce(Return(GetDeviceAttrReply{-EOPNOTSUPP, ""}))
      .WillOnce(Return(GetDeviceAttrReply{0, "x"}));

  EXPECT_EQ(Irqctl("flic ais 9").out,
            "ISC  MODE\n"
            "0    single\n"
            "1    no interruptions\n"
            "2    all\n3    all\n4    all\n5    all\n6    all\n7    all\n");
  EXPECT_EQ(Json::parse(Irqctl("flic ais 9 --json").out),
            Json::parse(R"({"ret": 0, "simm": 192, "nimm": 64})"));
  const Reply disabled = Irqctl("flic ais 9");
  EXPECT_EQ(disabled.exit_code, 1);
  EXPECT_EQ(disabled.out, "");
  EXPECT_EQ(disabled.err, "irqctl: KVM_DEV_FLIC_AISM_ALL: Operation not supported (EOPNOTSUPP)\n");
  EXPECT_EQ(Irqctl("flic ais 9").exit_code, 3);
}

TEST_F(IrqctlTest, AisEnablesAndSets) {
  EXPECT_CALL(*connection_, EnableCap(9, KVM_CAP_S390_AIS, 0, _))
      .WillOnce(Return(0))
      .WillOnce(Return(-EBUSY));
  const std::string single = Bytes({3, 0, 0, 1}), all = Bytes({3, 0, 0, 0});
  const std::string modes = Bytes({0xc0, 0x40});
  for (const std::string* request : {&single, &all}) {
    EXPECT_CALL(*connection_,
                SetDeviceAttr(9, FlicAttr(FlicGroup::kAism, 0u), absl::string_view(*request), _))
        .WillOnce(Return(FloatReply{0, {}}));
  }
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, FlicAttr(FlicGroup::kAismAll, 0u), absl::string_view(modes), _))
      .WillOnce(Return(FloatReply{0, {}}));

  EXPECT_EQ(Irqctl("flic ais 9 enable").exit_code, 0);
  EXPECT_EQ(Irqctl("flic ais 9 enable").err,
            "irqctl: KVM_ENABLE_CAP: Device or resource busy (EBUSY)\n");
  EXPECT_EQ(Irqctl("flic ais 9 3 single").exit_code, 0);
  EXPECT_EQ(Irqctl("flic ais 9 3 all").exit_code, 0);
  EXPECT_EQ(Irqctl("flic ais 9 simm=0xc0 nimm=64").exit_code, 0);
}

TEST_F(IrqctlTest, AdapterCommandsRefuseBadArgumentsBeforeAnyCall) {
  const struct {
    const char* words;
    const char* message;
  } kCases[] = {
      {"flic adapter 9 x mask", "flic adapter: ID: 'x' is no number from 0 to 4294967295"},
      {"flic adapter 9 1", "flic adapter: ACTION is missing"},
      {"flic adapter 9 1 map", "'map' is none of register, mask, unmask, inject"},
      {"flic adapter 9 1 register --isc 256", "--isc: '256' is no number from 0 to 255"},
      {"flic adapter 9 1 mask --isc 1", "--isc goes with register only"},
      {"flic adapter 9 1 inject --maskable", "--maskable goes with register only"},
      {"flic ais 9 on", "'on' is not enable, and lacks a mode"},
      {"flic ais 9 x all", "ISC: 'x' is no number from 0 to 255"},
      {"flic ais 9 3 none", "'none' is none of all, single"},
      {"flic ais 9 simm=256 nimm=0", "simm: '256' is no number from 0 to 255"},
      {"flic ais 9 nimm=0 simm=0", "'nimm=0' is not simm=N"},
      {"flic ais 9 simm=0 1", "'1' is not nimm=N"},
      {"flic ais 9 1 2 3", "'3' is one argument too many"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_EQ(reply.out, "");
    EXPECT_THAT(reply.err, HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace irqd::irqctl
