// Writes the calls that an irqd answers down as scenarios, one for each VM that is made meanwhile.
//
// A scenario holds what was answered up to the first call that vectors cannot express; there it
// ends, and a note says so. None ever says what the irqd did not.
//
// Thread safety: none. Calls must be told in the order in which the irqd answered them.
#ifndef IRQD_CLIENT_VECTORS_RECORDER_H_
#define IRQD_CLIENT_VECTORS_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/vectors/recorded_call.h"
#include "client/vectors/scenario.h"

namespace irqd {

// Bytes of all scenarios that are not written yet. Above it a VM's scenario ends.
inline constexpr size_t kMaxRecordedBytes = size_t{256} << 20;
// Notes; more are counted.
inline constexpr size_t kMaxRecorderNotes = 100;

class Recorder {
 public:
  struct Limits {
    size_t line = kMaxScenarioLine;  // bytes of a scenario
    size_t steps = kMaxScenarioSteps;
    size_t bytes = kMaxRecordedBytes;
  };

  // `write` gets a line, with its end, for each scenario that is complete.
  Recorder(std::function<absl::Status(absl::string_view)> write, const Limits& limits);
  explicit Recorder(std::function<absl::Status(absl::string_view)> write);

  // Of a method of kind kRecorded: it was answered; or it ended with a status, whose code this is.
  void Answered(absl::string_view method, const std::string& request, const std::string& response);
  void Ended(absl::string_view method, const std::string& request, absl::StatusCode code);
  // A method of kind kUnknown begins: nobody knows what it does to which VM.
  void Unknown(absl::string_view method);

  // An InjectStream, message by message. `*vm` is the VM that the stream is about, 0 at first.
  void StreamAnswered(const std::string& request, const std::string& response, uint64_t* vm);
  void StreamEnded(const std::string& request, absl::StatusCode code, uint64_t* vm);

  // Writes what is there. Nothing may be told afterwards.
  void Finish();

  size_t scenarios() const { return scenarios_; }
  size_t steps() const { return steps_; }
  // What was left out and why, for people.
  std::vector<std::string> notes() const;
  // Not OK: something could not be written.
  const absl::Status& status() const { return status_; }

 private:
  struct Vm {
    std::string name;
    std::string line;  // as far as it is; "" once it is written
    size_t steps = 0;
    bool ended = false;
  };

  uint64_t Find(const NamedVm& vm) const;
  void Record(const RecordedCall& call, uint64_t id);
  void Make(const RecordedCall& call);
  void AddSteps(const std::vector<Step>& steps, Vm* vm);
  void End(absl::string_view why, Vm* vm);
  void Write(Vm* vm);
  void LeaveOut(const NamedVm& vm);
  void Note(std::string note);
  std::string UniqueName(const NamedVm& vm);

  const std::function<absl::Status(absl::string_view)> write_;
  const Limits limits_;
  std::map<uint64_t, Vm> vms_;  // those made while recording
  std::map<std::string, uint64_t> ids_;
  std::set<std::string> names_;     // of scenarios
  std::set<std::string> left_out_;  // VMs that a note was made about
  size_t bytes_ = 0;                // of all lines
  size_t scenarios_ = 0;
  size_t steps_ = 0;
  std::vector<std::string> notes_;
  size_t more_notes_ = 0;
  absl::Status status_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_RECORDER_H_
