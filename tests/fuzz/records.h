// Interrupt records out of fuzz inputs: mostly of types and with fields that mean something.
#ifndef IRQD_TESTS_FUZZ_RECORDS_H_
#define IRQD_TESTS_FUZZ_RECORDS_H_

#include <cstdint>
#include <string>

#include "tests/fuzz/input.h"

namespace irqd {

// An interrupt type: one that the kernel knows, or any number.
uint64_t TakeType(FuzzInput* input);

// A record of 72 bytes, as the kernel's memory holds it.
std::string TakeRecord(FuzzInput* input);

}  // namespace irqd

#endif  // IRQD_TESTS_FUZZ_RECORDS_H_
