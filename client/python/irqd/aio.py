"""The client for asyncio: irqd.connect()'s surface, awaited.

    async with irqd.aio.connect(target) as client:
        vm = await client.create_vm(vcpu_count=1)

Everything is as irqd.client says, but that a client belongs to the event loop it was made in.
"""

from __future__ import annotations

import asyncio
from typing import (Any, AsyncIterable, AsyncIterator, Iterable, Mapping, Optional, TypeVar,
                    Union)

import grpc
import grpc.aio

from irqd import kvm
from irqd._calls import batch, flic, guest, ioctls, vms
from irqd._calls.call import CHANNEL_OPTIONS, Call, Stubs, VcpuId
from irqd.irq_state import IrqLike, IrqsLike, IrqState
from irqd.types import (Deliverable, Delivery, DeviceAttr, HostProfile, SigpResult, VcpuInfo,
                        VcpuIrqState, VcpuRegisters, VmInfo, VmRegisters)

T = TypeVar("T")


async def _each(items: Union[Iterable[T], AsyncIterable[T]]) -> AsyncIterator[T]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


def connect(target: str, timeout: Optional[float] = None) -> Client:
    """To a server at host:port or unix:PATH; `timeout` is in seconds and for each call.

    The connection is made by the first call, which says so if it cannot be.
    """
    return Client(grpc.aio.insecure_channel(target, CHANNEL_OPTIONS), timeout)


class Client:
    """A server. `async with irqd.aio.connect(target) as client:` closes the connection."""

    def __init__(self, channel: grpc.aio.Channel, timeout: Optional[float] = None) -> None:
        self._channel = channel
        self._stubs = Stubs(channel)
        self._timeout = timeout

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Its VMs stay with the server."""
        await self._channel.close()

    def with_timeout(self, timeout: Optional[float]) -> Client:
        """The same connection with another timeout, also for the VMs found through it."""
        return Client(self._channel, timeout)

    async def create_vm(self, name: str = "", *, host_profile: Optional[HostProfile] = None,
                        vcpu_ids: Iterable[int] = (), vcpu_count: int = 0) -> Vm:
        """A VM with vCPUs of these ids, or of 0 to vcpu_count - 1: all of it, or nothing."""
        return Vm(self, await self._run(vms.create_vm(name, host_profile, vcpu_ids, vcpu_count)))

    async def get_vm(self, vm: Union[int, str]) -> Vm:
        """By id or name."""
        return Vm(self, await self._run(vms.get_vm(vm)))

    async def list_vms(self) -> list[Vm]:
        """By ascending id."""
        found: list[VmInfo] = []
        token: Optional[str] = ""
        while token is not None:
            page, next_token = await self._run(vms.list_vms(token))
            found += page
            token = next_token or None
        return [Vm(self, info) for info in found]

    async def check_extension(self, extension: int,
                              host_profile: Optional[HostProfile] = None) -> int:
        """KVM_CHECK_EXTENSION on a host's /dev/kvm; 0: it lacks it."""
        return await self._run(ioctls.check_extension(extension, host_profile))

    async def _run(self, call: Call[T]) -> T:
        method = self._stubs.method(call.service, call.method)
        return call.read(await method(call.request, timeout=self._timeout))

    def _stream(self, requests: AsyncIterator[Any]) -> Any:
        return self._stubs.method("Batch", "InjectStream")(requests, timeout=self._timeout)


