#include "server/vms_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/limits.h"
#include "tests/server/status_matchers.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class VmsHandlersTest : public ::testing::Test {
 protected:
  uint64_t Create(const std::string& name) {
    v1::CreateVmRequest request;
    request.set_name(name);
    v1::Vm vm;
    EXPECT_THAT(handlers_.CreateVm(request, &vm), IsOk());
    return vm.id();
  }

  VmRegistry registry_{{/*max_vms=*/4, /*max_vcpus=*/300}};
  VmsHandlers handlers_{&registry_};
};

TEST_F(VmsHandlersTest, CreateVmSaysWhatItMade) {
  v1::CreateVmRequest request;
  request.set_name("source");
  request.set_vcpu_count(3);
  request.mutable_host_profile()->set_sigp_interpretation(false);
  request.mutable_host_profile()->set_gisa(true);
  v1::Vm vm;

  EXPECT_THAT(handlers_.CreateVm(request, &vm), IsOk());

  EXPECT_EQ(vm.name(), "source");
  EXPECT_NE(vm.id(), 0u);
  EXPECT_EQ(vm.vcpu_count(), 3u);
  EXPECT_EQ(vm.host_profile().kernel(), "linux-6.1");
  EXPECT_TRUE(vm.host_profile().has_sigp_interpretation());
  EXPECT_FALSE(vm.host_profile().sigp_interpretation());
  EXPECT_TRUE(vm.host_profile().extended_sca());
  EXPECT_TRUE(vm.host_profile().gisa());
}

TEST_F(VmsHandlersTest, AProfileIsToldInFull) {
  v1::CreateVmRequest request;
  request.mutable_host_profile()->set_kernel("linux-4.1");
  v1::Vm vm;

  EXPECT_THAT(handlers_.CreateVm(request, &vm), IsOk());

  EXPECT_EQ(vm.host_profile().kernel(), "linux-4.1");
  EXPECT_TRUE(vm.host_profile().has_sigp_interpretation());
  EXPECT_TRUE(vm.host_profile().has_extended_sca());
  EXPECT_TRUE(vm.host_profile().has_gisa());
  EXPECT_FALSE(vm.host_profile().gisa());
}

TEST_F(VmsHandlersTest, AVmShowsItsFloatingInterrupts) {
  const uint64_t id = Create("floats");
  registry_.Find(id)->S390Interrupt({KVM_S390_INT_VIRTIO, 0, 0});
  v1::GetVmRequest get;
  get.mutable_vm()->set_id(id);
  v1::Vm vm;
  v1::ListVmsResponse list;

  EXPECT_THAT(handlers_.GetVm(get, &vm), IsOk());
  EXPECT_THAT(handlers_.ListVms({}, &list), IsOk());

  EXPECT_EQ(vm.floating_pending(), 1u << 11);
  EXPECT_EQ(list.vms(0).floating_pending(), 1u << 11);
}

TEST_F(VmsHandlersTest, AVmWithoutANameGetsOne) {
  v1::Vm vm;
  EXPECT_THAT(handlers_.CreateVm({}, &vm), IsOk());
  EXPECT_EQ(vm.name(), "vm-" + std::to_string(vm.id()));
}

TEST_F(VmsHandlersTest, AMissingVmIsNamedInWholeCharacters) {
  v1::GetVmRequest request;
  request.mutable_vm()->set_name(std::string(62, 'a') + "\u00e9zz");
  v1::Vm vm;

  EXPECT_THAT(handlers_.GetVm(request, &vm), IsNotFound("irqd.v1.Vm"));
}

struct BadCreate {
  const char* name;
  const char* field;
  void (*edit)(v1::CreateVmRequest*);
};

class BadCreateTest : public VmsHandlersTest, public ::testing::WithParamInterface<BadCreate> {};

