// The functions of libc that this library stands in front of. Each passes what is not irqd's on to
// the next of its name, untouched.
//
// They have names of our own here, as libc's headers declare, and with _FORTIFY_SOURCE define,
// those of libc in ways that differ.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "client/preload/device_path.h"
#include "client/preload/irqd_library.h"
#include "client/preload/next.h"
#include "client/preload/own_files.h"
#include "client/preload/own_ioctl.h"
#include "client/preload/vcpu_run.h"

#define IRQD_INSTEAD_OF(name) __asm__(name) __attribute__((visibility("default")))

extern "C" {
int IrqdPreloadOpen(const char* path, int flags, ...) IRQD_INSTEAD_OF("open");
int IrqdPreloadOpen64(const char* path, int flags, ...) IRQD_INSTEAD_OF("open64");
int IrqdPreloadOpenat(int directory, const char* path, int flags, ...) IRQD_INSTEAD_OF("openat");
int IrqdPreloadOpenat64(int directory, const char* path, int flags, ...)
    IRQD_INSTEAD_OF("openat64");
int IrqdPreloadOpen2(const char* path, int flags) IRQD_INSTEAD_OF("__open_2");
int IrqdPreloadOpen642(const char* path, int flags) IRQD_INSTEAD_OF("__open64_2");
int IrqdPreloadOpenat2(int directory, const char* path, int flags) IRQD_INSTEAD_OF("__openat_2");
int IrqdPreloadOpenat642(int directory, const char* path, int flags)
    IRQD_INSTEAD_OF("__openat64_2");
int IrqdPreloadIoctl(int fd, unsigned long request, ...) IRQD_INSTEAD_OF("ioctl");
int IrqdPreloadClose(int fd) IRQD_INSTEAD_OF("close");
int IrqdPreloadDup(int fd) IRQD_INSTEAD_OF("dup");
int IrqdPreloadDup2(int from, int to) IRQD_INSTEAD_OF("dup2");
int IrqdPreloadDup3(int from, int to, int flags) IRQD_INSTEAD_OF("dup3");
int IrqdPreloadFcntl(int fd, int command, ...) IRQD_INSTEAD_OF("fcntl");
int IrqdPreloadFcntl64(int fd, int command, ...) IRQD_INSTEAD_OF("fcntl64");
void* IrqdPreloadMmap(void* address, size_t length, int protection, int flags, int fd, off_t offset)
    IRQD_INSTEAD_OF("mmap");
void* IrqdPreloadMmap64(void* address, size_t length, int protection, int flags, int fd,
                        off_t offset) IRQD_INSTEAD_OF("mmap64");
}

namespace irqd {

Next<int(int, unsigned long, ...)> next_ioctl("ioctl");
Next<int(int)> next_close("close");
Next<int(int, int, ...)> next_fcntl("fcntl");
Next<void*(void*, size_t, int, int, int, off_t)> next_mmap("mmap");

namespace {

Next<int(const char*, int, ...)> next_open("open");
Next<int(const char*, int, ...)> next_open64("open64");
Next<int(int, const char*, int, ...)> next_openat("openat");
Next<int(int, const char*, int, ...)> next_openat64("openat64");
Next<int(const char*, int)> next_open_2("__open_2");
Next<int(const char*, int)> next_open64_2("__open64_2");
Next<int(int, const char*, int)> next_openat_2("__openat_2");
Next<int(int, const char*, int)> next_openat64_2("__openat64_2");
Next<int(int)> next_dup("dup");
Next<int(int, int)> next_dup2("dup2");
Next<int(int, int, int)> next_dup3("dup3");
Next<int(int, int, ...)> next_fcntl64("fcntl64");
Next<void*(void*, size_t, int, int, int, off_t)> next_mmap64("mmap64");

// The mode of an open(path, flags, ...): there is one only where a file may be made.
#define IRQD_MODE(flags)                                         \
  ({                                                             \
    mode_t mode = 0;                                             \
    if (((flags)&O_CREAT) || ((flags)&O_TMPFILE) == O_TMPFILE) { \
      va_list arguments;                                         \
      va_start(arguments, flags);                                \
      mode = va_arg(arguments, mode_t);                          \
      va_end(arguments);                                         \
    }                                                            \
    mode;                                                        \
  })

// The one argument that may follow `last`, or whatever is where it would be: the next function
// knows whether it wants it.
#define IRQD_ARGUMENT(last)                                 \
  ({                                                        \
    va_list arguments;                                      \
    va_start(arguments, last);                              \
    const auto argument = va_arg(arguments, unsigned long); \
    va_end(arguments);                                      \
    argument;                                               \
  })

void NoteCopy(int from, int to) {
  if (to >= 0 && from != to && (OwnFiles::IsNoted(from) || OwnFiles::IsNoted(to))) {
    OwnFiles::Copied(from, to);
  }
}

// Not in line: the way of all other descriptors is to stay short.
__attribute__((noinline)) int CloseOwn(int fd) {
  const IrqdLibrary* const irqd = LoadedIrqd();
  if (irqd == nullptr || SharesItsParentsMemory()) return next_close(fd);
  OwnFiles::Forget(fd);
  // irqd closes something of its own, whose number was the program's before.
  if (InsideIrqd::is_now()) return next_close(fd);
  const int error = errno;
  const InsideIrqd inside;
  const int result = irqd->close(fd);
  if (result == 0 || errno != ENOTTY) return result;
  errno = error;
  return next_close(fd);
}

template <typename NextMmap>
void* Mmap(NextMmap& next, void* address, size_t length, int protection, int flags, int fd,
           off_t offset) {
  const bool is_of_a_file = !(flags & MAP_ANONYMOUS);
  if (!is_of_a_file || !OwnFiles::IsNoted(fd)) {
    void* const result = next(address, length, protection, flags, fd, offset);
    // A copy that was made unseen is a socket to the kernel, which cannot be mapped.
    if (result != MAP_FAILED || !is_of_a_file || errno != ENODEV) return result;
  }
  const IrqdLibrary* const irqd = LoadedIrqd();
  if (irqd == nullptr) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  const InsideIrqd inside;
  return MapOwn(*irqd, address, length, protection, flags, fd, offset);
}

}  // namespace
}  // namespace irqd

