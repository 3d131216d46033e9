#include "tests/conformance/guarded_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace irqd {

GuardedMemory::~GuardedMemory() {
  if (base_ != nullptr) munmap(base_, size_ + kGuard);
}

uint8_t* GuardedMemory::Take(size_t size) {
  if (base_ == nullptr || size > size_) {
    if (base_ != nullptr) munmap(base_, size_ + kGuard);
    size_ = (std::max(size, size_t{1} << 15) + 4095) / 4096 * 4096;
    void* fresh = mmap(nullptr, size_ + kGuard, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fresh == MAP_FAILED || mprotect(fresh, size_, PROT_READ | PROT_WRITE) != 0) {
      throw std::bad_alloc();
    }
    base_ = static_cast<uint8_t*>(fresh);
  }
  return base_ + size_ - size;
}

}  // namespace irqd
