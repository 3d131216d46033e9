// The line of JSON: everything there and back, and what is refused, by name.
#include "client/vectors/scenario.h"

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

namespace irqd {
namespace {

using testing::HasSubstr;

constexpr char kHost[] = R"({"kernel":"linux-6.1","sigp_interpretation":true,"extended_sca":true})";
constexpr char kCreate[] = R"({"op":"create_vcpu","vcpu":3,"ret":0})";

std::string Line(const std::string& steps) {
  return absl::StrCat(R"({"name":"n","host":)", kHost, R"(,"steps":[)", steps, "]}");
}
// With a vCPU 3.
std::string LineWith(const std::string& step) { return Line(absl::StrCat(kCreate, ",", step)); }

std::string ErrorOf(const std::string& line) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(line);
  return scenario.ok() ? "" : std::string(scenario.status().message());
}

TEST(ScenarioTest, TellsInterruptsOfTheVmFromThoseOfAVcpu) {
  const Scenario scenario =
      ParseScenario(
          LineWith(R"({"op":"KVM_S390_INTERRUPT","type":4294905857,"parm":1,"parm64":2,"ret":0},)"
                   R"({"op":"KVM_S390_INTERRUPT","vcpu":3,"type":1,"parm":1,"parm64":2,)"
                   R"("ret":-22})"))
          .value();

  EXPECT_EQ(scenario.steps.at(1).op, Op::kVmInterrupt);
  EXPECT_EQ(scenario.steps.at(2).op, Op::kS390Interrupt);
  EXPECT_EQ(scenario.steps.at(2).vcpu, 3u);
}

TEST(ScenarioTest, WritesEveryArgumentOfEveryCall) {
  Scenario scenario = {"all", DefaultHostProfile(), {}};
  for (int op = 0; op < kOps; ++op) {
    Step step;
    step.op = static_cast<Op>(op);
    step.vcpu = 3;
    step.len = 144;
    step.images = std::string("\x12\x34", 2);
    step.interrupt = {0xffff1201, 5, uint64_t{1} << 63};
    step.attr = {1, 6, ~uint64_t{0}, "abc"};
    step.number = step.op == Op::kSetNewPswMask ? kNewPsws - 1 : 6;
    step.value = 0x0304000000000000;
    scenario.steps.push_back(step);
  }

  const std::string line = FormatScenario(scenario);

  EXPECT_EQ(FormatScenario(ParseScenario(line).value()), line);
  EXPECT_THAT(line, HasSubstr(R"("value":"0x304000000000000")"));
  EXPECT_THAT(line, HasSubstr(R"("parm64":9223372036854775808)"));
}

TEST(ScenarioTest, WritesTheRecordingsAsTheyAre) {
  int lines = 0;
  for (const char* name : {"named", "local", "delivery", "floating"}) {
    std::ifstream file(absl::StrCat("tests/testdata/", name, ".jsonl"));
    for (std::string line; std::getline(file, line); ++lines) {
      EXPECT_EQ(FormatScenario(ParseScenario(line).value()), line);
    }
  }
  EXPECT_EQ(lines, 364);
}

TEST(ScenarioTest, GivesAListingAllTheMemoryThatTheKernelTakes) {
  const Scenario scenario =
      ParseScenario(Line(R"({"op":"KVM_DEV_FLIC_GET_ALL_IRQS","len":144,"ret":0,"buf":""},)"
                         R"({"op":"KVM_DEV_FLIC_GET_ALL_IRQS","len":33554433,"ret":-22,"buf":""})"))
          .value();

  EXPECT_EQ(scenario.steps[0].attr.blank, 144u);
  EXPECT_EQ(scenario.steps[1].attr.attr, 0x2000001u);
  EXPECT_EQ(scenario.steps[1].attr.blank, 0x2000000u);
}

TEST(ScenarioTest, TakesNumbersInBothFormsAndComments) {
  const Scenario scenario =
      ParseScenario(LineWith(R"({"op":"set_cr","vcpu":"0x3","cr":14,"value":"0xFFffffffffffffff",)"
                             R"("comment":"all of them"},)"
                             R"({"op":"set_psw_mask","vcpu":3,"value":18446744073709551615})"))
          .value();

  EXPECT_EQ(scenario.steps[1].value, ~uint64_t{0});
  EXPECT_EQ(scenario.steps[2].value, ~uint64_t{0});
}

TEST(ScenarioTest, NamesTheFieldThatIsWrong) {
  const struct {
    std::string line;
    std::string error;
  } kCases[] = {
      {"", "is no JSON: "},
      {"{", "is no JSON: "},
      {"7", "7 is no object"},
      {"[[[[[[[[1]]]]]]]]", "nests too deep"},
      {"{}", "name: is missing"},
      {R"({"name":7})", "name: 7 is no string"},
      {R"({"name":""})", "name: has not 1 to 200 printable characters of ASCII"},
      {R"({"name":"a\u001b"})", "name: has not 1 to 200 printable characters of ASCII"},
      {R"({"name":"n","steps":[]})", "host: is missing"},
      {R"({"name":"n","host":{"kernel":"linux-2.4"}})", "host.kernel: is none of linux-6.1"},
      {R"({"name":"n","host":{"kernel":"linux-6.1","sigp_interpretation":1}})",
       "host.sigp_interpretation: 1 is neither true nor false"},
      {absl::StrCat(R"({"name":"n","host":)", kHost, "}"), "steps: is missing"},
      {absl::StrCat(R"({"name":"n","version":2,"host":)", kHost, R"(,"steps":[]})"),
       R"("version": is no field that belongs here)"},
      {Line("7"), "steps[0]: 7 is no object"},
      {Line("{}"), "steps[0].op: is missing"},
      {Line(R"({"op":"fly","ret":0})"), "steps[0].op: is no call of this format"},
      {Line(R"({"op":"create_vcpu","vcpu":-1,"ret":0})"),
       "steps[0].vcpu: -1 is no number from 0 to 4294967295"},
      {Line(R"({"op":"create_vcpu","vcpu":4294967296,"ret":0})"),
       "steps[0].vcpu: 4294967296 is no number from 0 to 4294967295"},
      {Line(R"({"op":"create_vcpu","vcpu":1e1,"ret":0})"), "steps[0].vcpu: 10.0 is no number"},
      {Line(R"({"op":"create_vcpu","vcpu":"12","ret":0})"), R"(steps[0].vcpu: "12" is no number)"},
      {Line(R"({"op":"create_vcpu","vcpu":"0x","ret":0})"), R"(steps[0].vcpu: "0x" is no number)"},
      {Line(R"({"op":"create_vcpu","vcpu":0})"), "steps[0].ret: is missing"},
      {Line(R"({"op":"create_vcpu","vcpu":0,"ret":18446744073709551615})"),
       "steps[0].ret: 18446744073709551615 is no integer of 64 bits"},
      {Line(R"({"op":"KVM_GET_MP_STATE","vcpu":3,"ret":5})"),
       "steps[0].vcpu: no create_vcpu before made it"},
      {Line(R"({"op":"create_vcpu","vcpu":3,"ret":-22},{"op":"KVM_GET_MP_STATE","vcpu":3,)"
            R"("ret":5})"),
       "steps[1].vcpu: no create_vcpu before made it"},
      {LineWith(R"({"op":"KVM_S390_IRQ","vcpu":3,"arg":"123","ret":0})"),
       R"(steps[1].arg: "123" is not made of pairs of hexadecimal digits)"},
      {LineWith(R"({"op":"KVM_S390_IRQ","vcpu":3,"arg":"zz","ret":0})"),
       R"(steps[1].arg: "zz" is not made of pairs of hexadecimal digits)"},
      {LineWith(R"({"op":"KVM_S390_GET_IRQ_STATE","vcpu":3,"len":72,"ret":0})"),
       "steps[1].buf: is missing"},
      {LineWith(R"({"op":"KVM_GET_MP_STATE","vcpu":3,"ret":5,"len":72})"),
       R"(steps[1]."len": is no field that belongs here)"},
      {LineWith(R"({"op":"KVM_GET_MP_STATE","vcpu":3,"ret":5,"comment":7})"),
       R"(steps[1]."comment": is no field that belongs here)"},
      {LineWith(R"({"op":"set_cr","vcpu":3,"cr":1,"value":0})"),
       "steps[1].cr: is none of 0, 6, 14"},
      {LineWith(R"({"op":"set_cr","vcpu":3,"cr":0,"value":0,"ret":0})"),
       R"(steps[1]."ret": is no field that belongs here)"},
      {LineWith(R"({"op":"set_new_psw_mask","which":5,"value":0})"),
       "steps[1].which: 5 is no number from 0 to 4"},
      {LineWith(R"({"op":"deliver","vcpu":3,"ret":0,"delivered":7})"),
       "steps[1].delivered: 7 is no array"},
      {LineWith(R"({"op":"deliver","vcpu":3,"ret":0,"delivered":[{"type":1,"data0":2}]})"),
       "steps[1].delivered[0].data1: is missing"},
      {LineWith(R"({"op":"deliver","vcpu":3,"ret":0,"delivered":[{"type":1,"data0":2,"data1":3,)"
                R"("data2":4}]})"),
       R"(steps[1].delivered[0]."data2": is no field that belongs here)"},
      {Line(R"({"op":"KVM_DEV_FLIC_CLEAR_IO_IRQ","schid":4294967296,"ret":0})"),
       "steps[0].schid: 4294967296 is no number from 0 to 4294967295"},
  };
  for (const auto& c : kCases) EXPECT_THAT(ErrorOf(c.line), HasSubstr(c.error)) << c.line;
}

TEST(ScenarioTest, HoldsItsBounds) {
  const std::string step = R"({"op":"vm_pending","ret":0},)";
  std::string steps;
  for (size_t i = 0; i < kMaxScenarioSteps; ++i) steps += step;
  steps.pop_back();

  EXPECT_EQ(ErrorOf(Line(steps)), "");
  EXPECT_EQ(ErrorOf(Line(step + steps)), "steps: has more than 100000 entries");
  EXPECT_EQ(ErrorOf(std::string(kMaxScenarioLine + 1, ' ')), "longer than 16777216 bytes");
}

}  // namespace
}  // namespace irqd
