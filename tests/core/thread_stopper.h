// Stops a thread wherever it happens to be, by a signal.
#ifndef IRQD_TESTS_CORE_THREAD_STOPPER_H_
#define IRQD_TESTS_CORE_THREAD_STOPPER_H_

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include <atomic>
#include <thread>

namespace irqd {

// One at a time in a process.
class ThreadStopper {
 public:
  ThreadStopper() {
    sem_init(&Stopped(), 0, 0);
    sem_init(&GoOn(), 0, 0);
    struct sigaction action = {};
    action.sa_handler = StopHere;
    sigaction(SIGUSR1, &action, &before_);
  }
  ~ThreadStopper() { sigaction(SIGUSR1, &before_, nullptr); }
  ThreadStopper(const ThreadStopper&) = delete;
  ThreadStopper& operator=(const ThreadStopper&) = delete;

  // Stops a thread that calls `there` over and over, `stops` times, and calls `here` each time it
  // stands still. `here` must not allocate where `there` does: a thread stopped inside the
  // allocator may hold its lock.
  template <typename There, typename Here>
  void StopAndCall(int stops, There there, Here here) {
    std::atomic<bool> done{false};
    std::thread other([&] {
      while (!done) there();
    });
    for (int i = 0; i < stops; ++i) {
      pthread_kill(other.native_handle(), SIGUSR1);
      while (sem_wait(&Stopped()) != 0) {
      }
      here();
      sem_post(&GoOn());
    }
    done = true;
    other.join();
  }

 private:
  static sem_t& Stopped() {
    static sem_t semaphore;
    return semaphore;
  }
  static sem_t& GoOn() {
    static sem_t semaphore;
    return semaphore;
  }
  static void StopHere(int) {
    sem_post(&Stopped());
    while (sem_wait(&GoOn()) != 0) {
    }
  }

  struct sigaction before_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_THREAD_STOPPER_H_
