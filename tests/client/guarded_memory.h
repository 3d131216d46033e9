// Memory that ends at a page which can be neither read nor written.
#ifndef IRQD_TESTS_CLIENT_GUARDED_MEMORY_H_
#define IRQD_TESTS_CLIENT_GUARDED_MEMORY_H_

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace irqd {

class GuardedMemory {
 public:
  // At least `size` bytes, zeroes.
  explicit GuardedMemory(size_t size) {
    const size_t page = sysconf(_SC_PAGESIZE);
    size_ = (size + page - 1) / page * page;
    mapped_ = size_ + page;
    void* const memory =
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory, MAP_FAILED);
    begin_ = static_cast<char*>(memory);
    EXPECT_EQ(mprotect(begin_ + size_, page, PROT_NONE), 0);
  }
  ~GuardedMemory() { munmap(begin_, mapped_); }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  // The forbidden page.
  char* end() const { return begin_ + size_; }
  // The address from which on `room` bytes can be read and written, and no more.
  char* Before(size_t room) const { return end() - room; }
  // Puts the first `room` of `bytes` there, where the rest is forbidden.
  char* Put(absl::string_view bytes, size_t room) const {
    std::memcpy(Before(room), bytes.data(), room);
    return Before(room);
  }
  void MakeReadOnly() const { EXPECT_EQ(mprotect(begin_, size_, PROT_READ), 0); }

 private:
  char* begin_ = nullptr;
  size_t size_ = 0;
  size_t mapped_ = 0;
};

template <typename T>
absl::string_view BytesOf(const T& value) {
  return absl::string_view(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace irqd

#endif  // IRQD_TESTS_CLIENT_GUARDED_MEMORY_H_
