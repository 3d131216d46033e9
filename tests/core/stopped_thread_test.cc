// A thread that is stopped anywhere in a call on a vCPU stops nobody else: what makes the calls
// lock-free. A signal stops the thread wherever it happens to be, thousands of times. Were it to
// hold what others need, the test would not end.
//
// The calls here allocate nothing: a thread stopped inside the allocator may hold its lock.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

sem_t stopped;
sem_t go_on;

void StopHere(int) {
  sem_post(&stopped);
  while (sem_wait(&go_on) != 0) {
  }
}

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
  StoppedThreadTest() {
    sem_init(&stopped, 0, 0);
    sem_init(&go_on, 0, 0);
    struct sigaction action = {};
    action.sa_handler = StopHere;
    sigaction(SIGUSR1, &action, &before_);
  }
  ~StoppedThreadTest() override { sigaction(SIGUSR1, &before_, nullptr); }

  // Stops a thread that makes `calls` over and over, and makes them here meanwhile.
  template <typename Calls>
  void StopAndCall(Calls calls) {
    constexpr int kStops = 2000;
    std::atomic<bool> done{false};
    std::thread other([&] {
      Caller caller(vm_->FindVcpu(0));
      while (!done) calls(caller);
    });
    Caller caller(vm_->FindVcpu(0));
    calls(caller);  // this thread's first use of the core takes a lock
    for (int i = 0; i < kStops; ++i) {
      pthread_kill(other.native_handle(), SIGUSR1);
      while (sem_wait(&stopped) != 0) {
      }
      calls(caller);
      sem_post(&go_on);
    }
    done = true;
    other.join();
  }

  const std::unique_ptr<Vm> vm_ = MakeVm(2);

 private:
  struct sigaction before_;
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
