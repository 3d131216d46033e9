// VMs of kernel_interrupt.h.
#include "tests/conformance/kernel/kernel_interrupt.h"
#include "tests/conformance/kernel/linux_code.h"

static void enter(struct kvm* vm) { host_machine = &vm->host_machine; }

static void add_facility(struct kvm* vm, unsigned long number) {
  set_kvm_facility(vm->arch.model.fac_mask, number);
  set_kvm_facility(vm->arch.model.fac_list, number);
}

static void set_up_machine(struct host_machine* m, const struct kernel_machine* machine) {
  m->tod = 0x2000000000000000ULL;
  m->css.aiv = machine->gisa;
  m->sclp_info.has_gisaf = machine->gisa;
  m->sclp_info.has_sigpif = machine->sigp_interpretation;
  m->sclp_info.has_esca = machine->extended_sca;
  m->sclp_info.has_64bscao = machine->extended_sca;
  m->sclp_info.has_siif = 1;
  m->sclp_info.has_ib = 1;
  m->sclp_info.has_cei = 1;
  m->sclp_info.has_ibs = 1;
  m->sclp_info.hamax = ~0UL;
}

// As kvm_arch_init_vm, as far as interrupts are concerned.
static void set_up_interrupts(struct kvm* vm) {
  int i;

  mutex_init(&vm->arch.float_int.ais_lock);
  spin_lock_init(&vm->arch.float_int.lock);
  for (i = 0; i < FIRQ_LIST_COUNT; i++) INIT_LIST_HEAD(&vm->arch.float_int.lists[i]);
  vm->arch.gmap = &vm->host_gmap;
  spin_lock_init(&vm->arch.start_stop_lock);
  kvm_s390_gisa_init(vm);
}

struct kvm* kernel_vm_create(const struct kernel_machine* machine) {
  struct kvm* vm = host_pages(sizeof(*vm), 0);

  if (!vm) return NULL;
  set_up_machine(&vm->host_machine, machine);
  enter(vm);
  vm->mm = current->mm;
  vm->max_vcpus = KVM_MAX_VCPUS;
  mutex_init(&vm->lock);
  mutex_init(&vm->slots_lock);
  rwlock_init(&vm->arch.sca_lock);
  vm->arch.sca = (void*)get_zeroed_page(GFP_KERNEL);
  vm->arch.sie_page2 = (struct sie_page2*)get_zeroed_page(GFP_DMA);
  if (!vm->arch.sca || !vm->arch.sie_page2) {
    free_page((unsigned long)vm->arch.sca);
    free_page((unsigned long)vm->arch.sie_page2);
    host_free_pages(vm, sizeof(*vm));
    return NULL;
  }
  vm->arch.sie_page2->kvm = vm;
  vm->arch.model.fac_list = (void*)vm->arch.sie_page2->fac_list;
  add_facility(vm, 138);
  add_facility(vm, 74);
  set_up_interrupts(vm);
  vm->host_flic = kzalloc(sizeof(*vm->host_flic), GFP_KERNEL);
  vm->host_flic->ops = linux_flic_ops();
  vm->host_flic->kvm = vm;
  linux_flic_ops()->create(vm->host_flic, 0);
  return vm;
}

// As kvm_arch_destroy_vm.
void kernel_vm_destroy(struct kvm* vm) {
  unsigned long i;
  struct kvm_vcpu* vcpu;

  enter(vm);
  kvm_for_each_vcpu(i, vcpu, vm) {
    kvm_arch_vcpu_destroy(vcpu);
    free_page((unsigned long)vcpu->run);
    host_free_pages(vcpu, sizeof(*vcpu));
  }
  if (vm->arch.use_esca)
    free_pages_exact(vm->arch.sca, sizeof(struct esca_block));
  else
    free_page((unsigned long)vm->arch.sca);
  kvm_s390_gisa_destroy(vm);
  free_page((unsigned long)vm->arch.sie_page2);
  kvm_s390_destroy_adapters(vm);
  kvm_s390_clear_float_irqs(vm);
  linux_flic_ops()->destroy(vm->host_flic);
  host_machine = NULL;
  host_free_pages(vm, sizeof(*vm));
}

long kernel_vm_ioctl(struct kvm* vm, unsigned int request, void* arg) {
  struct file file = {.private_data = vm};
  struct kvm_enable_cap cap;

  enter(vm);
  switch (request) {
    case KVM_CREATE_VCPU:
      return linux_create_vcpu(vm, (unsigned long)arg);
    case KVM_CHECK_EXTENSION:
      return linux_check_extension(vm, (long)arg);
    case KVM_ENABLE_CAP:
      if (copy_from_user(&cap, arg, sizeof(cap))) return -EFAULT;
      return kvm_vm_ioctl_enable_cap(vm, &cap);
    default:
      return kvm_arch_vm_ioctl(&file, request, (unsigned long)arg);
  }
}

long kernel_flic_ioctl(struct kvm* vm, unsigned int request, void* arg) {
  struct file file = {.private_data = vm->host_flic};

  enter(vm);
  return linux_device_ioctl(&file, request, (unsigned long)arg);
}

unsigned long long kernel_vm_pending(const struct kvm* vm) {
  return vm->arch.float_int.pending_irqs;
}

void kernel_vm_set_tod(struct kvm* vm, unsigned long long tod) {
  WRITE_ONCE(vm->host_machine.tod, tod);
}

void kernel_vm_set_new_psw_mask(struct kvm* vm, enum kernel_new_psw which,
                                unsigned long long mask) {
  vm->host_machine.new_psw_mask[which] = mask;
}

static const u64 kGuestMemory = 2ULL << 30;

int host_guest_write(struct kvm* kvm, u64 gpa, u64 len) {
  return gpa >= kGuestMemory || len > kGuestMemory - gpa ? -EFAULT : 0;
}

int host_guest_read(struct kvm* kvm, u64 gpa, void* data, u64 len) {
  static const u64 kNewPsws[HOST_NEW_PSWS] = {
      offsetof(struct lowcore, restart_psw),     offsetof(struct lowcore, external_new_psw),
      offsetof(struct lowcore, program_new_psw), offsetof(struct lowcore, mcck_new_psw),
      offsetof(struct lowcore, io_new_psw),
  };
  int i;

  if (gpa >= kGuestMemory || len > kGuestMemory - gpa) return -EFAULT;
  memset(data, 0, len);
  for (i = 0; i < HOST_NEW_PSWS; i++) {
    psw_t psw = {.mask = kvm->host_machine.new_psw_mask[i], .addr = 0x1000};

    if (len == sizeof(psw) && gpa % sizeof(struct lowcore) == kNewPsws[i])
      memcpy(data, &psw, sizeof(psw));
  }
  return 0;
}
