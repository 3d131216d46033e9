// The kernel's numbers, by the kernel's names. Interrupt types are bigint, as kvm_s390_irq.type has
// 64 bits. Assigned one by one, so that modules can import each by its name.
//
// Source: include/uapi/linux/kvm.h of Linux 6.1.
'use strict';

exports.KVM_S390_SIGP_STOP = 0xfffe0000n;
exports.KVM_S390_PROGRAM_INT = 0xfffe0001n;
exports.KVM_S390_SIGP_SET_PREFIX = 0xfffe0002n;
exports.KVM_S390_RESTART = 0xfffe0003n;
exports.KVM_S390_INT_PFAULT_INIT = 0xfffe0004n;
exports.KVM_S390_INT_PFAULT_DONE = 0xfffe0005n;
exports.KVM_S390_MCHK = 0xfffe1000n;
exports.KVM_S390_INT_CLOCK_COMP = 0xffff1004n;
exports.KVM_S390_INT_CPU_TIMER = 0xffff1005n;
exports.KVM_S390_INT_VIRTIO = 0xffff2603n;
exports.KVM_S390_INT_SERVICE = 0xffff2401n;
exports.KVM_S390_INT_EMERGENCY = 0xffff1201n;
exports.KVM_S390_INT_EXTERNAL_CALL = 0xffff1202n;
// All up to here is I/O, 0 included.
exports.KVM_S390_INT_IO_MAX = 0xfffdffffn;

exports.KVM_MP_STATE_STOPPED = 5;
exports.KVM_MP_STATE_OPERATING = 7;

exports.KVM_CAP_S390_IRQCHIP = 99;
exports.KVM_CAP_S390_INJECT_IRQ = 113;
exports.KVM_CAP_S390_IRQ_STATE = 114;
exports.KVM_CAP_S390_AIS = 141;

exports.KVM_DEV_TYPE_FLIC = 6;
exports.KVM_DEV_FLIC_GET_ALL_IRQS = 1;
exports.KVM_DEV_FLIC_ENQUEUE = 2;
exports.KVM_DEV_FLIC_CLEAR_IRQS = 3;
exports.KVM_DEV_FLIC_APF_ENABLE = 4;
exports.KVM_DEV_FLIC_APF_DISABLE_WAIT = 5;
exports.KVM_DEV_FLIC_ADAPTER_REGISTER = 6;
exports.KVM_DEV_FLIC_ADAPTER_MODIFY = 7;
exports.KVM_DEV_FLIC_CLEAR_IO_IRQ = 8;
exports.KVM_DEV_FLIC_AISM = 9;
exports.KVM_DEV_FLIC_AIRQ_INJECT = 10;
exports.KVM_DEV_FLIC_AISM_ALL = 11;
