// Linked lists and locks. The locks work: several threads may call at once.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_LISTS_AND_LOCKS_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_LISTS_AND_LOCKS_H_

// Lists.

struct list_head {
  struct list_head *next, *prev;
};
struct hlist_node {
  struct hlist_node *next, **pprev;
};
static inline void INIT_LIST_HEAD(struct list_head* l) { l->next = l->prev = l; }
static inline void list_add_tail(struct list_head* e, struct list_head* h) {
  e->prev = h->prev;
  e->next = h;
  h->prev->next = e;
  h->prev = e;
}
static inline void list_del(struct list_head* e) {
  e->prev->next = e->next;
  e->next->prev = e->prev;
  e->next = e->prev = NULL;
}
static inline void list_del_init(struct list_head* e) {
  e->prev->next = e->next;
  e->next->prev = e->prev;
  INIT_LIST_HEAD(e);
}
static inline bool list_empty(const struct list_head* h) { return h->next == h; }
#define list_entry(p, T, m) container_of(p, T, m)
#define list_first_entry_or_null(h, T, m) (list_empty(h) ? NULL : list_entry((h)->next, T, m))
#define list_for_each_entry(pos, h, m)                                   \
  for (pos = list_entry((h)->next, __typeof__(*pos), m); &pos->m != (h); \
       pos = list_entry(pos->m.next, __typeof__(*pos), m))
#define list_for_each_entry_safe(pos, nx, h, m)          \
  for (pos = list_entry((h)->next, __typeof__(*pos), m), \
      nx = list_entry(pos->m.next, __typeof__(*pos), m); \
       &pos->m != (h); pos = nx, nx = list_entry(nx->m.next, __typeof__(*pos), m))
struct rb_node {
  struct rb_node* left;
};
struct rb_root {
  struct rb_node* top;
};
static inline struct rb_node* rb_last(struct rb_root* r) { return r->top; }

// Locks.

/* test-and-test-and-set; after a while on a crowded host let the holder run */
typedef struct {
  int v;
} spinlock_t;
#define spin_lock_init(l) ((l)->v = 0)
static inline void spin_lock(spinlock_t* l) {
  int n = 0;

  while (unlikely(__atomic_exchange_n(&l->v, 1, __ATOMIC_ACQUIRE)))
    while (__atomic_load_n(&l->v, __ATOMIC_RELAXED)) {
      cpu_relax();
      if (++n > 2000) {
        n = 0;
        sched_yield();
      }
    }
}
static inline void spin_unlock(spinlock_t* l) { __atomic_store_n(&l->v, 0, __ATOMIC_RELEASE); }
#define spin_lock_irqsave(l, f) \
  do {                          \
    (f) = 0;                    \
    spin_lock(l);               \
  } while (0)
#define spin_unlock_irqrestore(l, f) \
  do {                               \
    (void)(f);                       \
    spin_unlock(l);                  \
  } while (0)

typedef struct {
  int v;
} rwlock_t; /* >0 readers, -1 writer */
#define rwlock_init(l) ((l)->v = 0)
static inline void read_lock(rwlock_t* l) {
  int v;

  for (;;) {
    v = __atomic_load_n(&l->v, __ATOMIC_RELAXED);
    if (v >= 0 && __sync_bool_compare_and_swap(&l->v, v, v + 1)) return;
    cpu_relax();
  }
}
static inline void read_unlock(rwlock_t* l) { __atomic_fetch_sub(&l->v, 1, __ATOMIC_RELEASE); }
static inline void write_lock(rwlock_t* l) {
  while (!__sync_bool_compare_and_swap(&l->v, 0, -1)) cpu_relax();
}
static inline void write_unlock(rwlock_t* l) { __atomic_store_n(&l->v, 0, __ATOMIC_RELEASE); }

struct mutex {
  spinlock_t l;
};
#define mutex_init(m) spin_lock_init(&(m)->l)
#define mutex_lock(m) spin_lock(&(m)->l)
#define mutex_unlock(m) spin_unlock(&(m)->l)
#define mutex_is_locked(m) ((m)->l.v)
static inline int mutex_lock_killable(struct mutex* m) {
  mutex_lock(m);
  return 0;
}
struct rw_semaphore {
  int unused;
};
typedef struct {
  int unused;
} wait_queue_head_t;
typedef struct {
  unsigned int seq;
} seqcount_t;
#define seqcount_init(s) ((s)->seq = 0)
#define raw_write_seqcount_begin(s) \
  do {                              \
    (s)->seq++;                     \
    smp_wmb();                      \
  } while (0)
#define raw_write_seqcount_end(s) \
  do {                            \
    smp_wmb();                    \
    (s)->seq++;                   \
  } while (0)
#define raw_read_seqcount(s) READ_ONCE((s)->seq)
#define read_seqcount_retry(s, q) \
  ({                              \
    smp_rmb();                    \
    READ_ONCE((s)->seq) != (q);   \
  })
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#define smp_processor_id() 0
struct srcu_struct {
  int unused;
};
static inline int srcu_read_lock(struct srcu_struct* s) { return 0; }
static inline void srcu_read_unlock(struct srcu_struct* s, int i) {}
static inline void synchronize_srcu(struct srcu_struct* s) {}

// Allocation.

#define GFP_KERNEL 0u
#define GFP_KERNEL_ACCOUNT 0u
#define GFP_DMA 1u
#define __GFP_ZERO 2u
static inline void* kzalloc(size_t n, gfp_t g) { return calloc(1, n); }
static inline void* kmalloc(size_t n, gfp_t g) { return malloc(n); }
#define kfree(p) free((void*)(p))
#define vmalloc(n) malloc(n)
#define vzalloc(n) calloc(1, n)
#define vfree(p) free(p)
static inline unsigned long get_zeroed_page(gfp_t g) {
  return (unsigned long)host_pages(PAGE_SIZE, g & GFP_DMA);
}
static inline void free_page(unsigned long p) {
  if (p) host_free_pages((void*)(p & PAGE_MASK), PAGE_SIZE);
}
static inline void* alloc_pages_exact(size_t n, gfp_t g) { return host_pages(n, 0); }
static inline void free_pages_exact(void* p, size_t n) { host_free_pages(p, n); }

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_LISTS_AND_LOCKS_H_
