"""Interrupt records: struct kvm_s390_irq, whose 72-byte image in s390x memory is big-endian.

`bytes(irq)` is the image and `Irq.from_bytes()` reads one, with the fields of the union's member
that the type selects. As from the kernel, all bytes outside that member are zero, and a type that
the kernel does not know keeps its number and has no member.
"""

from __future__ import annotations

import dataclasses
import struct
from typing import ClassVar, Optional, Type, TypeVar

from irqd import kvm

_M = TypeVar("_M", bound="Member")
_TYPE = struct.Struct(">Q")


def _shown(name: str, value: object) -> str:
    return "%s=%#x" % (name, value) if isinstance(value, int) else "%s=%r" % (name, value)


class Member:
    """A member of the union. Its fields are unsigned and have the kernel's names and sizes."""

    _layout: ClassVar[struct.Struct]

    def __post_init__(self) -> None:
        bytes(self)

    def __bytes__(self) -> bytes:
        """As long as the kernel's struct. ValueError: a value does not fit its field."""
        values = tuple(vars(self).values())
        try:
            image = self._layout.pack(*values)
        except struct.error as error:
            raise ValueError("%r: %s" % (self, error)) from None
        # struct cuts and fills bytes that are not as long as their field.
        if self._layout.unpack(image) != values:
            raise ValueError("%r: bytes of another length than the field's" % self)
        return image

    def __repr__(self) -> str:
        """With the fields that differ from a new one's."""
        new = {field.name: field.default for field in dataclasses.fields(self)}
        fields = [_shown(*item) for item in vars(self).items() if new[item[0]] != item[1]]
        return "%s(%s)" % (self.__class__.__name__, ", ".join(fields))

    @classmethod
    def from_bytes(cls: Type[_M], image: bytes) -> _M:
        """From the start of `image`, which may be longer."""
        return cls(*cls._layout.unpack_from(image))


@dataclasses.dataclass(frozen=True, repr=False)
class Io(Member):
    """All of KVM_S390_INT_IO_MIN to KVM_S390_INT_IO_MAX."""

    subchannel_id: int = 0
    subchannel_nr: int = 0
    io_int_parm: int = 0
    io_int_word: int = 0
    _layout = struct.Struct(">HHII")


@dataclasses.dataclass(frozen=True, repr=False)
class Ext(Member):
    """INT_PFAULT_INIT, INT_PFAULT_DONE, INT_VIRTIO, INT_SERVICE."""

    ext_params: int = 0
    pad: int = 0
    ext_params2: int = 0
    _layout = struct.Struct(">IIQ")


@dataclasses.dataclass(frozen=True, repr=False)
class Pgm(Member):
    """PROGRAM_INT."""

    trans_exc_code: int = 0
    mon_code: int = 0
    per_address: int = 0
    data_exc_code: int = 0
    code: int = 0
    mon_class_nr: int = 0
    per_code: int = 0
    per_atmid: int = 0
    exc_access_id: int = 0
    per_access_id: int = 0
    op_access_id: int = 0
    flags: int = 0
    pad: bytes = bytes(2)
    _layout = struct.Struct(">QQQIHHBBBBBB2s")


@dataclasses.dataclass(frozen=True, repr=False)
class Emerg(Member):
    """INT_EMERGENCY; code is the sender's CPU address."""

    code: int = 0
    _layout = struct.Struct(">H")


@dataclasses.dataclass(frozen=True, repr=False)
class Extcall(Member):
    """INT_EXTERNAL_CALL; code is the sender's CPU address."""

    code: int = 0
    _layout = struct.Struct(">H")


@dataclasses.dataclass(frozen=True, repr=False)
class Prefix(Member):
    """SIGP_SET_PREFIX."""

    address: int = 0
    _layout = struct.Struct(">I")


@dataclasses.dataclass(frozen=True, repr=False)
class Stop(Member):
    """SIGP_STOP."""

    flags: int = 0
    _layout = struct.Struct(">I")


@dataclasses.dataclass(frozen=True, repr=False)
class Mchk(Member):
    """MCHK."""

    cr14: int = 0
    mcic: int = 0
    failing_storage_address: int = 0
    ext_damage_code: int = 0
    pad: int = 0
    fixed_logout: bytes = bytes(16)
    _layout = struct.Struct(">QQQII16s")


_MEMBERS: dict[int, Type[Member]] = {
    kvm.KVM_S390_INT_PFAULT_INIT: Ext,
    kvm.KVM_S390_INT_PFAULT_DONE: Ext,
    kvm.KVM_S390_INT_VIRTIO: Ext,
    kvm.KVM_S390_INT_SERVICE: Ext,
    kvm.KVM_S390_PROGRAM_INT: Pgm,
    kvm.KVM_S390_INT_EMERGENCY: Emerg,
    kvm.KVM_S390_INT_EXTERNAL_CALL: Extcall,
    kvm.KVM_S390_SIGP_SET_PREFIX: Prefix,
    kvm.KVM_S390_SIGP_STOP: Stop,
    kvm.KVM_S390_MCHK: Mchk,
}


def member_of(type: int) -> Optional[Type[Member]]:
    """The member that a type selects. None: it has no payload, or the kernel does not know it."""
    if type <= kvm.KVM_S390_INT_IO_MAX:
        return Io
    return _MEMBERS.get(type)


@dataclasses.dataclass(frozen=True, repr=False)
class Irq:
    """struct kvm_s390_irq.

    `u` is of the class that the type selects; left out, it is one of zeros. ValueError: it is of
    another class, or the type has more than 64 bits.
    """

    type: int
    u: Optional[Member] = None

    def __post_init__(self) -> None:
        if not 0 <= self.type < 1 << 64:
            raise ValueError("type %#x does not fit 64 bits" % self.type)
        member = member_of(self.type)
        if self.u is None and member is not None:
            object.__setattr__(self, "u", member())
        elif self.u is not None and self.u.__class__ is not member:
            wanted = "no member" if member is None else member.__name__
            raise ValueError(
                "%s has %s, not %r" % (kvm.irq_type_name(self.type), wanted, self.u))

    def __bytes__(self) -> bytes:
        payload = b"" if self.u is None else bytes(self.u)
        return (_TYPE.pack(self.type) + payload).ljust(kvm.KVM_S390_IRQ_SIZE, b"\0")

    def __repr__(self) -> str:
        name = kvm.irq_type_name(self.type)
        return "Irq(%s)" % name if self.u is None else "Irq(%s, %r)" % (name, self.u)

    @classmethod
    def from_bytes(cls, image: bytes) -> Irq:
        """ValueError: not 72 bytes."""
        if len(image) != kvm.KVM_S390_IRQ_SIZE:
            raise ValueError("%d bytes; struct kvm_s390_irq has 72" % len(image))
        (type,) = _TYPE.unpack_from(image)
        member = member_of(type)
        return cls(type, None if member is None else member.from_bytes(image[_TYPE.size:]))
