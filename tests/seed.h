// Seeds for randomised tests. Every run takes a new one, unless IRQD_TEST_SEED names it.
#ifndef IRQD_TESTS_SEED_H_
#define IRQD_TESTS_SEED_H_

#include <cstdint>
#include <random>

namespace irqd {

// The seed of the running test case. Prints the command that repeats the case with this seed,
// which Bazel shows when the test fails.
uint64_t TestSeed();

using Random = std::mt19937_64;

// A number below `limit`, which is not 0.
inline uint64_t Below(uint64_t limit, Random& random) {
  return std::uniform_int_distribution<uint64_t>(0, limit - 1)(random);
}

}  // namespace irqd

#endif  // IRQD_TESTS_SEED_H_
