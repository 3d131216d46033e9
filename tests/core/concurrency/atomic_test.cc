// What is shipped pays nothing for the schedule points of tests: its atomics are the standard ones.
#include "core/atomic.h"

#include <cstdint>
#include <mutex>
#include <type_traits>

#include "core/vm.h"
#include "gtest/gtest.h"

namespace irqd {
namespace {

TEST(AtomicTest, IsTheStandardLibrarysInWhatIsShipped) {
#ifdef IRQD_SCHEDULE_POINTS
  FAIL() << "this is built as what is shipped";
#endif
  EXPECT_TRUE((std::is_same_v<Atomic<uint64_t>, std::atomic<uint64_t>>));
  EXPECT_TRUE((std::is_same_v<Atomic<Vm*>, std::atomic<Vm*>>));
  EXPECT_TRUE((std::is_same_v<Mutex, std::mutex>));
}

}  // namespace
}  // namespace irqd
