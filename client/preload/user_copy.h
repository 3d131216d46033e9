// The kernel's copy_from_user and copy_to_user: false where it says EFAULT.
//
// As client/user_memory.h, which a library that needs nothing but libc cannot take along.
//
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_PRELOAD_USER_COPY_H_
#define IRQD_CLIENT_PRELOAD_USER_COPY_H_

#include <cstddef>

namespace irqd {

// At most kMaxCopy bytes. Where process_vm_readv is forbidden or missing, as under qemu-user, false
// too if there are no descriptors for a pipe.
inline constexpr size_t kMaxCopy = 4096;

bool CopyIn(void* to, unsigned long address, size_t size);
bool CopyOut(unsigned long address, const void* from, size_t size);

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_USER_COPY_H_
