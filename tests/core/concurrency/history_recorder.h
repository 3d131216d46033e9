// Lets threads make calls at the same time, and notes what each said and when.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_HISTORY_RECORDER_H_
#define IRQD_TESTS_CORE_CONCURRENCY_HISTORY_RECORDER_H_

#include <semaphore.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/core/concurrency/call_catalogue.h"
#include "tests/core/concurrency/call_machine.h"
#include "tests/core/concurrency/linearizability.h"

namespace irqd {

// Notes the calls of one program. Each thread has a list of its own.
class HistoryNotes {
 public:
  explicit HistoryNotes(size_t threads) : events_(threads) {}

  void Call(int thread, const VmCall& call, CallMachine* machine) {
    VmEvent event;
    event.thread = thread;
    event.call = call;
    event.begin = clock_.fetch_add(1);
    event.answer = machine->Run(call);
    event.end = clock_.fetch_add(1);
    events_[thread].push_back(std::move(event));
  }
  // When all threads are done.
  VmHistory All() const {
    VmHistory all;
    for (const auto& events : events_) all.insert(all.end(), events.begin(), events.end());
    return all;
  }

 private:
  std::atomic<uint64_t> clock_{0};
  std::vector<VmHistory> events_;
};

// The model of a new VM after `start`, whose calls are made on `machine` too. Where the two do not
// agree, `*difference` says so.
VmModel StartBoth(const HostProfile& profile, const std::vector<VmCall>& start,
                  CallMachine* machine, std::string* difference);

// "" if `history` is one that `model` explains; otherwise what it is, and how far that went.
std::string Judge(const VmModel& model, const VmHistory& history);

// Threads of the machine, kept from program to program.
class HistoryThreads {
 public:
  explicit HistoryThreads(int most);
  ~HistoryThreads();

  // Runs a program whose start was made, then the closing calls.
  VmHistory Run(const CallProgram& program, CallMachine* machine);

 private:
  struct Worker {
    sem_t go;
    std::thread thread;
  };
  void Work(int thread, Worker* worker);

  std::vector<std::unique_ptr<Worker>> workers_;
  sem_t done_;
  std::atomic<int> arrived_{0};
  bool quit_ = false;
  const CallProgram* program_ = nullptr;
  CallMachine* machine_ = nullptr;
  HistoryNotes* notes_ = nullptr;
};

// Whether everything takes several times as long.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// How many histories a test looks at: IRQD_TEST_HISTORIES, or `unless_given`, with a sanitizer a
// tenth of that.
uint64_t HistoryCount(uint64_t unless_given);

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_HISTORY_RECORDER_H_
