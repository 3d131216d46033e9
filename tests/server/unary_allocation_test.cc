// What is ours of a common unary call allocates nothing: its messages keep their memory.
#include "core/irq_codec.h"
#include "core/vm_registry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/kvm_handlers.h"
#include "tests/core/allocation_count.h"

namespace irqd {
namespace {

class UnaryAllocationTest : public testing::Test {
 protected:
  UnaryAllocationTest() {
    VmSpec spec;
    spec.vcpu_ids = {0};
    const uint64_t vm = registry_.CreateVm(spec).vm.id;
    const auto name_vcpu = [&](v1::VcpuRef* vcpu) {
      vcpu->set_vm_id(vm);
      vcpu->set_vcpu_id(0);
    };
    name_vcpu(inject_.mutable_vcpu());
    inject_.mutable_record()->resize(kIrqSize);
    EncodeIrq(EmptyIrq(KVM_S390_RESTART),
              reinterpret_cast<uint8_t*>(&(*inject_.mutable_record())[0]));
    name_vcpu(get_.mutable_vcpu());
    get_.mutable_arg()->set_len(kIrqSize);
    name_vcpu(reset_.mutable_vcpu());
    reset_.set_kind(v1::ResetRequest::NORMAL);
  }

  // As UnaryCall makes them: each with the messages of the call before.
  void Round() {
    inject_response_.Clear();
    EXPECT_TRUE(handlers_.S390Irq(inject_, &inject_response_).ok());
    get_response_.Clear();
    EXPECT_TRUE(handlers_.GetIrqState(get_, &get_response_).ok());
    reset_response_.Clear();
    EXPECT_TRUE(handlers_.Reset(reset_, &reset_response_).ok());
  }

  VmRegistry registry_;
  KvmHandlers handlers_{&registry_};
  v1::S390IrqRequest inject_;
  v1::S390IrqResponse inject_response_;
  v1::GetIrqStateRequest get_;
  v1::GetIrqStateResponse get_response_;
  v1::ResetRequest reset_;
  v1::ResetResponse reset_response_;
};

TEST_F(UnaryAllocationTest, InjectGetResetAllocateNothing) {
  Round();
  const size_t before = Allocations();

  for (int i = 0; i < 100; ++i) Round();

  EXPECT_EQ(Allocations(), before);
  EXPECT_EQ(get_response_.ret(), static_cast<int32_t>(kIrqSize));
}

}  // namespace
}  // namespace irqd
