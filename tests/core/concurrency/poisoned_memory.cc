// Linking this spoils what is freed, so that who reads it afterwards gets something else than was
// there. (AddressSanitizer notices by itself.)
#if !defined(__SANITIZE_ADDRESS__)

#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

void* Checked(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void* Aligned(size_t size, std::align_val_t alignment) {
  const size_t align = static_cast<size_t>(alignment);
  return Checked(std::aligned_alloc(align, (size + align - 1) / align * align));
}

void Spoil(void* block) {
  if (block == nullptr) return;
  std::memset(block, 0xa5, malloc_usable_size(block));
  // So that the compiler does not take it for useless.
  asm volatile("" : : "r"(block) : "memory");
  std::free(block);
}

}  // namespace

void* operator new(size_t size) { return Checked(std::malloc(size ? size : 1)); }
void* operator new[](size_t size) { return Checked(std::malloc(size ? size : 1)); }
void* operator new(size_t size, std::align_val_t align) { return Aligned(size, align); }
void* operator new[](size_t size, std::align_val_t align) { return Aligned(size, align); }
void operator delete(void* block) noexcept { Spoil(block); }
void operator delete[](void* block) noexcept { Spoil(block); }
void operator delete(void* block, size_t) noexcept { Spoil(block); }
void operator delete[](void* block, size_t) noexcept { Spoil(block); }
void operator delete(void* block, std::align_val_t) noexcept { Spoil(block); }
void operator delete[](void* block, std::align_val_t) noexcept { Spoil(block); }
void operator delete(void* block, size_t, std::align_val_t) noexcept { Spoil(block); }
void operator delete[](void* block, size_t, std::align_val_t) noexcept { Spoil(block); }

#endif