class Vm:
    """A VM. `async with await client.create_vm() as vm:` deletes it at the end."""

    def __init__(self, client: Client, info: VmInfo) -> None:
        self._client = client
        self.id = info.id
        self.name = info.name
        self.host_profile = info.host_profile

    async def __aenter__(self) -> Vm:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.delete()

    def __repr__(self) -> str:
        return "<irqd.Vm %s, id %d>" % (self.name, self.id)

    async def delete(self) -> None:
        await self._client._run(vms.delete_vm(self.id))

    async def info(self) -> VmInfo:
        """As it is now."""
        return await self._client._run(vms.get_vm(self.id))

    async def create_vcpu(self, vcpu_id: int) -> Vcpu:
        """KVM_CREATE_VCPU. The new vCPU is stopped."""
        await self._client._run(vms.create_vcpu(self.id, vcpu_id))
        return self.vcpu(vcpu_id)

    def vcpu(self, vcpu_id: int) -> Vcpu:
        """One that exists; no call is made."""
        return Vcpu(self, vcpu_id)

    async def list_vcpus(self) -> list[VcpuInfo]:
        """By ascending id."""
        found: list[VcpuInfo] = []
        token: Optional[str] = ""
        while token is not None:
            page, next_token = await self._run(vms.list_vcpus(self.id, token))
            found += page
            token = next_token or None
        return found

    async def check_extension(self, extension: int) -> int:
        """KVM_CHECK_EXTENSION on the VM; 0: it lacks it."""
        return await self._run(ioctls.check_extension_on_vm(self.id, extension))

    # Floating interrupts. Lists of ints are the ids of the vCPUs that were woken.

    async def interrupt(self, type: int, parm: int = 0, parm64: int = 0) -> list[int]:
        """KVM_S390_INTERRUPT on the VM."""
        return await self._run(flic.interrupt(self.id, type, parm, parm64))

    async def create_device(self, type: int = kvm.KVM_DEV_TYPE_FLIC, flags: int = 0) -> None:
        """KVM_CREATE_DEVICE. The FLIC answers also without."""
        await self._run(flic.create_device(self.id, type, flags))

    async def set_device_attr(self, group: int, attr: int = 0, memory: bytes = b"",
                              flags: int = 0) -> list[int]:
        """KVM_SET_DEVICE_ATTR on the FLIC; `memory` is what lies at the attribute's address."""
        return await self._run(flic.set_device_attr(self.id, group, attr, memory, flags))

    async def get_device_attr(self, group: int, attr: int = 0, flags: int = 0) -> DeviceAttr:
        """KVM_GET_DEVICE_ATTR on the FLIC."""
        return await self._run(flic.get_device_attr(self.id, group, attr, flags))

    async def has_device_attr(self, group: int, attr: int = 0, flags: int = 0) -> None:
        """KVM_HAS_DEVICE_ATTR on the FLIC; ENXIO: it has not."""
        await self._run(flic.has_device_attr(self.id, group, attr, flags))

    async def enable_cap(self, cap: int, flags: int = 0) -> None:
        """KVM_ENABLE_CAP on the VM."""
        await self._run(flic.enable_cap(self.id, cap, flags))

    async def get_all_irqs(self, len: int = kvm.KVM_S390_FLIC_MAX_BUFFER) -> IrqState:
        """KVM_DEV_FLIC_GET_ALL_IRQS."""
        return await self._run(flic.get_all_irqs(self.id, len))

    async def enqueue(self, irqs: IrqsLike) -> list[int]:
        """KVM_DEV_FLIC_ENQUEUE; 910 records at most."""
        return await self._run(flic.enqueue(self.id, irqs))

    async def clear_irqs(self) -> None:
        """KVM_DEV_FLIC_CLEAR_IRQS."""
        await self._run(flic.clear_irqs(self.id))

    async def clear_io_irq(self, schid: int) -> None:
        """KVM_DEV_FLIC_CLEAR_IO_IRQ; schid is subchannel_id << 16 | subchannel_nr."""
        await self._run(flic.clear_io_irq(self.id, schid))

    # Many vCPUs at a time. What the kernel finds wrong with one is in its ret and raises nothing.

    async def get_irq_states(self, vcpu_ids: Iterable[int] = (),
                             len: int = kvm.VCPU_IRQS_MAX_BUF, *,
                             one_instant: bool = False) -> list[VcpuIrqState]:
        """KVM_S390_GET_IRQ_STATE on these vCPUs, or on all by ascending id.

        one_instant: as they were together at one instant, which no kernel can tell.
        """
        return await self._run(batch.get_irq_states(self.id, vcpu_ids, len, one_instant))

    async def set_irq_states(self, states: Mapping[int, IrqsLike]) -> dict[int, int]:
        """KVM_S390_SET_IRQ_STATE, by vCPU id; gives the ioctl's result by vCPU id."""
        return await self._run(batch.set_irq_states(self.id, states))

    async def inject_stream(
            self, batches: Union[Iterable[batch.Batch], AsyncIterable[batch.Batch]]
    ) -> AsyncIterator[list[int]]:
        """KVM_S390_IRQ as fast as records come: up to 1024 (vcpu_id, record) in each batch.

        Gives the ioctls' results, a list for each batch; nothing is sent before the first is asked
        for. What `batches` raises is raised here.
        """
        raised: list[Exception] = []

        async def messages() -> AsyncIterator[Any]:
            # gRPC would cancel the call and say nothing of the exception.
            try:
                async for one in _each(batches):
                    yield batch.inject_stream_message(self.id, one)
            except Exception as error:
                raised.append(error)
                raise

        stream = self._client._stream(messages())
        try:
            async for response in stream:
                yield batch.inject_stream_rets(response)
        except (grpc.RpcError, asyncio.CancelledError):
            if raised:
                raise raised[0] from None
            raise
        finally:
            stream.cancel()

    # What the architecture has, and no ioctl.

    async def get_registers(self) -> VmRegisters:
        return await self._run(guest.get_vm_registers(self.id))

    async def set_registers(self, *, tod_clock: Optional[int] = None,
                            new_psw_restart: Optional[int] = None,
                            new_psw_external: Optional[int] = None,
                            new_psw_program: Optional[int] = None,
                            new_psw_machine_check: Optional[int] = None,
                            new_psw_io: Optional[int] = None) -> None:
        """Those given; the others stay."""
        await self._run(guest.set_vm_registers(self.id, {
            "tod_clock": tod_clock,
            "new_psw_restart": new_psw_restart,
            "new_psw_external": new_psw_external,
            "new_psw_program": new_psw_program,
            "new_psw_machine_check": new_psw_machine_check,
            "new_psw_io": new_psw_io,
        }))

    async def _run(self, call: Call[T]) -> T:
        return await self._client._run(call)


