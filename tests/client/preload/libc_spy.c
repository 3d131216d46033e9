/*
 * Loaded behind libirqd_preload.so, so that what that passes on comes here and not to libc: ends
 * the program with status 99 when that is about /dev/kvm. SPY_FORBIDS_PROCESS_VM in the
 * environment makes this a system without process_vm_readv, as qemu-user is one. To fstat(),
 * /dev/full is a real /dev/kvm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

static void deny(const char* what) {
  dprintf(2, "libc_spy: %s reached libc\n", what);
  _exit(99);
}

/* Files that a test plants are called kvm too, in a directory `planted`. */
static void look_at(const char* path) {
  const size_t size = path == NULL ? 0 : strlen(path);
  if (size < 3 || strcmp(path + size - 3, "kvm") != 0) return;
  if (size > 3 && path[size - 4] != '/') return;
  if (strstr(path, "planted") == NULL) deny(path);
}

#define OPEN(name, parameters, directory, path)               \
  int name parameters {                                       \
    va_list arguments;                                        \
    va_start(arguments, flags);                               \
    const int mode = va_arg(arguments, int);                  \
    va_end(arguments);                                        \
    look_at(path);                                            \
    return syscall(SYS_openat, directory, path, flags, mode); \
  }

OPEN(open, (const char* path, int flags, ...), AT_FDCWD, path)
OPEN(open64, (const char* path, int flags, ...), AT_FDCWD, path)
OPEN(openat, (int directory, const char* path, int flags, ...), directory, path)
OPEN(openat64, (int directory, const char* path, int flags, ...), directory, path)

int fstat(int fd, struct stat* file) {
  const int result = fstatat(fd, "", file, AT_EMPTY_PATH);
  if (result == 0 && S_ISCHR(file->st_mode) && file->st_rdev == makedev(1, 7)) {
    file->st_rdev = makedev(10, 232);
  }
  return result;
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (_IOC_TYPE(request) == KVMIO && _IOC_NR(request) != 0x21) deny("an ioctl of KVM's");
  return syscall(SYS_ioctl, fd, request, argument);
}

#define PROCESS_VM(name)                                                                 \
  ssize_t process_vm_##name(pid_t pid, const struct iovec* local, unsigned long locals,  \
                            const struct iovec* remote, unsigned long remotes,           \
                            unsigned long flags) {                                       \
    if (getenv("SPY_FORBIDS_PROCESS_VM") == NULL) {                                      \
      return syscall(SYS_process_vm_##name, pid, local, locals, remote, remotes, flags); \
    }                                                                                    \
    errno = ENOSYS;                                                                      \
    return -1;                                                                           \
  }

PROCESS_VM(readv)
PROCESS_VM(writev)
