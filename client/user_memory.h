// Copies from and to addresses that a program gave, which may be bad.
//
// They stand for the kernel's copy_from_user and copy_to_user: a bad address is an error and
// never a signal. A copy that fails in the middle leaves the bytes before the bad address
// copied, as the kernel does.
//
// Thread safety: all functions may be called from any thread. All return 0 or
//   -EFAULT           some of the memory cannot be read, or written
//   -EMFILE, -ENFILE  only where process_vm_readv is forbidden, as by seccomp: the slower way
//                     needs two descriptors for a moment
#ifndef IRQD_CLIENT_USER_MEMORY_H_
#define IRQD_CLIENT_USER_MEMORY_H_

#include <cstddef>
#include <cstdint>

namespace irqd {

int CopyFromUser(void* to, uint64_t address, size_t size);
int CopyToUser(uint64_t address, const void* from, size_t size);

// As CopyFromUser, but memory that cannot be read only ends it. Returns how many bytes before that
// were copied, 0 to `size`, or -EMFILE, -ENFILE.
int64_t CopyReadableFromUser(void* to, uint64_t address, size_t size);

}  // namespace irqd

#endif  // IRQD_CLIENT_USER_MEMORY_H_
