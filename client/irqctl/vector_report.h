// What a run of vectors came to: counts, and where answers differ, as text and as JSON.
#ifndef IRQD_CLIENT_IRQCTL_VECTOR_REPORT_H_
#define IRQD_CLIENT_IRQCTL_VECTOR_REPORT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "client/irqctl/irq_json.h"
#include "client/vectors/scenario_runner.h"

namespace irqd::irqctl {

// Where a scenario stands.
struct VectorPlace {
  std::string file;
  uint64_t line = 0;
};

class VectorReport {
 public:
  void AddPassed() { ++passed_; }
  // `result` has an answer that differs.
  void AddFailed(const VectorPlace& place, const Scenario& scenario, const RunResult& result);
  void AddSkipped(const VectorPlace& place, const Scenario& scenario, absl::string_view why);

  uint64_t passed() const { return passed_; }
  uint64_t failed() const { return failed_; }
  uint64_t skipped() const { return skipped_; }

  // For each difference and each skipped scenario a line, then what differs indented; at last
  // "3 passed, 1 failed", and how many were skipped if any were.
  std::string Text() const;
  Json ToJson() const;

 private:
  uint64_t passed_ = 0;
  uint64_t failed_ = 0;
  uint64_t skipped_ = 0;
  std::string text_;
  Json differences_ = Json::array();
  Json not_run_ = Json::array();
};

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_VECTOR_REPORT_H_
