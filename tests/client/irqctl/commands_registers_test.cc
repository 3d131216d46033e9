// registers, of a vCPU and of a VM.
#include "client/irqctl/irq_json.h"
#include "tests/client/irqctl/irqctl_test_case.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::AllOf;
using testing::Eq;
using testing::Field;
using testing::HasSubstr;
using testing::Return;

TEST_F(IrqctlTest, RegistersShowsThoseOfAVcpu) {
  VcpuRegisters registers;
  registers.psw_mask = 0x0100000180000000;
  registers.cr0 = 0xe0;
  registers.cr6 = 1;
  registers.cr14 = 2;
  registers.clock_comparator = 3;
  registers.cpu_timer = 0x8000000000000000;
  registers.prefix = 0x2000;
  EXPECT_CALL(*connection_, GetVcpuRegisters(Vcpu(9u, 4u), _))
      .Times(2)
      .WillRepeatedly(Return(registers));

  EXPECT_EQ(Irqctl("registers 9 4").out,
            "REGISTER          VALUE\n"
            "psw_mask          0x100000180000000\n"
            "cr0               0xe0\n"
            "cr6               0x1\n"
            "cr14              0x2\n"
            "clock_comparator  0x3\n"
            "cpu_timer         0x8000000000000000\n"
            "prefix            0x2000\n");
  EXPECT_EQ(Json::parse(Irqctl("registers 9 4 --json").out), Json::parse(R"({
    "psw_mask": "0x100000180000000", "cr0": "0xe0", "cr6": "0x1", "cr14": "0x2",
    "clock_comparator": "0x3", "cpu_timer": "0x8000000000000000", "prefix": 8192})"));
}

TEST_F(IrqctlTest, RegistersShowsThoseOfAVm) {
  VmRegisters registers;
  registers.tod_clock = 1;
  registers.new_psw_masks = {2, 3, 4, 5, 6};
  EXPECT_CALL(*connection_, FindVm(absl::string_view("demo"), _))
      .WillOnce(Return(VmInfo{9, "demo", DefaultHostProfile(), 1}));
  EXPECT_CALL(*connection_, GetVmRegisters(9, _)).Times(2).WillRepeatedly(Return(registers));

  EXPECT_EQ(Irqctl("registers demo").out,
            "REGISTER               VALUE\n"
            "tod_clock              0x1\n"
            "new_psw_restart        0x2\n"
            "new_psw_external       0x3\n"
            "new_psw_program        0x4\n"
            "new_psw_machine_check  0x5\n"
            "new_psw_io             0x6\n");
  EXPECT_EQ(Json::parse(Irqctl("registers 9 --json").out)["new_psw_io"], "0x6");
}

TEST_F(IrqctlTest, RegistersSetsOnlyWhatIsGiven) {
  using Vcpu = VcpuRegistersUpdate;
  using Vm = VmRegistersUpdate;
  EXPECT_CALL(*connection_,
              SetVcpuRegisters(irqctl::Vcpu(9u, 4u),
                               AllOf(Field(&Vcpu::cr0, Eq(0x4000u)), Field(&Vcpu::prefix, Eq(7u)),
                                     Field(&Vcpu::psw_mask, Eq(absl::nullopt)),
                                     Field(&Vcpu::cr6, Eq(absl::nullopt))),
                               _))
      .WillOnce(Return(absl::OkStatus()));
  EXPECT_CALL(*connection_, SetVmRegisters(9,
                                           AllOf(Field(&Vm::tod_clock, Eq(~uint64_t{0})),
                                                 Field(&Vm::new_psw_io, Eq(absl::nullopt))),
                                           _))
      .WillOnce(Return(absl::OkStatus()));

  EXPECT_EQ(Irqctl("registers 9 4 cr0=0x4000 prefix=7").out, "");
  EXPECT_EQ(Irqctl("registers 9 tod_clock=0xffffffffffffffff --json").out, "{\n  \"ret\": 0\n}\n");
}

TEST_F(IrqctlTest, RegistersKnowsEachByName) {
  const char* const vcpu_names[] = {"psw_mask",         "cr0",       "cr6",   "cr14",
                                    "clock_comparator", "cpu_timer", "prefix"};
  const char* const vm_names[] = {"tod_clock",       "new_psw_restart",       "new_psw_external",
                                  "new_psw_program", "new_psw_machine_check", "new_psw_io"};
  EXPECT_CALL(*connection_, SetVcpuRegisters(_, _, _))
      .Times(std::size(vcpu_names))
      .WillRepeatedly(Return(absl::OkStatus()));
  EXPECT_CALL(*connection_, SetVmRegisters(_, _, _))
      .Times(std::size(vm_names))
      .WillRepeatedly(Return(absl::OkStatus()));

  for (const std::string name : vcpu_names) {
    EXPECT_EQ(Irqctl("registers 9 4 " + name + "=1").err, "");
  }
  for (const std::string name : vm_names) EXPECT_EQ(Irqctl("registers 9 " + name + "=1").err, "");
}

TEST_F(IrqctlTest, RegistersRefusesBadArgumentsBeforeAnyCall) {
  const struct {
    const char* words;
    const char* message;
  } kCases[] = {
      {"registers", "registers: VM is missing"},
      {"registers 9 x", "registers: VCPU: 'x' is no vCPU id"},
      {"registers 9 4 cr0", "'cr0' is not NAME=VALUE"},
      {"registers 9 4 tod_clock=1", "register 'tod_clock' is none of psw_mask, cr0,"},
      {"registers 9 cr0=1", "register 'cr0' is none of tod_clock, new_psw_restart,"},
      {"registers 9 4 cr0=1 cr0=1", "'cr0' is given twice"},
      {"registers 9 4 prefix=0x100000000", "'prefix=0x100000000': not a number from 0 to"},
      {"registers 9 4 cr0=", "'cr0=': not a number from 0 to 0xffffffffffffffff"},
      {"registers 9 4 cr0=1=2", "'cr0=1=2': not a number"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_EQ(reply.out, "");
    EXPECT_THAT(reply.err, HasSubstr(c.message));
  }
}

TEST_F(IrqctlTest, RegistersSaysThatTheCallDidNotArrive) {
  const absl::Status gone = absl::NotFoundError("gone");
  EXPECT_CALL(*connection_, GetVcpuRegisters(_, _)).WillOnce(Return(gone));
  EXPECT_CALL(*connection_, SetVcpuRegisters(_, _, _)).WillOnce(Return(gone));
  EXPECT_CALL(*connection_, GetVmRegisters(_, _)).WillOnce(Return(gone));
  EXPECT_CALL(*connection_, SetVmRegisters(_, _, _)).WillOnce(Return(gone));

  for (const char* words :
       {"registers 9 4", "registers 9 4 cr0=1", "registers 9", "registers 9 tod_clock=1"}) {
    EXPECT_EQ(Irqctl(words).exit_code, 3) << words;
  }
}

}  // namespace
}  // namespace irqd::irqctl