class Vcpu:
    """A vCPU."""

    def __init__(self, vm: Vm, vcpu_id: int) -> None:
        self.vm = vm
        self.id = vcpu_id
        self._id = VcpuId(vm.id, vcpu_id)

    def __repr__(self) -> str:
        return "<irqd.Vcpu %d of %s>" % (self.id, self.vm.name)

    async def get_irq_state(self, len: int = kvm.VCPU_IRQS_MAX_BUF) -> IrqState:
        """KVM_S390_GET_IRQ_STATE with a buffer of `len` bytes.

        ENOBUFS: more is pending than fits; the error's buf has what does. Ask again with more.
        """
        return await self._run(ioctls.get_irq_state(self._id, len))

    async def set_irq_state(self, irqs: IrqsLike, len: Optional[int] = None) -> None:
        """KVM_S390_SET_IRQ_STATE; len is that of the records unless given.

        EBUSY: interrupts are pending already. Reset the vCPU first.
        """
        await self._run(ioctls.set_irq_state(self._id, irqs, len))

    async def inject(self, irq: IrqLike) -> None:
        """KVM_S390_IRQ."""
        await self._run(ioctls.inject(self._id, irq))

    async def interrupt(self, type: int, parm: int = 0, parm64: int = 0) -> None:
        """KVM_S390_INTERRUPT: the older form of inject()."""
        await self._run(ioctls.interrupt(self._id, type, parm, parm64))

    async def reset(self, kind: int) -> None:
        """KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET or KVM_S390_CLEAR_RESET."""
        await self._run(ioctls.reset(self._id, kind))

    async def set_mp_state(self, mp_state: int) -> None:
        """KVM_SET_MP_STATE."""
        await self._run(ioctls.set_mp_state(self._id, mp_state))

    async def get_mp_state(self) -> int:
        """KVM_GET_MP_STATE."""
        return await self._run(ioctls.get_mp_state(self._id))

    # What the architecture has, and no ioctl.

    async def get_registers(self) -> VcpuRegisters:
        return await self._run(guest.get_vcpu_registers(self._id))

    async def set_registers(self, *, psw_mask: Optional[int] = None, cr0: Optional[int] = None,
                            cr6: Optional[int] = None, cr14: Optional[int] = None,
                            clock_comparator: Optional[int] = None, cpu_timer: Optional[int] = None,
                            prefix: Optional[int] = None) -> None:
        """Those given; the others stay."""
        await self._run(guest.set_vcpu_registers(self._id, {
            "psw_mask": psw_mask,
            "cr0": cr0,
            "cr6": cr6,
            "cr14": cr14,
            "clock_comparator": clock_comparator,
            "cpu_timer": cpu_timer,
            "prefix": prefix,
        }))

    async def deliver(self, max_irqs: int = 0) -> Delivery:
        """The kernel's delivery before it enters the guest; 0: up to 10,000."""
        return await self._run(guest.deliver(self._id, max_irqs))

    async def get_deliverable(self) -> Deliverable:
        """What deliver() would find."""
        return await self._run(guest.get_deliverable(self._id))

    async def stop_intercept(self) -> None:
        """A pending stop takes the vCPU out of the guest; EOPNOTSUPP: the exit is userspace's."""
        await self._run(guest.stop_intercept(self._id))

    async def sigp(self, to_vcpu_id: int, order: int, parameter: int = 0) -> SigpResult:
        """SIGNAL PROCESSOR: this vCPU gives another one of its VM an order (SigpOrder)."""
        return await self._run(guest.sigp(self._id, to_vcpu_id, order, parameter))

    async def _run(self, call: Call[T]) -> T:
        return await self.vm._run(call)
