// The hook of the scheduled build: called before each access, which then does what it does without.
#include <memory>
#include <string>
#include <vector>

#include "core/atomic.h"
#include "core/hazard_pointer.h"
#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<ScheduleStep> steps;
std::vector<const void*> places;

void Note(ScheduleStep step, const void* place) {
  steps.push_back(step);
  places.push_back(place);
}

class SchedulePointsTest : public testing::Test {
 protected:
  SchedulePointsTest() {
    steps.clear();
    places.clear();
  }
  ~SchedulePointsTest() override { schedule_hook = nullptr; }

  void StartNoting() { schedule_hook = Note; }
};

TEST_F(SchedulePointsTest, ComeBeforeEachAccess) {
  Atomic<uint64_t> number{5};
  StartNoting();

  const uint64_t loaded = number.load();
  number.store(6, std::memory_order_release);
  const uint64_t exchanged = number.exchange(8);
  const uint64_t or_before = number.fetch_or(1);
  const uint64_t and_before = number.fetch_and(1);
  const uint64_t add_before = number.fetch_add(10);
  const uint64_t sub_before = number.fetch_sub(1);
  uint64_t expected = 3;
  const bool failed = number.compare_exchange_strong(expected, 4);
  const bool succeeded = number.compare_exchange_strong(expected, 4);

  constexpr ScheduleStep kUpdate = ScheduleStep::kUpdate;
  EXPECT_THAT(steps, ElementsAre(ScheduleStep::kLoad, ScheduleStep::kStore, kUpdate, kUpdate,
                                 kUpdate, kUpdate, kUpdate, kUpdate, kUpdate));
  EXPECT_THAT(places, testing::Each(places[0]));
  EXPECT_THAT((std::vector<uint64_t>{loaded, exchanged, or_before, and_before, add_before,
                                     sub_before, expected}),
              ElementsAre(5, 6, 8, 9, 1, 11, 10));
  EXPECT_FALSE(failed);
  EXPECT_TRUE(succeeded);
  EXPECT_EQ(number.load(), 4u);
}

TEST_F(SchedulePointsTest, ComeBeforeEachStepOfAMutex) {
  Mutex mutex;
  StartNoting();

  mutex.lock();
  const bool again = mutex.try_lock();
  mutex.unlock();

  EXPECT_FALSE(again);
  EXPECT_THAT(steps, ElementsAre(ScheduleStep::kLock, ScheduleStep::kLock, ScheduleStep::kUnlock));
}

TEST_F(SchedulePointsTest, AreInTheCallsOnVcpus) {
  Vm vm(1, "vm-1", DefaultHostProfile());
  ASSERT_EQ(vm.CreateVcpu(0), 0);
  Vcpu* const vcpu = vm.FindVcpu(0);
  StartNoting();

  ASSERT_EQ(vcpu->S390Irq(MchkOf(0x8000000000000000)), 0);
  EXPECT_THAT(steps, Contains(ScheduleStep::kUpdate));

  steps.clear();
  vcpu->GetMpState();
  EXPECT_THAT(steps, Contains(ScheduleStep::kAnnounce)) << "no node was protected";
  EXPECT_THAT(steps, Not(Contains(ScheduleStep::kLock)));

  steps.clear();
  vcpu->Deliver(10);
  EXPECT_THAT(steps, Contains(ScheduleStep::kLock));
}

}  // namespace
}  // namespace irqd
