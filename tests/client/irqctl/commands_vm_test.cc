// vm, vcpu, health, and what all commands that call a server have in common.
#include "absl/strings/str_cat.h"
#include "client/irqctl/irq_json.h"
#include "tests/client/irqctl/irqctl_test_case.h"

namespace irqd::irqctl {
namespace {

using testing::_;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Return;

VmInfo Demo() { return {7, "demo", DefaultHostProfile(), 2}; }

TEST_F(IrqctlTest, VmCreateMakesWhatTheOptionsSay) {
  HostProfile no_sigpif = DefaultHostProfile();
  no_sigpif.sigp_interpretation = false;
  EXPECT_CALL(*connection_,
              CreateVm(AllOf(Field(&VmSpec::name, "demo"), Field(&VmSpec::profile, no_sigpif),
                             Field(&VmSpec::vcpu_ids, ElementsAre(0, 5, 62, 63))),
                       _))
      .WillOnce(Return(Demo()));

  const Reply reply = Irqctl("vm create demo --vcpu-ids 0,5,62-63 --profile linux-6.1,no-sigpif");

  EXPECT_EQ(reply.exit_code, 0);
  EXPECT_EQ(reply.out, "demo\n");
  EXPECT_EQ(reply.err, "");
}

TEST_F(IrqctlTest, VmCreateTakesACount) {
  EXPECT_CALL(
      *connection_,
      CreateVm(AllOf(Field(&VmSpec::name, ""), Field(&VmSpec::vcpu_ids, ElementsAre(0, 1, 2))), _))
      .WillOnce(Return(Demo()));

  EXPECT_EQ(Json::parse(Irqctl("vm create --vcpus 3 --json").out), Json::parse(R"(
    {"name": "demo", "id": 7, "host_profile":
      {"kernel": "linux-6.1", "sigp_interpretation": true, "extended_sca": true, "gisa": false},
     "vcpu_count": 2, "floating_pending": "0x0"})"));
}

TEST_F(IrqctlTest, VmListShowsATable) {
  EXPECT_CALL(*connection_, ListVms(_))
      .WillOnce(Return(std::vector<VmInfo>{Demo()}))
      .WillOnce(Return(std::vector<VmInfo>{}))
      .WillOnce(Return(std::vector<VmInfo>{}));

  EXPECT_EQ(Irqctl("vm list").out,
            "ID  NAME  VCPUS  FLOATING  HOST PROFILE\n"
            " 7  demo      2  0x0       linux-6.1,sigpif,esca\n");
  EXPECT_EQ(Irqctl("vm list").out, "no VMs\n");
  EXPECT_EQ(Json::parse(Irqctl("vm list --json").out), Json::parse(R"({"vms": []})"));
}

TEST_F(IrqctlTest, JsonKeepsIdsThatDoubleCannotHold) {
  VmInfo vm = Demo();
  vm.id = (uint64_t{1} << 53) + 1;
  vm.name = "\xff";
  EXPECT_CALL(*connection_, ListVms(_)).WillOnce(Return(std::vector<VmInfo>{vm}));

  const Json json = Json::parse(Irqctl("vm list --json").out);

  EXPECT_EQ(json["vms"][0]["id"], "0x20000000000001");
}

TEST_F(IrqctlTest, VmDeleteLooksNamesUpAndIdsNot) {
  EXPECT_CALL(*connection_, FindVm(absl::string_view("demo"), _)).WillOnce(Return(Demo()));
  EXPECT_CALL(*connection_, DeleteVm(7, _)).Times(2).WillRepeatedly(Return(absl::OkStatus()));

  EXPECT_EQ(Irqctl("vm delete demo").out, "");
  EXPECT_EQ(Json::parse(Irqctl("vm delete 0x7 --json").out), Json::parse(R"({"id": 7})"));
}

TEST_F(IrqctlTest, VcpuCreateShowsTheKernelsErrno) {
  EXPECT_CALL(*connection_, CreateVcpu(Vcpu(7u, 63u), _))
      .WillOnce(Return(0))
      .WillOnce(Return(-EEXIST));

  EXPECT_EQ(Irqctl("vcpu create 7 63").exit_code, 0);
  const Reply again = Irqctl("vcpu create 7 63");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_EQ(again.err, "irqctl: KVM_CREATE_VCPU: File exists (EEXIST)\n");
}

TEST_F(IrqctlTest, VcpuListShowsATable) {
  const std::vector<VcpuInfo> vcpus = {{0, KVM_MP_STATE_STOPPED, 0},
                                       {10, KVM_MP_STATE_OPERATING, 0x200000}};
  EXPECT_CALL(*connection_, ListVcpus(7, _)).Times(2).WillRepeatedly(Return(vcpus));

  EXPECT_EQ(Irqctl("vcpu list 7").out,
            "ID  STATE      PENDING\n"
            " 0  stopped    0x0\n"
            "10  operating  0x200000\n");
  EXPECT_EQ(Json::parse(Irqctl("vcpu list 7 --json").out), Json::parse(R"({"vcpus": [
    {"id": 0, "mp_state": 5, "pending": "0x0"},
    {"id": 10, "mp_state": 7, "pending": "0x200000"}]})"));
}

TEST_F(IrqctlTest, HealthIsWhatTheServerSays) {
  const std::string not_serving = "irqctl: not serving (target h:1)\n";
  const struct {
    absl::StatusOr<bool> answer;
    const char* words;
    Reply reply;
  } kCases[] = {
      {true, "health", {0, "serving\n", ""}},
      {true, "health --json", {0, "{\n  \"status\": \"SERVING\"\n}\n", ""}},
      {false, "health", {3, "", not_serving}},
      {false, "health --json", {3, "{\n  \"status\": \"NOT_SERVING\"\n}\n", not_serving}},
      {absl::UnavailableError("no"), "health", {3, "", "irqctl: UNAVAILABLE: no (target h:1)\n"}},
      {absl::UnimplementedError("?"), "health --json", {3, "", "irqctl: UNIMPLEMENTED: ?\n"}},
  };
  irqd_target_ = "h:1";
  for (const auto& c : kCases) {
    EXPECT_CALL(*connection_, IsServing(Field(&CallOptions::timeout, absl::Seconds(2))))
        .WillOnce(Return(c.answer));

    const Reply reply = Irqctl(absl::StrCat("--timeout 2s ", c.words));

    EXPECT_EQ(reply.exit_code, c.reply.exit_code) << c.words;
    EXPECT_EQ(reply.out, c.reply.out);
    EXPECT_EQ(reply.err, c.reply.err);
  }
}

TEST_F(IrqctlTest, SaysWhyACallDidNotReachTheKernel) {
  EXPECT_CALL(*connection_, FindVm(absl::string_view("nope"), _))
      .WillOnce(Return(absl::NotFoundError("no VM 'nope'")));
  EXPECT_CALL(*connection_, ListVms(_))
      .WillOnce(Return(absl::UnavailableError("nobody\nthere\x1b[2J")));

  const Reply no_vm = Irqctl("get nope 0");
  EXPECT_EQ(no_vm.exit_code, 3);
  EXPECT_EQ(no_vm.err, "irqctl: NOT_FOUND: no VM 'nope'\n");
  const Reply no_server = Irqctl("vm list --target host:1");
  EXPECT_EQ(no_server.exit_code, 3);
  EXPECT_EQ(no_server.err, "irqctl: UNAVAILABLE: nobody there [2J (target host:1)\n");
}

TEST_F(IrqctlTest, TakesTheTargetFromOptionThenEnvironmentThenDefault) {
  EXPECT_CALL(*connection_, ListVms(_)).WillRepeatedly(Return(std::vector<VmInfo>{}));

  Irqctl("vm list");
  irqd_target_ = "unix:/run/irqd";
  Irqctl("vm list");
  Irqctl("--target a:1 vm list");

  EXPECT_THAT(targets_, ElementsAre("127.0.0.1:50051", "unix:/run/irqd", "a:1"));
}

TEST_F(IrqctlTest, PassesTheTimeoutOn) {
  EXPECT_CALL(*connection_, ListVms(Field(&CallOptions::timeout, absl::Seconds(10))))
      .WillOnce(Return(std::vector<VmInfo>{}));
  EXPECT_CALL(*connection_, ListVms(Field(&CallOptions::timeout, absl::Milliseconds(1500))))
      .WillOnce(Return(std::vector<VmInfo>{}));

  EXPECT_EQ(Irqctl("vm list").exit_code, 0);
  EXPECT_EQ(Irqctl("vm list --timeout 1.5s").exit_code, 0);
}

TEST_F(IrqctlTest, RefusesASimulationThatWouldBeGone) {
  EXPECT_THAT(Irqctl("vm list --target inproc:").err, HasSubstr("--target: the simulation inside"));
  irqd_target_ = "inproc:";
  const Reply reply = Irqctl("vm list");
  EXPECT_EQ(reply.exit_code, 2);
  EXPECT_THAT(reply.err, HasSubstr("IRQD_TARGET: the simulation inside this process"));
  EXPECT_EQ(Irqctl("decode").exit_code, 0);
}

TEST_F(IrqctlTest, RefusesBadArgumentsBeforeAnyCall) {
  const struct {
    const char* words;
    const char* message;
  } kCases[] = {
      {"vm create --vcpus -1", "vm create: --vcpus: '-1' is no number from 0 to 255"},
      {"vm create --vcpus 256", "--vcpus: '256' is no number"},
      {"vm create --vcpu-ids 0,x", "--vcpu-ids: 'x' is no number"},
      {"vm create --vcpu-ids 255", "--vcpu-ids: '255' is no number up to 254"},
      {"vm create --vcpu-ids 1 --vcpus 1", "--vcpus and --vcpu-ids exclude each other"},
      {"vm create --profile linux-9.9", "--profile: host profile: unknown word 'linux-9.9'"},
      {"vm delete 0x", "VM: '0x' is no name and no id"},
      {"vm delete 18446744073709551616", "is no name and no id"},
      {"vcpu create 7 -- -1", "VCPU: '-1' is no vCPU id"},
      {"vcpu create 7 4294967296", "VCPU: '4294967296' is no vCPU id"},
      {"vm list --timeout 0", "--timeout: '0' is no time above 0"},
      {"vm list --timeout inf", "--timeout: 'inf' is no time above 0"},
      {"vm list --timeout 5", "--timeout: '5' is no time above 0"},
  };
  for (const auto& c : kCases) {
    const Reply reply = Irqctl(c.words);
    EXPECT_EQ(reply.exit_code, 2) << c.words;
    EXPECT_EQ(reply.out, "");
    EXPECT_THAT(reply.err, HasSubstr(c.message));
  }
}

TEST_F(IrqctlTest, RefusesATargetThatCannotBe) {
  connect_status_ = absl::InvalidArgumentError("target is too long");

  const Reply reply = Irqctl("vm list");

  EXPECT_EQ(reply.exit_code, 2);
  EXPECT_EQ(reply.err, "irqctl: vm list: --target: target is too long\n");
}

}  // namespace
}  // namespace irqd::irqctl
