// Generic KVM: what virt/kvm gives to an architecture, and the two structures of a VM and a vCPU.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GENERIC_KVM_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GENERIC_KVM_H_

// Generic KVM.

#define KVM_REQUEST_MASK GENMASK(7, 0)
#define KVM_REQUEST_NO_WAKEUP BIT(8)
#define KVM_REQUEST_WAIT BIT(9)
#define KVM_REQ_TLB_FLUSH (0 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_ARCH_REQ_FLAGS(nr, f) ((unsigned)(((nr) + 8) | (f)))
#define KVM_ARCH_REQ(nr) KVM_ARCH_REQ_FLAGS(nr, 0)
struct kvm_vm_stat_generic {
  u64 remote_tlb_flush;
};
struct kvm_vcpu_stat_generic {
  u64 halt_wakeup;
};
struct kvm;
struct kvm_vcpu;
struct kvm_device;
struct kvm_async_pf;
struct gmap {
  void* private;
  int pfault_enabled;
};
struct kvm_memory_slot {
  struct rb_node gfn_node[2];
  gfn_t base_gfn;
  unsigned long npages;
};
struct kvm_memslots {
  struct rb_root gfn_tree;
  int node_idx;
};
static inline bool kvm_memslots_empty(struct kvm_memslots* s) { return !s->gfn_tree.top; }
struct kvm_s390_adapter_int {
  u64 ind_addr, summary_addr, ind_offset;
  u32 summary_offset, adapter_id;
};
struct kvm_kernel_irq_routing_entry {
  u32 gsi, type;
  int (*set)(struct kvm_kernel_irq_routing_entry* e, struct kvm* kvm, int src, int level,
             bool line);
  struct kvm_s390_adapter_int adapter;
};
struct kvm_device_ops {
  const char* name;
  int (*create)(struct kvm_device* dev, u32 type);
  void (*destroy)(struct kvm_device* dev);
  int (*set_attr)(struct kvm_device* dev, struct kvm_device_attr* attr);
  int (*get_attr)(struct kvm_device* dev, struct kvm_device_attr* attr);
  int (*has_attr)(struct kvm_device* dev, struct kvm_device_attr* attr);
  long (*ioctl)(struct kvm_device* dev, unsigned int ioctl, unsigned long arg);
};
struct kvm_device {
  const struct kvm_device_ops* ops;
  struct kvm* kvm;
  void* private;
};

#include <asm/kvm_host.h> /* the kernel's own, GISA layout exchanged */

struct xarray {
  void* slot[KVM_MAX_VCPUS + 1];
};
static inline void* xa_load(struct xarray* x, unsigned long i) {
  return i <= KVM_MAX_VCPUS ? x->slot[i] : NULL;
}
#define xa_for_each_range(xa, i, e, first, last)                                   \
  for ((i) = (first); (i) <= KVM_MAX_VCPUS && (i) <= (unsigned long)(last); (i)++) \
    if (!((e) = xa_load((xa), (i)))) {                                             \
    } else
static inline int xa_store(struct xarray* x, unsigned long i, void* v, gfp_t g) {
  x->slot[i] = v;
  return 0;
}
#define xa_reserve(x, i, g) 0
#define xa_release(x, i) ((void)(x))
#define KVM_MAX_VCPU_IDS KVM_MAX_VCPUS

struct kvm_vcpu {
  struct kvm* kvm;
  int cpu, vcpu_id, vcpu_idx;
  u64 requests;
  unsigned long guest_debug;
  struct mutex mutex;
  struct kvm_run* run;
  struct pid* pid;
  bool valid_wakeup, wants_to_run;
  struct kvm_vcpu_arch arch __attribute__((aligned(64)));
  struct kvm_vcpu_stat stat;
  int dirty_ring;
};

struct kvm {
  struct mutex lock, slots_lock;
  struct mm_struct* mm;
  struct xarray vcpu_array;
  atomic_t online_vcpus;
  int created_vcpus, max_vcpus, dirty_ring_size;
  bool vm_dead;
  struct srcu_struct srcu;
  struct kvm_vm_stat stat;
  struct kvm_arch arch __attribute__((aligned(64)));
  /* ours, besides what Linux has */
  struct host_machine host_machine;
  struct gmap host_gmap;
  struct kvm_device* host_flic;
};

#include <vcpu_lookup.h> /* generated: kvm_get_vcpu, kvm_for_each_vcpu, kvm_get_vcpu_by_id */

