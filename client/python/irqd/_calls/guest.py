"""Guest: what a guest does, where no guest runs."""

from __future__ import annotations

from typing import Any, Iterable, Optional

from irqd._calls.call import Call, VcpuId, nothing, vm_ref
from irqd.errors import check
from irqd.irq import Irq
from irqd.types import (Deliverable, DeliveredIrq, Delivery, HeldBy, PendingIrq, SigpResult,
                        VcpuRegisters, VmRegisters)
from irqd.v1 import guest_pb2


def get_vcpu_registers(vcpu: VcpuId) -> Call[VcpuRegisters]:
    def read(got: Any) -> VcpuRegisters:
        return VcpuRegisters(got.psw_mask, got.cr0, got.cr6, got.cr14, got.clock_comparator,
                             got.cpu_timer, got.prefix)

    request = guest_pb2.GetVcpuRegistersRequest(vcpu=vcpu.ref())
    return Call("Guest", "GetVcpuRegisters", request, read)


def set_vcpu_registers(vcpu: VcpuId, values: dict[str, Optional[int]]) -> Call[None]:
    request = guest_pb2.SetVcpuRegistersRequest(
        vcpu=vcpu.ref(), registers=guest_pb2.VcpuRegisters(**_set(values)))
    return Call("Guest", "SetVcpuRegisters", request, nothing)


def get_vm_registers(vm_id: int) -> Call[VmRegisters]:
    def read(got: Any) -> VmRegisters:
        return VmRegisters(got.tod_clock, got.new_psw_restart, got.new_psw_external,
                           got.new_psw_program, got.new_psw_machine_check, got.new_psw_io)

    request = guest_pb2.GetVmRegistersRequest(vm=vm_ref(vm_id))
    return Call("Guest", "GetVmRegisters", request, read)


def set_vm_registers(vm_id: int, values: dict[str, Optional[int]]) -> Call[None]:
    request = guest_pb2.SetVmRegistersRequest(
        vm=vm_ref(vm_id), registers=guest_pb2.VmRegisters(**_set(values)))
    return Call("Guest", "SetVmRegisters", request, nothing)


def deliver(vcpu: VcpuId, max_irqs: int) -> Call[Delivery]:
    def read(got: Any) -> Delivery:
        check("Deliver", got.ret)
        delivered = tuple(
            DeliveredIrq(Irq.from_bytes(one.irq), one.data0, one.data1) for one in got.delivered)
        return Delivery(delivered, _pending(got.pending), got.more)

    request = guest_pb2.DeliverRequest(vcpu=vcpu.ref(), max_irqs=max_irqs)
    return Call("Guest", "Deliver", request, read)


def get_deliverable(vcpu: VcpuId) -> Call[Deliverable]:
    request = guest_pb2.GetDeliverableRequest(vcpu=vcpu.ref())
    return Call("Guest", "GetDeliverable", request, lambda got: Deliverable(
        _pending(got.pending), got.has_irq, got.has_irq_besides_stop))


def stop_intercept(vcpu: VcpuId) -> Call[None]:
    def read(got: Any) -> None:
        check("StopIntercept", got.ret)

    request = guest_pb2.StopInterceptRequest(vcpu=vcpu.ref())
    return Call("Guest", "StopIntercept", request, read)


def sigp(vcpu: VcpuId, to_vcpu_id: int, order: int, parameter: int) -> Call[SigpResult]:
    request = guest_pb2.SigpRequest(
        vcpu=vcpu.ref(), to_vcpu_id=to_vcpu_id, order=order, parameter=parameter)
    return Call("Guest", "Sigp", request,
                lambda got: SigpResult(got.condition_code, got.status))


def _set(values: dict[str, Optional[int]]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _pending(kinds: Iterable[Any]) -> tuple[PendingIrq, ...]:
    return tuple(
        PendingIrq(kind.type, kind.isc, kind.count, HeldBy(kind.held_by)) for kind in kinds)
