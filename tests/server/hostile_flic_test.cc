// Messages that no good client sends, to Flic and Guest of a live irqd: each is answered, by irqd
// or by gRPC, and the server goes on.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "core/kvm_flic.h"
#include "core/kvm_s390.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "irqd/v1/flic.grpc.pb.h"
#include "irqd/v1/guest.grpc.pb.h"
#include "irqd/v1/vms.grpc.pb.h"
#include "tests/seed.h"
#include "tests/server/status_matchers.h"
#include "tests/server_process.h"

namespace irqd {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HostileFlicTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new ServerProcess(); }
  static void TearDownTestSuite() {
    EXPECT_EQ(server_->Stop(), 0) << "irqd did not end cleanly";
    delete server_;
    server_ = nullptr;
  }

  HostileFlicTest() {
    grpc::ClientContext context;
    v1::CreateVmRequest request;
    request.set_vcpu_count(2);
    EXPECT_THAT(vms_->CreateVm(&context, request, &vm_), IsOk());
  }

  v1::SetDeviceAttrRequest SetRequest(uint32_t group, uint64_t attr, const std::string& memory) {
    v1::SetDeviceAttrRequest request;
    request.mutable_vm()->set_id(vm_.id());
    request.mutable_attr()->set_group(group);
    request.mutable_attr()->set_attr(attr);
    request.set_memory(memory);
    return request;
  }
  grpc::Status Set(const v1::SetDeviceAttrRequest& request, int* ret = nullptr) {
    grpc::ClientContext context;
    v1::SetDeviceAttrResponse response;
    const grpc::Status status = flic_->SetDeviceAttr(&context, request, &response);
    if (ret != nullptr) *ret = response.ret();
    return status;
  }
  grpc::Status Get(uint32_t group, uint64_t attr, v1::GetDeviceAttrResponse* response) {
    grpc::ClientContext context;
    v1::GetDeviceAttrRequest request;
    request.mutable_vm()->set_id(vm_.id());
    request.mutable_attr()->set_group(group);
    request.mutable_attr()->set_attr(attr);
    return flic_->GetDeviceAttr(&context, request, response);
  }
  std::string Pending() {
    v1::GetDeviceAttrResponse response;
    EXPECT_THAT(Get(v1::FLIC_GET_ALL_IRQS, kFlicMaxBuffer, &response), IsOk());
    return response.memory();
  }

  // `bytes` as the request of `method`.
  grpc::Status CallRaw(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag;
    bool ok;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    return status;
  }

  static ServerProcess* server_;
  std::shared_ptr<grpc::Channel> channel_ =
      grpc::CreateChannel(server_->tcp_address(), grpc::InsecureChannelCredentials());
  std::unique_ptr<v1::Flic::Stub> flic_ = v1::Flic::NewStub(channel_);
  std::unique_ptr<v1::Guest::Stub> guest_ = v1::Guest::NewStub(channel_);
  std::unique_ptr<v1::Vms::Stub> vms_ = v1::Vms::NewStub(channel_);
  v1::Vm vm_;
};

ServerProcess* HostileFlicTest::server_ = nullptr;

