// A recorder that is told of calls, which a test writes as text.
#ifndef IRQD_TESTS_CLIENT_VECTORS_RECORDER_TEST_CASE_H_
#define IRQD_TESTS_CLIENT_VECTORS_RECORDER_TEST_CASE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/vectors/recorder.h"
#include "client/vectors/scenario.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "irqd/v1/batch.pb.h"
#include "irqd/v1/flic.pb.h"
#include "irqd/v1/guest.pb.h"
#include "irqd/v1/kvm.pb.h"
#include "irqd/v1/vms.pb.h"

namespace irqd {

using google::protobuf::Empty;

inline constexpr char kVcpu[] = "vcpu { vm_id: 7 vcpu_id: 3 } ";
inline constexpr char kVm[] = "vm { name: 'demo' } ";

// The bytes of a message given as text.
template <typename Message>
std::string Bytes(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message.SerializeAsString();
}

// VM 7, "demo", has been made with vCPU 3.
class RecorderTest : public testing::Test {
 protected:
  void SetUp() override {
    Restart();
    MakeVm(7, "demo");
  }

  void Restart(const Recorder::Limits& limits = Recorder::Limits()) {
    lines_.clear();
    recorder_ = std::make_unique<Recorder>(
        [this](absl::string_view line) {
          lines_.emplace_back(line);
          return absl::OkStatus();
        },
        limits);
  }

  void MakeVm(uint64_t id, const std::string& name) {
    Answer<v1::CreateVmRequest, v1::Vm>(
        "/irqd.v1.Vms/CreateVm", "vcpu_ids: 3",
        absl::StrCat("id: ", id, " name: '", name,
                     "' host_profile { kernel: 'linux-6.1' sigp_interpretation: true "
                     "extended_sca: true }"));
  }
  void DeleteVm(uint64_t id) {
    Answer<v1::DeleteVmRequest, Empty>("/irqd.v1.Vms/DeleteVm", absl::StrCat("vm { id: ", id, " }"),
                                       "");
  }
  void GetMpState(uint64_t vm) {
    Answer<v1::GetMpStateRequest, v1::GetMpStateResponse>(
        "/irqd.v1.Kvm/GetMpState", absl::StrCat("vcpu { vm_id: ", vm, " vcpu_id: 3 }"), "ret: 5");
  }
  template <typename Request, typename Response>
  void Answer(const std::string& method, const std::string& request, const std::string& response) {
    recorder_->Answered(method, Bytes<Request>(request), Bytes<Response>(response));
  }
  // The steps of the first scenario after its create_vcpu, as a vector has them.
  std::string Steps() {
    recorder_->Finish();
    if (lines_.empty()) return "nothing";
    const Scenario scenario = ParseScenario(lines_[0]).value();
    std::vector<std::string> steps;
    for (size_t i = 1; i < scenario.steps.size(); ++i) {
      steps.push_back(FormatStep(scenario.steps[i]));
    }
    return absl::StrJoin(steps, "\n");
  }

  std::vector<std::string> lines_;
  std::unique_ptr<Recorder> recorder_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CLIENT_VECTORS_RECORDER_TEST_CASE_H_
