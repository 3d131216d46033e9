// Whether some order of concurrent calls explains every answer: each call in one step, at an
// instant between its beginning and its end.
//
// Source: J. Wing, C. Gong, "Testing and Verifying Concurrent Objects", 1993: try every order that
// the calls' times allow; G. Lowe, "Testing for Linearizability", 2017: never twice from the same
// state with the same calls left.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_LINEARIZABILITY_H_
#define IRQD_TESTS_CORE_CONCURRENCY_LINEARIZABILITY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/core/concurrency/vm_call.h"
#include "tests/core/concurrency/vm_model.h"

namespace irqd {

// One call as it was seen. Times are of any clock that all threads share; a call that ended before
// another began came before it.
struct VmEvent {
  int thread = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
  VmCall call;
  VmAnswer answer;
};
using VmHistory = std::vector<VmEvent>;

inline constexpr size_t kMaxHistory = 64;

struct Explanation {
  bool found = false;
  // Events in an order that explains all, or, if there is none, as many as could be explained.
  std::vector<size_t> order;
  size_t tried = 0;  // calls applied to a model
};

// At most kMaxHistory events, from a VM in state `initial`.
Explanation Explain(const VmModel& initial, const VmHistory& history);

// A line per event, by time of beginning; and how far an explanation came.
std::string ToString(const VmHistory& history);
std::string ToString(const VmHistory& history, const Explanation& explanation);

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_LINEARIZABILITY_H_
