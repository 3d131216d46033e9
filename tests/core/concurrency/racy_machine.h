// Machines with faults that only threads can show, to see who notices them. Built with and without
// schedule points.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_RACY_MACHINE_H_
#define IRQD_TESTS_CORE_CONCURRENCY_RACY_MACHINE_H_

#include <memory>
#include <mutex>
#include <vector>

#include "core/atomic.h"
#include "tests/core/concurrency/call_machine.h"
#include "tests/core/concurrency/vm_model.h"

namespace irqd {

enum class RacyFault {
  kNone,
  kStoreInsteadOfSwap,  // a call that comes in between is lost
  kGetAtTwoInstants,    // GET reads its first record before the others
  kSetByRecords,        // SET shows its records one after another
  kLateEffect,          // a call answers, and then takes effect
  kLock,                // all is right, but calls wait for each other
};

// A whole VM in one atomic pointer to a VmModel.
class RacyMachine : public CallMachine {
 public:
  RacyMachine(const HostProfile& profile, RacyFault fault)
      : fault_(fault), current_(Keep(VmModel(profile))) {}

  VmAnswer Run(const VmCall& call) override;
  uint64_t KeyOf(const void* place) const override { return place == &mutex_ ? 2 : 1; }

 private:
  VmAnswer RunUnlocked(const VmCall& call);
  VmAnswer Update(const VmCall& call);
  VmAnswer GetAtTwoInstants(const VmCall& call);
  VmAnswer SetByRecords(const VmCall& call);
  VmAnswer AnswerEarly(const VmCall& call);
  const VmModel* Keep(VmModel model);

  const RacyFault fault_;
  std::mutex kept_mutex_;
  std::vector<std::unique_ptr<const VmModel>> kept_;  // nobody knows who still reads them
  Mutex mutex_;
  Atomic<const VmModel*> current_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_RACY_MACHINE_H_
