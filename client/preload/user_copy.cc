#include "client/preload/user_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "client/preload/next.h"

namespace irqd {
namespace {

bool IsForbidden(ssize_t copied) {
  return copied < 0 && (errno == ENOSYS || errno == EPERM || errno == EACCES);
}

// The ends of a pipe answer EFAULT to a bad address too, and it has room for kMaxCopy bytes.
bool CopyThroughPipe(void* to, const void* from, size_t size) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  const auto all = static_cast<ssize_t>(size);
  const bool copied = write(ends[1], from, size) == all && read(ends[0], to, size) == all;
  next_close(ends[0]);
  next_close(ends[1]);
  return copied;
}

}  // namespace

bool CopyIn(void* to, unsigned long address, size_t size) {
  auto* const from = reinterpret_cast<void*>(address);
  const iovec local = {to, size};
  const iovec remote = {from, size};
  const ssize_t copied = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  return IsForbidden(copied) ? CopyThroughPipe(to, from, size)
                             : copied == static_cast<ssize_t>(size);
}

bool CopyOut(unsigned long address, const void* from, size_t size) {
  auto* const to = reinterpret_cast<void*>(address);
  const iovec local = {const_cast<void*>(from), size};
  const iovec remote = {to, size};
  const ssize_t copied = process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
  return IsForbidden(copied) ? CopyThroughPipe(to, from, size)
                             : copied == static_cast<ssize_t>(size);
}

}  // namespace irqd
