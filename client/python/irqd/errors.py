"""What a call answers with besides results.

An ioctl that the simulated kernel refuses is an IoctlError, with the kernel's errno. A call that
did not reach the kernel is a grpc.RpcError, with a status code: no errno stands for that.
"""

from __future__ import annotations

import errno as errnos
import os

# What to do about it, where the errno alone does not say.
_ADVICE = {
    ("KVM_S390_GET_IRQ_STATE", errnos.ENOBUFS):
        "more is pending than len has room for; ask again with more: 20664 is always enough",
    ("KVM_S390_GET_IRQ_STATE", errnos.EINVAL): "len is 0",
    ("KVM_S390_SET_IRQ_STATE", errnos.EINVAL):
        "send whole records, at most 20664 bytes (linux-4.1: 6912); or one of them is none that a "
        "vCPU takes, and those before it stay",
    ("KVM_S390_SET_IRQ_STATE", errnos.EBUSY):
        "interrupts are pending already: reset the vCPU first",
    ("KVM_S390_IRQ", errnos.EINVAL): "no such type on a vCPU, or values that it does not take",
    ("KVM_S390_IRQ", errnos.EBUSY):
        "one is pending already, or the prefix of a vCPU that is not stopped",
    ("KVM_CREATE_VCPU", errnos.EINVAL): "this machine can have no vCPU of that id: lower it",
    ("KVM_CREATE_VCPU", errnos.EEXIST): "the VM has that vCPU already: vm.vcpu(id) is it",
    ("KVM_SET_MP_STATE", errnos.ENXIO): "neither KVM_MP_STATE_STOPPED nor KVM_MP_STATE_OPERATING",
    ("KVM_GET_DEVICE_ATTR KVM_DEV_FLIC_GET_ALL_IRQS", errnos.ENOMEM):
        "more is pending than len has room for",
}


class IoctlError(OSError):
    """A negative answer of the simulated kernel.

    errno: the kernel's. buf: what the kernel wrote before it failed; with ENOBUFS from
    KVM_S390_GET_IRQ_STATE the records that did fit.
    """

    buf: bytes = b""


def check(call: str, ret: int, buf: bytes = b"") -> int:
    """`ret`, or an IoctlError of it if it is negative. `call` is the kernel's name of it."""
    if ret >= 0:
        return ret
    advice = _ADVICE.get((call, -ret))
    text = "%s: %s" % (call, os.strerror(-ret))
    error = IoctlError(-ret, "%s (%s)" % (text, advice) if advice else text)
    error.buf = buf
    raise error
