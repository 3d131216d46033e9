// Sessions with a real irqd through the proxy: what callers see, and what is written down.
#include "client/vectors/capture_proxy.h"

#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "client/connection.h"
#include "client/vectors/connection_backend.h"
#include "client/vectors/scenario.h"
#include "client/vectors/scenario_runner.h"
#include "gmock/gmock.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "tests/conformance/batch_backend.h"
#include "tests/conformance/call_generator.h"
#include "tests/seed.h"
#include "tests/server_process.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const CallOptions kPatient = {absl::Minutes(1)};

class CaptureProxyTest : public testing::Test {
 protected:
  std::shared_ptr<Connection> Connected() const { return Connect(proxy_->address()).value(); }

  // What was recorded; the proxy has stopped afterwards.
  std::vector<Scenario> Recorded() {
    proxy_->Stop();
    recorder_.Finish();
    EXPECT_TRUE(recorder_.status().ok());
    std::vector<Scenario> scenarios;
    for (const std::string& line : lines_) scenarios.push_back(ParseScenario(line).value());
    return scenarios;
  }

  // Neither a simulation nor a server answers otherwise.
  void ExpectReplays(const Scenario& scenario) const {
    for (const std::string& target : {std::string("inproc:"), server_.unix_address()}) {
      const auto backend = MakeConnectionBackend(Connect(target).value(), kPatient);
      EXPECT_EQ(DescribeFailure(scenario, RunScenario(scenario, backend.get())), "") << target;
    }
  }

  ServerProcess server_;
  std::vector<std::string> lines_;
  Recorder recorder_{[this](absl::string_view line) {
    lines_.emplace_back(line);
    return absl::OkStatus();
  }};
  std::unique_ptr<CaptureProxy> proxy_ =
      CaptureProxy::Start(server_.unix_address(), "127.0.0.1:0", &recorder_).value();
};

// Plays a random sequence on a VM of its own and gives its calls with their answers.
std::vector<Step> PlaySequence(uint64_t seed, Backend* backend) {
  CallGenerator generator(seed, *backend);
  const std::unique_ptr<BackendVm> vm = backend->CreateVm(generator.profile());
  std::set<uint32_t> created;
  std::vector<Step> played;
  for (int i = 0; i < generator.length(); ++i) {
    Step step = generator.Next();
    if (!IsOnVm(step.op) && created.count(step.vcpu) == 0) continue;
    step.reply = Run(step, vm.get());
    if (step.op == Op::kCreateVcpu && step.reply.ret == 0) created.insert(step.vcpu);
    generator.Learn(step);
    played.push_back(step);
  }
  return played;
}

// What can be compared between a sequence and its recording, in which all masks at once are five
// calls.
std::vector<std::pair<std::string, std::string>> Answers(const std::vector<Step>& steps) {
  std::vector<std::pair<std::string, std::string>> answers;
  for (const Step& step : steps) {
    const int calls = step.op == Op::kSetNewPswMask && step.number == -1 ? kNewPsws : 1;
    for (int i = 0; i < calls; ++i) answers.emplace_back(Describe(step), Describe(step.reply));
  }
  return answers;
}

TEST_F(CaptureProxyTest, RecordsRandomSessionsThatReplay) {
  const uint64_t seed = TestSeed();
  constexpr uint64_t kSequences = 30;
  std::vector<std::vector<Step>> played;
  {
    const auto backend = MakeConnectionBackend(Connected(), kPatient);
    for (uint64_t i = 0; i < kSequences; ++i) {
      played.push_back(PlaySequence(seed + i, backend.get()));
    }
  }

  const std::vector<Scenario> scenarios = Recorded();

  EXPECT_THAT(recorder_.notes(), IsEmpty());
  ASSERT_THAT(scenarios, SizeIs(kSequences));
  for (uint64_t i = 0; i < kSequences; ++i) {
    EXPECT_EQ(Answers(scenarios[i].steps), Answers(played[i]));
    ExpectReplays(scenarios[i]);
  }
}

TEST_F(CaptureProxyTest, RecordsBatchesAndStreamsThatReplay) {
  const uint64_t seed = TestSeed();
  {
    const auto backend = MakeBatchBackend(proxy_->address());
    for (uint64_t i = 0; i < 10; ++i) PlaySequence(seed + i, backend.get());
  }

  const std::vector<Scenario> scenarios = Recorded();

  EXPECT_THAT(recorder_.notes(), IsEmpty());
  ASSERT_THAT(scenarios, SizeIs(10));
  for (const Scenario& scenario : scenarios) ExpectReplays(scenario);
}

TEST_F(CaptureProxyTest, ADifferenceIsSeen) {
  const uint64_t seed = TestSeed();
  PlaySequence(seed, MakeConnectionBackend(Connected(), kPatient).get());
  Scenario scenario = Recorded().at(0);
  Random random(seed);
  size_t at;
  do {
    at = Below(scenario.steps.size(), random);
  } while (HasValue(scenario.steps[at].op));
  scenario.steps[at].reply.ret += 1;

  const auto backend = MakeConnectionBackend(Connect("inproc:").value());
  const RunResult result = RunScenario(scenario, backend.get());

  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.steps_run, static_cast<int>(at) + 1);
}

