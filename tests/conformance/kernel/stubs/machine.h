// Timers, tasks, pages and the machine: what a host has beside KVM, as far as it is looked at.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_MACHINE_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_MACHINE_H_

// Timers, files, tasks, pages.

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum { HRTIMER_MODE_REL };
#define CLOCK_MONOTONIC 1
struct hrtimer {
  enum hrtimer_restart (*function)(struct hrtimer*);
};
#define hrtimer_init(t, c, m) ((void)(t))
#define hrtimer_start(t, v, m) ((void)(t), (void)(v))
#define hrtimer_cancel(t) ((void)(t))
#define hrtimer_active(t) ((void)(t), 0)
#define hrtimer_forward_now(t, v) ((void)(t), (void)(v), 0)
#define ns_to_ktime(x) ((ktime_t)(x))
#define tod_to_ns(x) (((x) >> 9) * 125 + ((((x)&0x1ff) * 125) >> 9))
#define get_tod_clock_fast() READ_ONCE(host_machine->tod)

struct file {
  void* private_data;
};
struct page {
  int unused;
};
struct mm_struct {
  struct {
    int uses_cmm, allow_gmap_hpage_1m;
  } context;
};
struct user_struct;
struct vm_area_struct;
struct vm_fault;
struct radix_tree_root {
  void* unused;
};
struct mmu_notifier {
  const void* ops;
};
#define mmap_write_lock(m) ((void)(m))
#define mmap_write_unlock(m) ((void)(m))
#define mmap_read_lock(m) ((void)(m))
#define mmap_read_unlock(m) ((void)(m))
#define FOLL_WRITE 1
#define get_user_pages_remote(mm, a, n, f, pg, x, y) ((void)(a), (void)(pg), 0L)
#define page_address(p) ((void*)(p))
#define put_page(p) ((void)(p))
#define set_page_dirty_lock(p) ((void)(p))
#define phys_to_virt(a) ((void*)(unsigned long)(a))

// Uapi headers of the kernel package.

#define _IOC_TYPECHECK(t) sizeof(t)
#include <asm-generic/ioctl.h>
#include <linux/kvm.h>
#include <uapi/asm/ptrace.h>
#include <uapi/asm/schid.h>

// S390 bits that are plain values or tiny types.

#include <s390.h> /* generated: CR0_*, CR14_*, EXT_IRQ_*, insn_length, __rewind_psw */
typedef struct {
  __u32 u[4];
} __vector128;
struct fpu {
  __u32 fpc;
  void* regs;
  union {
    freg_t fprs[16];
    __vector128 vxrs[32];
  };
};
struct gs_cb {
  __u64 reserved, gsd, gssm, gs_epl_a;
};
union diag318_info {
  unsigned long val;
};
struct cpuid {
  unsigned int version : 8, ident : 24, machine : 16, unused : 16;
};
#define get_cpu_id(p) memset((p), 0, sizeof(*(p)))
struct host_psw_bits {
  unsigned long eaba, key;
};
#define psw_bits(p) ((struct host_psw_bits){((p).mask >> 31) & 3, ((p).mask >> 52) & 15})
#define PSW_BITS_AMODE_31BIT 1
#define PSW_BITS_AMODE_64BIT 3
#define PSW_INT_MASK (PSW_MASK_EXT | PSW_MASK_IO | PSW_MASK_MCHECK)
#define MACHINE_HAS_VX 0
#define MACHINE_HAS_GS 0
#define MACHINE_HAS_ESOP 1
extern u64 stfle_fac_list[16];
#define MAX_FACILITY_BIT (sizeof(stfle_fac_list) * 8)
static inline int __test_facility(unsigned long nr, void* f) {
  return nr < MAX_FACILITY_BIT && (((unsigned char*)f)[nr >> 3] & (0x80 >> (nr & 7)));
}
#define test_facility(nr) __test_facility((nr), stfle_fac_list)
struct thread_struct {
  struct gs_cb* gs_cb;
  struct fpu fpu;
};
struct task_struct {
  struct mm_struct* mm;
  struct thread_struct thread;
};
extern struct mm_struct host_mm;
extern struct task_struct host_task;
#define current (&host_task)
#define save_fpu_regs() \
  do {                  \
  } while (0)
#define save_access_regs(a) ((void)(a))
#define save_gs_cb(a) ((void)(a))
static inline void convert_vx_to_fp(freg_t* f, __vector128* v) {
  int i;

  for (i = 0; i < 16; i++) /* leftmost doubleword; vrs are kept as host u64 pairs */
    memcpy(&f[i], &v[i], 8);
}

struct chp_id;
struct iov_iter;
#include <asm/sclp.h>
struct host_css {
  int aiv;
};
enum { HOST_NEW_PSWS = 5 };

// What Linux keeps in globals for the machine it runs on. Here each VM has a machine of its own,
// and every call says which one it is on.
struct host_machine {
  struct sclp_info sclp_info;
  struct host_css css;
  u64 tod;
  u64 new_psw_mask[HOST_NEW_PSWS];  // as kernel_new_psw numbers them
};
extern __thread struct host_machine* host_machine __attribute__((tls_model("initial-exec")));
#define sclp (host_machine->sclp_info)
#define css_general_characteristics (host_machine->css)

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_MACHINE_H_
