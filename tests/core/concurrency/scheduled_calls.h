// Programs of calls under a policy that orders the threads' steps, and what came of it. For the
// scheduled build.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_SCHEDULED_CALLS_H_
#define IRQD_TESTS_CORE_CONCURRENCY_SCHEDULED_CALLS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/host_profile.h"
#include "tests/core/concurrency/call_catalogue.h"
#include "tests/core/concurrency/call_machine.h"
#include "tests/core/concurrency/history_recorder.h"
#include "tests/core/concurrency/schedule_policies.h"
#include "tests/core/concurrency/thread_scheduler.h"

namespace irqd {

class ScheduledCalls {
 public:
  explicit ScheduledCalls(MachineMaker make, int most_threads = 2)
      : make_(std::move(make)), scheduler_(most_threads) {}

  // Runs `program` on a new machine. "", or why no order of the calls explains what they said.
  std::string Run(const CallProgram& program, SchedulerPolicy* policy) {
    machine_ = make_();
    std::string wrong;
    const VmModel model = StartBoth(profile_, program.start, machine_.get(), &wrong);
    if (!wrong.empty()) return wrong;
    const int count = static_cast<int>(program.threads.size());
    HistoryNotes notes(count + 1);
    std::vector<std::function<void()>> bodies;
    for (int thread = 0; thread < count; ++thread) {
      bodies.push_back([&, thread] {
        for (const VmCall& call : program.threads[thread]) notes.Call(thread, call, machine_.get());
      });
    }
    scheduler_.Run(bodies, policy);
    const std::string left = machine_->WrongAtRest();
    if (!left.empty()) return left + "\n" + ToString(notes.All());
    for (const VmCall& call : ClosingCalls()) notes.Call(count, call, machine_.get());
    return Judge(model, notes.All());
  }

  // Runs `program` in every order that `max_preemptions` allow. "", or what was wrong with the
  // first that was wrong. Adds how many there were to `*schedules`.
  std::string RunAll(const CallProgram& program, uint32_t max_preemptions, uint64_t* schedules) {
    DepthFirst policy(max_preemptions, [this](const void* at) { return machine_->KeyOf(at); });
    do {
      const std::string wrong = Run(program, &policy);
      if (!wrong.empty()) return policy.ToString() + "\n" + wrong;
    } while (policy.Next());
    *schedules += policy.schedules();
    return "";
  }

 private:
  const HostProfile profile_ = DefaultHostProfile();
  const MachineMaker make_;
  ThreadScheduler scheduler_;
  std::unique_ptr<CallMachine> machine_;
};

// Two threads, one call each.
inline CallProgram PairOf(const std::vector<VmCall>& start, const VmCall& first,
                          const VmCall& second) {
  return {start, {{first}, {second}}};
}

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_SCHEDULED_CALLS_H_
