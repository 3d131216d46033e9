// flic list, enqueue, clear, clear-io.
#include "absl/strings/escaping.h"
#include "client/irqctl/files.h"
#include "client/irqctl/irq_json.h"
#include "core/kvm_flic.h"
#include "tests/client/irqctl/irqctl_test_case.h"
#include "tests/core/irq_samples.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

kvm_s390_irq Io(uint16_t nr) {
  kvm_s390_irq irq = Irq(0x10001);
  irq.u.io.subchannel_id = 1;
  irq.u.io.subchannel_nr = nr;
  irq.u.io.io_int_word = 0x18000000;
  return irq;
}

GetDeviceAttrReply TwoPending() { return {2, Images({Io(5), Irq(KVM_S390_INT_SERVICE)})}; }

TEST_F(IrqctlTest, FlicListHasRoomForAll) {
  EXPECT_CALL(*connection_, FindVm(absl::string_view("demo"), _))
      .WillOnce(Return(VmInfo{9, "demo", DefaultHostProfile(), 1}));
  EXPECT_CALL(*connection_, GetDeviceAttr(9, FlicAttr(FlicGroup::kGetAllIrqs, 0x2000000u), _))
      .WillOnce(Return(TwoPending()));

  const Reply reply = Irqctl("flic list demo");

  EXPECT_EQ(reply.exit_code, 0);
  EXPECT_EQ(reply.out,
            "#  TYPE            PAYLOAD\n"
            "0  INT_IO 0x10001  subchannel_id=0x1 subchannel_nr=0x5 io_int_word=0x18000000\n"
            "1  INT_SERVICE     -\n"
            "2 interrupts, 144 bytes\n");
}

TEST_F(IrqctlTest, FlicListWritesAllFormats) {
  EXPECT_CALL(*connection_, GetDeviceAttr(9, FlicAttr(FlicGroup::kGetAllIrqs, 0x2000000u), _))
      .WillRepeatedly(Return(TwoPending()));
  const std::string file = TempFile("");

  EXPECT_EQ(Irqctl("flic list 9 --format raw").out, TwoPending().memory);
  EXPECT_EQ(Irqctl("flic list 9 --format raw --output " + file).out, "");
  EXPECT_EQ(*ReadInput(file, -1), TwoPending().memory);
  EXPECT_THAT(Irqctl("flic list 9 --summary").out, HasSubstr("INT_SERVICE"));
  const Json json = Json::parse(Irqctl("flic list 9 --json").out);
  EXPECT_EQ(json["ret"], 2);
  EXPECT_EQ(json["irqs"].size(), 2u);
  EXPECT_EQ(json["irqs"][0]["io"]["subchannel_nr"], 5);
}

TEST_F(IrqctlTest, FlicListShowsWhyThereIsNothing) {
  EXPECT_CALL(*connection_, GetDeviceAttr(9, FlicAttr(FlicGroup::kGetAllIrqs, 71u), _))
      .Times(2)
      .WillRepeatedly(Return(GetDeviceAttrReply{-ENOMEM, ""}));
  EXPECT_CALL(*connection_, GetDeviceAttr(9, FlicAttr(FlicGroup::kGetAllIrqs, 0x2000000u), _))
      .WillOnce(Return(GetDeviceAttrReply{0, ""}))
      .WillOnce(Return(GetDeviceAttrReply{1, std::string(71, 'x')}));

  const Reply small = Irqctl("flic list 9 --len 71");
  EXPECT_EQ(small.exit_code, 1);
  EXPECT_EQ(small.out, "");
  EXPECT_EQ(small.err, "irqctl: KVM_DEV_FLIC_GET_ALL_IRQS: Cannot allocate memory (ENOMEM)\n");
  EXPECT_EQ(Json::parse(Irqctl("flic list 9 --len 71 --json").out)["errno"], "ENOMEM");
  EXPECT_EQ(Irqctl("flic list 9").out, "no interrupts\n");
  const Reply half = Irqctl("flic list 9");
  EXPECT_EQ(half.exit_code, 3);
  EXPECT_THAT(half.err, HasSubstr("INTERNAL: the server's answer: 71 bytes are no whole"));
}

TEST_F(IrqctlTest, FlicEnqueueTakesRecordsAndSaysWhoWoke) {
  const std::string image = Images({Io(5)});
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, FlicAttr(FlicGroup::kEnqueue, 72u), absl::string_view(image), _))
      .WillOnce(Return(FloatReply{0, {}}))
      .WillOnce(Return(FloatReply{0, {2, 0, 1}}))
      .WillOnce(Return(FloatReply{0, {3}}));
  const std::string words =
      "flic enqueue 9 0x10001 subchannel_id=1 subchannel_nr=5 io_int_word=0x18000000";

  EXPECT_EQ(Irqctl(words).out, "");
  EXPECT_EQ(Irqctl(words).out, "woke vCPU 0-2\n");
  EXPECT_EQ(Json::parse(Irqctl(words + " --json").out), Json::parse(R"({"ret": 0, "woken": [3]})"));
}

TEST_F(IrqctlTest, FlicEnqueueTakesSeveralRecordsAndFiles) {
  const std::string images = Images({Irq(KVM_S390_INT_SERVICE), Irq(KVM_S390_MCHK)});
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, FlicAttr(FlicGroup::kEnqueue, 144u), absl::string_view(images), _))
      .Times(5)
      .WillRepeatedly(Return(FloatReply{0, {}}));

  EXPECT_EQ(Irqctl("flic enqueue 9 service MCHK").exit_code, 0);
  EXPECT_EQ(Irqctl("flic enqueue 9 --file " + TempFile(images)).exit_code, 0);
  EXPECT_EQ(Irqctl("flic enqueue 9 --format hex --file " + TempFile(absl::BytesToHexString(images)))
                .exit_code,
            0);
  SetStdin(images);
  EXPECT_EQ(Irqctl("flic enqueue 9").exit_code, 0);
  EXPECT_EQ(Irqctl("flic enqueue 9 --file -").exit_code, 0);
}

