#include "tests/core/concurrency/linearizability.h"

#include <algorithm>
#include <unordered_set>

#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

class Search {
 public:
  explicit Search(const VmHistory& history) : history_(history) {}

  Explanation Run(const VmModel& initial) {
    result_.found = Continue(initial);
    if (!result_.found) result_.order = longest_;
    return result_;
  }

 private:
  uint64_t All() const {
    return history_.size() == kMaxHistory ? ~uint64_t{0} : (uint64_t{1} << history_.size()) - 1;
  }

  // Whether the events that are left explain themselves from `model` on. `done_` and the order so
  // far are as before when they do not.
  bool Continue(const VmModel& model) {
    if (done_ == All()) return true;
    uint64_t first_end = ~uint64_t{0};
    for (size_t i = 0; i < history_.size(); ++i) {
      if (!(done_ >> i & 1)) first_end = std::min(first_end, history_[i].end);
    }
    uint64_t next = 0;  // bit i: event i may be next
    for (size_t i = 0; i < history_.size(); ++i) {
      // What begins after another's end comes after it.
      if (!(done_ >> i & 1) && history_[i].begin <= first_end) next |= uint64_t{1} << i;
    }
    // Where there is no choice, coming here again costs less than finding out.
    const bool choice = (next & (next - 1)) != 0;
    if (choice && !seen_.insert(Here(model)).second) return false;
    for (; next != 0; next &= next - 1) {
      if (Take(static_cast<size_t>(__builtin_ctzll(next)), model)) return true;
    }
    return false;
  }

  std::string Here(const VmModel& model) const {
    return absl::StrCat(absl::Hex(done_, absl::kZeroPad16), model.Key());
  }

  bool Take(size_t i, const VmModel& before) {
    VmModel after = before;
    ++result_.tried;
    if (!(after.Apply(history_[i].call) == history_[i].answer)) return false;
    done_ |= uint64_t{1} << i;
    result_.order.push_back(i);
    if (result_.order.size() > longest_.size()) longest_ = result_.order;
    if (Continue(after)) return true;
    result_.order.pop_back();
    done_ &= ~(uint64_t{1} << i);
    return false;
  }

  const VmHistory& history_;
  uint64_t done_ = 0;  // bit i: event i has its place
  std::unordered_set<std::string> seen_;
  std::vector<size_t> longest_;
  Explanation result_;
};

std::string Line(const VmEvent& event) {
  return absl::StrCat("[", event.begin, ", ", event.end, "] thread ", event.thread, ": ",
                      ToString(event.call), " = ", ToString(event.answer), "\n");
}

}  // namespace

Explanation Explain(const VmModel& initial, const VmHistory& history) {
  if (history.size() > kMaxHistory) return {};
  return Search(history).Run(initial);
}

std::string ToString(const VmHistory& history) {
  VmHistory sorted = history;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const VmEvent& a, const VmEvent& b) { return a.begin < b.begin; });
  std::string text;
  for (const VmEvent& event : sorted) text += Line(event);
  return text;
}

std::string ToString(const VmHistory& history, const Explanation& explanation) {
  std::string text = explanation.found ? "An order that explains all:\n"
                                       : "No order explains all. The longest that explains some:\n";
  for (size_t i : explanation.order) text += Line(history[i]);
  return text;
}

}  // namespace irqd
