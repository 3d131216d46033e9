// Calls and programs of calls for tests of concurrency: few values, so that conflicts are common.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_CALL_CATALOGUE_H_
#define IRQD_TESTS_CORE_CONCURRENCY_CALL_CATALOGUE_H_

#include <vector>

#include "tests/core/concurrency/linearizability.h"
#include "tests/core/concurrency/vm_call.h"
#include "tests/seed.h"

namespace irqd {

// Every call on a vCPU that waits for nobody, each type of record included.
std::vector<VmCall> LocalCalls(uint32_t vcpu);
// Creating, finding and listing vCPUs, and all of them at one instant: 2 is new in all start
// states.
std::vector<VmCall> VcpuSetCalls();
// Deliveries to the vCPU, and calls on floating interrupts.
std::vector<VmCall> FloatingCalls(uint32_t vcpu);

// Calls that bring a new VM into a state where others conflict. All create vCPUs 0 and 1.
struct StartState {
  const char* name;
  std::vector<VmCall> calls;
};
std::vector<StartState> StartStates();

// What threads do to a VM in a start state.
struct CallProgram {
  std::vector<VmCall> start;
  std::vector<std::vector<VmCall>> threads;
};
// With `threads` threads, and no more events than a history may have.
CallProgram RandomProgram(int threads, Random& random);

// Asks for all there is to see, when the threads are done.
std::vector<VmCall> ClosingCalls();

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_CALL_CATALOGUE_H_
