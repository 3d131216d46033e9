// The functions that the program would have called without this library.
#ifndef IRQD_CLIENT_PRELOAD_NEXT_H_
#define IRQD_CLIENT_PRELOAD_NEXT_H_

#include <dlfcn.h>
#include <sys/types.h>

#include <atomic>
#include <cstdlib>

namespace irqd {

// The function called `name` that comes behind this library, found at its first use: also when that
// is in a constructor of the program, before ours ran.
//
// Thread safety: may be called from any thread, and, once it was, from a signal handler.
template <typename Function>
class Next {
 public:
  constexpr explicit Next(const char* name) : name_(name) {}

  Function* get() {
    Function* const found = found_.load(std::memory_order_relaxed);
    return found != nullptr ? found : Find();
  }
  template <typename... Arguments>
  auto operator()(Arguments... arguments) {
    return get()(arguments...);
  }

 private:
  Function* Find() {
    auto* const found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name_));
    if (found == nullptr) abort();  // a libc without it has no program that calls it
    found_.store(found, std::memory_order_relaxed);
    return found;
  }

  const char* const name_;
  std::atomic<Function*> found_{nullptr};
};

extern Next<int(int, unsigned long, ...)> next_ioctl;
extern Next<int(int)> next_close;
extern Next<int(int, int, ...)> next_fcntl;
extern Next<void*(void*, size_t, int, int, int, off_t)> next_mmap;

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_NEXT_H_
