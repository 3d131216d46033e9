// A vCPU's local calls never wait for floating interrupts. A thread is stopped anywhere in calls
// that take the VM's mutex, thousands of times, the mutex often in its hands; meanwhile all local
// calls on the same vCPU, and on another of the same VM, go on. Were one of them to take the mutex,
// the test would not end.
//
// The local calls here allocate nothing: a thread stopped inside the allocator may hold its lock.
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "core/hazard_pointer.h"
#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/irq_samples.h"
#include "tests/core/thread_stopper.h"
#include "tests/core/vm_guests.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

constexpr int kStops = 2000;

class FloatingStoppedThreadTest : public testing::Test {
 protected:
  FloatingStoppedThreadTest() {
    images_.reserve(kEnough);
    // A thread's first hazard pointer takes a lock, in which the other thread may stand still.
    FreeRetired();
  }

  // Every call that takes the mutex, on vCPU 0, with something to deliver.
  void CallFloating() {
    Vcpu& vcpu = *vm_->FindVcpu(0);
    vm_->S390Interrupt(VmIoOn(3, 1));
    vcpu.S390Irq(Irq(KVM_S390_RESTART));
    vcpu.Deliver(10);
    vcpu.GetDeliverable();
    vcpu.StopIntercept();
    std::string memory;
    vm_->GetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), 7200}, &memory);
    vm_->SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kClearIrqs), 0}, {});
    vm_->SetRegisters({});
    vm_->GetRegisters();
    vm_->floating_pending();
  }

  // Every call on a vCPU that does not.
  void CallLocally(uint32_t id) {
    Vcpu& vcpu = *vm_->FindVcpu(id);
    vcpu.S390Irq(Irq(KVM_S390_RESTART));
    vcpu.S390Interrupt({KVM_S390_INT_EMERGENCY, 1, 0});
    vcpu.S390Irq(ExternalCall(1));
    vcpu.GetIrqState(kEnough, &images_);
    vcpu.Reset(ResetKind::kInitial);
    Set(vcpu, list_);
    vcpu.Sigp(static_cast<uint8_t>(SigpOrder::kSense), 1, 0);
    vcpu.Sigp(static_cast<uint8_t>(SigpOrder::kStart), 1, 0);
    vcpu.SetMpState(KVM_MP_STATE_OPERATING);
    vcpu.GetMpState();
    vcpu.SetMpState(KVM_MP_STATE_STOPPED);
    vcpu.GetRegisters();
    vcpu.SetRegisters({});
    vcpu.pending();
    vm_->IsIdle(vcpu);
    vcpu.Reset(ResetKind::kNormal);
  }

  bool MutexIsFree() {
    std::unique_lock<std::mutex> lock(vm_->floating().mutex, std::try_to_lock);
    return lock.owns_lock();
  }

  const std::unique_ptr<Vm> vm_ = MakeVm(2);
  const std::string list_ = Images({Emergency(1), Irq(KVM_S390_RESTART)});
  std::string images_;
};

TEST_F(FloatingStoppedThreadTest, LocalCallsGoOnWhileTheMutexIsHeld) {
  ThreadStopper stopper;
  vm_->floating();
  int held = 0;

  stopper.StopAndCall(
      kStops, [&] { CallFloating(); },
      [&] {
        if (!MutexIsFree()) ++held;
        CallLocally(0);
        CallLocally(1);
      });

  EXPECT_GT(held, 0) << "the thread was never stopped with the mutex in its hands";
  EXPECT_EQ(vm_->FindVcpu(0)->Reset(ResetKind::kNormal), 0);
  EXPECT_EQ(Get(*vm_->FindVcpu(0)), "");
}

// A delivery that comes between the beginning and the end of a reset may make the vCPU idle; the
// reset ends that.
TEST_F(FloatingStoppedThreadTest, AStoppedVcpuIsNeverIdle) {
  ThreadStopper stopper;
  std::atomic<int> deliveries{0};
  std::atomic<int> idle_while_stopped{0};
  Vm vm(2, "vm-2", DefaultHostProfile());  // one whose run states are the kernel's
  ASSERT_EQ(vm.CreateVcpu(0), 0);
  Vcpu& sleeper = *vm.FindVcpu(0);
  Open(&sleeper, kPswOpen | kPswWait);

  stopper.StopAndCall(
      kStops,
      [&] {
        sleeper.Reset(ResetKind::kNormal);
        const int before = deliveries;
        const bool is_stopped = sleeper.GetMpState() == KVM_MP_STATE_STOPPED;
        const bool is_idle = vm.IsIdle(sleeper);
        if (is_stopped && is_idle && before == deliveries) ++idle_while_stopped;
      },
      [&] {
        ++deliveries;
        sleeper.Sigp(static_cast<uint8_t>(SigpOrder::kStart), 0, 0);
        sleeper.Deliver(1);
      });

  EXPECT_EQ(idle_while_stopped, 0);
}

}  // namespace
}  // namespace irqd
