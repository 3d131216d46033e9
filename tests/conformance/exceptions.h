// What is not compared with the kernel: the one place that says so.
//
//  - The ISC of an adapter, where it is 32 or more. Linux shifts by it, which C leaves undefined;
//    the machine that it is compiled for decides, and here that is not s390. irqd does what s390
//    does.
//  - KVM_ENABLE_CAP of capabilities that have nothing to do with interrupts: Linux takes some of
//    them, irqd none.
//  - What an exit to userspace or a store-status order leaves in guest memory: there is none here,
//    on either side.
//  - GET_IRQ_STATE while others inject: the kernel reads payloads after it let go of its lock,
//    irqd shows one instant. Calls follow one another here, so that it makes no difference.
//  - Addresses that cannot be read where the kernel itself would crash: irqd answers EFAULT.
#ifndef IRQD_TESTS_CONFORMANCE_EXCEPTIONS_H_
#define IRQD_TESTS_CONFORMANCE_EXCEPTIONS_H_

#include "client/vectors/step.h"

namespace irqd {

// Whether the answer to `step` may differ. Neither generated nor shrunk to.
bool IsNotCompared(const Step& step);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_EXCEPTIONS_H_
