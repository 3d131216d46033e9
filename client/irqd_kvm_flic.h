/*
 * irqd_kvm_flic.h: the s390 names for KVM_SET_DEVICE_ATTR and KVM_GET_DEVICE_ATTR on the floating
 * interrupt controller (KVM_DEV_TYPE_FLIC), which <linux/kvm.h> declares on s390 only. There this
 * header declares nothing.
 *
 * Structures are in host byte order, as all of irqd_kvm.h. The meaning of each group is the
 * kernel's: Documentation/virt/kvm/devices/s390_flic.rst of Linux 6.1.
 */
#ifndef IRQD_CLIENT_IRQD_KVM_FLIC_H_
#define IRQD_CLIENT_IRQD_KVM_FLIC_H_

#include <linux/kvm.h>
#include <linux/types.h>

#ifndef KVM_DEV_FLIC_GET_ALL_IRQS

/* Groups of attributes. attr is the size of the memory at addr where nothing else is said. */
#define KVM_DEV_FLIC_GET_ALL_IRQS 1     /* get: struct kvm_s390_irq[]; returns how many */
#define KVM_DEV_FLIC_ENQUEUE 2          /* set: struct kvm_s390_irq[] */
#define KVM_DEV_FLIC_CLEAR_IRQS 3       /* set: nothing is read */
#define KVM_DEV_FLIC_APF_ENABLE 4       /* set: nothing is read */
#define KVM_DEV_FLIC_APF_DISABLE_WAIT 5 /* set: nothing is read */
#define KVM_DEV_FLIC_ADAPTER_REGISTER 6 /* set: struct kvm_s390_io_adapter */
#define KVM_DEV_FLIC_ADAPTER_MODIFY 7   /* set: struct kvm_s390_io_adapter_req */
#define KVM_DEV_FLIC_CLEAR_IO_IRQ 8     /* set: __u32, subchannel id << 16 | number */
#define KVM_DEV_FLIC_AISM 9             /* set: struct kvm_s390_ais_req */
#define KVM_DEV_FLIC_AIRQ_INJECT 10     /* set: attr is the adapter's id; nothing is read */
#define KVM_DEV_FLIC_AISM_ALL 11        /* get, set: struct kvm_s390_ais_all */

/* The largest attr of KVM_DEV_FLIC_GET_ALL_IRQS and KVM_DEV_FLIC_ENQUEUE, in bytes. */
#define KVM_S390_FLIC_MAX_BUFFER 0x2000000
/* I/O interrupts that can be pending. */
#define KVM_S390_MAX_FLOAT_IRQS 266250

struct kvm_s390_io_adapter {
  __u32 id; /* 0 to 63 */
  __u8 isc;
  __u8 maskable;
  __u8 swap;
  __u8 flags;
};
#define KVM_S390_ADAPTER_SUPPRESSIBLE 0x01

struct kvm_s390_io_adapter_req {
  __u32 id;
  __u8 type;
  __u8 mask; /* of KVM_S390_IO_ADAPTER_MASK: 0 or 1 */
  __u16 pad0;
  __u64 addr;
};
#define KVM_S390_IO_ADAPTER_MASK 1
#define KVM_S390_IO_ADAPTER_MAP 2
#define KVM_S390_IO_ADAPTER_UNMAP 3

struct kvm_s390_ais_req {
  __u8 isc;
  __u16 mode; /* 0: all interrupts, 1: a single one */
};

/* Bit 0x80 >> ISC of each: in single mode; in no-interruptions mode after a single one. */
struct kvm_s390_ais_all {
  __u8 simm;
  __u8 nimm;
};

#endif /* KVM_DEV_FLIC_GET_ALL_IRQS */

#endif /* IRQD_CLIENT_IRQD_KVM_FLIC_H_ */
