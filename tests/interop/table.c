/*
 * The table of README.md in C: the ioctls of /dev/kvm, on descriptors of libirqd_kvm.so.
 *
 *     table 127.0.0.1:50051
 */
#include <endian.h>
#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/irqd_kvm.h"

/* 287 records are always enough for a GET. */
enum { kRecords = 287, kMaxState = kRecords * sizeof(struct kvm_s390_irq) };

static struct kvm_s390_irq state[kRecords];

/* What an ioctl returned, with errno as the kernel has it inside: negative. */
static int ret(int result) { return result < 0 ? -errno : result; }

/* A descriptor, or the end. */
static int descriptor(int result, const char* call) {
  if (result < 0) {
    perror(call);
    exit(1);
  }
  return result;
}

static int get(int vcpu, struct kvm_s390_irq* buffer, unsigned int len) {
  struct kvm_s390_irq_state argument = {.buf = (unsigned long)buffer, .len = len};
  return ret(irqd_ioctl(vcpu, KVM_S390_GET_IRQ_STATE, &argument));
}

static int set(int vcpu, const struct kvm_s390_irq* buffer, unsigned int len) {
  struct kvm_s390_irq_state argument = {.buf = (unsigned long)buffer, .len = len};
  return ret(irqd_ioctl(vcpu, KVM_S390_SET_IRQ_STATE, &argument));
}

/* 0 for a vCPU that was made: its descriptor is nobody else's affair. */
static int create_vcpu(int vm, unsigned long id) {
  int result = irqd_ioctl(vm, KVM_CREATE_VCPU, id);
  return result < 0 ? -errno : 0;
}

/*
 * Prints `size` bytes of records as s390x memory would hold them. Structures are in the byte order
 * of the machine that this runs on, as they are for every ioctl; only the table wants the other.
 */
static void print_images(const char* name, const struct kvm_s390_irq* irqs, int size) {
  printf(" %s=", name);
  for (int i = 0; i < size / (int)sizeof(*irqs); i++) {
    struct kvm_s390_irq image = {.type = htobe64(irqs[i].type)};
    if (irqs[i].type == KVM_S390_MCHK) {
      const struct kvm_s390_mchk_info* mchk = &irqs[i].u.mchk;
      image.u.mchk = *mchk;
      image.u.mchk.cr14 = htobe64(mchk->cr14);
      image.u.mchk.mcic = htobe64(mchk->mcic);
      image.u.mchk.failing_storage_address = htobe64(mchk->failing_storage_address);
      image.u.mchk.ext_damage_code = htobe32(mchk->ext_damage_code);
      image.u.mchk.pad = htobe32(mchk->pad);
    } else if (irqs[i].type == KVM_S390_PROGRAM_INT) {
      const struct kvm_s390_pgm_info* pgm = &irqs[i].u.pgm;
      image.u.pgm = *pgm;
      image.u.pgm.trans_exc_code = htobe64(pgm->trans_exc_code);
      image.u.pgm.mon_code = htobe64(pgm->mon_code);
      image.u.pgm.per_address = htobe64(pgm->per_address);
      image.u.pgm.data_exc_code = htobe32(pgm->data_exc_code);
      image.u.pgm.code = htobe16(pgm->code);
      image.u.pgm.mon_class_nr = htobe16(pgm->mon_class_nr);
    } else { /* an emergency signal: the address of the CPU that sent it */
      image.u.emerg.code = htobe16(irqs[i].u.emerg.code);
    }
    for (unsigned int byte = 0; byte < sizeof(image); byte++) {
      printf("%02x", ((const unsigned char*)&image)[byte]);
    }
  }
}

static void inject(int vcpu) {
  const struct kvm_s390_irq irqs[] = {
      {.type = KVM_S390_SIGP_STOP, .u.stop.flags = 0x80000000},
      {.type = KVM_S390_INT_EMERGENCY, .u.emerg.code = 31},
      {.type = KVM_S390_MCHK,
       .u.mchk = {.cr14 = 1ull << 28,
                  .mcic = 1ull << 62,
                  .ext_damage_code = 0xffffffff,
                  .pad = 0x6e3d0ede,
                  .fixed_logout = {0x98, 0x89, 0xc3, 0x30, 0xff, 0xd2, 0x25, 0xc9, 0xbd, 0xc7, 0x39,
                                   0x60, 0xb7, 0x99, 0x89, 0x5a}}},
      {.type = KVM_S390_PROGRAM_INT,
       .u.pgm = {.mon_code = 0x8000,
                 .per_address = 0x166e6a9c7b7dc9cb,
                 .data_exc_code = 0xa609ca,
                 .code = 0x10,
                 .mon_class_nr = 0xdea1,
                 .per_code = 0x3e,
                 .per_atmid = 0x8c,
                 .exc_access_id = 0x86,
                 .per_access_id = 0xa7,
                 .op_access_id = 0x73,
                 .pad = {0x4c, 0x01}}},
  };
  printf("inject ret=");
  for (int i = 0; i < 4; i++) {
    printf("%s%d", i ? "," : "", ret(irqd_ioctl(vcpu, KVM_S390_IRQ, &irqs[i])));
  }
  printf("\n");
}

/* The size of what is in `state` then. */
static int get_twice(int vcpu) {
  /* On ENOBUFS what fits is written, and only the buffer tells how much that is. */
  struct kvm_s390_irq fitted[2] = {{0}};
  int small = get(vcpu, fitted, sizeof(fitted));
  int large = small == -ENOBUFS ? get(vcpu, state, kMaxState) : small;
  printf("get small=%d", small);
  print_images("fitted", fitted, sizeof(fitted));
  printf(" large=%d", large);
  print_images("all", state, large);
  printf("\n");
  return large;
}

static void set_where_busy(int vcpu, int size) {
  struct kvm_s390_irq kept[kRecords];
  printf("set ret=%d", set(vcpu, state, size));
  print_images("kept", kept, get(vcpu, kept, kMaxState));
  printf("\n");
}

static void move(int kvm, int from, int size) {
  struct kvm_s390_irq there[kRecords];
  int vm = descriptor(irqd_ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
  int vcpu = descriptor(irqd_ioctl(vm, KVM_CREATE_VCPU, 2), "KVM_CREATE_VCPU");
  create_vcpu(vm, 3);
  create_vcpu(vm, 31);
  printf("move set=%d", set(vcpu, state, size));
  print_images("there", there, get(vcpu, there, kMaxState));
  printf(" reset=%d", ret(irqd_ioctl(from, KVM_S390_NORMAL_RESET)));
  printf(" here=%d\n", get(from, there, kMaxState));
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: table TARGET\n");
    return 2;
  }
  /* exit() closes all descriptors, and with the last one of a VM the VM is gone. */
  int kvm = descriptor(irqd_open(argv[1], NULL), "irqd_open");
  int vm = descriptor(irqd_ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
  int vcpu = descriptor(irqd_ioctl(vm, KVM_CREATE_VCPU, 2), "KVM_CREATE_VCPU");
  create_vcpu(vm, 3);
  int first = create_vcpu(vm, 31);
  printf("create first=%d again=%d\n", first, create_vcpu(vm, 31));
  inject(vcpu);
  int size = get_twice(vcpu);
  set_where_busy(vcpu, size);
  move(kvm, vcpu, size);
  printf("stream n/a\ndeadline n/a\nuntouched n/a\nunknown n/a\ndetails n/a\n");
  return 0;
}
