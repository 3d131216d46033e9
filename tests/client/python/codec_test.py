"""Records as dataclasses, and the 72 bytes that they are."""

import struct

import pytest

import irqd
import kernel_header

_MEMBERS = {
    "io": irqd.Io, "ext": irqd.Ext, "pgm": irqd.Pgm, "emerg": irqd.Emerg,
    "extcall": irqd.Extcall, "prefix": irqd.Prefix, "stop": irqd.Stop, "mchk": irqd.Mchk,
}

# Every byte of a member differs from its neighbours.
_IMAGES = {
    "io": (irqd.Irq(0x00010002, irqd.Io(0x0102, 0x0304, 0x05060708, 0x090A0B0C)),
           "0000000000010002 0102 0304 05060708 090a0b0c"),
    "io-adapter": (irqd.Irq(irqd.KVM_S390_INT_IO(1, 0, 0, 0), irqd.Io(io_int_word=0x80000000)),
                   "0000000004000000 0000 0000 00000000 80000000"),
    "ext": (irqd.Irq(irqd.KVM_S390_INT_SERVICE, irqd.Ext(
        0x01020304, 0x05060708, 0x090A0B0C0D0E0F10)),
        "00000000ffff2401 01020304 05060708 090a0b0c0d0e0f10"),
    "pgm": (irqd.Irq(irqd.KVM_S390_PROGRAM_INT, irqd.Pgm(
        0x0102030405060708, 0x1112131415161718, 0x2122232425262728, 0x31323334, 0x4142, 0x5152,
        0x61, 0x62, 0x63, 0x64, 0x65, 0x66, b"\x71\x72")),
        "00000000fffe0001 0102030405060708 1112131415161718 2122232425262728 31323334 4142 5152"
        "61 62 63 64 65 66 7172"),
    "emerg": (irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(0x0102)), "00000000ffff1201 0102"),
    "extcall": (irqd.Irq(irqd.KVM_S390_INT_EXTERNAL_CALL, irqd.Extcall(0x0102)),
                "00000000ffff1202 0102"),
    "prefix": (irqd.Irq(irqd.KVM_S390_SIGP_SET_PREFIX, irqd.Prefix(0x01020304)),
               "00000000fffe0002 01020304"),
    "stop": (irqd.Irq(irqd.KVM_S390_SIGP_STOP, irqd.Stop(0x01020304)),
             "00000000fffe0000 01020304"),
    "mchk": (irqd.Irq(irqd.KVM_S390_MCHK, irqd.Mchk(
        0x0102030405060708, 0x1112131415161718, 0x2122232425262728, 0x31323334, 0x41424344,
        bytes(range(0x50, 0x60)))),
        "00000000fffe1000 0102030405060708 1112131415161718 2122232425262728 31323334 41424344"
        "505152535455565758595a5b5c5d5e5f"),
    "no payload": (irqd.Irq(irqd.KVM_S390_RESTART), "00000000fffe0003"),
    "unknown": (irqd.Irq(0xFEDCBA9876543210), "fedcba9876543210"),
}


@pytest.mark.parametrize("name", _IMAGES)
def test_image(name):
    irq, digits = _IMAGES[name]
    image = bytes.fromhex(digits).ljust(72, b"\0")

    assert bytes(irq) == image
    assert irqd.Irq.from_bytes(image) == irq


@pytest.mark.parametrize("name", _IMAGES)
def test_bytes_outside_of_the_member_are_ignored_and_written_as_zero(name):
    irq, digits = _IMAGES[name]
    image = bytes.fromhex(digits).ljust(72, b"\xee")

    assert irqd.Irq.from_bytes(image) == irq
    assert bytes(irqd.Irq.from_bytes(image)) == bytes(irq)


