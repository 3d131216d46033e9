#include "tests/conformance/shrinker.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "tests/conformance/exceptions.h"

namespace irqd {
namespace {

class Shrinker {
 public:
  Shrinker(const Difference& difference, int most_tries, Backend* kernel, Backend* tested)
      : best_(difference), tries_left_(most_tries), kernel_(*kernel), tested_(*tested) {}

  Difference Shrink() {
    if (!Try(best_.scenario.host, best_.scenario.steps)) return best_;
    size_t before;
    do {
      before = size_;
      LeaveOut();
      PlainerProfile();
      LowerIds();
      for (size_t i = 0; i < Steps().size(); ++i) PlainerStep(i);
    } while (size_ < before && tries_left_ > 0);
    return best_;
  }

 private:
  const std::vector<Step>& Steps() const { return best_.scenario.steps; }

  // Whether these steps show a difference; they are the best then.
  bool Try(const HostProfile& profile, const std::vector<Step>& steps) {
    if (tries_left_-- <= 0) return false;
    const auto cannot_run = [&](const Step& step) {
      const absl::optional<Feature> feature = FeatureFor(step);
      return IsNotCompared(step) || (feature && !tested_.Has(*feature));
    };
    if (std::any_of(steps.begin(), steps.end(), cannot_run)) return false;
    absl::optional<Difference> found = RunOnBoth(profile, steps, &kernel_, &tested_);
    if (!found) return false;
    found->seed = best_.seed;
    best_ = *std::move(found);
    size_ = 0;
    for (const Step& step : Steps()) size_ += Size(step);
    return true;
  }

  // How much there is to read in a step.
  static size_t Size(const Step& step) {
    size_t size = 1000 + (step.value != 0) + (step.len != 0);
    for (char byte : step.images) size += 1 + (byte != 0);
    for (char byte : step.attr.memory) size += 1 + (byte != 0);
    return size + (step.interrupt.parm != 0) + (step.interrupt.parm64 != 0);
  }

  // Runs of steps, shorter and shorter ones.
  void LeaveOut() {
    for (size_t run = std::max<size_t>(Steps().size() / 2, 1); run > 0; run /= 2) {
      for (size_t at = 0; at < Steps().size();) {
        std::vector<Step> fewer = Steps();
        fewer.erase(fewer.begin() + at, fewer.begin() + std::min(at + run, fewer.size()));
        if (!Try(best_.scenario.host, fewer)) at += run;
      }
    }
  }

  void PlainerProfile() {
    for (bool HostProfile::*facility :
         {&HostProfile::gisa, &HostProfile::extended_sca, &HostProfile::sigp_interpretation}) {
      HostProfile profile = best_.scenario.host;
      profile.*facility = false;
      if (!(profile == best_.scenario.host)) Try(profile, Steps());
    }
  }

  // vCPUs 0, 1, ... in place of those in use.
  void LowerIds() {
    std::set<uint32_t> ids;
    for (const Step& step : Steps()) {
      if (step.op == Op::kCreateVcpu && step.reply.ret == 0) ids.insert(step.vcpu);
    }
    uint32_t next = 0;
    for (uint32_t id : ids) {
      std::vector<Step> renamed = Steps();
      for (Step& step : renamed) {
        if (step.vcpu == id) step.vcpu = next;
      }
      if (ids.count(next) == 0) Try(best_.scenario.host, renamed);
      ++next;
    }
  }

  bool TryStep(size_t i, const std::function<void(Step*)>& change) {
    if (i >= Steps().size()) return false;
    std::vector<Step> steps = Steps();
    change(&steps[i]);
    return Try(best_.scenario.host, steps);
  }

  void PlainerStep(size_t i) {
    if (Steps()[i].value != 0) TryStep(i, [](Step* step) { step->value = 0; });
    if (Steps()[i].interrupt.parm != 0) TryStep(i, [](Step* step) { step->interrupt.parm = 0; });
    if (i < Steps().size() && Steps()[i].interrupt.parm64 != 0) {
      TryStep(i, [](Step* step) { step->interrupt.parm64 = 0; });
    }
    FewerRecords(i);
    PlainerBytes(i, [](Step* step) { return &step->images; });
    PlainerBytes(i, [](Step* step) { return &step->attr.memory; });
  }

  // Of SET_IRQ_STATE and ENQUEUE.
  void FewerRecords(size_t i) {
    for (size_t at = 0; i < Steps().size() && at < Steps()[i].images.size();) {
      const bool fewer = TryStep(i, [&](Step* step) {
        if (step->len == step->images.size()) step->len -= kIrqSize;
        step->images.erase(at, kIrqSize);
      });
      if (!fewer) at += kIrqSize;
    }
    for (size_t at = 0; i < Steps().size() && at < Steps()[i].attr.memory.size();) {
      const bool fewer = TryStep(i, [&](Step* step) {
        if (step->attr.attr == step->attr.memory.size()) step->attr.attr -= kIrqSize;
        step->attr.memory.erase(at, kIrqSize);
      });
      if (!fewer) at += kIrqSize;
    }
  }

  void PlainerBytes(size_t i, const std::function<std::string*(Step*)>& bytes_of) {
    for (size_t run : {64, 8, 1}) {
      for (size_t at = 0; i < Steps().size(); at += run) {
        Step step = Steps()[i];
        std::string* bytes = bytes_of(&step);
        if (at >= bytes->size()) break;
        const size_t end = std::min(at + run, bytes->size());
        const auto nonzero = [](char byte) { return byte != 0; };
        if (std::none_of(bytes->begin() + at, bytes->begin() + end, nonzero)) continue;
        TryStep(i, [&](Step* changed) {
          std::string* target = bytes_of(changed);
          std::fill(target->begin() + at, target->begin() + end, '\0');
        });
      }
    }
  }

  Difference best_;
  size_t size_ = 0;
  int tries_left_;
  Backend& kernel_;
  Backend& tested_;
};

}  // namespace

Difference Shrink(const Difference& difference, int most_tries, Backend* kernel, Backend* tested) {
  return Shrinker(difference, most_tries, kernel, tested).Shrink();
}

}  // namespace irqd