TEST_F(HostileFlicTest, MemoryAboveItsLimit) {
  EXPECT_THAT(Set(SetRequest(v1::FLIC_ENQUEUE, 72, std::string(65537, '\0'))), IsInvalid("memory"));

  // By gRPC itself, which looks at no field.
  const grpc::Status huge = Set(SetRequest(v1::FLIC_ENQUEUE, 72, std::string(kMaxRequestSize, '\0')));
  EXPECT_EQ(huge.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(huge.error_message(), HasSubstr("6291456"));
  EXPECT_THAT(Pending(), IsEmpty());
}

// The kernel mixes signs, and so would read until it faults: never beyond what was sent.
TEST_F(HostileFlicTest, LengthsThatMemoryDoesNotHave) {
  struct Case {
    uint64_t attr;
    int ret;
  };
  const Case cases[] = {
      {72, -EFAULT},
      {kFlicMaxBuffer / 72 * 72, -EFAULT},
      {kFlicMaxBuffer + 64, -EINVAL},
      {0x7fffffff, -EINVAL},
      {0xfffffff0, -EFAULT},  // 2^64 - 16, a multiple of 72
      {0xffffffff, -EINVAL},
      {uint64_t{1} << 32, 0},
      {~uint64_t{0}, -EINVAL},
  };
  for (const Case& test : cases) {
    int ret = 1;

    EXPECT_THAT(Set(SetRequest(v1::FLIC_ENQUEUE, test.attr, "small"), &ret), IsOk());

    EXPECT_EQ(ret, test.ret) << test.attr;
  }
  EXPECT_THAT(Pending(), IsEmpty());
}

TEST_F(HostileFlicTest, LengthsOfGetTakeNoMoreThanIsPending) {
  ASSERT_THAT(Set(SetRequest(v1::FLIC_ENQUEUE, 72, std::string(72, '\0'))), IsOk());
  for (const uint64_t attr : {uint64_t{71}, kFlicMaxBuffer + 1, uint64_t{1} << 32, ~uint64_t{0}}) {
    v1::GetDeviceAttrResponse response;

    EXPECT_THAT(Get(v1::FLIC_GET_ALL_IRQS, attr, &response), IsOk());

    EXPECT_EQ(response.ret(), attr == 71 ? -ENOMEM : -EINVAL) << attr;
    EXPECT_THAT(response.memory(), IsEmpty());
  }
  EXPECT_THAT(Pending(), SizeIs(72));
}

TEST_F(HostileFlicTest, AdaptersAndIscsThatAreNone) {
  const std::string ones(16, '\xff');
  struct Case {
    uint32_t group;
    uint64_t attr;
    std::string memory;
  };
  const Case cases[] = {
      {v1::FLIC_ADAPTER_REGISTER, 0, ones},
      {v1::FLIC_ADAPTER_REGISTER, 0, std::string("\0\0\0\x40\0\0\0\0", 8)},
      {v1::FLIC_ADAPTER_MODIFY, 0, ones},
      {v1::FLIC_AIRQ_INJECT, 0xffffffff, ""},
      {v1::FLIC_AIRQ_INJECT, 64, ""},
      {v1::FLIC_CLEAR_IO_IRQ, 4, std::string(4, '\0')},
      {v1::FLIC_CLEAR_IO_IRQ, ~uint64_t{0}, ones},
      {v1::FLIC_GET_ALL_IRQS, 72, ones},
      {0x80000002, 72, ones},
  };
  for (const Case& test : cases) {
    int ret = 0;

    EXPECT_THAT(Set(SetRequest(test.group, test.attr, test.memory), &ret), IsOk());

    EXPECT_EQ(ret, -EINVAL) << test.group;
  }
}

TEST_F(HostileFlicTest, AnAdapterOfAnIscThatIsNone) {
  std::string adapter("\0\0\0\1\0\1\0\1", 8);
  for (int isc = 8; isc < 256; ++isc) {
    adapter[3] = static_cast<char>(isc % 64);
    adapter[4] = static_cast<char>(isc);
    EXPECT_THAT(Set(SetRequest(v1::FLIC_ADAPTER_REGISTER, 0, adapter)), IsOk());
    EXPECT_THAT(Set(SetRequest(v1::FLIC_AIRQ_INJECT, isc % 64, "")), IsOk());
  }
  EXPECT_THAT(Pending(), SizeIs(248 * 72));
}

TEST_F(HostileFlicTest, OrdersAndVcpusThatAreNone) {
  v1::SigpRequest request;
  request.mutable_vcpu()->set_vm_id(vm_.id());
  v1::SigpResponse response;
  for (const uint32_t order : {256u, 0x103u, 0xffffffffu}) {
    grpc::ClientContext context;
    request.set_order(order);
    EXPECT_THAT(guest_->Sigp(&context, request, &response), IsInvalid("order")) << order;
  }
  request.set_order(v1::SIGP_SENSE);
  for (const uint32_t to : {2u, 256u, 0xffffffffu}) {
    grpc::ClientContext context;
    request.set_to_vcpu_id(to);
    EXPECT_THAT(guest_->Sigp(&context, request, &response), IsOk());
    EXPECT_EQ(response.condition_code(), 3) << to;
  }
  request.mutable_vcpu()->set_vcpu_id(2);
  grpc::ClientContext context;
  EXPECT_THAT(guest_->Sigp(&context, request, &response), IsNotFound("irqd.v1.Vcpu"));
}

// Attributes of all groups with memory of any size, and requests that are no messages at all.
TEST_F(HostileFlicTest, RandomAttributesAndRandomBytes) {
  Random random(TestSeed());
  const auto bytes = [&](uint64_t most) {
    std::string text(Below(most + 1, random), '\0');
    for (char& byte : text) byte = static_cast<char>(random());
    return text;
  };
  const char* const methods[] = {
      "Flic/S390Interrupt",     "Flic/CreateDevice",
      "Flic/SetDeviceAttr",     "Flic/GetDeviceAttr",
      "Flic/HasDeviceAttr",     "Flic/EnableCap",
      "Guest/GetVcpuRegisters", "Guest/SetVcpuRegisters",
      "Guest/GetVmRegisters",   "Guest/SetVmRegisters",
      "Guest/Deliver",          "Guest/GetDeliverable",
      "Guest/StopIntercept",    "Guest/Sigp",
  };
  for (int i = 0; i < 300; ++i) {
    const uint64_t attr =
        Below(2, random) == 0 ? 72 * Below(4, random) : random() >> Below(64, random);
    EXPECT_THAT(Set(SetRequest(Below(14, random), attr, bytes(300))), IsOk());
    for (const char* method : methods) {
      const grpc::Status status = CallRaw(std::string("/irqd.v1.") + method, bytes(60));
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNAVAILABLE) << method;
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
    }
  }
  EXPECT_EQ(Pending().size() % 72, 0);
}

}  // namespace
}  // namespace irqd
