// The kernel's copy_from_user and copy_to_user: false where it says EFAULT.
//
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_PRELOAD_USER_COPY_H_
#define IRQD_CLIENT_PRELOAD_USER_COPY_H_

#include <sys/uio.h>
#include <unistd.h>

namespace irqd {

inline bool CopyIn(void* to, unsigned long address, size_t size) {
  const iovec local = {to, size};
  const iovec remote = {reinterpret_cast<void*>(address), size};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

inline bool CopyOut(unsigned long address, const void* from, size_t size) {
  const iovec local = {const_cast<void*>(from), size};
  const iovec remote = {reinterpret_cast<void*>(address), size};
  return process_vm_writev(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_USER_COPY_H_
