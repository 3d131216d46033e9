"""A call as a value, which either kind of client carries out."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Generic, TypeVar

from irqd.v1 import (batch_pb2_grpc, flic_pb2_grpc, guest_pb2_grpc, kvm_pb2_grpc, resources_pb2,
                     vms_pb2_grpc)

T = TypeVar("T")

# As many bytes as all floating interrupts that can be pending, and some.
_MAX_RESPONSE = 40 << 20

CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", _MAX_RESPONSE),
    # A proxy of the environment is for the web; it would not find a server on this machine.
    ("grpc.enable_http_proxy", 0),
    # A client is one connection of its own, so that a busy program can spread over several.
    ("grpc.use_local_subchannel_pool", 1),
]


@dataclasses.dataclass(frozen=True)
class Call(Generic[T]):
    service: str
    method: str
    request: Any
    read: Callable[[Any], T]  # from the response; may raise


_STUBS: dict[str, Any] = {
    "Batch": batch_pb2_grpc.BatchStub,
    "Flic": flic_pb2_grpc.FlicStub,
    "Guest": guest_pb2_grpc.GuestStub,
    "Kvm": kvm_pb2_grpc.KvmStub,
    "Vms": vms_pb2_grpc.VmsStub,
}


class Stubs:
    """All services behind a channel, blocking or not."""

    def __init__(self, channel: Any) -> None:
        self._services = {name: stub(channel) for name, stub in _STUBS.items()}

    def method(self, service: str, method: str) -> Any:
        return getattr(self._services[service], method)


def vm_ref(vm_id: int) -> resources_pb2.VmRef:
    return resources_pb2.VmRef(id=vm_id)


@dataclasses.dataclass(frozen=True)
class VcpuId:
    vm_id: int
    vcpu_id: int

    def ref(self) -> resources_pb2.VcpuRef:
        return resources_pb2.VcpuRef(vm_id=self.vm_id, vcpu_id=self.vcpu_id)


def nothing(response: Any) -> None:
    """Reads a response that says only that it is done."""
