// Lets threads start together, again and again.
#ifndef IRQD_TESTS_CORE_BARRIER_H_
#define IRQD_TESTS_CORE_BARRIER_H_

#include <condition_variable>
#include <mutex>

namespace irqd {

// All of `count` threads wait for each other. Reusable.
class Barrier {
 public:
  explicit Barrier(int count) : count_(count) {}

  void Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    const int round = round_;
    if (++waiting_ == count_) {
      waiting_ = 0;
      ++round_;
      all_here_.notify_all();
      return;
    }
    all_here_.wait(lock, [&] { return round_ != round; });
  }

 private:
  const int count_;
  std::mutex mutex_;
  std::condition_variable all_here_;
  int waiting_ = 0;
  int round_ = 0;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_BARRIER_H_
