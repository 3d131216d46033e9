#include "client/preload/irqd_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atomic>

#include "client/preload/next.h"
#include "client/preload/own_files.h"

namespace irqd {
namespace {

IrqdLibrary library;
std::atomic<const IrqdLibrary*> loaded{nullptr};
pthread_once_t load_once = PTHREAD_ONCE_INIT;
std::atomic<bool> has_complained{false};

// To standard error, without its buffer; only the first time.
void Complain(const char* what, const char* detail) {
  if (has_complained.exchange(true)) return;
  const char* const parts[] = {"libirqd_preload.so: /dev/kvm is irqd's: ", what, detail, "\n"};
  char line[1024] = "";
  for (const char* part : parts) strncat(line, part, sizeof(line) - strlen(line) - 1);
  const ssize_t ignored = write(STDERR_FILENO, line, strlen(line));
  static_cast<void>(ignored);
}

template <typename Function>
bool Resolve(void* handle, const char* name, Function** function) {
  *function = reinterpret_cast<Function*>(dlsym(handle, name));
  return *function != nullptr;
}

void Load() {
  // Beside this library, see its run path.
  void* const handle = dlopen("libirqd_kvm.so", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr || !Resolve(handle, "irqd_open", &library.open) ||
      !Resolve(handle, "irqd_ioctl", &library.ioctl) ||
      !Resolve(handle, "irqd_close", &library.close) ||
      !Resolve(handle, "irqd_vcpu_get_register", &library.vcpu_get_register) ||
      !Resolve(handle, "irqd_vcpu_set_register", &library.vcpu_set_register) ||
      !Resolve(handle, "irqd_vm_get_register", &library.vm_get_register) ||
      !Resolve(handle, "irqd_vcpu_deliver", &library.vcpu_deliver) ||
      !Resolve(handle, "irqd_vcpu_stop_intercept", &library.vcpu_stop_intercept)) {
    Complain("", dlerror());
    return;
  }
  loaded.store(&library, std::memory_order_release);
}

int Fail(int error) {
  errno = error;
  return -1;
}

}  // namespace

__thread int InsideIrqd::depth_ = 0;

const IrqdLibrary* LoadedIrqd() { return loaded.load(std::memory_order_acquire); }

int OpenDevKvm(int flags) {
  if ((flags & O_CREAT) && (flags & O_EXCL)) return Fail(EEXIST);
  if (flags & O_DIRECTORY) return Fail(ENOTDIR);
  const char* const target = getenv("IRQD_TARGET");
  if (target == nullptr || *target == '\0') {
    Complain("set IRQD_TARGET", " to host:port, unix:PATH or inproc:");
    return Fail(ENODEV);
  }
  const InsideIrqd inside;
  pthread_once(&load_once, &Load);
  const IrqdLibrary* const irqd = LoadedIrqd();
  if (irqd == nullptr) return Fail(ENODEV);
  const int fd = irqd->open(target, getenv("IRQD_HOST_PROFILE"));
  if (fd < 0) {
    if (errno == EINVAL) Complain("IRQD_TARGET or IRQD_HOST_PROFILE", " cannot be understood");
    return -1;
  }
  if (!(flags & O_CLOEXEC)) next_fcntl(fd, F_SETFD, 0);
  OwnFiles::Add(fd, nullptr);
  return fd;
}

}  // namespace irqd
