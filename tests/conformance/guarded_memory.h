// Memory that ends where it should: the byte behind it is not mapped.
#ifndef IRQD_TESTS_CONFORMANCE_GUARDED_MEMORY_H_
#define IRQD_TESTS_CONFORMANCE_GUARDED_MEMORY_H_

#include <cstddef>
#include <cstdint>

namespace irqd {

// One piece of memory that is used over and over. Not thread-safe.
class GuardedMemory {
 public:
  GuardedMemory() = default;
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  // `size` bytes, which may be 0, with any content; the next byte is not mapped. Valid until the
  // next call.
  uint8_t* Take(size_t size);

  // What is not mapped.
  const uint8_t* guard_start() const { return base_ + size_; }
  const uint8_t* guard_end() const { return guard_start() + kGuard; }

 private:
  // More than a call of the kernel's can step over.
  static constexpr size_t kGuard = size_t{64} << 20;

  uint8_t* base_ = nullptr;
  size_t size_ = 0;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_GUARDED_MEMORY_H_
