#include "tests/core/concurrency/racy_machine.h"

#include <thread>
#include <utility>

namespace irqd {
namespace {

// Where the machine decides who goes on, it is helped to hit the gap.
void GiveWay() {
#ifndef IRQD_SCHEDULE_POINTS
  std::this_thread::yield();
#endif
}

}  // namespace

const VmModel* RacyMachine::Keep(VmModel model) {
  const std::lock_guard<std::mutex> lock(kept_mutex_);
  kept_.push_back(std::make_unique<const VmModel>(std::move(model)));
  return kept_.back().get();
}

VmAnswer RacyMachine::Run(const VmCall& call) {
  if (fault_ != RacyFault::kLock) return RunUnlocked(call);
  const std::lock_guard<Mutex> lock(mutex_);
  return RunUnlocked(call);
}

VmAnswer RacyMachine::RunUnlocked(const VmCall& call) {
  const bool gets = call.kind == VmCallKind::kGetIrqState;
  if (fault_ == RacyFault::kGetAtTwoInstants && gets) return GetAtTwoInstants(call);
  const bool sets = call.kind == VmCallKind::kSetIrqState;
  if (fault_ == RacyFault::kSetByRecords && sets) return SetByRecords(call);
  if (fault_ == RacyFault::kLateEffect) return AnswerEarly(call);
  return Update(call);
}

VmAnswer RacyMachine::Update(const VmCall& call) {
  for (;;) {
    const VmModel* before = current_.load();
    VmModel after = *before;
    VmAnswer answer = after.Apply(call);
    GiveWay();
    const VmModel* const next = Keep(std::move(after));
    if (fault_ == RacyFault::kStoreInsteadOfSwap) {
      current_.store(next);
      return answer;
    }
    if (current_.compare_exchange_strong(before, next)) return answer;
  }
}

VmAnswer RacyMachine::GetAtTwoInstants(const VmCall& call) {
  VmModel model = *current_.load();
  const VmAnswer first = model.Apply(call);
  GiveWay();
  model = *current_.load();
  VmAnswer rest = model.Apply(call);
  if (first.bytes.size() >= kIrqSize && rest.bytes.size() >= kIrqSize) {
    rest.bytes.replace(0, kIrqSize, first.bytes.substr(0, kIrqSize));
  }
  return rest;
}

VmAnswer RacyMachine::SetByRecords(const VmCall& call) {
  VmCall part = call;
  part.irqs = {call.irqs[0]};
  VmAnswer answer = Update(part);
  for (size_t i = 1; i < call.irqs.size() && answer.ret == 0; ++i) {
    GiveWay();
    answer = Update(InjectCall(call.irqs[i], call.vcpu));
  }
  return answer;
}

// The answer is that of an instant before.
VmAnswer RacyMachine::AnswerEarly(const VmCall& call) {
  VmModel model = *current_.load();
  const VmAnswer answer = model.Apply(call);
  GiveWay();
  Update(call);
  return answer;
}

}  // namespace irqd
