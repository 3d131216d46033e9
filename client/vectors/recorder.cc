#include "client/vectors/recorder.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

// Statuses that irqd gives before it does anything. A call that ends otherwise, for want of an
// answer, may have been carried out.
bool ChangedNothing(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

std::string NameOf(const NamedVm& vm) {
  return vm.name.empty() ? absl::StrCat("VM ", vm.id) : absl::StrCat("VM ", vm.name);
}

}  // namespace

Recorder::Recorder(std::function<absl::Status(absl::string_view)> write, const Limits& limits)
    : write_(std::move(write)), limits_(limits) {}

Recorder::Recorder(std::function<absl::Status(absl::string_view)> write)
    : Recorder(std::move(write), Limits()) {}

uint64_t Recorder::Find(const NamedVm& vm) const {
  if (vm.id != 0) return vms_.count(vm.id) != 0 ? vm.id : 0;
  const auto found = ids_.find(vm.name);
  return found == ids_.end() ? 0 : found->second;
}

void Recorder::Answered(absl::string_view method, const std::string& request,
                        const std::string& response) {
  const RecordedCall call = ReadCall(method, request, response);
  if (call.effect == RecordedCall::Effect::kMakesVm) return Make(call);
  const uint64_t id = Find(call.vm);
  if (id == 0) return LeaveOut(call.vm);
  Record(call, id);
}

void Recorder::Record(const RecordedCall& call, uint64_t id) {
  Vm& vm = vms_[id];
  if (call.effect == RecordedCall::Effect::kDeletesVm) {
    Write(&vm);
    ids_.erase(vm.name);
    vms_.erase(id);
    return;
  }
  if (vm.ended) return;
  if (!call.cannot.empty()) return End(call.cannot, &vm);
  AddSteps(call.steps, &vm);
}

void Recorder::Make(const RecordedCall& call) {
  Vm& vm = vms_[call.vm.id];
  vm.name = call.vm.name;
  ids_[vm.name] = call.vm.id;
  vm.line = FormatScenarioStart(UniqueName(call.vm), call.host);
  bytes_ += vm.line.size();
  if (!call.cannot.empty()) return End(call.cannot, &vm);
  AddSteps(call.steps, &vm);
}

void Recorder::AddSteps(const std::vector<Step>& steps, Vm* vm) {
  for (const Step& step : steps) {
    const std::string text = absl::StrCat(vm->steps == 0 ? "" : ",", FormatStep(step));
    if (vm->steps == limits_.steps) {
      return End(absl::StrCat("it has ", limits_.steps, " steps"), vm);
    }
    if (vm->line.size() + text.size() + kScenarioEnd.size() > limits_.line) {
      return End(absl::StrCat("it would be longer than ", limits_.line, " bytes"), vm);
    }
    if (bytes_ + text.size() > limits_.bytes) {
      return End(absl::StrCat("all together would have more than ", limits_.bytes, " bytes"), vm);
    }
    vm->line += text;
    bytes_ += text.size();
    ++vm->steps;
  }
}

void Recorder::End(absl::string_view why, Vm* vm) {
  Note(absl::StrCat("VM ", vm->name, ": its scenario ends after ", vm->steps, " steps: ", why));
  vm->ended = true;
  Write(vm);
}

void Recorder::Write(Vm* vm) {
  bytes_ -= vm->line.size();
  std::string line = std::exchange(vm->line, std::string());
  if (line.empty() || vm->steps == 0) return;
  ++scenarios_;
  steps_ += vm->steps;
  absl::StrAppend(&line, kScenarioEnd, "\n");
  status_.Update(write_(line));
}

void Recorder::Ended(absl::string_view method, const std::string& request, absl::StatusCode code) {
  if (ChangedNothing(code) || !MayChange(method)) return;
  const auto found = vms_.find(Find(VmOfRequest(method, request)));
  if (found == vms_.end() || found->second.ended) return;
  End("a call got no answer", &found->second);
}

void Recorder::Unknown(absl::string_view method) {
  for (auto& entry : vms_) {
    if (entry.second.ended) continue;
    End(absl::StrCat(method, " is no call that is known here"), &entry.second);
  }
}

void Recorder::StreamAnswered(const std::string& request, const std::string& response,
                              uint64_t* vm) {
  const RecordedCall call = ReadStreamMessage(request, response);
  const bool names_one = call.vm.id != 0 || !call.vm.name.empty();
  if (names_one) *vm = Find(call.vm);
  // It may have been deleted since it was named.
  if (vms_.count(*vm) != 0) {
    Record(call, *vm);
  } else if (names_one) {
    LeaveOut(call.vm);
  }
}

void Recorder::StreamEnded(const std::string& request, absl::StatusCode code, uint64_t* vm) {
  if (ChangedNothing(code)) return;
  const NamedVm named = VmOfRequest("", request);
  if (named.id != 0 || !named.name.empty()) *vm = Find(named);
  const auto found = vms_.find(*vm);
  if (found == vms_.end() || found->second.ended) return;
  End("a message of a stream got no answer", &found->second);
}

void Recorder::Finish() {
  for (auto& entry : vms_) Write(&entry.second);
  vms_.clear();
}

void Recorder::LeaveOut(const NamedVm& vm) {
  if (left_out_.size() < kMaxRecorderNotes && left_out_.insert(NameOf(vm)).second) {
    Note(absl::StrCat(NameOf(vm), ": left out: it was there before"));
  }
}

void Recorder::Note(std::string note) {
  if (notes_.size() < kMaxRecorderNotes) {
    notes_.push_back(std::move(note));
  } else {
    ++more_notes_;
  }
}

std::vector<std::string> Recorder::notes() const {
  std::vector<std::string> all = notes_;
  if (more_notes_ > 0) all.push_back(absl::StrCat(more_notes_, " more notes"));
  return all;
}

std::string Recorder::UniqueName(const NamedVm& vm) {
  std::string name = vm.name;
  // A name is free again when its VM is gone; an id never is.
  while (!names_.insert(name).second) absl::StrAppend(&name, "-", vm.id);
  return name;
}

}  // namespace irqd
