// The kernel's numbers, by the kernel's names. Interrupt types are bigint, as kvm_s390_irq.type has
// 64 bits.
//
// Source: include/uapi/linux/kvm.h of Linux 6.1.
'use strict';

const irqTypes = {
  KVM_S390_SIGP_STOP: 0xfffe0000n,
  KVM_S390_PROGRAM_INT: 0xfffe0001n,
  KVM_S390_SIGP_SET_PREFIX: 0xfffe0002n,
  KVM_S390_RESTART: 0xfffe0003n,
  KVM_S390_INT_PFAULT_INIT: 0xfffe0004n,
  KVM_S390_INT_PFAULT_DONE: 0xfffe0005n,
  KVM_S390_MCHK: 0xfffe1000n,
  KVM_S390_INT_CLOCK_COMP: 0xffff1004n,
  KVM_S390_INT_CPU_TIMER: 0xffff1005n,
  KVM_S390_INT_VIRTIO: 0xffff2603n,
  KVM_S390_INT_SERVICE: 0xffff2401n,
  KVM_S390_INT_EMERGENCY: 0xffff1201n,
  KVM_S390_INT_EXTERNAL_CALL: 0xffff1202n,
  // All up to here is I/O, 0 included.
  KVM_S390_INT_IO_MAX: 0xfffdffffn,
};

const runStates = {
  KVM_MP_STATE_STOPPED: 5,
  KVM_MP_STATE_OPERATING: 7,
};

const capabilities = {
  KVM_CAP_S390_IRQCHIP: 99,
  KVM_CAP_S390_INJECT_IRQ: 113,
  KVM_CAP_S390_IRQ_STATE: 114,
  KVM_CAP_S390_AIS: 141,
};

const flic = {
  KVM_DEV_TYPE_FLIC: 6,
  KVM_DEV_FLIC_GET_ALL_IRQS: 1,
  KVM_DEV_FLIC_ENQUEUE: 2,
  KVM_DEV_FLIC_CLEAR_IRQS: 3,
  KVM_DEV_FLIC_APF_ENABLE: 4,
  KVM_DEV_FLIC_APF_DISABLE_WAIT: 5,
  KVM_DEV_FLIC_ADAPTER_REGISTER: 6,
  KVM_DEV_FLIC_ADAPTER_MODIFY: 7,
  KVM_DEV_FLIC_CLEAR_IO_IRQ: 8,
  KVM_DEV_FLIC_AISM: 9,
  KVM_DEV_FLIC_AIRQ_INJECT: 10,
  KVM_DEV_FLIC_AISM_ALL: 11,
};

module.exports = { ...irqTypes, ...runStates, ...capabilities, ...flic };
