// Memory order, atomic operations and bit arrays.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_ATOMICS_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_ATOMICS_H_

// Memory order, atomics, bits.

#define READ_ONCE(x) (*(const volatile __typeof__(x)*)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x)*)&(x) = (v))
#define barrier() __asm__ volatile("" ::: "memory")
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define cpu_relax() __builtin_ia32_pause()
#define cmpxchg(p, o, n) \
  __sync_val_compare_and_swap((p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(n))
#define xchg(p, n) __atomic_exchange_n((p), (n), __ATOMIC_SEQ_CST)

typedef struct {
  int counter;
} atomic_t;
typedef struct {
  s64 counter;
} atomic64_t;
static inline int atomic_read(const atomic_t* a) {
  return __atomic_load_n(&a->counter, __ATOMIC_RELAXED);
}
static inline void atomic_set(atomic_t* a, int v) {
  __atomic_store_n(&a->counter, v, __ATOMIC_RELAXED);
}
static inline void atomic_inc(atomic_t* a) { __atomic_fetch_add(&a->counter, 1, __ATOMIC_SEQ_CST); }
/* s390 updates cpuflags with one interlocked instruction */
#define atomic_or(m, a) ((void)__atomic_fetch_or(&(a)->counter, (int)(m), __ATOMIC_SEQ_CST))
#define atomic_andnot(m, a) ((void)__atomic_fetch_and(&(a)->counter, ~(int)(m), __ATOMIC_SEQ_CST))

static inline void set_bit(unsigned long nr, volatile unsigned long* p) {
  __atomic_fetch_or(&p[nr >> 6], 1UL << (nr & 63), __ATOMIC_SEQ_CST);
}
static inline void clear_bit(unsigned long nr, volatile unsigned long* p) {
  __atomic_fetch_and(&p[nr >> 6], ~(1UL << (nr & 63)), __ATOMIC_SEQ_CST);
}
static inline bool test_and_set_bit(unsigned long nr, volatile unsigned long* p) {
  return (__atomic_fetch_or(&p[nr >> 6], 1UL << (nr & 63), __ATOMIC_SEQ_CST) >> (nr & 63)) & 1;
}
static inline bool test_and_clear_bit(unsigned long nr, volatile unsigned long* p) {
  return (__atomic_fetch_and(&p[nr >> 6], ~(1UL << (nr & 63)), __ATOMIC_SEQ_CST) >> (nr & 63)) & 1;
}
static inline bool test_bit(unsigned long nr, const volatile unsigned long* p) {
  return (p[nr >> 6] >> (nr & 63)) & 1;
}
static inline void __clear_bit(unsigned long nr, volatile unsigned long* p) {
  p[nr >> 6] &= ~(1UL << (nr & 63));
}
static inline void __set_bit(unsigned long nr, volatile unsigned long* p) {
  p[nr >> 6] |= 1UL << (nr & 63);
}
/* MSB-first numbering inside each 64-bit word, as on s390 */
#define set_bit_inv(nr, p) set_bit((nr) ^ 63, p)
#define clear_bit_inv(nr, p) clear_bit((nr) ^ 63, p)
#define test_bit_inv(nr, p) test_bit((nr) ^ 63, p)
#define test_and_clear_bit_inv(nr, p) test_and_clear_bit((nr) ^ 63, p)

static inline unsigned long __fls(unsigned long w) { return 63 - __builtin_clzl(w); }
static inline unsigned long find_next_bit(const unsigned long* p, unsigned long n,
                                          unsigned long from) {
  unsigned long i, w;

  if (from >= n) return n;
  i = from >> 6;
  w = p[i] & (~0UL << (from & 63));
  while (!w) {
    if (++i >= BITS_TO_LONGS(n)) return n;
    w = p[i];
  }
  i = (i << 6) + __builtin_ctzl(w);
  return i < n ? i : n;
}
#define find_first_bit(p, n) find_next_bit(p, n, 0)
static inline unsigned long find_last_bit(const unsigned long* p, unsigned long n) {
  unsigned long i;

  for (i = n; i-- > 0;)
    if (test_bit(i, p)) return i;
  return n;
}
#define for_each_set_bit(b, p, n) \
  for ((b) = find_first_bit((p), (n)); (b) < (n); (b) = find_next_bit((p), (n), (b) + 1))
static inline bool bitmap_empty(const unsigned long* p, unsigned int n) {
  return find_first_bit(p, n) >= n;
}
static inline void bitmap_zero(unsigned long* p, unsigned int n) {
  memset(p, 0, BITS_TO_LONGS(n) * 8);
}

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_ATOMICS_H_
