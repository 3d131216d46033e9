#include "client/user_memory.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "client/this_process.h"
#include "client/unique_fd.h"

namespace irqd {
namespace {

void* Pointer(uint64_t address) { return reinterpret_cast<void*>(static_cast<uintptr_t>(address)); }

// Memory can be read or not by the page.
size_t BytesToEndOfPage(uint64_t address) {
  static const size_t page_size = sysconf(_SC_PAGESIZE);
  return page_size - address % page_size;
}
size_t BytesToEndOfPage(const void* address) {
  return BytesToEndOfPage(reinterpret_cast<uintptr_t>(address));
}

// What fits into a pipe at once without waiting for a reader.
constexpr size_t kPipeChunk = 4096;

// Copies through a pipe, whose ends answer EFAULT to a bad address too. Either of `to` and
// `from` may be bad. A piece lies in one page on both sides: qemu-user copies all of it or nothing.
int CopyThroughPipe(void* to, const void* from, size_t size) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  const UniqueFd read_end(ends[0]);
  const UniqueFd write_end(ends[1]);
  auto* target = static_cast<char*>(to);
  auto* source = static_cast<const char*>(from);
  while (size > 0) {
    const size_t piece =
        std::min({size, kPipeChunk, BytesToEndOfPage(source), BytesToEndOfPage(target)});
    const ssize_t written = write(write_end.get(), source, piece);
    if (written <= 0) return -EFAULT;
    if (read(read_end.get(), target, written) != written) return -EFAULT;
    source += written;
    target += written;
    size -= written;
  }
  return 0;
}

bool IsForbidden(ssize_t copied) {
  return copied < 0 && (errno == ENOSYS || errno == EPERM || errno == EACCES);
}

}  // namespace

int CopyFromUser(void* to, uint64_t address, size_t size) {
  const iovec local = {to, size};
  const iovec remote = {Pointer(address), size};
  const ssize_t copied = process_vm_readv(ThisProcess(), &local, 1, &remote, 1, 0);
  if (copied == static_cast<ssize_t>(size)) return 0;
  return IsForbidden(copied) ? CopyThroughPipe(to, Pointer(address), size) : -EFAULT;
}

int CopyToUser(uint64_t address, const void* from, size_t size) {
  const iovec local = {const_cast<void*>(from), size};
  const iovec remote = {Pointer(address), size};
  const ssize_t copied = process_vm_writev(ThisProcess(), &local, 1, &remote, 1, 0);
  if (copied == static_cast<ssize_t>(size)) return 0;
  return IsForbidden(copied) ? CopyThroughPipe(Pointer(address), from, size) : -EFAULT;
}

int64_t CopyReadableFromUser(void* to, uint64_t address, size_t size) {
  if (CopyFromUser(to, address, size) == 0) return static_cast<int64_t>(size);
  size_t copied = 0;
  while (copied < size) {
    const size_t piece = std::min(size - copied, BytesToEndOfPage(address + copied));
    const int error = CopyFromUser(static_cast<char*>(to) + copied, address + copied, piece);
    if (error == -EFAULT) break;
    if (error != 0) return error;
    copied += piece;
  }
  return static_cast<int64_t>(copied);
}

}  // namespace irqd
