// The differential test itself: that it gets everywhere, and that it finds and shrinks a fault.
#include "tests/conformance/differential.h"

#include <cerrno>
#include <functional>

#include "gmock/gmock.h"
#include "tests/conformance/difference_text.h"
#include "tests/conformance/kernel_backend.h"
#include "tests/conformance/planted_fault.h"
#include "tests/conformance/shrinker.h"
#include "tests/seed.h"

namespace irqd {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Gt;
using testing::HasSubstr;
using testing::SizeIs;

// The kernel's code against itself gives no differences, so that what is found was planted.
class DifferentialTest : public testing::Test {
 protected:
  // Runs against a back end whose answers `fault` spoils.
  Difference FindPlanted(Fault fault) {
    const std::unique_ptr<Backend> faulty = MakeFaultyBackend(MakeKernelBackend(), fault);
    const RandomRun run = RunRandomly(TestSeed(), 1'000'000, kernel_.get(), faulty.get());
    if (!run.difference) throw std::runtime_error("the planted fault was not found");
    return Shrink(*run.difference, 20'000, kernel_.get(), faulty.get());
  }

  const std::unique_ptr<Backend> kernel_ = MakeKernelBackend();
};

TEST_F(DifferentialTest, KernelAgreesWithItself) {
  const std::unique_ptr<Backend> other = MakeKernelBackend();

  const RandomRun run = RunRandomly(TestSeed(), 20'000, kernel_.get(), other.get());

  EXPECT_FALSE(run.difference);
  EXPECT_EQ(run.steps, 20'000u);
}

TEST_F(DifferentialTest, ReachesEveryCallAndManyAnswers) {
  const std::unique_ptr<Backend> other = MakeKernelBackend();

  const RandomRun run = RunRandomly(TestSeed(), 300'000, kernel_.get(), other.get());

  const std::pair<Op, int64_t> answers[] = {
      {Op::kCreateVcpu, -EINVAL},
      {Op::kCreateVcpu, -EEXIST},
      {Op::kEnableCap, 0},
      {Op::kEnableCap, -EBUSY},
      {Op::kEnableCap, -EINVAL},
      {Op::kVmInterrupt, 0},
      {Op::kVmInterrupt, -EINVAL},
      {Op::kSetDeviceAttr, 0},
      {Op::kSetDeviceAttr, -EINVAL},
      {Op::kSetDeviceAttr, -EFAULT},
      {Op::kSetDeviceAttr, -EOPNOTSUPP},
      {Op::kGetDeviceAttr, 0},
      {Op::kGetDeviceAttr, 1},
      {Op::kGetDeviceAttr, -ENOMEM},
      {Op::kGetDeviceAttr, -EINVAL},
      {Op::kGetDeviceAttr, -EOPNOTSUPP},
      {Op::kHasDeviceAttr, 0},
      {Op::kHasDeviceAttr, -ENXIO},
      {Op::kS390Irq, 0},
      {Op::kS390Irq, -EBUSY},
      {Op::kS390Irq, -EINVAL},
      {Op::kS390Interrupt, 0},
      {Op::kS390Interrupt, -EBUSY},
      {Op::kS390Interrupt, -EINVAL},
      {Op::kGetIrqState, 0},
      {Op::kGetIrqState, 1},
      {Op::kGetIrqState, -ENOBUFS},
      {Op::kGetIrqState, -EINVAL},
      {Op::kGetIrqState, -EFAULT},
      {Op::kSetIrqState, 0},
      {Op::kSetIrqState, -EBUSY},
      {Op::kSetIrqState, -EINVAL},
      {Op::kSetIrqState, -EFAULT},
      {Op::kSetMpState, 0},
      {Op::kSetMpState, -ENXIO},
      {Op::kNullArgument, -EFAULT},
      {Op::kNullArgument, -ENOTTY},
      {Op::kNullArgument, -EINVAL},
      {Op::kDeliver, 0},
      {Op::kStopIntercept, 0},
      {Op::kStopIntercept, -EOPNOTSUPP},
      {Op::kNormalReset, 0},
      {Op::kInitialReset, 0},
      {Op::kClearReset, 0},
  };
  for (const auto& answer : answers) {
    EXPECT_THAT(run.answers, testing::Contains(testing::Key(answer)))
        << OpName(answer.first) << " never returned " << answer.second;
  }
  // All types that a vCPU or a VM takes, but for a stop.
  EXPECT_THAT(run.delivered, SizeIs(13));
  EXPECT_THAT(run.delivered, Each(testing::Pair(testing::_, Gt(20u))));
}

TEST_F(DifferentialTest, FindsAndShrinksAForgottenCheck) {
  const Difference difference = FindPlanted(Fault::kSetIgnoresBusy);

  // A vCPU, what makes it busy unless a record does, the call; perhaps a look at what it left.
  const auto is_busy_set = [](const Step& step) {
    return step.op == Op::kSetIrqState && step.reply.ret == -EBUSY;
  };
  EXPECT_THAT(difference.scenario.steps, SizeIs(testing::Le(4u)));
  EXPECT_THAT(difference.scenario.steps, testing::Contains(testing::Truly(is_busy_set)));
}

TEST_F(DifferentialTest, FindsAndShrinksAWrongByte) {
  const Difference difference = FindPlanted(Fault::kWrongPrefixByte);

  EXPECT_THAT(difference.scenario.steps, SizeIs(3));
  EXPECT_EQ(difference.scenario.steps[2].op, Op::kGetIrqState);
  EXPECT_EQ(difference.scenario.host, (*ParseHostProfile("no-sigpif,no-esca")));
}

TEST_F(DifferentialTest, FindsAndShrinksAWrongOrderOfDelivery) {
  const Difference difference = FindPlanted(Fault::kDeliversRestartFirst);

  const Step& last = difference.scenario.steps.back();
  EXPECT_EQ(last.op, Op::kDeliver);
  EXPECT_THAT(last.reply.delivered, SizeIs(2));
  EXPECT_THAT(difference.scenario.steps, SizeIs(testing::Le(8u)));
}

TEST_F(DifferentialTest, SaysWhatItFoundInThreeWays) {
  const Difference difference = FindPlanted(Fault::kWrongPrefixByte);

  EXPECT_THAT(TextOf(difference),
              AllOf(HasSubstr("On linux-6.1,no-sigpif,no-esca"), HasSubstr("-> ret 72, 72 bytes")));
  EXPECT_THAT(TestOf(difference),
              AllOf(HasSubstr("  vm->CreateVcpu(0);\n"),
                    HasSubstr("\n\n  const auto reply = vm->GetIrqState(0, 20664, 0xffffffff);\n\n"
                              "  EXPECT_EQ(reply.ret, 72);\n")));
}

TEST_F(DifferentialTest, WhatItFoundIsARecording) {
  const Difference difference = FindPlanted(Fault::kSetIgnoresBusy);

  const Scenario read = ParseScenario(FormatScenario(difference.scenario)).value();

  const std::unique_ptr<Backend> faulty = MakeFaultyBackend(MakeKernelBackend(), Fault::kNone);
  EXPECT_FALSE(RunOnBoth(read.host, read.steps, kernel_.get(), faulty.get()));
  EXPECT_EQ(FormatScenario(read), FormatScenario(difference.scenario));
}

}  // namespace
}  // namespace irqd
