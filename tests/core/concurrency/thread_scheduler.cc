#include "tests/core/concurrency/thread_scheduler.h"

#include <cstdio>
#include <cstdlib>

namespace irqd {
namespace {

void WaitFor(sem_t* semaphore) {
  while (sem_wait(semaphore) != 0) {
  }
}

}  // namespace

thread_local ThreadScheduler::Thread* ThreadScheduler::current_ = nullptr;

ThreadScheduler::ThreadScheduler(int most_threads) {
  sem_init(&all_done_, 0, 0);
  for (int number = 0; number < most_threads; ++number) {
    threads_.push_back(std::make_unique<Thread>());
    Thread* const thread = threads_.back().get();
    thread->scheduler = this;
    thread->number = number;
    sem_init(&thread->go, 0, 0);
    if (number > 0) thread->thread = std::thread([this, thread] { Work(thread); });
  }
  schedule_hook = Hook;
}

ThreadScheduler::~ThreadScheduler() {
  schedule_hook = nullptr;
  quit_ = true;
  for (const auto& thread : threads_) {
    if (thread->number == 0) continue;
    sem_post(&thread->go);
    thread->thread.join();
  }
}

void ThreadScheduler::Run(const std::vector<std::function<void()>>& bodies,
                          SchedulerPolicy* policy) {
  count_ = bodies.size();
  policy_ = policy;
  steps_ = 0;
  for (size_t i = 0; i < count_; ++i) {
    threads_[i]->state = State::kRunnable;
    threads_[i]->unlocking = nullptr;
    threads_[i]->body = &bodies[i];
  }
  Thread* const mine = threads_[0].get();
  Thread* const first = Decide(SchedulerPoint());
  if (first != mine) {
    sem_post(&first->go);
    WaitFor(&mine->go);
  }
  RunBody(mine);
  WaitFor(&all_done_);
}

void ThreadScheduler::Work(Thread* thread) {
  for (;;) {
    WaitFor(&thread->go);
    if (quit_) return;
    RunBody(thread);
  }
}

void ThreadScheduler::RunBody(Thread* thread) {
  current_ = thread;
  (*thread->body)();
  current_ = nullptr;
  LetBlockedTry(thread);
  thread->state = State::kDone;
  SchedulerPoint point;
  point.left = thread->number;
  Thread* const next = Decide(point);
  sem_post(next ? &next->go : &all_done_);
}

void ThreadScheduler::Hook(ScheduleStep step, const void* place) {
  if (current_ != nullptr) current_->scheduler->AtPoint(current_, step, place);
}

void ThreadScheduler::AtPoint(Thread* thread, ScheduleStep step, const void* place) {
  ++steps_;
  LetBlockedTry(thread);
  SchedulerPoint point;
  point.step = step;
  point.place = place;
  if (step == ScheduleStep::kBlocked) {
    thread->state = State::kBlocked;
    thread->blocked_on = place;
    point.left = thread->number;
    point.blocked = true;
  } else {
    point.running = thread->number;
  }
  if (step == ScheduleStep::kUnlock) thread->unlocking = place;
  Thread* const next = Decide(point);
  if (next == thread) return;
  sem_post(&next->go);
  WaitFor(&thread->go);
}

// What `thread` began to unlock at its last point is unlocked now.
void ThreadScheduler::LetBlockedTry(Thread* thread) {
  if (thread->unlocking == nullptr) return;
  for (size_t i = 0; i < count_; ++i) {
    Thread& other = *threads_[i];
    if (other.state == State::kBlocked && other.blocked_on == thread->unlocking) {
      other.state = State::kRunnable;
    }
  }
  thread->unlocking = nullptr;
}

uint32_t ThreadScheduler::Runnable() const {
  uint32_t runnable = 0;
  for (size_t i = 0; i < count_; ++i) {
    runnable |= uint32_t{threads_[i]->state == State::kRunnable} << i;
  }
  return runnable;
}

// Null: all are done.
ThreadScheduler::Thread* ThreadScheduler::Decide(SchedulerPoint point) {
  const uint32_t runnable = Runnable();
  if (runnable == 0) {
    for (size_t i = 0; i < count_; ++i) {
      if (threads_[i]->state != State::kBlocked) continue;
      std::fprintf(stderr, "thread %zu waits for a mutex that nobody lets go of\n", i);
      std::abort();
    }
    return nullptr;
  }
  point.others = point.running < 0 ? runnable : runnable & ~(1u << point.running);
  if (point.others == 0) return threads_[point.running].get();
  return threads_[policy_->Choose(point)].get();
}

}  // namespace irqd
