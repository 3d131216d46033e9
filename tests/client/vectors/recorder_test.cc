// Where a scenario begins and ends.
#include "client/vectors/recorder.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/client/vectors/recorder_test_case.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(RecorderTest, EndsWhereVectorsHaveNoWords) {
  const struct {
    std::function<void()> call;
    std::string why;
  } kCases[] = {
      {[this] {
         Answer<v1::SetVcpuRegistersRequest, Empty>(
             "/irqd.v1.Guest/SetVcpuRegisters",
             absl::StrCat(kVcpu, "registers { cr0: 1 prefix: 8192 }"), "");
       },
       "a prefix was set"},
      {[this] {
         Answer<v1::DeliverRequest, v1::DeliverResponse>("/irqd.v1.Guest/Deliver", kVcpu,
                                                         "more: true delivered {}");
       },
       "a delivery was ended by its max_irqs"},
      {[this] {
         Answer<v1::SigpRequest, v1::SigpResponse>(
             "/irqd.v1.Guest/Sigp", absl::StrCat(kVcpu, "to_vcpu_id: 3 order: 6"), "");
       },
       "an order started or reset a vCPU"},
      {[this] {
         Answer<v1::EnableCapRequest, v1::EnableCapResponse>(
             "/irqd.v1.Flic/EnableCap", absl::StrCat(kVm, "cap: 141 flags: 1"), "");
       },
       "a capability was enabled with flags"},
      {[this] {
         Answer<v1::GetIrqStatesRequest, v1::GetIrqStatesResponse>(
             "/irqd.v1.Batch/GetIrqStates", kVm, "vcpu_ids: 3 ret: 1 size: 9");
       },
       "an answer made no sense"},
      {[this] {
         recorder_->Ended("/irqd.v1.Kvm/S390Irq", Bytes<v1::S390IrqRequest>(kVcpu),
                          absl::StatusCode::kUnavailable);
       },
       "a call got no answer"},
      {[this] {
         uint64_t vm = 7;
         recorder_->StreamEnded("", absl::StatusCode::kCancelled, &vm);
       },
       "a message of a stream got no answer"},
      {[this] { recorder_->Unknown("/irqd.v1.Vms/Fly"); },
       "/irqd.v1.Vms/Fly is no call that is known here"},
  };
  for (const auto& c : kCases) {
    Restart();
    MakeVm(7, "demo");
    GetMpState(7);

    c.call();
    GetMpState(7);

    EXPECT_EQ(Steps(), R"({"op":"KVM_GET_MP_STATE","vcpu":3,"ret":5})") << c.why;
    EXPECT_THAT(recorder_->notes(),
                ElementsAre("VM demo: its scenario ends after 2 steps: " + c.why));
  }
}

TEST_F(RecorderTest, GoesOnAfterStatusesThatChangeNothing) {
  const std::string request = Bytes<v1::S390IrqRequest>(kVcpu);
  for (absl::StatusCode code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound,
        absl::StatusCode::kAlreadyExists, absl::StatusCode::kResourceExhausted}) {
    recorder_->Ended("/irqd.v1.Kvm/S390Irq", request, code);
  }
  // What only looks changes nothing, answered or not.
  recorder_->Ended("/irqd.v1.Kvm/GetMpState", Bytes<v1::GetMpStateRequest>(kVcpu),
                   absl::StatusCode::kUnavailable);
  GetMpState(7);

  EXPECT_EQ(Steps(), R"({"op":"KVM_GET_MP_STATE","vcpu":3,"ret":5})");
  EXPECT_THAT(recorder_->notes(), IsEmpty());
}

TEST_F(RecorderTest, LeavesOutVmsThatWereThereBefore) {
  GetMpState(6);
  GetMpState(6);
  Answer<v1::CreateVcpuRequest, v1::CreateVcpuResponse>("/irqd.v1.Vms/CreateVcpu",
                                                        "vm { name: 'old' }", "");

  EXPECT_EQ(Steps(), "");
  EXPECT_THAT(recorder_->notes(), ElementsAre("VM 6: left out: it was there before",
                                              "VM old: left out: it was there before"));
}

TEST_F(RecorderTest, WritesAScenarioWhenItsVmIsGone) {
  DeleteVm(7);
  ASSERT_THAT(lines_, SizeIs(1));
  MakeVm(8, "demo");
  Answer<v1::DeleteVmRequest, Empty>("/irqd.v1.Vms/DeleteVm", kVm, "");
  ASSERT_THAT(lines_, SizeIs(2));
  MakeVm(9, "other");
  recorder_->Finish();

  std::vector<std::string> names;
  for (const std::string& line : lines_) names.push_back(ParseScenario(line).value().name);
  EXPECT_THAT(names, ElementsAre("demo", "demo-8", "other"));
  EXPECT_EQ(recorder_->scenarios(), 3u);
  EXPECT_EQ(recorder_->steps(), 3u);
}

TEST_F(RecorderTest, HoldsItsLimits) {
  const auto note_with = [this](const Recorder::Limits& limits) {
    Restart(limits);
    MakeVm(7, "demo");
    MakeVm(8, "other");
    for (int i = 0; i < 10; ++i) GetMpState(7);
    recorder_->Finish();
    EXPECT_THAT(lines_, SizeIs(2));
    EXPECT_THAT(recorder_->notes(), SizeIs(1));
    return recorder_->notes().at(0);
  };
  Recorder::Limits limits;
  limits.steps = 4;
  EXPECT_EQ(note_with(limits), "VM demo: its scenario ends after 4 steps: it has 4 steps");
  EXPECT_THAT(ParseScenario(lines_[0]).value().steps, SizeIs(4));
  limits = Recorder::Limits();
  limits.line = 300;
  EXPECT_THAT(note_with(limits), HasSubstr("it would be longer than 300 bytes"));
  EXPECT_LE(lines_[0].size(), 301u);
  limits = Recorder::Limits();
  limits.bytes = 500;
  EXPECT_THAT(note_with(limits), HasSubstr("all together would have more than 500 bytes"));
}

TEST_F(RecorderTest, CountsNotesThatAreTooMany) {
  for (uint64_t id = 100; id < 100 + 2 * kMaxRecorderNotes; ++id) GetMpState(id);
  recorder_->Unknown("/irqd.v1.Vms/Fly");

  EXPECT_THAT(recorder_->notes(), SizeIs(kMaxRecorderNotes + 1));
  EXPECT_EQ(recorder_->notes().back(), "1 more notes");
}

TEST_F(RecorderTest, RemembersWhatCouldNotBeWritten) {
  Recorder recorder([](absl::string_view) { return absl::InvalidArgumentError("full"); });
  recorder.Answered("/irqd.v1.Vms/CreateVm", Bytes<v1::CreateVmRequest>("vcpu_count: 1"),
                    Bytes<v1::Vm>("id: 1 name: 'a' host_profile { kernel: 'linux-4.1' }"));
  recorder.Finish();

  EXPECT_EQ(recorder.status(), absl::InvalidArgumentError("full"));
}

}  // namespace
}  // namespace irqd
