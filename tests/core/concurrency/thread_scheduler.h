// Runs threads one at a time, and decides at each atomic access which of them goes on. For the
// scheduled build (core/atomic.h).
//
// The threads are real ones, so that what belongs to a thread does; all but one of them stand
// still.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_THREAD_SCHEDULER_H_
#define IRQD_TESTS_CORE_CONCURRENCY_THREAD_SCHEDULER_H_

#include <semaphore.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "core/atomic.h"

namespace irqd {

// Where a decision is due.
struct SchedulerPoint {
  int running = -1;     // the thread that is about to make `step`; -1: none can go on by itself
  uint32_t others = 0;  // bit n: thread n can go on too
  ScheduleStep step = ScheduleStep::kLoad;
  const void* place = nullptr;
  // The thread that found a mutex taken, or finished, when `running` is -1; -1: it is the start.
  int left = -1;
  bool blocked = false;  // `left` did not finish
};

class SchedulerPolicy {
 public:
  virtual ~SchedulerPolicy() = default;
  // The thread that goes on: `running` or one of `others`.
  virtual int Choose(const SchedulerPoint& point) = 0;
};

// One at a time in a process.
class ThreadScheduler {
 public:
  explicit ThreadScheduler(int most_threads);
  ~ThreadScheduler();
  ThreadScheduler(const ThreadScheduler&) = delete;
  ThreadScheduler& operator=(const ThreadScheduler&) = delete;

  // Runs each body in a thread of its own, the first in the calling one, until all are done. Ends
  // the process, with a message, if none can go on.
  void Run(const std::vector<std::function<void()>>& bodies, SchedulerPolicy* policy);
  // Steps that threads made in the last run.
  uint64_t steps() const { return steps_; }

 private:
  enum class State { kRunnable, kBlocked, kDone };
  struct Thread {
    ThreadScheduler* scheduler = nullptr;
    int number = 0;
    sem_t go;
    State state = State::kDone;
    const void* blocked_on = nullptr;
    const void* unlocking = nullptr;
    const std::function<void()>* body = nullptr;
    std::thread thread;  // none of the first
  };

  static void Hook(ScheduleStep step, const void* place);
  void AtPoint(Thread* thread, ScheduleStep step, const void* place);
  void RunBody(Thread* thread);
  void Work(Thread* thread);
  void LetBlockedTry(Thread* thread);
  uint32_t Runnable() const;
  Thread* Decide(SchedulerPoint point);

  static thread_local Thread* current_;

  std::vector<std::unique_ptr<Thread>> threads_;
  size_t count_ = 0;  // of this run
  SchedulerPolicy* policy_ = nullptr;
  sem_t all_done_;
  uint64_t steps_ = 0;
  bool quit_ = false;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_THREAD_SCHEDULER_H_
