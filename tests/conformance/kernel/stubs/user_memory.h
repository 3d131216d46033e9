// The memory of the program that calls. An address of the first page or of the kernel's half
// faults, and so does one that the caller has declared to be unmapped; any other must be mapped.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_USER_MEMORY_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_USER_MEMORY_H_

struct host_range {
  unsigned long start, end;
};
extern __thread struct host_range host_unmapped __attribute__((tls_model("initial-exec")));

static inline bool host_bad_user(const void* p, unsigned long n) {
  unsigned long a = (unsigned long)p;

  if (!n) return false;
  if (a < PAGE_SIZE || a + n < a || a + n > (1UL << 47)) return true;
  return a < host_unmapped.end && a + n > host_unmapped.start;
}

// All or nothing: returns how many bytes were not copied.
static inline unsigned long copy_from_user(void* to, const void* from, unsigned long n) {
  if (unlikely(host_bad_user(from, n))) return n;
  memcpy(to, from, n);
  return 0;
}

static inline unsigned long copy_to_user(void* to, const void* from, unsigned long n) {
  if (unlikely(host_bad_user(to, n))) return n;
  memcpy(to, from, n);
  return 0;
}

#define get_user(x, p)                                       \
  ({                                                         \
    __typeof__(*(p)) _v;                                     \
    unsigned long _r = copy_from_user(&_v, (p), sizeof(_v)); \
    if (!_r) (x) = _v;                                       \
    _r ? -EFAULT : 0;                                        \
  })

#define put_user(x, p)                                \
  ({                                                  \
    __typeof__(*(p)) _v = (x);                        \
    copy_to_user((p), &_v, sizeof(_v)) ? -EFAULT : 0; \
  })

static inline void* memdup_user(const void* p, size_t n) {
  void* b = malloc(n);

  if (copy_from_user(b, p, n)) {
    free(b);
    return (void*)-EFAULT;
  }
  return b;
}
#define IS_ERR(p) IS_ERR_VALUE(p)
#define PTR_ERR(p) ((long)(p))

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_USER_MEMORY_H_
