#include "tests/core/concurrency/history_recorder.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace irqd {

VmModel StartBoth(const HostProfile& profile, const std::vector<VmCall>& start,
                  CallMachine* machine, std::string* difference) {
  VmModel model(profile);
  for (const VmCall& call : start) {
    const VmAnswer expected = model.Apply(call);
    const VmAnswer answer = machine->Run(call);
    if (!(answer == expected)) {
      absl::StrAppend(difference, ToString(call), " = ", ToString(answer), ", expected ",
                      ToString(expected), "\n");
    }
  }
  machine->Started();
  return model;
}

std::string Judge(const VmModel& model, const VmHistory& history) {
  const Explanation explanation = Explain(model, history);
  if (explanation.found) return "";
  return absl::StrCat("What was seen:\n", ToString(history), ToString(history, explanation));
}

HistoryThreads::HistoryThreads(int most) {
  sem_init(&done_, 0, 0);
  for (int thread = 0; thread < most; ++thread) {
    workers_.push_back(std::make_unique<Worker>());
    Worker* const worker = workers_.back().get();
    sem_init(&worker->go, 0, 0);
    worker->thread = std::thread([this, worker, thread] { Work(thread, worker); });
  }
}

HistoryThreads::~HistoryThreads() {
  quit_ = true;
  for (const auto& worker : workers_) sem_post(&worker->go);
  for (const auto& worker : workers_) worker->thread.join();
}

VmHistory HistoryThreads::Run(const CallProgram& program, CallMachine* machine) {
  const int count = static_cast<int>(program.threads.size());
  HistoryNotes notes(count + 1);
  program_ = &program;
  machine_ = machine;
  notes_ = &notes;
  arrived_ = 0;
  for (int thread = 0; thread < count; ++thread) sem_post(&workers_[thread]->go);
  for (int thread = 0; thread < count; ++thread) sem_wait(&done_);
  for (const VmCall& call : ClosingCalls()) notes.Call(count, call, machine);
  return notes.All();
}

void HistoryThreads::Work(int thread, Worker* worker) {
  for (;;) {
    sem_wait(&worker->go);
    if (quit_) return;
    // They start together where there are processors enough, and soon where there are not.
    const int count = static_cast<int>(program_->threads.size());
    ++arrived_;
    for (int tries = 0; arrived_ < count && tries < 2000; ++tries) {
      if (tries % 200 == 199) std::this_thread::yield();
    }
    for (const VmCall& call : program_->threads[thread]) notes_->Call(thread, call, machine_);
    sem_post(&done_);
  }
}

uint64_t HistoryCount(uint64_t unless_given) {
  const char* given = std::getenv("IRQD_TEST_HISTORIES");
  if (given != nullptr) return std::strtoull(given, nullptr, 10);
  return kSanitized ? unless_given / 10 : unless_given;
}

}  // namespace irqd
