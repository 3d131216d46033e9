// Ends a test that stands still, and says where.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_WATCHDOG_H_
#define IRQD_TESTS_CORE_CONCURRENCY_WATCHDOG_H_

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

namespace irqd {

// Ends the process when nothing new is said for so long that no machine is that slow.
class Watchdog {
 public:
  Watchdog() : thread_([this] { Watch(); }) {}
  ~Watchdog() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // What is going on now.
  void Say(std::string what) {
    const std::lock_guard<std::mutex> lock(mutex_);
    what_ = std::move(what);
    ++said_;
  }

 private:
  void Watch() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (uint64_t seen = ~uint64_t{0}; !done_ && seen != said_;) {
      seen = said_;
      changed_.wait_for(lock, std::chrono::seconds(60), [this] { return done_; });
    }
    if (done_) return;
    std::fprintf(stderr, "stands still: %s\n", what_.c_str());
    std::abort();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string what_;
  uint64_t said_ = 0;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_WATCHDOG_H_
