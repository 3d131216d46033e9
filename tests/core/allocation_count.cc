#include "tests/core/allocation_count.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<size_t> allocations{0};
std::atomic<size_t> allocated_bytes{0};

// glibc puts a block's size in front of it.
constexpr size_t kBlockHeader = sizeof(size_t);

size_t SizeOf(void* block) { return malloc_usable_size(block) + kBlockHeader; }

void* Counted(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated_bytes.fetch_add(SizeOf(block), std::memory_order_relaxed);
  return block;
}

void Free(void* block) {
  if (block == nullptr) return;
  allocated_bytes.fetch_sub(SizeOf(block), std::memory_order_relaxed);
  std::free(block);
}

void* AllocateAligned(size_t size, std::align_val_t alignment) {
  const size_t align = static_cast<size_t>(alignment);
  return Counted(std::aligned_alloc(align, (size + align - 1) / align * align));
}

}  // namespace

namespace irqd {

size_t Allocations() { return allocations.load(); }
size_t AllocatedBytes() { return allocated_bytes.load(); }

}  // namespace irqd

void* operator new(size_t size) { return Counted(std::malloc(size ? size : 1)); }
void* operator new[](size_t size) { return Counted(std::malloc(size ? size : 1)); }
void* operator new(size_t size, std::align_val_t align) { return AllocateAligned(size, align); }
void* operator new[](size_t size, std::align_val_t align) { return AllocateAligned(size, align); }
void operator delete(void* block) noexcept { Free(block); }
void operator delete[](void* block) noexcept { Free(block); }
void operator delete(void* block, size_t) noexcept { Free(block); }
void operator delete[](void* block, size_t) noexcept { Free(block); }
void operator delete(void* block, std::align_val_t) noexcept { Free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { Free(block); }
void operator delete(void* block, size_t, std::align_val_t) noexcept { Free(block); }
void operator delete[](void* block, size_t, std::align_val_t) noexcept { Free(block); }