using ::irqd::NamesDevKvm;
using ::irqd::OpenDevKvm;
using ::irqd::OwnFiles;

int IrqdPreloadOpen(const char* path, int flags, ...) {
  if (NamesDevKvm(AT_FDCWD, path)) return OpenDevKvm(flags);
  return irqd::next_open(path, flags, IRQD_MODE(flags));
}

int IrqdPreloadOpen64(const char* path, int flags, ...) {
  if (NamesDevKvm(AT_FDCWD, path)) return OpenDevKvm(flags);
  return irqd::next_open64(path, flags, IRQD_MODE(flags));
}

int IrqdPreloadOpenat(int directory, const char* path, int flags, ...) {
  if (NamesDevKvm(directory, path)) return OpenDevKvm(flags);
  return irqd::next_openat(directory, path, flags, IRQD_MODE(flags));
}

int IrqdPreloadOpenat64(int directory, const char* path, int flags, ...) {
  if (NamesDevKvm(directory, path)) return OpenDevKvm(flags);
  return irqd::next_openat64(directory, path, flags, IRQD_MODE(flags));
}

int IrqdPreloadOpen2(const char* path, int flags) {
  return NamesDevKvm(AT_FDCWD, path) ? OpenDevKvm(flags) : irqd::next_open_2(path, flags);
}

int IrqdPreloadOpen642(const char* path, int flags) {
  return NamesDevKvm(AT_FDCWD, path) ? OpenDevKvm(flags) : irqd::next_open64_2(path, flags);
}

int IrqdPreloadOpenat2(int directory, const char* path, int flags) {
  if (NamesDevKvm(directory, path)) return OpenDevKvm(flags);
  return irqd::next_openat_2(directory, path, flags);
}

int IrqdPreloadOpenat642(int directory, const char* path, int flags) {
  if (NamesDevKvm(directory, path)) return OpenDevKvm(flags);
  return irqd::next_openat64_2(directory, path, flags);
}

int IrqdPreloadIoctl(int fd, unsigned long request, ...) {
  const unsigned long argument = IRQD_ARGUMENT(request);
  if (OwnFiles::IsNoted(fd) || irqd::IsKvmRequest(request)) {
    return irqd::OwnIoctl(fd, request, argument);
  }
  return irqd::next_ioctl(fd, request, argument);
}

int IrqdPreloadClose(int fd) {
  return OwnFiles::IsNoted(fd) ? irqd::CloseOwn(fd) : irqd::next_close(fd);
}

int IrqdPreloadDup(int fd) {
  const int result = irqd::next_dup(fd);
  irqd::NoteCopy(fd, result);
  return result;
}

int IrqdPreloadDup2(int from, int to) {
  const int result = irqd::next_dup2(from, to);
  irqd::NoteCopy(from, result);
  return result;
}

int IrqdPreloadDup3(int from, int to, int flags) {
  const int result = irqd::next_dup3(from, to, flags);
  irqd::NoteCopy(from, result);
  return result;
}

int IrqdPreloadFcntl(int fd, int command, ...) {
  const int result = irqd::next_fcntl(fd, command, IRQD_ARGUMENT(command));
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) irqd::NoteCopy(fd, result);
  return result;
}

int IrqdPreloadFcntl64(int fd, int command, ...) {
  const int result = irqd::next_fcntl64(fd, command, IRQD_ARGUMENT(command));
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) irqd::NoteCopy(fd, result);
  return result;
}

void* IrqdPreloadMmap(void* address, size_t length, int protection, int flags, int fd,
                      off_t offset) {
  return irqd::Mmap(irqd::next_mmap, address, length, protection, flags, fd, offset);
}

void* IrqdPreloadMmap64(void* address, size_t length, int protection, int flags, int fd,
                        off_t offset) {
  return irqd::Mmap(irqd::next_mmap64, address, length, protection, flags, fd, offset);
}
