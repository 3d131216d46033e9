"""What <linux/kvm.h> of this machine says, read as text."""

import pathlib
import re

_TEXT = pathlib.Path("/usr/include/linux/kvm.h").read_text()
_SIZES = {"__u8": 1, "__u16": 2, "__u32": 4, "__u64": 8}


def numbers() -> dict[str, int]:
    """Names that are defined as plain numbers."""
    found = re.findall(r"^#define\s+(KVM_\w+)\s+\(?(0x[0-9a-fA-F]+|\d+)u?\)?\s*(?:/\*.*)?$",
                       _TEXT, re.M)
    return {name: int(value, 0) for name, value in found}


def ioctls_without_argument() -> dict[str, int]:
    """Names that are defined as _IO(KVMIO, number)."""
    found = re.findall(r"^#define\s+(KVM_\w+)\s+_IO\(KVMIO,\s*(0x[0-9a-f]+)\)", _TEXT, re.M)
    return {name: 0xAE00 | int(value, 0) for name, value in found}


def fields(struct: str) -> list[tuple[str, int]]:
    """The members of a struct of unsigned numbers and arrays: names and bytes."""
    (body,) = re.findall(r"^struct %s \{(.*?)^\};" % struct, _TEXT, re.M | re.S)
    found = re.findall(r"(__u\d+) (\w+)(?:\[(\d+)\])?;", body)
    return [(name, _SIZES[kind] * int(count or 1)) for kind, name, count in found]
