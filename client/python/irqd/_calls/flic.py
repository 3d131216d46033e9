"""Flic: the ioctls on a VM and on its floating interrupt controller."""

from __future__ import annotations

from typing import Any

from irqd import kvm
from irqd._calls.call import Call, vm_ref
from irqd.errors import check
from irqd.irq_state import IrqsLike, IrqState, to_bytes
from irqd.types import DeviceAttr
from irqd.v1 import flic_pb2

_GROUPS = {
    value: name for name, value in vars(kvm).items() if name.startswith("KVM_DEV_FLIC_")
}


def interrupt(vm_id: int, type: int, parm: int, parm64: int) -> Call[list[int]]:
    request = flic_pb2.FlicS390InterruptRequest(
        vm=vm_ref(vm_id), type=type, parm=parm, parm64=parm64)
    return Call("Flic", "S390Interrupt", request,
                lambda got: _woken("KVM_S390_INTERRUPT", got))


def create_device(vm_id: int, type: int, flags: int) -> Call[None]:
    request = flic_pb2.CreateDeviceRequest(vm=vm_ref(vm_id), type=type, flags=flags)
    return _returns_0("KVM_CREATE_DEVICE", "CreateDevice", request)


def set_device_attr(vm_id: int, group: int, attr: int, memory: bytes,
                    flags: int) -> Call[list[int]]:
    request = flic_pb2.SetDeviceAttrRequest(
        vm=vm_ref(vm_id), attr=_attr(flags, group, attr), memory=memory)
    return Call("Flic", "SetDeviceAttr", request,
                lambda got: _woken(_name("KVM_SET_DEVICE_ATTR", group), got))


def get_device_attr(vm_id: int, group: int, attr: int, flags: int) -> Call[DeviceAttr]:
    request = flic_pb2.GetDeviceAttrRequest(vm=vm_ref(vm_id), attr=_attr(flags, group, attr))

    def read(got: Any) -> DeviceAttr:
        check(_name("KVM_GET_DEVICE_ATTR", group), got.ret, got.memory)
        return DeviceAttr(got.ret, got.memory)

    return Call("Flic", "GetDeviceAttr", request, read)


def has_device_attr(vm_id: int, group: int, attr: int, flags: int) -> Call[None]:
    request = flic_pb2.HasDeviceAttrRequest(vm=vm_ref(vm_id), attr=_attr(flags, group, attr))
    return _returns_0("KVM_HAS_DEVICE_ATTR", "HasDeviceAttr", request)


def enable_cap(vm_id: int, cap: int, flags: int) -> Call[None]:
    request = flic_pb2.EnableCapRequest(vm=vm_ref(vm_id), cap=cap, flags=flags)
    return _returns_0("KVM_ENABLE_CAP", "EnableCap", request)


# The groups that most tests use.

def get_all_irqs(vm_id: int, len: int) -> Call[IrqState]:
    call = get_device_attr(vm_id, kvm.KVM_DEV_FLIC_GET_ALL_IRQS, len, 0)
    return Call(call.service, call.method, call.request,
                lambda got: IrqState(call.read(got).memory))


def enqueue(vm_id: int, irqs: IrqsLike) -> Call[list[int]]:
    buf = to_bytes(irqs)
    return set_device_attr(vm_id, kvm.KVM_DEV_FLIC_ENQUEUE, len(buf), buf, 0)


def clear_irqs(vm_id: int) -> Call[list[int]]:
    return set_device_attr(vm_id, kvm.KVM_DEV_FLIC_CLEAR_IRQS, 0, b"", 0)


def clear_io_irq(vm_id: int, schid: int) -> Call[list[int]]:
    return set_device_attr(vm_id, kvm.KVM_DEV_FLIC_CLEAR_IO_IRQ, 4, schid.to_bytes(4, "big"), 0)


def _attr(flags: int, group: int, attr: int) -> flic_pb2.DeviceAttr:
    return flic_pb2.DeviceAttr(flags=flags, group=group, attr=attr)


def _name(ioctl: str, group: int) -> str:
    return "%s %s" % (ioctl, _GROUPS.get(group, group))


def _woken(name: str, got: Any) -> list[int]:
    check(name, got.ret)
    return list(got.woken_vcpu_ids)


def _returns_0(name: str, method: str, request: Any) -> Call[None]:
    def read(got: Any) -> None:
        check(name, got.ret)

    return Call("Flic", method, request, read)
