// Which process this is, without asking the kernel each time.
#ifndef IRQD_CLIENT_THIS_PROCESS_H_
#define IRQD_CLIENT_THIS_PROCESS_H_

#include <sys/types.h>

namespace irqd {

// getpid(), also after fork(). Thread-safe.
pid_t ThisProcess();

}  // namespace irqd

#endif  // IRQD_CLIENT_THIS_PROCESS_H_