TEST_F(IrqctlTest, FlicEnqueueSendsLongFilesInParts) {
  const std::string images(1000 * 72, '\0');
  EXPECT_CALL(*connection_, SetDeviceAttr(9, FlicAttr(FlicGroup::kEnqueue, 910 * 72u), _, _))
      .WillOnce(Return(FloatReply{0, {1}}));
  EXPECT_CALL(*connection_, SetDeviceAttr(9, FlicAttr(FlicGroup::kEnqueue, 90 * 72u), _, _))
      .WillOnce(Return(FloatReply{-EBUSY, {0}}));

  const Reply reply = Irqctl("flic enqueue 9 --file " + TempFile(images));

  EXPECT_EQ(reply.exit_code, 1);
  EXPECT_EQ(reply.out, "woke vCPU 0,1\n");
  EXPECT_EQ(reply.err, "irqctl: KVM_DEV_FLIC_ENQUEUE: Device or resource busy (EBUSY)\n");
}

TEST_F(IrqctlTest, FlicEnqueueLeavesAWrongSizeToTheKernel) {
  EXPECT_CALL(*connection_,
              SetDeviceAttr(9, FlicAttr(FlicGroup::kEnqueue, 71u), absl::string_view(), _))
      .WillOnce(Return(FloatReply{-EINVAL, {}}));

  EXPECT_EQ(Irqctl("flic enqueue 9 --format raw --file " + TempFile(std::string(71, '\0'))).err,
            "irqctl: KVM_DEV_FLIC_ENQUEUE: Invalid argument (EINVAL)\n");
}

TEST_F(IrqctlTest, FlicClearRemovesAllOrOne) {
  EXPECT_CALL(*connection_, SetDeviceAttr(9, FlicAttr(FlicGroup::kClearIrqs, 0u), _, _))
      .WillOnce(Return(FloatReply{0, {}}));
  EXPECT_CALL(*connection_, SetDeviceAttr(9, FlicAttr(FlicGroup::kClearIoIrq, 4u),
                                          absl::string_view("\xab\xcd\0\x01", 4), _))
      .WillOnce(Return(FloatReply{0, {}}))
      .WillOnce(Return(FloatReply{-EINVAL, {}}));

  EXPECT_EQ(Irqctl("flic clear 9").exit_code, 0);
  EXPECT_EQ(Irqctl("flic clear-io 9 0xabcd 1").exit_code, 0);
  EXPECT_EQ(Irqctl("flic clear-io 9 0xabcd 1").err,
            "irqctl: KVM_DEV_FLIC_CLEAR_IO_IRQ: Invalid argument (EINVAL)\n");
}

TEST_F(IrqctlTest, FlicCommandsRefuseBadArgumentsBeforeAnyCall) {
  const std::string odd = TempFile("abc");
  const struct {
    std::string words;
    std::string message;
  } kCases[] = {
      {"flic", "flic: which of list, enqueue, clear, clear-io, adapter, ais?"},
      {"flic list", "flic list: VM is missing"},
      {"flic list 9x", "flic list: VM: '9x' is no name and no id"},
      {"flic list 9 --len -1", "--len: '-1' is no number of 64 bits"},
      {"flic list 9 --format xml", "--format: 'xml' is none of table, hex, raw"},
      {"flic enqueue 9 FOO", "type 'FOO' is none of"},
      {"flic enqueue 9 INT_SERVICE foo=1", "field 'foo': INT_SERVICE has"},
      {"flic enqueue 9 INT_IO", "type 'INT_IO' stands for many: give the number"},
      {"flic enqueue 9 MCHK --file x", "TYPE and --file exclude each other"},
      {"flic enqueue 9 MCHK --format raw", "TYPE and --format exclude each other"},
      {"flic enqueue 9 --file " + odd, odd + ": an odd number of hex digits, 3"},
      {"flic enqueue 9 --file /nonexistent", "/nonexistent: No such file or directory"},
      {"flic clear-io 9 1", "flic clear-io: NR is missing"},
      {"flic clear-io 9 65536 1", "ID: '65536' is no number from 0 to 0xffff"},
      {"flic clear-io 9 1 x", "NR: 'x' is no number from 0 to 0xffff"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_EQ(reply.out, "");
    EXPECT_THAT(reply.err, HasSubstr(c.message));
  }
}

TEST_F(IrqctlTest, FlicCommandsSayThatThereIsNoVm) {
  const absl::Status no_vm = absl::NotFoundError("no irqd.v1.Vm 9");
  EXPECT_CALL(*connection_, GetDeviceAttr(9, _, _)).WillOnce(Return(no_vm));
  EXPECT_CALL(*connection_, SetDeviceAttr(9, _, _, _)).Times(2).WillRepeatedly(Return(no_vm));

  for (const char* words : {"flic list 9", "flic clear 9", "flic enqueue 9 MCHK"}) {
    const Reply reply = Irqctl(words);
    EXPECT_EQ(reply.exit_code, 3) << words;
    EXPECT_EQ(reply.err, "irqctl: NOT_FOUND: no irqd.v1.Vm 9\n");
  }
}

}  // namespace
}  // namespace irqd::irqctl
