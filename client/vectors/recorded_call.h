// What an answered call of an irqd is in a vector: the steps that have the same effect and answer.
//
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_VECTORS_RECORDED_CALL_H_
#define IRQD_CLIENT_VECTORS_RECORDED_CALL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/vectors/step.h"
#include "core/host_profile.h"

namespace irqd {

// A VM as a request names it.
struct NamedVm {
  uint64_t id = 0;   // 0: by name
  std::string name;  // "" with id 0: it names none
};

struct RecordedCall {
  enum class Effect { kSteps, kMakesVm, kDeletesVm };
  Effect effect = Effect::kSteps;
  NamedVm vm;                               // with kMakesVm both are set
  HostProfile host = DefaultHostProfile();  // of the VM that it makes
  std::vector<Step> steps;
  // Not empty: no steps are like this call, and why, e.g. "a prefix was set". `steps` is empty
  // then.
  std::string cannot;
};

enum class MethodKind {
  kRecorded,      // one request, one answer
  kInjectStream,  // a stream of requests, each with an answer
  kHarmless,      // changes no VM: what irqd only shows, and what is not irqd's
  kUnknown,       // a method of irqd's that this program does not know
};

// `method`: "/irqd.v1.Kvm/S390Irq".
MethodKind KindOf(absl::string_view method);

// Whether the method changes something, so that a call without an answer leaves a state that nobody
// knows.
bool MayChange(absl::string_view method);

// Of a kRecorded method: what it means that `request` was answered by `response`, both as bytes.
RecordedCall ReadCall(absl::string_view method, const std::string& request,
                      const std::string& response);
// The VM of a request that got no answer.
NamedVm VmOfRequest(absl::string_view method, const std::string& request);

// Of InjectStream. A message that names no VM is about the one that was named last.
RecordedCall ReadStreamMessage(const std::string& request, const std::string& response);

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_RECORDED_CALL_H_
