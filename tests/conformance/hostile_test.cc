// Messages that no good client sends, to a live irqd: each is answered with a clear error that
// names the field, in the message and in the google.rpc details, and changes nothing.
#include <grpcpp/grpcpp.h>

#include <functional>
#include <string>
#include <vector>

#include "core/kvm_s390.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "irqd/v1/kvm.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"
#include "tests/core/irq_samples.h"
#include "tests/server/status_matchers.h"
#include "tests/server_process.h"

namespace irqd {
namespace {

using testing::HasSubstr;

constexpr uint32_t kEnough = 20664;

class HostileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ServerProcess::Options options;
    options.flags = {"--max_vms=4", "--max_vcpus=300"};
    server_ = new ServerProcess(options);
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(server_->Stop(), 0) << "irqd did not end cleanly";
    delete server_;
    server_ = nullptr;
  }

  HostileTest() {
    v1::CreateVmRequest request;
    request.set_vcpu_count(2);
    EXPECT_THAT(CreateVm(request, &vm_), IsOk());
    v1::S390IrqRequest irq;
    *irq.mutable_vcpu() = Ref();
    irq.set_record(Image(MchkOf(kMchkExigentMask)));
    EXPECT_THAT(Inject(irq), IsOk());
    before_ = Pending();
    EXPECT_EQ(before_.size(), kIrqSize);
  }

  // Whatever a test did, the vCPU has what it had, and the server lives.
  ~HostileTest() override {
    EXPECT_EQ(HexRecords(Pending()), HexRecords(before_));
    grpc::ClientContext context;
    v1::DeleteVmRequest request;
    google::protobuf::Empty response;
    request.mutable_vm()->set_id(vm_.id());
    EXPECT_THAT(vms_->DeleteVm(&context, request, &response), IsOk());
  }

  v1::VcpuRef Ref() const {
    v1::VcpuRef ref;
    ref.set_vm_id(vm_.id());
    return ref;
  }

  std::string Pending() {
    grpc::ClientContext context;
    v1::GetIrqStateRequest request;
    v1::GetIrqStateResponse response;
    *request.mutable_vcpu() = Ref();
    request.mutable_arg()->set_len(kEnough);
    EXPECT_THAT(kvm_->GetIrqState(&context, request, &response), IsOk());
    return response.buf();
  }

  // One call each; the response is dropped unless a test asks for it.
  grpc::Status Get(const v1::GetIrqStateRequest& request,
                   v1::GetIrqStateResponse* response = nullptr) {
    grpc::ClientContext context;
    v1::GetIrqStateResponse dropped;
    return kvm_->GetIrqState(&context, request, response ? response : &dropped);
  }
  grpc::Status Set(const v1::SetIrqStateRequest& request,
                   v1::SetIrqStateResponse* response = nullptr) {
    grpc::ClientContext context;
    v1::SetIrqStateResponse dropped;
    return kvm_->SetIrqState(&context, request, response ? response : &dropped);
  }
  grpc::Status Inject(const v1::S390IrqRequest& request) {
    grpc::ClientContext context;
    v1::S390IrqResponse dropped;
    return kvm_->S390Irq(&context, request, &dropped);
  }
  grpc::Status Reset(const v1::ResetRequest& request) {
    grpc::ClientContext context;
    v1::ResetResponse dropped;
    return kvm_->Reset(&context, request, &dropped);
  }
  grpc::Status CreateVm(const v1::CreateVmRequest& request, v1::Vm* vm = nullptr) {
    grpc::ClientContext context;
    v1::Vm dropped;
    return vms_->CreateVm(&context, request, vm ? vm : &dropped);
  }

  static ServerProcess* server_;
  std::shared_ptr<grpc::Channel> channel_ =
      grpc::CreateChannel(server_->tcp_address(), grpc::InsecureChannelCredentials());
  std::unique_ptr<v1::Kvm::Stub> kvm_ = v1::Kvm::NewStub(channel_);
  std::unique_ptr<v1::Vms::Stub> vms_ = v1::Vms::NewStub(channel_);
  v1::Vm vm_;
  std::string before_;
};

ServerProcess* HostileTest::server_ = nullptr;

TEST_F(HostileTest, RecordsOfAnotherSize) {
  for (size_t size : {size_t{0}, size_t{1}, size_t{71}, size_t{73}, size_t{144}, size_t{65536}}) {
    v1::S390IrqRequest request;
    *request.mutable_vcpu() = Ref();
    request.set_record(std::string(size, '\xff'));

    EXPECT_THAT(Inject(request), IsInvalid("record")) << size;
  }
}

TEST_F(HostileTest, UnsetVcpuInEveryCall) {
  grpc::ClientContext contexts[3];
  v1::S390InterruptResponse interrupted;
  v1::SetMpStateResponse set;
  v1::GetMpStateResponse got;

  EXPECT_THAT(Get({}), IsInvalid("vcpu"));
  EXPECT_THAT(Set({}), IsInvalid("vcpu"));
  EXPECT_THAT(Inject({}), IsInvalid("vcpu"));
  EXPECT_THAT(kvm_->S390Interrupt(&contexts[0], {}, &interrupted), IsInvalid("vcpu"));
  EXPECT_THAT(Reset({}), IsInvalid("vcpu"));
  EXPECT_THAT(kvm_->SetMpState(&contexts[1], {}, &set), IsInvalid("vcpu"));
  EXPECT_THAT(kvm_->GetMpState(&contexts[2], {}, &got), IsInvalid("vcpu"));
}

