// The atomics and mutexes of what threads share: the standard library's own.
//
// Tests link other builds of the same code (NAME_scheduled in BUILD, with IRQD_SCHEDULE_POINTS
// defined), in which a hook is called before each access. It may stop the thread there, or let
// another one go first. Nothing that is shipped has the hook, or pays for it. A program must not
// mix the two builds.
#ifndef IRQD_CORE_ATOMIC_H_
#define IRQD_CORE_ATOMIC_H_

#include <atomic>
#include <mutex>

namespace irqd {

// What the calling thread is about to do.
enum class ScheduleStep {
  kLoad,
  kStore,
  kUpdate,   // reads and writes at once, or would if it did not fail
  kLock,     // tries to take a mutex
  kBlocked,  // found a mutex taken, and is going to try again
  kUnlock,
  kAnnounce,  // writes a hazard pointer, at `place`
  kScan,      // reads all hazard pointers, and frees what none of them names
};

#ifndef IRQD_SCHEDULE_POINTS

template <typename T>
using Atomic = std::atomic<T>;
using Mutex = std::mutex;
inline void SchedulePoint(ScheduleStep, const void*) {}

#else

// `place` tells variables apart.
using ScheduleHook = void (*)(ScheduleStep step, const void* place);
// Called in every thread; null: nothing is. To be set while no other thread is in the core.
inline std::atomic<ScheduleHook> schedule_hook{nullptr};

inline void SchedulePoint(ScheduleStep step, const void* place) {
  if (const ScheduleHook hook = schedule_hook.load(std::memory_order_relaxed)) hook(step, place);
}

// As std::atomic, as far as the core uses it.
template <typename T>
class Atomic {
 public:
  using Order = std::memory_order;

  constexpr Atomic() noexcept : value_(T()) {}
  constexpr Atomic(T value) noexcept : value_(value) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load(Order order = std::memory_order_seq_cst) const { return At(kLoad).load(order); }
  void store(T value, Order order = std::memory_order_seq_cst) { At(kStore).store(value, order); }
  T exchange(T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).exchange(value, order);
  }
  T fetch_add(T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).fetch_add(value, order);
  }
  T fetch_sub(T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).fetch_sub(value, order);
  }
  T fetch_or(T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).fetch_or(value, order);
  }
  T fetch_and(T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).fetch_and(value, order);
  }
  bool compare_exchange_strong(T& expected, T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).compare_exchange_strong(expected, value, order);
  }
  bool compare_exchange_strong(T& expected, T value, Order success, Order failure) {
    return At(kUpdate).compare_exchange_strong(expected, value, success, failure);
  }
  bool compare_exchange_weak(T& expected, T value, Order order = std::memory_order_seq_cst) {
    return At(kUpdate).compare_exchange_weak(expected, value, order);
  }
  bool compare_exchange_weak(T& expected, T value, Order success, Order failure) {
    return At(kUpdate).compare_exchange_weak(expected, value, success, failure);
  }

 private:
  static constexpr ScheduleStep kLoad = ScheduleStep::kLoad;
  static constexpr ScheduleStep kStore = ScheduleStep::kStore;
  static constexpr ScheduleStep kUpdate = ScheduleStep::kUpdate;

  const std::atomic<T>& At(ScheduleStep step) const {
    SchedulePoint(step, &value_);
    return value_;
  }
  std::atomic<T>& At(ScheduleStep step) {
    SchedulePoint(step, &value_);
    return value_;
  }

  std::atomic<T> value_;
};

// Waits by trying, so that whoever decides which thread runs is asked each time.
class Mutex {
 public:
  void lock() {
    SchedulePoint(ScheduleStep::kLock, this);
    while (!mutex_.try_lock()) SchedulePoint(ScheduleStep::kBlocked, this);
  }
  bool try_lock() {
    SchedulePoint(ScheduleStep::kLock, this);
    return mutex_.try_lock();
  }
  void unlock() {
    SchedulePoint(ScheduleStep::kUnlock, this);
    mutex_.unlock();
  }

 private:
  std::mutex mutex_;
};

#endif  // IRQD_SCHEDULE_POINTS

}  // namespace irqd

#endif  // IRQD_CORE_ATOMIC_H_
