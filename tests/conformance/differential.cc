#include "tests/conformance/differential.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/conformance/call_generator.h"

namespace irqd {
namespace {

Step StepOf(Op op) {
  Step step;
  step.op = op;
  return step;
}

std::vector<Step> SupportedBy(const Backend& tested, const std::vector<Step>& steps) {
  std::vector<Step> supported;
  for (const Step& step : steps) {
    const absl::optional<Feature> feature = FeatureFor(step);
    if (!feature || tested.Has(*feature)) supported.push_back(step);
  }
  return supported;
}

Step FullGet() {
  Step step = StepOf(Op::kGetIrqState);
  step.len = 20664;
  return step;
}

// The listing of all floating interrupts, which takes those out of the GISA.
Step FullListing() {
  Step step = StepOf(Op::kGetDeviceAttr);
  step.attr.group = GroupOf(FlicGroup::kGetAllIrqs);
  step.attr.attr = 72 * 256;
  step.attr.blank = step.attr.attr;
  return step;
}

// What a sequence of random calls does.
class Sequence {
 public:
  Sequence(uint64_t seed, Backend* kernel, Backend* tested)
      : seed_(seed),
        generator_(seed, *tested),
        pair_(generator_.profile(), kernel, tested),
        lists_(tested->Has(Feature::kFloating)) {}

  // At most `most` calls. False if the answers differ.
  bool Run(uint64_t most, RandomRun* run) {
    const uint64_t length = std::min<uint64_t>(most, static_cast<uint64_t>(generator_.length()));
    for (uint64_t i = 0; i < length; ++i) {
      ++run->steps;
      if (!Once()) return false;
      Count(run);
    }
    if (!lists_) return true;
    steps_.push_back(FullListing());
    return pair_.Run(&steps_.back(), &got_);
  }

  Difference TakeDifference() {
    Difference difference;
    difference.seed = seed_;
    difference.scenario = {absl::StrCat("random-", seed_), generator_.profile(), std::move(steps_)};
    difference.got = std::move(got_);
    return difference;
  }

 private:
  bool Once() {
    steps_.push_back(generator_.Next());
    if (!pair_.Run(&steps_.back(), &got_)) return false;
    const Step& step = steps_.back();
    generator_.Learn(step);
    absl::optional<Step> other;
    if (!IsOnVm(step.op)) other = pair_.Look(step.vcpu, &got_);
    if (!other) other = pair_.LookAtVm(&got_);
    if (!other) return true;
    steps_.push_back(*std::move(other));
    return false;
  }

  void Count(RandomRun* run) const {
    const Step& step = steps_.back();
    ++run->answers[{step.op, std::min<int64_t>(step.reply.ret, 1)}];
    for (const Delivered& irq : step.reply.delivered) {
      ++run->delivered[irq.type <= kIntIoMax ? 0 : irq.type];
    }
  }

  const uint64_t seed_;
  CallGenerator generator_;
  Pair pair_;
  const bool lists_;
  std::vector<Step> steps_;
  Reply got_;
};

}  // namespace

Pair::Pair(const HostProfile& profile, Backend* kernel, Backend* tested)
    : kernel_(kernel->CreateVm(profile)), tested_(tested->CreateVm(profile)) {
  looks_ = SupportedBy(*tested, {FullGet(), StepOf(Op::kGetMpState), StepOf(Op::kPending),
                                 StepOf(Op::kRegisters), StepOf(Op::kHasIrq)});
  vm_looks_ = SupportedBy(*tested, {StepOf(Op::kVmPending)});
}

bool Pair::Run(Step* step, Reply* got) {
  if (!IsOnVm(step->op) && vcpus_.count(step->vcpu) == 0) {
    step->reply = Reply();
    return true;
  }
  step->reply = irqd::Run(*step, kernel_.get());
  *got = irqd::Run(*step, tested_.get());
  if (step->op == Op::kCreateVcpu && step->reply.ret == 0) vcpus_.insert(step->vcpu);
  return *got == step->reply;
}

absl::optional<Step> Pair::LookBy(const std::vector<Step>& looks, uint32_t id, Reply* got) {
  for (const Step& look : looks) {
    Step step = look;
    step.vcpu = id;
    if (!Run(&step, got)) return step;
  }
  return absl::nullopt;
}

absl::optional<Step> Pair::Look(uint32_t id, Reply* got) { return LookBy(looks_, id, got); }
absl::optional<Step> Pair::LookAtVm(Reply* got) { return LookBy(vm_looks_, 0, got); }

absl::optional<Difference> RunOnBoth(const HostProfile& profile, const std::vector<Step>& steps,
                                     Backend* kernel, Backend* tested) {
  Pair pair(profile, kernel, tested);
  Difference difference;
  difference.scenario = {"shrunk", profile, {}};
  for (Step step : steps) {
    const bool same = pair.Run(&step, &difference.got);
    difference.scenario.steps.push_back(std::move(step));
    if (!same) return difference;
  }
  return absl::nullopt;
}

RandomRun RunRandomly(uint64_t seed, uint64_t steps, Backend* kernel, Backend* tested) {
  RandomRun run;
  while (run.steps < steps) {
    Sequence sequence(seed + run.sequences, kernel, tested);
    ++run.sequences;
    if (sequence.Run(steps - run.steps, &run)) continue;
    run.difference = sequence.TakeDifference();
    break;
  }
  return run;
}

}  // namespace irqd
