// What kernel code finds around it: stand-ins of ours for the services that the interrupt code
// uses. They contain no kernel code. This file comes first in every C file here, and takes the
// place of each <linux/...> and <asm/...> header that is not the kernel's own.
//
// The host is x86_64, little-endian and LP64: types have the sizes that they have on s390x.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_ENVIRONMENT_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_ENVIRONMENT_H_

// The order matters: each needs those before it.
// clang-format off
#include "tests/conformance/kernel/stubs/language.h"
#include "tests/conformance/kernel/stubs/atomics.h"
#include "tests/conformance/kernel/stubs/lists_and_locks.h"
#include "tests/conformance/kernel/stubs/user_memory.h"
#include "tests/conformance/kernel/stubs/machine.h"
#include "tests/conformance/kernel/stubs/generic_kvm.h"
// clang-format on

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_ENVIRONMENT_H_
