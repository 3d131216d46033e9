#include "tests/core/concurrency/schedule_policies.h"

#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

int LowestOf(uint32_t threads) { return __builtin_ctz(threads); }

// The n-th bit that is set, from 0.
int NthOf(uint32_t threads, uint64_t n) {
  for (; n > 0; --n) threads &= threads - 1;
  return LowestOf(threads);
}

}  // namespace

int StopAtStep::Choose(const SchedulerPoint& point) {
  const bool first_can = point.running == 0 || (point.others & 1);
  const uint32_t others = point.others & ~1u;
  if (point.running > 0) {
    if (!stopped_ || !first_can || ++made_by_others_ <= kEnoughSteps) return point.running;
    others_waited_ = true;
    return 0;
  }
  if (stopped_ && point.blocked && point.left != 0) others_waited_ = true;
  if (!first_can) return LowestOf(others);
  if (others_waited_ || others == 0) return 0;
  if (point.running < 0) return point.left < 0 ? 0 : LowestOf(others);
  if (made_ < steps_) {
    ++made_;
    return 0;
  }
  stopped_ = true;
  return LowestOf(others);
}

int RandomSteps::Choose(const SchedulerPoint& point) {
  if (point.running >= 0 && Below(4, random_) != 0) return point.running;
  return NthOf(point.others, Below(__builtin_popcount(point.others), random_));
}

int DepthFirst::Choose(const SchedulerPoint& point) {
  const bool can_go_on = point.running >= 0;
  if (can_go_on) {
    const bool seen = IsSeenByOthers(point);
    const uint32_t self = 1u << point.running;
    const bool begun = begun_ & self;
    begun_ |= self;
    if (!seen || !begun || preemptions_ == max_preemptions_) return point.running;
  }
  const uint32_t of = __builtin_popcount(point.others) + can_go_on;
  if (of == 1) return LowestOf(point.others);
  if (depth_ == choices_.size()) choices_.push_back({0, of});
  const uint32_t taken = choices_[depth_++].taken;
  if (can_go_on && taken == 0) return point.running;
  if (can_go_on) ++preemptions_;
  return NthOf(point.others, taken - can_go_on);
}

bool DepthFirst::IsSeenByOthers(const SchedulerPoint& point) {
  PlaceKey key = 0;
  bool writes = point.step != ScheduleStep::kLoad;
  if (point.step == ScheduleStep::kAnnounce || point.step == ScheduleStep::kScan) {
    // A scan reads all announcements; announcements do not see each other.
    key = ~PlaceKey{0};
    writes = point.step == ScheduleStep::kScan;
  } else {
    key = keys_(point.place);
    if (key == 0) return true;
  }
  const uint32_t self = 1u << point.running;
  Users& users = users_[key];
  const Users before = users;
  (writes ? users.writers : users.readers) |= self;
  if (!(users == before)) learned_ = true;
  return ((users.writers | (writes ? users.readers : 0)) & ~self) != 0;
}

bool DepthFirst::Next() {
  depth_ = 0;
  preemptions_ = 0;
  begun_ = 0;
  ++schedules_;
  if (learned_) {
    learned_ = false;
    choices_.clear();
    schedules_ = 0;
    return true;
  }
  while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().of) choices_.pop_back();
  if (choices_.empty()) return false;
  ++choices_.back().taken;
  return true;
}

std::string DepthFirst::ToString() const {
  std::string text = "choices:";
  for (size_t i = 0; i < depth_; ++i) absl::StrAppend(&text, " ", choices_[i].taken);
  return text;
}

}  // namespace irqd