TEST_F(CaptureProxyTest, TheOrderIsTheTrueOneWhenManyCall) {
  const VmInfo vm =
      Connected()->CreateVm({"shared", DefaultHostProfile(), {0, 1}}, kPatient).value();
  std::vector<std::thread> threads;
  for (uint32_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      const std::shared_ptr<Connection> connection = Connected();
      const VcpuAddress vcpu = {vm.id, thread % 2};
      for (int i = 0; i < 60; ++i) {
        kvm_s390_interrupt call = {};
        call.type = static_cast<uint32_t>(KVM_S390_INT_EXTERNAL_CALL);
        EXPECT_TRUE(connection->S390Interrupt(vcpu, call, kPatient).ok());
        EXPECT_TRUE(connection->GetIrqState(vcpu, 20664, kPatient).ok());
        if (i % 3 != static_cast<int>(thread) % 3) continue;
        EXPECT_TRUE(connection->Reset(vcpu, ResetKind::kClear, kPatient).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  const std::vector<Scenario> scenarios = Recorded();

  ASSERT_THAT(scenarios, SizeIs(1));
  EXPECT_THAT(scenarios[0].steps, SizeIs(2 + 4 * (2 * 60 + 20)));
  ExpectReplays(scenarios[0]);
}

TEST_F(CaptureProxyTest, PassesStatusesOnWithTheirDetails) {
  const auto reset = [](const std::string& target) {
    const auto stub =
        v1::Kvm::NewStub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    v1::ResetResponse response;
    return stub->Reset(&context, v1::ResetRequest(), &response);
  };

  const grpc::Status through = reset(proxy_->address());

  const grpc::Status direct = reset(server_.unix_address());
  EXPECT_EQ(through.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(through.error_message(), direct.error_message());
  EXPECT_FALSE(direct.error_details().empty());
  EXPECT_EQ(through.error_details(), direct.error_details());
}

// Any method, as bytes, without a field.
class RawCall {
 public:
  RawCall(const std::string& target, const std::string& method)
      : stub_(grpc::CreateChannel(target, grpc::InsecureChannelCredentials())),
        call_(&stub_, &context_, method) {
    grpc::Slice nothing(std::string{});
    call_.Write(grpc::ByteBuffer(&nothing, 1));
    call_.WritesDone();
  }
  std::string Read() {
    grpc::ByteBuffer buffer;
    std::vector<grpc::Slice> slices;
    if (!call_.Read(&buffer) || !buffer.Dump(&slices).ok()) return "nothing";
    std::string bytes;
    for (const grpc::Slice& slice : slices) bytes.append(slice.begin(), slice.end());
    return bytes;
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status Finish() { return call_.Finish(); }

 private:
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  OutgoingCall call_;
};

// HealthCheckResponse: status SERVING.
constexpr char kServing[] = "\x08\x01";

TEST_F(CaptureProxyTest, PassesOtherServicesOn) {
  RawCall check(proxy_->address(), "/grpc.health.v1.Health/Check");
  EXPECT_EQ(check.Read(), kServing);
  EXPECT_TRUE(check.Finish().ok());

  // A stream that has no end, until the caller leaves.
  RawCall watch(proxy_->address(), "/grpc.health.v1.Health/Watch");
  EXPECT_EQ(watch.Read(), kServing);
  watch.Cancel();
  EXPECT_EQ(watch.Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(CaptureProxyTest, PassesOnWhatItDoesNotKnowAndEndsItsScenarios) {
  EXPECT_TRUE(Connected()->CreateVm({"demo", DefaultHostProfile(), {0}}, kPatient).ok());

  RawCall fly(proxy_->address(), "/irqd.v1.Vms/Fly");

  EXPECT_EQ(fly.Read(), "nothing");
  EXPECT_EQ(fly.Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(Recorded(), SizeIs(1));
  EXPECT_THAT(recorder_.notes(),
              ElementsAre("VM demo: its scenario ends after 1 steps: /irqd.v1.Vms/Fly is no call "
                          "that is known here"));
}

TEST_F(CaptureProxyTest, StopsWithCallsUnderWay) {
  RawCall watch(proxy_->address(), "/grpc.health.v1.Health/Watch");
  ASSERT_EQ(watch.Read(), kServing);
  const std::shared_ptr<Connection> connection = Connected();
  const std::unique_ptr<InjectStream> stream = connection->OpenInjectStream(kPatient);

  proxy_->Stop();

  EXPECT_FALSE(watch.Finish().ok());
  std::vector<int32_t> ret;
  EXPECT_FALSE(stream->Read(&ret));
}

TEST_F(CaptureProxyTest, EndsTheScenarioWhenTheServerIsGone) {
  const std::shared_ptr<Connection> connection = Connected();
  const VmInfo vm = connection->CreateVm({"demo", DefaultHostProfile(), {0}}, kPatient).value();
  EXPECT_EQ(connection->Reset({vm.id, 0}, ResetKind::kClear, kPatient).value(), 0);
  EXPECT_EQ(server_.Stop(), 0);

  EXPECT_TRUE(
      absl::IsUnavailable(connection->Reset({vm.id, 0}, ResetKind::kClear, kPatient).status()));

  ASSERT_THAT(Recorded(), SizeIs(1));
  EXPECT_THAT(recorder_.notes(),
              ElementsAre("VM demo: its scenario ends after 2 steps: a call got no answer"));
}

TEST_F(CaptureProxyTest, SaysThatAnAddressCannotBeHad) {
  const auto second = CaptureProxy::Start(server_.unix_address(), proxy_->address(), &recorder_);

  EXPECT_EQ(second.status().message(), "cannot listen on " + proxy_->address());
}

}  // namespace
}  // namespace irqd
