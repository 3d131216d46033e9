#include "server/kvm_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "core/irq_codec.h"
#include "core/kvm_s390.h"
#include "tests/server/status_matchers.h"

namespace irqd {
namespace {

using ::testing::IsEmpty;

std::string Image(uint64_t type) {
  kvm_s390_irq irq = {};
  irq.type = type;
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

// A VM with vCPUs 0 and 1, and requests that would succeed on vCPU 0.
class KvmHandlersTest : public ::testing::Test {
 protected:
  KvmHandlersTest() {
    VmSpec spec;
    spec.vcpu_ids = {0, 1};
    vm_id_ = registry_.CreateVm(spec).vm.id;
    get_.mutable_arg()->set_len(20664);
    set_.mutable_arg()->set_len(kIrqSize);
    set_.set_buf(Image(KVM_S390_RESTART));
    irq_.set_record(Image(KVM_S390_RESTART));
    interrupt_.set_type(KVM_S390_RESTART);
    reset_.set_kind(v1::ResetRequest::NORMAL);
    mp_.set_mp_state(KVM_MP_STATE_OPERATING);
    for (v1::VcpuRef* ref :
         {get_.mutable_vcpu(), set_.mutable_vcpu(), irq_.mutable_vcpu(), interrupt_.mutable_vcpu(),
          reset_.mutable_vcpu(), mp_.mutable_vcpu(), get_mp_.mutable_vcpu()}) {
      ref->set_vm_id(vm_id_);
    }
  }

  // What is pending on vCPU 0.
  std::string Pending() {
    std::string images;
    registry_.Find(vm_id_)->FindVcpu(0)->GetIrqState(20664, &images);
    return images;
  }

  // Calls every handler on a vCPU after `edit(&vcpu_ref)`, and expects the same of each status.
  template <typename Edit, typename Matcher>
  void ExpectOfAll(Edit edit, const Matcher& matcher) {
    edit(get_);
    edit(set_);
    edit(irq_);
    edit(interrupt_);
    edit(reset_);
    edit(mp_);
    edit(get_mp_);
    EXPECT_THAT(handlers_.GetIrqState(get_, &get_response_), matcher);
    EXPECT_THAT(handlers_.SetIrqState(set_, &set_response_), matcher);
    EXPECT_THAT(handlers_.S390Irq(irq_, &irq_response_), matcher);
    EXPECT_THAT(handlers_.S390Interrupt(interrupt_, &interrupt_response_), matcher);
    EXPECT_THAT(handlers_.Reset(reset_, &reset_response_), matcher);
    EXPECT_THAT(handlers_.SetMpState(mp_, &mp_response_), matcher);
    EXPECT_THAT(handlers_.GetMpState(get_mp_, &get_mp_response_), matcher);
  }

  VmRegistry registry_;
  KvmHandlers handlers_{&registry_};
  uint64_t vm_id_ = 0;
  v1::GetIrqStateRequest get_;
  v1::SetIrqStateRequest set_;
  v1::S390IrqRequest irq_;
  v1::S390InterruptRequest interrupt_;
  v1::ResetRequest reset_;
  v1::SetMpStateRequest mp_;
  v1::GetMpStateRequest get_mp_;
  v1::GetIrqStateResponse get_response_;
  v1::SetIrqStateResponse set_response_;
  v1::S390IrqResponse irq_response_;
  v1::S390InterruptResponse interrupt_response_;
  v1::ResetResponse reset_response_;
  v1::SetMpStateResponse mp_response_;
  v1::GetMpStateResponse get_mp_response_;
};

TEST_F(KvmHandlersTest, EveryCallNeedsAVcpu) {
  ExpectOfAll([](auto& request) { request.clear_vcpu(); }, IsInvalid("vcpu"));
}

TEST_F(KvmHandlersTest, EveryCallFindsNoVmThatIsNotThere) {
  ExpectOfAll([](auto& request) { request.mutable_vcpu()->set_vm_id(999); },
              IsNotFound("irqd.v1.Vm"));
}

TEST_F(KvmHandlersTest, EveryCallFindsNoVcpuThatIsNotThere) {
  ExpectOfAll([](auto& request) { request.mutable_vcpu()->set_vcpu_id(2); },
              IsNotFound("irqd.v1.Vcpu"));
  ExpectOfAll([](auto& request) { request.mutable_vcpu()->set_vcpu_id(0xffffffff); },
              IsNotFound("irqd.v1.Vcpu"));
}

TEST_F(KvmHandlersTest, EveryCallReachesTheVcpu) {
  ExpectOfAll([](auto&) {}, IsOk());
  EXPECT_EQ(get_mp_response_.ret(), KVM_MP_STATE_OPERATING);
  EXPECT_EQ(Pending(), "");  // the reset came after the injections
}

TEST_F(KvmHandlersTest, GetAnswersWithRetAndBuf) {
  handlers_.S390Irq(irq_, &irq_response_);

  EXPECT_THAT(handlers_.GetIrqState(get_, &get_response_), IsOk());

  EXPECT_EQ(get_response_.ret(), static_cast<int>(kIrqSize));
  EXPECT_EQ(get_response_.buf(), Image(KVM_S390_RESTART));
}

TEST_F(KvmHandlersTest, GetGivesWhatFitsOnEnobufs) {
  handlers_.S390Irq(irq_, &irq_response_);
  irq_.set_record(Image(KVM_S390_INT_CPU_TIMER));
  handlers_.S390Irq(irq_, &irq_response_);
  get_.mutable_arg()->set_len(kIrqSize + 1);

  EXPECT_THAT(handlers_.GetIrqState(get_, &get_response_), IsOk());

  EXPECT_EQ(get_response_.ret(), -ENOBUFS);
  EXPECT_EQ(get_response_.buf(), Image(KVM_S390_RESTART));
}

TEST_F(KvmHandlersTest, WhatTheKernelFindsWrongIsData) {
  get_.mutable_arg()->set_len(0);
  set_.mutable_arg()->set_len(71);
  irq_.set_record(Image(KVM_S390_INT_VIRTIO));
  interrupt_.set_type(KVM_S390_INT_SERVICE);
  mp_.set_mp_state(KVM_MP_STATE_LOAD);

  ExpectOfAll([](auto&) {}, IsOk());

  EXPECT_EQ(get_response_.ret(), -EINVAL);
  EXPECT_EQ(set_response_.ret(), -EINVAL);
  EXPECT_EQ(irq_response_.ret(), -EINVAL);
  EXPECT_EQ(interrupt_response_.ret(), -EINVAL);
  EXPECT_EQ(mp_response_.ret(), -ENXIO);
}

struct Malformed {
  const char* name;
  const char* field;
  void (*edit)(v1::SetIrqStateRequest*);
};

class MalformedSetTest : public KvmHandlersTest, public ::testing::WithParamInterface<Malformed> {};

// Also on a VM that is not there where the check comes before the look-up.
TEST_P(MalformedSetTest, IsRefusedAndChangesNothing) {
  GetParam().edit(&set_);

  EXPECT_THAT(handlers_.SetIrqState(set_, &set_response_), IsInvalid(GetParam().field));

  EXPECT_THAT(Pending(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedSetTest,
    ::testing::Values(
        Malformed{"NoArg", "arg", [](v1::SetIrqStateRequest* r) { r->clear_arg(); }},
        Malformed{"FiveReservedWords", "arg.reserved",
                  [](v1::SetIrqStateRequest* r) {
                    for (int i = 0; i < 5; ++i) r->mutable_arg()->add_reserved(0);
                  }},
        Malformed{"BufAboveTheLimit", "buf",
                  [](v1::SetIrqStateRequest* r) { r->mutable_buf()->resize((64 << 10) + 1); }},
        Malformed{"BufShorterThanLen", "buf",
                  [](v1::SetIrqStateRequest* r) { r->mutable_arg()->set_len(2 * kIrqSize); }},
        Malformed{"EmptyBuf", "buf", [](v1::SetIrqStateRequest* r) { r->clear_buf(); }}),
    [](const auto& info) { return info.param.name; });

TEST_F(KvmHandlersTest, TheKernelRefusesALengthBeforeAnybodyLooksAtBuf) {
  set_.mutable_arg()->set_len(0xffffffff);
  set_.clear_buf();

  EXPECT_THAT(handlers_.SetIrqState(set_, &set_response_), IsOk());

  EXPECT_EQ(set_response_.ret(), -EINVAL);
}

TEST_F(KvmHandlersTest, BytesBeyondLenAreNotLookedAt) {
  set_.mutable_buf()->append("trailing");

  EXPECT_THAT(handlers_.SetIrqState(set_, &set_response_), IsOk());

  EXPECT_EQ(set_response_.ret(), 0);
  EXPECT_EQ(Pending(), Image(KVM_S390_RESTART));
}

TEST_F(KvmHandlersTest, ARecordHas72Bytes) {
  for (const size_t size : {size_t{0}, kIrqSize - 1, kIrqSize + 1}) {
    irq_.mutable_record()->resize(size);
    EXPECT_THAT(handlers_.S390Irq(irq_, &irq_response_), IsInvalid("record")) << size;
  }
  EXPECT_THAT(Pending(), IsEmpty());
}

TEST_F(KvmHandlersTest, AResetHasAKind) {
  for (const int kind : {0, 4, -1}) {
    reset_.set_kind(static_cast<v1::ResetRequest::Kind>(kind));
    EXPECT_THAT(handlers_.Reset(reset_, &reset_response_), IsInvalid("kind")) << kind;
  }
}

TEST_F(KvmHandlersTest, CheckExtensionKnowsHosts) {
  v1::CheckExtensionRequest request;
  v1::CheckExtensionResponse response;
  request.set_extension(KVM_CAP_MAX_VCPUS);

  EXPECT_THAT(handlers_.CheckExtension(request, &response), IsOk());
  EXPECT_EQ(response.ret(), 248) << "the default host";

  request.mutable_host_profile()->set_extended_sca(false);
  EXPECT_THAT(handlers_.CheckExtension(request, &response), IsOk());
  EXPECT_EQ(response.ret(), 64);

  request.mutable_host_profile()->set_kernel("linux-2.4");
  EXPECT_THAT(handlers_.CheckExtension(request, &response), IsInvalid("host_profile.kernel"));

  request.mutable_vm()->set_id(vm_id_);
  EXPECT_THAT(handlers_.CheckExtension(request, &response), IsOk());
  EXPECT_EQ(response.ret(), 248) << "the host of a VM";

  request.mutable_vm()->set_name("nobody");
  EXPECT_THAT(handlers_.CheckExtension(request, &response), IsNotFound("irqd.v1.Vm"));

  request.mutable_vm()->clear_vm();
  EXPECT_THAT(handlers_.CheckExtension(request, &response), IsInvalid("vm"));
}

}  // namespace
}  // namespace irqd
