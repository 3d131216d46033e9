// The C that kernel code is written in: types, macros, error numbers, and the few library
// functions it may use here.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_LANGUAGE_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_LANGUAGE_H_

#define __KERNEL__ 1
#define __s390x__ 1  // 64-bit PSW masks

// Types.

typedef unsigned char u8, __u8, uint8_t;
typedef signed char s8, __s8, int8_t;
typedef unsigned short u16, __u16, uint16_t;
typedef signed short s16, __s16, int16_t;
typedef unsigned int u32, __u32, uint32_t;
typedef signed int s32, __s32, int32_t;
typedef unsigned long long u64, __u64;
typedef signed long long s64, __s64;
typedef unsigned long uint64_t;
typedef signed long int64_t;
typedef unsigned long size_t;
typedef signed long ssize_t;
typedef unsigned long uintptr_t;
typedef long long loff_t;
typedef unsigned int gfp_t;
typedef u64 dma_addr_t, phys_addr_t;
typedef u64 gpa_t, gfn_t, hpa_t;
typedef unsigned long gva_t, hva_t;
typedef s64 ktime_t;
typedef u64 __be64, __le64;
typedef u32 __be32, __le32;
typedef u16 __be16, __le16;
typedef _Bool bool;
typedef int vm_fault_t;
#define true 1
#define false 0
#define NULL ((void*)0)
#define U64_MAX (~0ULL)

#define __user
#define __rcu
#define __iomem
#define __force
#define __init
#define __exit
#define __read_mostly
#define __must_check
#define __packed __attribute__((packed))
#define __aligned(x) __attribute__((aligned(x)))
#define __always_inline inline __attribute__((always_inline))
#define __noreturn __attribute__((noreturn))
#define __maybe_unused __attribute__((unused))
#define noinline __attribute__((noinline))
#define fallthrough __attribute__((fallthrough))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define __aligned_u64 __u64 __attribute__((aligned(8)))
#define __DECLARE_FLEX_ARRAY(T, N) \
  struct {                         \
    struct {                       \
    } __empty_##N;                 \
    T N[];                         \
  }
#define _AC(x, y) x##y
#define _UL(x) x##UL
#define _ULL(x) x##ULL
#define _BITUL(n) (1UL << (n))
#define _BITULL(n) (1ULL << (n))

#define BIT(n) (1UL << (n))
#define GENMASK(h, l) (((~0UL) << (l)) & (~0UL >> (63 - (h))))
#define BITS_PER_BYTE 8
#define BITS_PER_LONG 64
#define BITS_TO_LONGS(n) (((n) + 63) / 64)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define sizeof_field(T, m) sizeof(((T*)0)->m)
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define IS_ENABLED(opt) 0
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-4095)

/*
 * The GISA is the one structure that the kernel reads both as 64-bit words
 * and as byte members, so its replacement (gisa.h) mirrors the bytes
 * inside each word; bit numbers counted from the left edge of the structure
 * then need the mirrored byte offset.
 */
struct kvm_s390_gisa;
#define offsetof(T, m)                                                                    \
  (__builtin_types_compatible_p(T, struct kvm_s390_gisa) ? (__builtin_offsetof(T, m) ^ 7) \
                                                         : __builtin_offsetof(T, m))
#define container_of(p, T, m) ((T*)((char*)(p) - __builtin_offsetof(T, m)))

#define min_t(T, a, b)    \
  ({                      \
    T _a = (a), _b = (b); \
    _a < _b ? _a : _b;    \
  })
#define max_t(T, a, b)    \
  ({                      \
    T _a = (a), _b = (b); \
    _a > _b ? _a : _b;    \
  })
#define min(a, b)           \
  ({                        \
    __typeof__(a) _a = (a); \
    __typeof__(b) _b = (b); \
    _a < _b ? _a : _b;      \
  })
#define array_index_nospec(i, n) (i)
static inline s64 sign_extend64(u64 v, int i) { return (s64)(v << (63 - i)) >> (63 - i); }

// Errno.

#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define EAGAIN 11
#define ENOMEM 12
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOTTY 25
#define ENOSPC 28
#define ERANGE 34
#define EOPNOTSUPP 95
#define ENOBUFS 105
#define ENOIOCTLCMD 515 /* kernel-internal */

// Libc, without its headers.

void* memcpy(void*, const void*, size_t);
void* memset(void*, int, size_t);
int memcmp(const void*, const void*, size_t);
void* malloc(size_t);
void* calloc(size_t, size_t);
void free(void*);
void abort(void) __noreturn;
int sched_yield(void);

/* implemented in host.c */
void* host_pages(size_t len, int below_4g);
void host_free_pages(void* p, size_t len);
void host_warn(const char* file, int line, const char* what, int fatal);

// Diagnostics.

#define BUILD_BUG_ON(c) ((void)sizeof(char[1 - 2 * !!(c)]))
#define BUG_ON(c)                                          \
  do {                                                     \
    if (unlikely(c)) host_warn(__FILE__, __LINE__, #c, 1); \
  } while (0)
#define BUG() BUG_ON(1)
#define WARN_ON(c)                                          \
  ({                                                        \
    int _c = !!(c);                                         \
    if (unlikely(_c)) host_warn(__FILE__, __LINE__, #c, 0); \
    _c;                                                     \
  })
#define WARN_ON_ONCE(c) WARN_ON(c)
#define WARN_ONCE(c, ...) WARN_ON(c)
#define WARN(c, ...) WARN_ON(c)
#define pr_err(...) \
  do {              \
  } while (0)
#define pr_warn(...) \
  do {               \
  } while (0)
#define lockdep_assert_held(l) \
  do {                         \
  } while (0)
typedef struct {
  int unused;
} debug_info_t;
/* arguments must still be type-checked, but never evaluated */
static inline void host_no_event(const void* d, int level, const char* fmt, ...) {}
#define debug_sprintf_event(d, l, ...)       \
  do {                                       \
    if (0) host_no_event(d, l, __VA_ARGS__); \
  } while (0)
#define EXPORT_SYMBOL_GPL(x)
#define EXPORT_SYMBOL(x)

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_LANGUAGE_H_
