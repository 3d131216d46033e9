// What the functions of Linux call that are cut out, and that is left out here.
#ifndef IRQD_TESTS_CONFORMANCE_KERNEL_LEFT_OUT_H_
#define IRQD_TESTS_CONFORMANCE_KERNEL_LEFT_OUT_H_

// Other parts of KVM for s390: VSIE, PCI, protected VMs, storage keys.
void icpt_operexc_on_all_vcpus(struct kvm *kvm) {}
void kvm_s390_vsie_kick(struct kvm_vcpu* vcpu) {}
void kvm_s390_clear_bp_data(struct kvm_vcpu* vcpu) {}
int kvm_s390_pci_aen_init(u8 nisc) { return 0; }
void kvm_s390_pci_aen_exit(void) {}
int kvm_s390_pv_create_cpu(struct kvm_vcpu* vcpu, u16* rc, u16* rrc) { return -EINVAL; }
int kvm_s390_pv_destroy_cpu(struct kvm_vcpu* vcpu, u16* rc, u16* rrc) { return -EINVAL; }
int kvm_s390_pv_set_cpu_state(struct kvm_vcpu* vcpu, u8 state) { return -EINVAL; }
int kvm_s390_vcpu_setup_cmma(struct kvm_vcpu* vcpu) { return 0; }
void kvm_s390_vcpu_unsetup_cmma(struct kvm_vcpu* vcpu) {}
static void kvm_s390_vcpu_crypto_setup(struct kvm_vcpu* vcpu) {}
static void kvm_s390_vcpu_pci_setup(struct kvm_vcpu* vcpu) {}
static void kvm_s390_update_topology_change_report(struct kvm* kvm, bool val) {}
static int __kvm_ucontrol_vcpu_init(struct kvm_vcpu* vcpu) { return -EINVAL; }
#define gmap_remove(g) ((void)(g))
#define gmap_fault(g, a, f) ((void)(g), (long)-EFAULT)
#define is_prot_virt_host() 0
#define uv_cmd_nodata(h, c, rc, rrc) ((void)(rc), (void)(rrc), 0)
#define UVC_CMD_CPU_RESET 0
#define UVC_CMD_CPU_RESET_INITIAL 0
#define UVC_CMD_CPU_RESET_CLEAR 0
#define PV_CPU_STATE_STP 1
#define PV_CPU_STATE_OPR 2
#define PV_CPU_STATE_OPR_LOAD 3
#define BIT_UVC_CMD_DUMP_INIT 24
#define BIT_UVC_CMD_DUMP_CONFIG_STOR_STATE 25
#define BIT_UVC_CMD_DUMP_CPU 26
#define BIT_UVC_CMD_DUMP_COMPLETE 27
static struct { unsigned long inst_calls_list[4]; } uv_info;
static int hpage;
#define num_online_cpus() 2u
#define kvm_s390_handle_pv_vcpu_dump(v, c) ((void)(c), -EINVAL)
#define kvm_s390_vcpu_memsida_op(v, m) ((void)(m), (long)-ENOTTY)
#define kvm_set_irq_routing(k, r, n, f) ((void)(r), 0)
#define kvm_s390_vm_set_attr(k, a) ((void)(a), -ENXIO)
#define kvm_s390_vm_get_attr(k, a) ((void)(a), -ENXIO)
#define kvm_s390_vm_has_attr(k, a) ((void)(a), -ENXIO)
#define kvm_s390_get_skeys(k, a) ((void)(a), -ENOTTY)
#define kvm_s390_set_skeys(k, a) ((void)(a), -ENOTTY)
#define kvm_s390_get_cmma_bits(k, a) ((void)(a), -ENOTTY)
#define kvm_s390_set_cmma_bits(k, a) ((void)(a), -ENOTTY)
#define kvm_s390_handle_pv(k, a) ((void)(a), -EINVAL)
#define kvm_s390_vm_mem_op(k, a) ((void)(a), -ENOTTY)
#define kvm_s390_pci_zpci_op(k, a) ((void)(a), -EINVAL)

// Of generic KVM: signals, run control, floating-point registers.
struct pid;
typedef struct {
  unsigned long sig[1];
} host_sigset_t;
#define sigset_t host_sigset_t
#define rcu_access_pointer(p) ((void)(p), (struct pid*)NULL)
#define rcu_assign_pointer(p, v) ((void)(v))
#define synchronize_rcu() \
  do {                    \
  } while (0)
#define task_pid(t) ((struct pid*)NULL)
#define get_task_pid(t, k) ((struct pid*)NULL)
#define put_pid(p) ((void)(p))
#define kvm_arch_vcpu_run_pid_change(v) 0
#define kvm_arch_vcpu_ioctl_run(v) (-ENOTTY)
#define kvm_arch_vcpu_ioctl_get_fpu(v, f) ((void)(f), -ENOTTY)
#define kvm_arch_vcpu_ioctl_set_fpu(v, f) ((void)(f), -ENOTTY)
#define kvm_arch_vcpu_ioctl_set_guest_debug(v, d) ((void)(d), -EINVAL)
#define kvm_vcpu_ioctl_set_sigmask(v, p) ((void)(p), -ENOTTY)
#define kvm_vcpu_ioctl_get_stats_fd(v) (-ENOTTY)

// Of creating a vCPU: its descriptor, debugfs, dirty ring and reference counts.
#define kmem_cache_zalloc(c, g) host_pages(sizeof(struct kvm_vcpu), 0)
#define kmem_cache_free(c, v) host_free_pages((v), sizeof(struct kvm_vcpu))
#define alloc_page(g) ((struct page*)get_zeroed_page(g))
#define kvm_dirty_ring_alloc(r, i, n) ((void)(r), 0)
#define kvm_dirty_ring_free(r) ((void)(r))
#define kvm_get_kvm(k) ((void)(k))
#define kvm_put_kvm_no_destroy(k) ((void)(k))
#define create_vcpu_fd(v) 0
#define kvm_create_vcpu_debugfs(v) ((void)(v))
#define KVM_BUG_ON(c, k) WARN_ON(c)

#endif  // IRQD_TESTS_CONFORMANCE_KERNEL_LEFT_OUT_H_