#define kvm_make_request(r, v) __kvm_make_request(r, v)
static inline void __kvm_make_request(int r, struct kvm_vcpu* v) {
  smp_wmb();
  set_bit(r & KVM_REQUEST_MASK, (unsigned long*)&v->requests);
}
static inline bool kvm_check_request(int r, struct kvm_vcpu* v) {
  if (!test_bit(r & KVM_REQUEST_MASK, (unsigned long*)&v->requests)) return false;
  clear_bit(r & KVM_REQUEST_MASK, (unsigned long*)&v->requests);
  return true;
}
static inline bool kvm_vcpu_wake_up(struct kvm_vcpu* v) { return false; }
#define kvm_vcpu_halt(v) ((void)(v))
#define kvm_vcpu_srcu_read_lock(v) ((void)(v))
#define kvm_vcpu_srcu_read_unlock(v) ((void)(v))
#define kvm_clear_async_pf_completion_queue(v) ((void)(v))
#define mark_page_dirty(k, g) ((void)(k), (void)(g))
#define gmap_translate(g, a) ((void)(g), (unsigned long)(a))
int kvm_cpu_has_pending_timer(struct kvm_vcpu* vcpu);
int kvm_arch_vcpu_runnable(struct kvm_vcpu* vcpu);
int kvm_set_routing_entry(struct kvm*, struct kvm_kernel_irq_routing_entry*,
                          const struct kvm_irq_routing_entry*);
/* the load/put pair changes only scheduling state here: left out of the timed path */
#define vcpu_load(v) ((void)(v))
#define vcpu_put(v) ((void)(v))

// Guest memory: 2 GiB that nobody reads. What is written is dropped, and what is read is zero, but
// for the new PSWs, which are the same at every prefix.

int host_guest_write(struct kvm* kvm, u64 gpa, u64 len);
int host_guest_read(struct kvm* kvm, u64 gpa, void* data, u64 len);
#define kvm_write_guest(k, gpa, d, n) ((void)(d), host_guest_write((k), (gpa), (n)))
#define kvm_read_guest(k, gpa, d, n) host_guest_read((k), (gpa), (d), (n))

// The adapter-event part of interrupt.c, compiled but never run.

union zpci_sic_iib {
  u64 w[2];
};
struct zpci_fib {
  u64 w[8];
};
struct zpci_dev;
#define SIC_IRQ_MODE_SINGLE 1
#define zpci_set_irq_ctrl(m, i, b) ((void)(b))
#define inc_irq_stat(x) \
  do {                  \
  } while (0)
#define chsc_sgib(x) ((void)(x), 0)
struct airq_iv {
  int unused;
};
struct airq_struct;
#define airq_iv_scan(iv, s, e) ((void)(iv), (void)(s), -1UL)
#define airq_iv_end(iv) 0UL
#include <asm/isc.h>
#include <asm/tpi.h>
struct airq_struct {
  void (*handler)(struct airq_struct*, struct tpi_info*);
  u8 *lsi_ptr, lsi_mask, isc;
};
#define register_adapter_interrupt(a) ((void)(a), 0)
#define unregister_adapter_interrupt(a) ((void)(a))
struct lowcore;
#include <asm/lowcore.h>
#include <lowcore_offsets.h> /* generated: __LC_* */
#include <machine_check.h>   /* generated: union mci with mirrored bit order, MCESA_* */

// Trace points.

void host_trace_deliver(unsigned int id, u64 type, u64 data0, u64 data1);
#define trace_kvm_s390_deliver_interrupt(id, t, a, b) host_trace_deliver((id), (t), (a), (b))
#define trace_kvm_s390_inject_vcpu(...) \
  do {                                  \
  } while (0)
#define trace_kvm_s390_inject_vm(...) \
  do {                                \
  } while (0)
#define trace_kvm_s390_modify_ais_mode(...) \
  do {                                      \
  } while (0)
#define trace_kvm_s390_airq_suppressed(...) \
  do {                                      \
  } while (0)
#define trace_kvm_s390_vcpu_start_stop(...) \
  do {                                      \
  } while (0)
#define trace_kvm_s390_stop_request(...) \
  do {                                   \
  } while (0)
#define trace_kvm_s390_create_vcpu(...) \
  do {                                  \
  } while (0)
#define trace_kvm_s390_destroy_vcpu(...) \
  do {                                   \
  } while (0)
#define trace_kvm_s390_enable_css(...) \
  do {                                 \
  } while (0)
#define trace_kvm_userspace_exit(...) \
  do {                                \
  } while (0)

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_STUBS_GENERIC_KVM_H_
