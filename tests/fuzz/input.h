// What a fuzz target is made of: an input to take values from, and a check that stops the program.
#ifndef IRQD_TESTS_FUZZ_INPUT_H_
#define IRQD_TESTS_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

// The target itself, as libFuzzer calls it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace irqd {

// Takes an input apart from the front; zeros follow its end.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : next_(data), left_(size) {}

  bool IsEmpty() const { return left_ == 0; }

  uint64_t Number(int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | Byte();
    return value;
  }
  uint8_t Byte() {
    if (left_ == 0) return 0;
    --left_;
    return *next_++;
  }
  uint32_t Below(uint32_t limit) { return Byte() % limit; }

  // As many bytes as there are, up to `size`.
  std::string Bytes(size_t size) {
    size = std::min(size, left_);
    std::string bytes(reinterpret_cast<const char*>(next_), size);
    next_ += size;
    left_ -= size;
    return bytes;
  }

 private:
  const uint8_t* next_;
  size_t left_;
};

}  // namespace irqd

// Ends the program where `condition` does not hold, so that the fuzzer keeps the input.
#define FUZZ_CHECK(condition, ...)                                                 \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::fprintf(stderr, "  " __VA_ARGS__);                                      \
      std::fprintf(stderr, "\n");                                                  \
      std::abort();                                                                \
    }                                                                              \
  } while (false)

#endif  // IRQD_TESTS_FUZZ_INPUT_H_
