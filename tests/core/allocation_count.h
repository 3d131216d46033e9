// Counts what operator new gives out. Linking this replaces it in the whole program.
#ifndef IRQD_TESTS_CORE_ALLOCATION_COUNT_H_
#define IRQD_TESTS_CORE_ALLOCATION_COUNT_H_

#include <cstddef>

namespace irqd {

// Calls of operator new so far, of all threads.
size_t Allocations();
// Bytes given out and not yet taken back, with what malloc adds to each block.
size_t AllocatedBytes();

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_ALLOCATION_COUNT_H_
