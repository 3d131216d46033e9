"""What calls take and give, besides records and numbers."""

from __future__ import annotations

import dataclasses
import enum
from typing import Optional

from irqd.errors import check
from irqd.irq import Irq
from irqd.irq_state import IrqState

__all__ = [
    "Deliverable",
    "DeliveredIrq",
    "Delivery",
    "DeviceAttr",
    "HeldBy",
    "HostProfile",
    "PendingIrq",
    "SigpOrder",
    "SigpResult",
    "VcpuInfo",
    "VcpuIrqState",
    "VcpuRegisters",
    "VmInfo",
    "VmRegisters",
]


@dataclasses.dataclass(frozen=True)
class HostProfile:
    """What the simulated machine is; None and "" leave it to the server.

    proto/irqd/v1/resources.proto says what each decides.
    """

    kernel: str = ""  # "linux-6.1" or "linux-4.1"
    sigp_interpretation: Optional[bool] = None
    extended_sca: Optional[bool] = None
    gisa: Optional[bool] = None


@dataclasses.dataclass(frozen=True)
class VmInfo:
    id: int
    name: str
    host_profile: HostProfile
    vcpu_count: int
    floating_pending: int  # the kernel's word; a glance, not ordered with other calls


@dataclasses.dataclass(frozen=True)
class VcpuInfo:
    id: int
    mp_state: int
    pending: int  # the kernel's word; a glance, not ordered with other calls


@dataclasses.dataclass(frozen=True)
class VcpuIrqState:
    """One vCPU's part in Vm.get_irq_states()."""

    vcpu_id: int
    ret: int  # the size of what was written, or -errno
    buf: bytes  # what the kernel wrote; with -ENOBUFS what did fit

    def irqs(self) -> IrqState:
        """IoctlError: ret is negative."""
        check("KVM_S390_GET_IRQ_STATE", self.ret, self.buf)
        return IrqState(self.buf)


@dataclasses.dataclass(frozen=True)
class DeviceAttr:
    """What KVM_GET_DEVICE_ATTR gave: the ioctl's result, and what was written at the address."""

    ret: int
    memory: bytes


@dataclasses.dataclass(frozen=True)
class VcpuRegisters:
    """What decides about deliveries to a vCPU."""

    psw_mask: int
    cr0: int
    cr6: int
    cr14: int
    clock_comparator: int  # in units of the TOD clock: 2^-12 microseconds
    cpu_timer: int  # in the same units
    prefix: int


@dataclasses.dataclass(frozen=True)
class VmRegisters:
    """The TOD clock, and the masks of the new PSWs by class of interruption."""

    tod_clock: int
    new_psw_restart: int
    new_psw_external: int
    new_psw_program: int
    new_psw_machine_check: int
    new_psw_io: int


class HeldBy(enum.IntEnum):
    """What keeps an interrupt from being delivered; guest.proto has the bits."""

    UNSPECIFIED = 0
    NOTHING = 1
    PSW_EXTERNAL = 2
    PSW_IO = 3
    PSW_MACHINE_CHECK = 4
    CR0_EMERGENCY_SIGNAL = 5
    CR0_EXTERNAL_CALL = 6
    CR0_CLOCK_COMPARATOR = 7
    CR0_CPU_TIMER = 8
    CR0_SERVICE_SIGNAL = 9
    CR6_ISC = 10
    CR14_SUBCLASS = 11
    TIMER_NOT_REACHED = 12
    STOP_INTERCEPT = 13
    SIGP_INTERPRETATION = 14


@dataclasses.dataclass(frozen=True)
class PendingIrq:
    """One kind of interrupt that is pending."""

    type: int  # 0 for all I/O
    isc: int  # of I/O
    count: int
    held_by: HeldBy


@dataclasses.dataclass(frozen=True)
class DeliveredIrq:
    irq: Irq
    data0: int  # as in the kernel's trace point of a delivery; guest.proto has them by type
    data1: int


@dataclasses.dataclass(frozen=True)
class Delivery:
    delivered: tuple[DeliveredIrq, ...]  # in the order of delivery
    pending: tuple[PendingIrq, ...]  # afterwards, by descending priority
    more: bool  # max_irqs ended it: something could still be delivered


@dataclasses.dataclass(frozen=True)
class Deliverable:
    pending: tuple[PendingIrq, ...]  # by descending priority
    has_irq: bool  # something would be delivered, or a stop is pending
    has_irq_besides_stop: bool


class SigpOrder(enum.IntEnum):
    """The architecture's order codes."""

    SENSE = 1
    EXTERNAL_CALL = 2
    EMERGENCY_SIGNAL = 3
    START = 4
    STOP = 5
    RESTART = 6
    STOP_AND_STORE_STATUS = 9
    INITIAL_CPU_RESET = 11
    CPU_RESET = 12
    SET_PREFIX = 13


@dataclasses.dataclass(frozen=True)
class SigpResult:
    """condition_code 0: accepted, 1: status stored, 2: busy, 3: not operational."""

    condition_code: int
    status: int  # with condition code 1
