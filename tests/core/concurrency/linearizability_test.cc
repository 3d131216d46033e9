// The checker itself: which histories it explains, and which it must not.
#include "tests/core/concurrency/linearizability.h"

#include <cerrno>

#include "core/kvm_s390.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

VmModel OneVcpu() {
  VmModel model(DefaultHostProfile());
  model.Apply(VcpuCall(VmCallKind::kCreateVcpu));
  return model;
}

VmEvent Event(uint64_t begin, uint64_t end, const VmCall& call, const VmAnswer& answer) {
  VmEvent event;
  event.begin = begin;
  event.end = end;
  event.call = call;
  event.answer = answer;
  return event;
}

VmAnswer Got(const std::vector<kvm_s390_irq>& irqs) {
  return {static_cast<int64_t>(irqs.size() * kIrqSize), Images(irqs)};
}

const kvm_s390_irq kRestart = Irq(KVM_S390_RESTART);
const kvm_s390_irq kTimer = Irq(KVM_S390_INT_CPU_TIMER);

TEST(LinearizabilityTest, ExplainsCallsOneAfterAnother) {
  const VmHistory history = {Event(1, 2, InjectCall(kRestart), {0, ""}),
                             Event(3, 4, GetCall(), Got({kRestart}))};

  const Explanation explanation = Explain(OneVcpu(), history);

  EXPECT_TRUE(explanation.found);
  EXPECT_THAT(explanation.order, ElementsAre(0, 1));
}

TEST(LinearizabilityTest, CallsAtTheSameTimeMayHaveEitherOrder) {
  for (const VmAnswer& answer : {Got({}), Got({kRestart})}) {
    const VmHistory history = {Event(1, 4, InjectCall(kRestart), {0, ""}),
                               Event(2, 3, GetCall(), answer)};

    EXPECT_TRUE(Explain(OneVcpu(), history).found) << ToString(history);
  }
}

TEST(LinearizabilityTest, ACallThatEndedCameBeforeOneThatBeganLater) {
  const VmHistory history = {Event(1, 2, InjectCall(kRestart), {0, ""}),
                             Event(3, 4, GetCall(), Got({}))};

  EXPECT_FALSE(Explain(OneVcpu(), history).found);
}

TEST(LinearizabilityTest, EachByteOfAnAnswerCounts) {
  VmAnswer answer = Got({Emergency(0)});
  answer.bytes[11] = 1;
  const VmHistory history = {Event(1, 2, InjectCall(Emergency(0)), {0, ""}),
                             Event(3, 4, GetCall(), answer)};

  EXPECT_FALSE(Explain(OneVcpu(), history).found);
}

// Two readers see two injections in opposite orders: each is right by itself.
TEST(LinearizabilityTest, AllReadersSeeTheSameOrder) {
  const VmHistory history = {
      Event(1, 10, InjectCall(kRestart), {0, ""}), Event(1, 10, InjectCall(kTimer), {0, ""}),
      Event(2, 3, GetCall(), Got({kRestart})), Event(2, 3, GetCall(), Got({kTimer}))};

  const Explanation explanation = Explain(OneVcpu(), history);

  EXPECT_FALSE(explanation.found);
  EXPECT_EQ(explanation.order.size(), 3u);
  EXPECT_THAT(ToString(history, explanation), HasSubstr("No order explains all"));
}

TEST(LinearizabilityTest, AnOrderMayHaveToBeLookedFor) {
  // Only stop, start, prefix: a stop before the start does nothing, a prefix after it is refused.
  const VmHistory history = {
      Event(1, 9, SigpCall(SigpOrder::kStart, 0), {0, ""}),
      Event(1, 9, InjectCall(SetPrefix(0x2000)), {0, ""}),
      Event(1, 9, InjectCall(Stop(0)), {0, ""}), Event(10, 11, GetCall(), Got({SetPrefix(0x2000)})),
      Event(12, 13, VcpuCall(VmCallKind::kGetMpState), {KVM_MP_STATE_OPERATING, ""})};

  const Explanation explanation = Explain(OneVcpu(), history);

  EXPECT_TRUE(explanation.found) << ToString(history, explanation);
}

// Ten calls at once have 3,628,800 orders, but no more than 1024 sets of calls already made.
TEST(LinearizabilityTest, NeverTriesTheSameTwice) {
  VmHistory history;
  for (int i = 0; i < 10; ++i) {
    history.push_back(Event(1, 2, VcpuCall(VmCallKind::kGetMpState), {KVM_MP_STATE_STOPPED, ""}));
  }
  history.push_back(Event(3, 4, GetCall(), Got({kRestart})));

  const Explanation explanation = Explain(OneVcpu(), history);

  EXPECT_FALSE(explanation.found);
  EXPECT_LE(explanation.tried, 1024u * 10 + 1);
}

// A model must not forget a part of itself when it is asked whether it is the same as before.
TEST(LinearizabilityTest, ModelsThatAnswerDifferentlyHaveDifferentKeys) {
  for (const VmCall& call :
       {InjectCall(Emergency(0)), InjectCall(PfaultInit(1, 2)), SigpCall(SigpOrder::kStart, 0),
        VcpuCall(VmCallKind::kSetMpState, KVM_MP_STATE_STOPPED),
        VcpuCall(VmCallKind::kCreateVcpu, 0, 2), VcpuCall(VmCallKind::kSetNewPsws, 1),
        FloatCall({0x10000, 0x10001, 0x18000000}), FloatCall({KVM_S390_INT_SERVICE, 0x1000, 0}),
        VcpuCall(VmCallKind::kReset, static_cast<uint64_t>(ResetKind::kInitial))}) {
    VmModel model = OneVcpu();

    model.Apply(call);

    EXPECT_NE(model.Key(), OneVcpu().Key()) << ToString(call);
  }
}

}  // namespace
}  // namespace irqd
