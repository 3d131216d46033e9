"""The kernel's own names and numbers for s390 interrupts, as in <linux/kvm.h> of Linux 6.1."""

from typing import Final as _Final

# Types of interrupts: kvm_s390_irq.type, kvm_s390_interrupt.type.
KVM_S390_SIGP_STOP: _Final = 0xFFFE0000
KVM_S390_PROGRAM_INT: _Final = 0xFFFE0001
KVM_S390_SIGP_SET_PREFIX: _Final = 0xFFFE0002
KVM_S390_RESTART: _Final = 0xFFFE0003
KVM_S390_INT_PFAULT_INIT: _Final = 0xFFFE0004
KVM_S390_INT_PFAULT_DONE: _Final = 0xFFFE0005
KVM_S390_MCHK: _Final = 0xFFFE1000
KVM_S390_INT_CLOCK_COMP: _Final = 0xFFFF1004
KVM_S390_INT_CPU_TIMER: _Final = 0xFFFF1005
KVM_S390_INT_EMERGENCY: _Final = 0xFFFF1201
KVM_S390_INT_EXTERNAL_CALL: _Final = 0xFFFF1202
KVM_S390_INT_SERVICE: _Final = 0xFFFF2401
KVM_S390_INT_VIRTIO: _Final = 0xFFFF2603
# Every type from MIN to MAX is an I/O interrupt.
KVM_S390_INT_IO_MIN: _Final = 0x00000000
KVM_S390_INT_IO_MAX: _Final = 0xFFFDFFFF
KVM_S390_INT_IO_AI_MASK: _Final = 0x04000000


def KVM_S390_INT_IO(ai: int, cssid: int, ssid: int, schid: int) -> int:
    """The type of an I/O interrupt of a subchannel, or (ai 1) of an adapter."""
    return schid | ssid << 16 | cssid << 18 | ai << 26


# kvm_s390_stop_info.flags.
KVM_S390_STOP_FLAG_STORE_STATUS: _Final = 0x01
# kvm_s390_pgm_info.flags.
KVM_S390_PGM_FLAGS_ILC_VALID: _Final = 0x01
KVM_S390_PGM_FLAGS_ILC_0: _Final = 0x02
KVM_S390_PGM_FLAGS_ILC_1: _Final = 0x04
KVM_S390_PGM_FLAGS_ILC_MASK: _Final = 0x06
KVM_S390_PGM_FLAGS_NO_REWIND: _Final = 0x08

# The ioctls that take no argument: kinds of Vcpu.reset().
KVM_S390_INITIAL_RESET: _Final = 0xAE97
KVM_S390_NORMAL_RESET: _Final = 0xAEC3
KVM_S390_CLEAR_RESET: _Final = 0xAEC4

# kvm_mp_state.mp_state; s390 has the first two here.
KVM_MP_STATE_STOPPED: _Final = 5
KVM_MP_STATE_OPERATING: _Final = 7
KVM_MP_STATE_CHECK_STOP: _Final = 6
KVM_MP_STATE_LOAD: _Final = 8

# KVM_CHECK_EXTENSION, KVM_ENABLE_CAP.
KVM_CAP_NR_VCPUS: _Final = 9
KVM_CAP_MP_STATE: _Final = 14
KVM_CAP_MAX_VCPUS: _Final = 66
KVM_CAP_S390_IRQCHIP: _Final = 99
KVM_CAP_S390_INJECT_IRQ: _Final = 113
KVM_CAP_S390_IRQ_STATE: _Final = 114
KVM_CAP_MAX_VCPU_ID: _Final = 128
KVM_CAP_S390_AIS: _Final = 141
KVM_CAP_S390_AIS_MIGRATION: _Final = 150
KVM_CAP_S390_VCPU_RESETS: _Final = 179

# KVM_CREATE_DEVICE.
KVM_DEV_TYPE_FLIC: _Final = 6
KVM_CREATE_DEVICE_TEST: _Final = 1

# Groups of the FLIC's attributes.
KVM_DEV_FLIC_GET_ALL_IRQS: _Final = 1
KVM_DEV_FLIC_ENQUEUE: _Final = 2
KVM_DEV_FLIC_CLEAR_IRQS: _Final = 3
KVM_DEV_FLIC_APF_ENABLE: _Final = 4
KVM_DEV_FLIC_APF_DISABLE_WAIT: _Final = 5
KVM_DEV_FLIC_ADAPTER_REGISTER: _Final = 6
KVM_DEV_FLIC_ADAPTER_MODIFY: _Final = 7
KVM_DEV_FLIC_CLEAR_IO_IRQ: _Final = 8
KVM_DEV_FLIC_AISM: _Final = 9
KVM_DEV_FLIC_AIRQ_INJECT: _Final = 10
KVM_DEV_FLIC_AISM_ALL: _Final = 11

# Bytes. sizeof(struct kvm_s390_irq); the most that a vCPU can have pending, and a FLIC's list.
KVM_S390_IRQ_SIZE: _Final = 72
VCPU_IRQS_MAX_BUF: _Final = 20664
KVM_S390_FLIC_MAX_BUFFER: _Final = 0x2000000

_TYPES = ("KVM_S390_SIGP_", "KVM_S390_PROGRAM_INT", "KVM_S390_RESTART", "KVM_S390_MCHK",
          "KVM_S390_INT_")
_NAMES = {
    value: name
    for name, value in list(globals().items())
    if name.startswith(_TYPES) and isinstance(value, int) and value > KVM_S390_INT_IO_MAX
}


def irq_type_name(type: int) -> str:
    """The kernel's name of a type, e.g. "KVM_S390_MCHK"; of one that has no name, the number."""
    return _NAMES.get(type, "%#x" % type)