TEST_P(BadCreateTest, IsRefusedAndMakesNothing) {
  v1::CreateVmRequest request;
  GetParam().edit(&request);
  v1::Vm vm;

  EXPECT_THAT(handlers_.CreateVm(request, &vm), IsInvalid(GetParam().field));

  EXPECT_THAT(registry_.List(0, 10), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCreateTest,
    ::testing::Values(
        // The end of what a message quotes lies inside a character of two bytes.
        BadCreate{"LongName", "name",
                  [](v1::CreateVmRequest* r) { r->set_name(std::string(62, 'a') + "\u00e9zz"); }},
        BadCreate{"LongKernel", "host_profile.kernel",
                  [](v1::CreateVmRequest* r) {
                    r->mutable_host_profile()->set_kernel(std::string(63, 'a') + "\u00e9zz");
                  }},
        BadCreate{"UnknownKernel", "host_profile.kernel",
                  [](v1::CreateVmRequest* r) { r->mutable_host_profile()->set_kernel("aix"); }},
        BadCreate{"IdsAndCount", "vcpu_count",
                  [](v1::CreateVmRequest* r) {
                    r->set_vcpu_count(1);
                    r->add_vcpu_ids(0);
                  }},
        BadCreate{"CountAboveTheMachine", "vcpu_count",
                  [](v1::CreateVmRequest* r) { r->set_vcpu_count(249); }},
        BadCreate{"HugeCount", "vcpu_count",
                  [](v1::CreateVmRequest* r) { r->set_vcpu_count(0xffffffff); }},
        BadCreate{"TooManyIds", "vcpu_ids",
                  [](v1::CreateVmRequest* r) {
                    for (int i = 0; i < 256; ++i) r->add_vcpu_ids(0);
                  }},
        BadCreate{"IdAboveTheMachine", "vcpu_ids[1]",
                  [](v1::CreateVmRequest* r) {
                    r->add_vcpu_ids(0);
                    r->add_vcpu_ids(248);
                  }},
        BadCreate{"SameIdTwice", "vcpu_ids[1]",
                  [](v1::CreateVmRequest* r) {
                    r->add_vcpu_ids(7);
                    r->add_vcpu_ids(7);
                  }},
        BadCreate{"UpperCaseName", "name", [](v1::CreateVmRequest* r) { r->set_name("Vm"); }},
        BadCreate{"NameWithASlash", "name", [](v1::CreateVmRequest* r) { r->set_name("a/b"); }},
        BadCreate{"NameEndsWithDash", "name", [](v1::CreateVmRequest* r) { r->set_name("a-"); }},
        BadCreate{"NameStartsWithDigit", "name", [](v1::CreateVmRequest* r) { r->set_name("1a"); }},
        BadCreate{"NameOf64", "name",
                  [](v1::CreateVmRequest* r) { r->set_name(std::string(64, 'a')); }}),
    [](const auto& info) { return info.param.name; });

TEST_F(VmsHandlersTest, NamesAreUnique) {
  Create("one");
  v1::CreateVmRequest request;
  request.set_name("one");
  v1::Vm vm;

  EXPECT_EQ(handlers_.CreateVm(request, &vm).error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(VmsHandlersTest, LimitsAreNamed) {
  v1::CreateVmRequest request;
  v1::Vm vm;
  request.set_vcpu_count(248);
  EXPECT_THAT(handlers_.CreateVm(request, &vm), IsOk());
  EXPECT_THAT(handlers_.CreateVm(request, &vm), IsLimitReached("max_vcpus"));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(handlers_.CreateVm({}, &vm), IsOk());
  EXPECT_THAT(handlers_.CreateVm({}, &vm), IsLimitReached("max_vms"));
}

TEST_F(VmsHandlersTest, GetVmByIdAndByName) {
  const uint64_t id = Create("one");
  v1::GetVmRequest by_id, by_name, by_nothing;
  by_id.mutable_vm()->set_id(id);
  by_name.mutable_vm()->set_name("one");
  v1::Vm vm;

  EXPECT_THAT(handlers_.GetVm(by_id, &vm), IsOk());
  EXPECT_EQ(vm.name(), "one");
  EXPECT_THAT(handlers_.GetVm(by_name, &vm), IsOk());
  EXPECT_EQ(vm.id(), id);
  EXPECT_THAT(handlers_.GetVm(by_nothing, &vm), IsInvalid("vm"));
  by_id.mutable_vm()->set_id(id + 1);
  EXPECT_THAT(handlers_.GetVm(by_id, &vm), IsNotFound("irqd.v1.Vm"));
}

TEST_F(VmsHandlersTest, ADeletedVmIsGone) {
  Create("one");
  v1::DeleteVmRequest request;
  request.mutable_vm()->set_name("one");
  google::protobuf::Empty empty;

  EXPECT_THAT(handlers_.DeleteVm(request, &empty), IsOk());

  EXPECT_THAT(handlers_.DeleteVm(request, &empty), IsNotFound("irqd.v1.Vm"));
  EXPECT_THAT(handlers_.DeleteVm({}, &empty), IsInvalid("vm"));
}

TEST_F(VmsHandlersTest, ListVmsGoesPageByPage) {
  for (const char* name : {"a", "b", "c"}) Create(name);
  v1::ListVmsRequest request;
  request.set_page_size(2);
  v1::ListVmsResponse first, second;

  EXPECT_THAT(handlers_.ListVms(request, &first), IsOk());
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(handlers_.ListVms(request, &second), IsOk());

  ASSERT_EQ(first.vms_size(), 2);
  EXPECT_EQ(first.vms(0).name(), "a");
  EXPECT_EQ(first.vms(1).name(), "b");
  ASSERT_EQ(second.vms_size(), 1);
  EXPECT_EQ(second.vms(0).name(), "c");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(VmsHandlersTest, PagesAreChecked) {
  v1::ListVmsRequest request;
  v1::ListVmsResponse response;
  request.set_page_size(-1);
  EXPECT_THAT(handlers_.ListVms(request, &response), IsInvalid("page_size"));
  request.set_page_size(0x7fffffff);
  EXPECT_THAT(handlers_.ListVms(request, &response), IsOk());
  for (const char* token : {"x", "-1", "1 2", "99999999999999999999999999999999999999"}) {
    request.set_page_token(token);
    EXPECT_THAT(handlers_.ListVms(request, &response), IsInvalid("page_token")) << token;
  }
}

TEST_F(VmsHandlersTest, CreateVcpuAnswersAsTheKernel) {
  v1::CreateVcpuRequest request;
  request.mutable_vm()->set_id(Create("one"));
  v1::CreateVcpuResponse response;
  const auto create = [&](uint32_t id) {
    request.set_vcpu_id(id);
    EXPECT_THAT(handlers_.CreateVcpu(request, &response), IsOk());
    return response.ret();
  };

  EXPECT_EQ(create(5), 0);
  EXPECT_EQ(create(5), -EEXIST);
  EXPECT_EQ(create(248), -EINVAL);
  request.mutable_vm()->set_id(999);
  EXPECT_THAT(handlers_.CreateVcpu(request, &response), IsNotFound("irqd.v1.Vm"));
}

TEST_F(VmsHandlersTest, ListVcpusShowsStateAndPending) {
  VmSpec spec;
  spec.vcpu_ids = {200, 0, 7};
  const uint64_t id = registry_.CreateVm(spec).vm.id;
  kvm_s390_irq restart = {};
  restart.type = KVM_S390_RESTART;
  registry_.Find(id)->FindVcpu(7)->S390Irq(restart);
  registry_.Find(id)->FindVcpu(0)->SetMpState(KVM_MP_STATE_OPERATING);
  v1::ListVcpusRequest request;
  request.mutable_vm()->set_id(id);
  request.set_page_size(2);
  v1::ListVcpusResponse first, second;

  EXPECT_THAT(handlers_.ListVcpus(request, &first), IsOk());
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(handlers_.ListVcpus(request, &second), IsOk());

  ASSERT_EQ(first.vcpus_size(), 2);
  EXPECT_EQ(first.vcpus(0).id(), 0u);
  EXPECT_EQ(first.vcpus(0).mp_state(), uint32_t{KVM_MP_STATE_OPERATING});
  EXPECT_EQ(first.vcpus(1).id(), 7u);
  EXPECT_EQ(first.vcpus(1).mp_state(), uint32_t{KVM_MP_STATE_STOPPED});
  EXPECT_EQ(first.vcpus(1).pending(), 2u) << "IRQ_PEND_RESTART is bit 1";
  ASSERT_EQ(second.vcpus_size(), 1);
  EXPECT_EQ(second.vcpus(0).id(), 200u);
  EXPECT_EQ(second.next_page_token(), "");
}

}  // namespace
}  // namespace irqd