@pytest.mark.parametrize("name", _MEMBERS)
def test_fields_are_the_kernels(name):
    member = _MEMBERS[name]
    new = vars(member())

    sizes = [len(value) if isinstance(value, bytes) else None for value in new.values()]
    for position, field in enumerate(new):
        if sizes[position] is None:
            whole = bytes(member(**{field: 1}))
            # The lowest byte of a big-endian number is its last.
            sizes[position] = whole.index(1) + 1 - sum(sizes[:position])

    assert list(zip(new, sizes)) == kernel_header.fields("kvm_s390_%s_info" % name)
    assert len(bytes(member())) == sum(sizes)


def test_a_type_alone_has_a_member_of_zeros():
    assert irqd.Irq(irqd.KVM_S390_MCHK) == irqd.Irq(irqd.KVM_S390_MCHK, irqd.Mchk())
    assert irqd.Irq(irqd.KVM_S390_INT_CLOCK_COMP).u is None


@pytest.mark.parametrize("make", [
    lambda: irqd.Irq(irqd.KVM_S390_MCHK, irqd.Emerg(1)),
    lambda: irqd.Irq(irqd.KVM_S390_RESTART, irqd.Emerg(1)),
    lambda: irqd.Irq(-1),
    lambda: irqd.Irq(1 << 64),
    lambda: irqd.Emerg(0x10000),
    lambda: irqd.Emerg(-1),
    lambda: irqd.Emerg("1"),
    lambda: irqd.Mchk(fixed_logout=bytes(15)),
    lambda: irqd.Pgm(pad=bytes(3)),
    lambda: irqd.Irq.from_bytes(bytes(71)),
    lambda: irqd.Irq.from_bytes(bytes(73)),
])
def test_what_is_no_record_is_a_value_error(make):
    with pytest.raises(ValueError):
        make()


def test_a_record_reads_as_the_kernel_names_it():
    irq = irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=18))

    assert repr(irq) == "Irq(KVM_S390_INT_EMERGENCY, Emerg(code=0x12))"
    assert eval(repr(irq), vars(irqd)) == irq
    assert repr(irqd.Irq(0xFFFFFFFF)) == "Irq(0xffffffff)"


def test_a_state_is_its_records_and_its_bytes():
    irqs = [irqd.Irq(irqd.KVM_S390_RESTART), irqd.Irq(irqd.KVM_S390_MCHK, irqd.Mchk(mcic=1))]
    buf = b"".join(map(bytes, irqs))

    state = irqd.IrqState(buf)

    assert state == irqs
    assert state == tuple(irqs)
    assert state == irqd.IrqState(buf)
    assert state == buf
    assert bytes(state) == buf
    assert (len(state), state[1], list(state)) == (2, irqs[1], irqs)
    assert state != irqs[:1]
    assert state != irqd.IrqState()


def test_bytes_after_the_last_whole_record_are_kept():
    buf = bytes(irqd.Irq(irqd.KVM_S390_RESTART)) + b"rest"

    state = irqd.IrqState(buf)

    assert len(state) == 1
    assert bytes(state) == buf


def test_numbers_are_those_of_the_kernels_header():
    kernel = {**kernel_header.numbers(), **kernel_header.ioctls_without_argument()}
    ours = {name: value for name, value in vars(irqd).items() if isinstance(value, int)}

    common = {name for name in ours if name in kernel}

    # The FLIC is not in other machines' headers; flic_test.py holds it against the .proto.
    rest = {name for name in set(ours) - common if not name.startswith("KVM_DEV_FLIC_")}
    assert rest == {"KVM_DEV_TYPE_FLIC", "KVM_S390_FLIC_MAX_BUFFER", "KVM_S390_IRQ_SIZE",
                    "VCPU_IRQS_MAX_BUF"}
    assert {name: ours[name] for name in common} == {name: kernel[name] for name in common}
    assert len(common) > 30


def test_an_io_type_is_made_of_its_parts():
    assert irqd.KVM_S390_INT_IO(1, 0xAB, 2, 0x1234) == struct.unpack(
        ">I", bytes.fromhex("06ae1234"))[0]
