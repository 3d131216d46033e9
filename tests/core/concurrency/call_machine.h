// What calls are made on, by several threads at once.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_CALL_MACHINE_H_
#define IRQD_TESTS_CORE_CONCURRENCY_CALL_MACHINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/core/concurrency/vm_call.h"

namespace irqd {

class CallMachine {
 public:
  virtual ~CallMachine() = default;
  virtual VmAnswer Run(const VmCall& call) = 0;
  // The start state is reached, and other threads are going to come.
  virtual void Started() {}
  // When all calls are done: "", or what is wrong with the state they left besides their answers.
  virtual std::string WrongAtRest() { return ""; }
  // Which of its variables lies at `place`: the same number in every run of the same calls. 0: it
  // cannot tell.
  virtual uint64_t KeyOf(const void* place) const { return 0; }
};

// Makes one without vCPUs.
using MachineMaker = std::function<std::unique_ptr<CallMachine>()>;

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_CALL_MACHINE_H_