TEST_F(HostileTest, UnsetVmInEveryCall) {
  grpc::ClientContext contexts[4];
  v1::Vm vm;
  google::protobuf::Empty empty;
  v1::CreateVcpuResponse created;
  v1::ListVcpusResponse listed;

  EXPECT_THAT(vms_->GetVm(&contexts[0], {}, &vm), IsInvalid("vm"));
  EXPECT_THAT(vms_->DeleteVm(&contexts[1], {}, &empty), IsInvalid("vm"));
  EXPECT_THAT(vms_->CreateVcpu(&contexts[2], {}, &created), IsInvalid("vm"));
  EXPECT_THAT(vms_->ListVcpus(&contexts[3], {}, &listed), IsInvalid("vm"));
}

TEST_F(HostileTest, UnsetArg) {
  v1::GetIrqStateRequest get;
  *get.mutable_vcpu() = Ref();
  v1::SetIrqStateRequest set;
  *set.mutable_vcpu() = Ref();

  EXPECT_THAT(Get(get), IsInvalid("arg"));
  EXPECT_THAT(Set(set), IsInvalid("arg"));
}

TEST_F(HostileTest, FiveReservedWords) {
  v1::GetIrqStateRequest get;
  *get.mutable_vcpu() = Ref();
  v1::SetIrqStateRequest set;
  *set.mutable_vcpu() = Ref();
  get.mutable_arg()->set_len(kEnough);
  set.mutable_arg()->set_len(72);
  set.set_buf(Image(Emergency(0)));
  for (int i = 0; i < 5; ++i) {
    get.mutable_arg()->add_reserved(0);
    set.mutable_arg()->add_reserved(0);
  }

  EXPECT_THAT(Get(get), IsInvalid("arg.reserved"));
  EXPECT_THAT(Set(set), IsInvalid("arg.reserved"));
}

TEST_F(HostileTest, FourReservedWordsAndFlagsAreIgnored) {
  v1::GetIrqStateRequest request;
  *request.mutable_vcpu() = Ref();
  request.mutable_arg()->set_buf(~uint64_t{0});
  request.mutable_arg()->set_flags(0xffffffff);
  request.mutable_arg()->set_len(kEnough);
  for (int i = 0; i < 4; ++i) request.mutable_arg()->add_reserved(0xffffffff);
  v1::GetIrqStateResponse response;

  EXPECT_THAT(Get(request, &response), IsOk());

  EXPECT_EQ(HexRecords(response.buf()), HexRecords(before_));
}

TEST_F(HostileTest, BufShorterThanAValidLen) {
  for (size_t size : {0, 1, 71, 143}) {
    v1::SetIrqStateRequest request;
    *request.mutable_vcpu() = Ref();
    request.mutable_arg()->set_len(144);
    request.set_buf(std::string(size, '\xff'));

    EXPECT_THAT(Set(request), IsInvalid("buf")) << size;
  }
}

TEST_F(HostileTest, HugeLenWithASmallBufIsForTheKernelToRefuse) {
  for (uint32_t len : {20736u, 0x7fffffffu, 0x80000000u, 0xffffffb8u, 0xffffffffu}) {
    v1::SetIrqStateRequest request;
    *request.mutable_vcpu() = Ref();
    request.mutable_arg()->set_len(len);
    request.set_buf("small");
    v1::SetIrqStateResponse response;

    EXPECT_THAT(Set(request, &response), IsOk()) << len;

    EXPECT_EQ(response.ret(), -EINVAL) << len;
  }
}

