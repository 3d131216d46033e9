#include "tests/seed.h"

#include <cstdlib>
#include <iostream>
#include <string>

#include "gtest/gtest.h"

namespace irqd {

uint64_t TestSeed() {
  const char* given = std::getenv("IRQD_TEST_SEED");
  const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  const char* target = std::getenv("TEST_TARGET");
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  std::cout << "To repeat: bazel test " << (target ? target : "//tests/...")
            << " --test_env=IRQD_TEST_SEED=" << seed << " --test_filter=" << test->test_suite_name()
            << '.' << test->name() << std::endl;
  return seed;
}

}  // namespace irqd
