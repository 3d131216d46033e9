// Makes the calls of vm_call.h on a real VM. Built with and without schedule points.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_VM_CALL_RUNNER_H_
#define IRQD_TESTS_CORE_CONCURRENCY_VM_CALL_RUNNER_H_

#include <array>
#include <atomic>
#include <string>

#include "core/atomic.h"
#include "core/vm.h"
#include "tests/core/concurrency/call_machine.h"

namespace irqd {

// A VM, and what keeps calls apart that must not overlap. Thread safety: as Vm.
class VmCallRunner : public CallMachine {
 public:
  explicit VmCallRunner(const HostProfile& profile) : vm_(1, "vm-1", profile) {}

  VmAnswer Run(const VmCall& call) override;
  void Started() override;
  // A vCPU that is marked as asleep although something is deliverable to it. One that a SET was made
  // on is not judged: SET wakes nobody, in the kernel either.
  std::string WrongAtRest() override;
  uint64_t KeyOf(const void* place) const override;

 private:
  VmAnswer RunOnVcpu(const VmCall& call, Vcpu* vcpu);

  Vm vm_;
  Mutex creation_;
  const Vcpu* first_vcpu_ = nullptr;
  std::array<std::atomic<bool>, kModelVcpus> was_set_ = {};
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_VM_CALL_RUNNER_H_