TEST_F(HostileTest, HugeLenOfGetTakesNoMoreThanIsPending) {
  for (uint32_t len : {0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    v1::GetIrqStateRequest request;
    *request.mutable_vcpu() = Ref();
    request.mutable_arg()->set_len(len);
    v1::GetIrqStateResponse response;

    EXPECT_THAT(Get(request, &response), IsOk()) << len;

    EXPECT_EQ(response.ret(), static_cast<int>(before_.size()));
    EXPECT_EQ(response.buf(), before_);
  }
}

TEST_F(HostileTest, BufAboveItsLimit) {
  v1::SetIrqStateRequest request;
  *request.mutable_vcpu() = Ref();
  request.mutable_arg()->set_len(72);
  request.set_buf(std::string(65537, '\0'));

  EXPECT_THAT(Set(request), IsInvalid("buf"));
}

TEST_F(HostileTest, RequestAboveItsLimit) {
  v1::SetIrqStateRequest request;
  *request.mutable_vcpu() = Ref();
  request.mutable_arg()->set_len(72);
  request.set_buf(std::string(kMaxRequestSize, '\0'));

  const grpc::Status status = Set(request);

  // By gRPC itself, which looks at no field.
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_THAT(status.error_message(), HasSubstr("6291456")) << "the limit is named";
}

TEST_F(HostileTest, ResetKindsThatAreNone) {
  v1::ResetRequest request;
  *request.mutable_vcpu() = Ref();
  for (int kind : {0, 4, 1000, -1}) {
    request.set_kind(static_cast<v1::ResetRequest::Kind>(kind));

    EXPECT_THAT(Reset(request), IsInvalid("kind")) << kind;
  }
}

TEST_F(HostileTest, VmsAndVcpusThatAreNone) {
  v1::GetIrqStateRequest request;
  *request.mutable_vcpu() = Ref();
  request.mutable_arg()->set_len(kEnough);
  for (uint64_t vm_id : {uint64_t{0}, vm_.id() + 1, ~uint64_t{0}}) {
    request.mutable_vcpu()->set_vm_id(vm_id);
    EXPECT_THAT(Get(request), IsNotFound("irqd.v1.Vm")) << vm_id;
  }
  for (uint32_t vcpu_id : {2u, 255u, 256u, 0xffffffffu}) {
    *request.mutable_vcpu() = Ref();
    request.mutable_vcpu()->set_vcpu_id(vcpu_id);
    EXPECT_THAT(Get(request), IsNotFound("irqd.v1.Vcpu")) << vcpu_id;
  }
}

TEST_F(HostileTest, VmNamesThatAreNone) {
  for (const std::string& name : {std::string("1a"), std::string("-"), std::string("a-"),
                                  std::string("UPPER"), std::string("a b"), std::string("a\0b", 3),
                                  std::string(64, 'a'), std::string(100000, 'a')}) {
    v1::CreateVmRequest request;
    request.set_name(name);

    const grpc::Status status = CreateVm(request);

    EXPECT_THAT(status, IsInvalid("name")) << name.substr(0, 70);
    EXPECT_LT(status.error_message().size(), 300u) << "the name is cut";
  }
}

TEST_F(HostileTest, TakenName) {
  v1::CreateVmRequest request;
  request.set_name(vm_.name());

  const grpc::Status status = CreateVm(request);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(DetailOf<google::rpc::ResourceInfo>(status).resource_type(), "irqd.v1.Vm");
}

TEST_F(HostileTest, MoreVcpusThanAMachineCanHave) {
  for (uint32_t count : {249u, 256u, 0xffffffffu}) {
    v1::CreateVmRequest request;
    request.set_vcpu_count(count);
    EXPECT_THAT(CreateVm(request), IsInvalid("vcpu_count")) << count;
  }
  v1::CreateVmRequest both;
  both.set_vcpu_count(1);
  both.add_vcpu_ids(0);
  EXPECT_THAT(CreateVm(both), IsInvalid("vcpu_count"));
  v1::CreateVmRequest twice;
  for (uint32_t id : {0, 1, 0}) twice.add_vcpu_ids(id);
  EXPECT_THAT(CreateVm(twice), IsInvalid("vcpu_ids[2]"));
  v1::CreateVmRequest many;
  for (uint32_t id = 0; id < 10000; ++id) many.add_vcpu_ids(id);
  EXPECT_THAT(CreateVm(many), IsInvalid("vcpu_ids"));
}

TEST_F(HostileTest, UnknownKernel) {
  v1::CreateVmRequest request;
  request.mutable_host_profile()->set_kernel("linux-0.01");

  EXPECT_THAT(CreateVm(request), IsInvalid("host_profile.kernel"));
}

TEST_F(HostileTest, LimitsAreNamed) {
  v1::CreateVmRequest many_vcpus;
  many_vcpus.set_vcpu_count(248);
  v1::Vm first;
  ASSERT_THAT(CreateVm(many_vcpus, &first), IsOk());

  EXPECT_THAT(CreateVm(many_vcpus), IsLimitReached("max_vcpus"));
  std::vector<v1::Vm> vms = {first};
  for (int i = 0; i < 2; ++i) {
    vms.emplace_back();
    ASSERT_THAT(CreateVm({}, &vms.back()), IsOk());
  }
  EXPECT_THAT(CreateVm({}), IsLimitReached("max_vms"));

  for (const v1::Vm& vm : vms) {
    grpc::ClientContext context;
    v1::DeleteVmRequest request;
    google::protobuf::Empty response;
    request.mutable_vm()->set_id(vm.id());
    EXPECT_THAT(vms_->DeleteVm(&context, request, &response), IsOk());
  }
}

TEST_F(HostileTest, PagesThatAreNone) {
  grpc::ClientContext contexts[4];
  v1::ListVmsResponse response;
  v1::ListVmsRequest negative;
  negative.set_page_size(-1);
  EXPECT_THAT(vms_->ListVms(&contexts[0], negative, &response), IsInvalid("page_size"));
  int next = 1;
  for (const std::string& token : {std::string("x"), std::string("-1"), std::string(100000, '1')}) {
    v1::ListVmsRequest request;
    request.set_page_token(token);
    EXPECT_THAT(vms_->ListVms(&contexts[next++], request, &response), IsInvalid("page_token"))
        << token.substr(0, 40);
  }
}

}  // namespace
}  // namespace irqd
