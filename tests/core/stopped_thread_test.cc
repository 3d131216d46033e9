// A thread that is stopped anywhere in a call on a vCPU stops nobody else: what makes the calls
// lock-free. A signal stops the thread wherever it happens to be, thousands of times. Were it to
// hold what others need, the test would not end.
//
// The calls here allocate nothing: a thread stopped inside the allocator may hold its lock.
#include <memory>
#include <string>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/thread_stopper.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

// Calls on a vCPU, with memory of its own for what GET answers.
class Caller {
 public:
  explicit Caller(Vcpu* vcpu) : vcpu_(*vcpu) { images_.reserve(kEnough); }

  // Calls that change bits of the word only, so that a node that is there stays.
  void ChangeBits() {
    vcpu_.S390Irq(Irq(KVM_S390_RESTART));
    vcpu_.S390Irq(Irq(KVM_S390_INT_CPU_TIMER));
    vcpu_.SetMpState(KVM_MP_STATE_OPERATING);
    vcpu_.S390Irq(Stop(1));
    vcpu_.GetIrqState(kEnough, &images_);
    vcpu_.SetMpState(KVM_MP_STATE_STOPPED);
    vcpu_.GetMpState();
  }
  // Calls on interrupts whose data lies in the word.
  void ChangeData() {
    vcpu_.S390Irq(Emergency(1));
    vcpu_.S390Irq(ExternalCall(1));
    vcpu_.GetIrqState(kEnough, &images_);
    vcpu_.Reset(ResetKind::kNormal);
  }

 private:
  Vcpu& vcpu_;
  std::string images_;
};

class StoppedThreadTest : public testing::Test {
 protected:
  // Stops a thread that makes `calls` over and over, and makes them here meanwhile.
  template <typename Calls>
  void StopAndCall(Calls calls) {
    constexpr int kStops = 2000;
    Caller there(vm_->FindVcpu(0));
    Caller here(vm_->FindVcpu(0));
    calls(here);  // this thread's first hazard pointer takes a lock
    stopper_.StopAndCall(
        kStops, [&] { calls(there); }, [&] { calls(here); });
  }

  const std::unique_ptr<Vm> vm_ = MakeVm(2);

 private:
  ThreadStopper stopper_;
};

TEST_F(StoppedThreadTest, LetsOthersGoOn) {
  StopAndCall([](Caller& caller) {
    caller.ChangeBits();
    caller.ChangeData();
  });

  EXPECT_EQ(vm_->FindVcpu(0)->Reset(ResetKind::kNormal), 0);
  EXPECT_EQ(Get(*vm_->FindVcpu(0)), "");
}

TEST_F(StoppedThreadTest, LetsOthersGoOnBesideANode) {
  const kvm_s390_irq mchk = MchkOf(kExigent);
  ASSERT_EQ(vm_->FindVcpu(0)->S390Irq(mchk), 0);

  StopAndCall([](Caller& caller) { caller.ChangeBits(); });

  EXPECT_THAT(HexRecords(Get(*vm_->FindVcpu(0))), testing::HasSubstr(HexRecords(Image(mchk))));
}

}  // namespace
}  // namespace irqd
