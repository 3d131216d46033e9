#include "client/this_process.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>

namespace irqd {
namespace {

std::atomic<pid_t> this_process{0};

void Ask() { this_process.store(getpid(), std::memory_order_relaxed); }

}  // namespace

pid_t ThisProcess() {
  static const bool asked = [] {
    pthread_atfork(nullptr, nullptr, &Ask);
    Ask();
    return true;
  }();
  static_cast<void>(asked);
  return this_process.load(std::memory_order_relaxed);
}

}  // namespace irqd
