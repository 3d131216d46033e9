"""Batch: many of the kernel's calls in one."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from irqd._calls.call import Call, vm_ref
from irqd.irq_state import IrqLike, IrqsLike, to_bytes
from irqd.kvm import KVM_S390_IRQ_SIZE
from irqd.types import VcpuIrqState
from irqd.v1 import batch_pb2

# One message of a stream: records with the vCPU that each is for.
Batch = Iterable[tuple[int, IrqLike]]


def get_irq_states(vm_id: int, vcpu_ids: Iterable[int], len: int,
                   one_instant: bool) -> Call[list[VcpuIrqState]]:
    request = batch_pb2.GetIrqStatesRequest(
        vm=vm_ref(vm_id), vcpu_ids=vcpu_ids, len=len, one_instant=one_instant)

    def read(got: Any) -> list[VcpuIrqState]:
        states, start = [], 0
        for vcpu_id, ret, size in zip(got.vcpu_ids, got.ret, got.size):
            states.append(VcpuIrqState(vcpu_id, ret, got.buf[start:start + size]))
            start += size
        return states

    return Call("Batch", "GetIrqStates", request, read)


def set_irq_states(vm_id: int, states: Mapping[int, IrqsLike]) -> Call[dict[int, int]]:
    images = {vcpu_id: to_bytes(irqs) for vcpu_id, irqs in states.items()}
    request = batch_pb2.SetIrqStatesRequest(
        vm=vm_ref(vm_id), vcpu_ids=images, len=map(len, images.values()),
        buf=b"".join(images.values()))
    return Call("Batch", "SetIrqStates", request, lambda got: dict(zip(images, got.ret)))


def inject_stream_message(vm_id: int, batch: Batch) -> batch_pb2.InjectStreamRequest:
    """ValueError: a record is not 72 bytes long, so that others would take its place."""
    pairs = [(vcpu_id, bytes(irq)) for vcpu_id, irq in batch]
    for _, image in pairs:
        if len(image) != KVM_S390_IRQ_SIZE:
            raise ValueError("a record of %d bytes; struct kvm_s390_irq has 72" % len(image))
    return batch_pb2.InjectStreamRequest(
        vm=vm_ref(vm_id), vcpu_ids=[vcpu_id for vcpu_id, _ in pairs],
        records=b"".join(image for _, image in pairs))


def inject_stream_rets(response: Any) -> list[int]:
    return list(response.ret)
