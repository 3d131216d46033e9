"""Kvm: the ioctls on a vCPU, one call each."""

from __future__ import annotations

from typing import Any, Optional

from irqd import kvm
from irqd._calls.call import Call, VcpuId, vm_ref
from irqd._calls.vms import profile_message
from irqd.errors import check
from irqd.irq_state import IrqLike, IrqsLike, IrqState, to_bytes
from irqd.types import HostProfile
from irqd.v1 import kvm_pb2

_RESETS = {
    kvm.KVM_S390_NORMAL_RESET: ("KVM_S390_NORMAL_RESET", kvm_pb2.ResetRequest.NORMAL),
    kvm.KVM_S390_INITIAL_RESET: ("KVM_S390_INITIAL_RESET", kvm_pb2.ResetRequest.INITIAL),
    kvm.KVM_S390_CLEAR_RESET: ("KVM_S390_CLEAR_RESET", kvm_pb2.ResetRequest.CLEAR),
}


def get_irq_state(vcpu: VcpuId, len: int) -> Call[IrqState]:
    request = kvm_pb2.GetIrqStateRequest(vcpu=vcpu.ref(), arg=kvm_pb2.IrqStateArg(len=len))

    def read(got: Any) -> IrqState:
        check("KVM_S390_GET_IRQ_STATE", got.ret, got.buf)
        return IrqState(got.buf)

    return Call("Kvm", "GetIrqState", request, read)


def set_irq_state(vcpu: VcpuId, irqs: IrqsLike, length: Optional[int]) -> Call[None]:
    buf = to_bytes(irqs)
    arg = kvm_pb2.IrqStateArg(len=len(buf) if length is None else length)
    request = kvm_pb2.SetIrqStateRequest(vcpu=vcpu.ref(), arg=arg, buf=buf)
    return _returns_0("KVM_S390_SET_IRQ_STATE", "SetIrqState", request)


def inject(vcpu: VcpuId, irq: IrqLike) -> Call[None]:
    request = kvm_pb2.S390IrqRequest(vcpu=vcpu.ref(), record=bytes(irq))
    return _returns_0("KVM_S390_IRQ", "S390Irq", request)


def interrupt(vcpu: VcpuId, type: int, parm: int, parm64: int) -> Call[None]:
    request = kvm_pb2.S390InterruptRequest(
        vcpu=vcpu.ref(), type=type, parm=parm, parm64=parm64)
    return _returns_0("KVM_S390_INTERRUPT", "S390Interrupt", request)


def reset(vcpu: VcpuId, kind: int) -> Call[None]:
    if kind not in _RESETS:
        kinds = ", ".join(name for name, _ in _RESETS.values())
        raise ValueError("%r is none of %s" % (kind, kinds))
    name, message_kind = _RESETS[kind]
    return _returns_0(name, "Reset", kvm_pb2.ResetRequest(vcpu=vcpu.ref(), kind=message_kind))


def set_mp_state(vcpu: VcpuId, mp_state: int) -> Call[None]:
    request = kvm_pb2.SetMpStateRequest(vcpu=vcpu.ref(), mp_state=mp_state)
    return _returns_0("KVM_SET_MP_STATE", "SetMpState", request)


def get_mp_state(vcpu: VcpuId) -> Call[int]:
    request = kvm_pb2.GetMpStateRequest(vcpu=vcpu.ref())
    return Call("Kvm", "GetMpState", request, lambda got: check("KVM_GET_MP_STATE", got.ret))


def check_extension_on_vm(vm_id: int, extension: int) -> Call[int]:
    request = kvm_pb2.CheckExtensionRequest(vm=vm_ref(vm_id), extension=extension)
    return _check_extension(request)


def check_extension(extension: int, profile: Optional[HostProfile]) -> Call[int]:
    request = kvm_pb2.CheckExtensionRequest(
        host_profile=profile_message(profile), extension=extension)
    return _check_extension(request)


def _check_extension(request: kvm_pb2.CheckExtensionRequest) -> Call[int]:
    return Call("Kvm", "CheckExtension", request,
                lambda got: check("KVM_CHECK_EXTENSION", got.ret))


def _returns_0(name: str, method: str, request: Any) -> Call[None]:
    def read(got: Any) -> None:
        check(name, got.ret)

    return Call("Kvm", method, request, read)
