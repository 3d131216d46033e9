// Ways to choose the order of threads' steps.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_SCHEDULE_POLICIES_H_
#define IRQD_TESTS_CORE_CONCURRENCY_SCHEDULE_POLICIES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/concurrency/thread_scheduler.h"
#include "tests/seed.h"

namespace irqd {

// Thread 0 makes `steps` steps; then all others run until they are done, and thread 0 goes on.
class StopAtStep : public SchedulerPolicy {
 public:
  explicit StopAtStep(uint64_t steps) : steps_(steps) {}
  int Choose(const SchedulerPoint& point) override;

  // Whether thread 0 had a next step, so that it stood still in the middle.
  bool stopped() const { return stopped_; }
  // Whether one of the others could not go on before thread 0 did, or made more steps than any call
  // needs.
  bool others_waited() const { return others_waited_; }

 private:
  static constexpr uint64_t kEnoughSteps = 10000;

  const uint64_t steps_;
  uint64_t made_ = 0;
  uint64_t made_by_others_ = 0;
  bool stopped_ = false;
  bool others_waited_ = false;
};

// At each step any thread, the running one more often.
class RandomSteps : public SchedulerPolicy {
 public:
  explicit RandomSteps(Random* random) : random_(*random) {}
  int Choose(const SchedulerPoint& point) override;

 private:
  Random& random_;
};

// Which variable a step is about, the same in every run. 0: cannot be told.
using PlaceKey = uint64_t;
using PlaceKeys = std::function<PlaceKey(const void* place)>;

// One order after another, depth first, until there is no other with at most so many preemptions
// (changes of threads although the running one could go on).
//
// A preemption before a step that no other thread's steps can tell from a later one shows nothing
// new, so there is none: only before a step on a variable that another thread accesses too, one of
// the two changing it. Which these are is learned on the way; when something new comes up the
// search starts again. Nor is there one before a thread's first step: it might as well begin later.
class DepthFirst : public SchedulerPolicy {
 public:
  DepthFirst(uint32_t max_preemptions, PlaceKeys keys)
      : max_preemptions_(max_preemptions), keys_(std::move(keys)) {}
  int Choose(const SchedulerPoint& point) override;

  // After a run: whether there is another to make. Forgets what belongs to the last run.
  bool Next();
  // Runs since the search began for the last time, all different.
  uint64_t schedules() const { return schedules_; }
  // The choices of the last run, for messages.
  std::string ToString() const;

 private:
  struct Choice {
    uint32_t taken;
    uint32_t of;
  };
  struct Users {
    uint32_t readers = 0;  // a bit for each thread
    uint32_t writers = 0;
    friend bool operator==(const Users& a, const Users& b) {
      return a.readers == b.readers && a.writers == b.writers;
    }
  };
  bool IsSeenByOthers(const SchedulerPoint& point);

  const uint32_t max_preemptions_;
  const PlaceKeys keys_;
  std::map<PlaceKey, Users> users_;
  bool learned_ = false;
  uint64_t schedules_ = 0;
  std::vector<Choice> choices_;
  size_t depth_ = 0;
  uint32_t preemptions_ = 0;
  uint32_t begun_ = 0;  // bit n: thread n has made a step
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_SCHEDULE_POLICIES_H_
