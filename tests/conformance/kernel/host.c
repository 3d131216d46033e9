// The few services of the C library that kernel code here needs, behind declarations of ours: its
// headers and the kernel's do not go together.
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { kPage = 4096, kMostPages = 32 };

// Pages that were freed, by number of pages: a VM is made and thrown away in a few microseconds.
struct block {
  struct block* next;
};
static struct block* unused[2][kMostPages + 1];

static size_t pages_of(size_t len) { return (len + kPage - 1) / kPage; }

// Zeroed.
void* host_pages(size_t len, int below_4g) {
  const size_t pages = pages_of(len);
  struct block* block = pages <= kMostPages ? unused[below_4g][pages] : NULL;

  if (block) {
    unused[below_4g][pages] = block->next;
    return memset(block, 0, pages * kPage);
  }
  void* fresh = mmap(NULL, pages * kPage, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | (below_4g ? MAP_32BIT : 0), -1, 0);
  return fresh == MAP_FAILED ? NULL : fresh;
}

void host_free_pages(void* p, size_t len) {
  const size_t pages = pages_of(len);
  const int below_4g = (size_t)p >> 32 == 0;

  if (!p) return;
  if (pages > kMostPages) {
    munmap(p, pages * kPage);
    return;
  }
  struct block* block = p;
  block->next = unused[below_4g][pages];
  unused[below_4g][pages] = block;
}

void host_warn(const char* file, int line, const char* what, int fatal) {
  fprintf(stderr, "kernel: %s at %s:%d: %s\n", fatal ? "BUG" : "WARNING", file, line, what);
  if (fatal) abort();
}
