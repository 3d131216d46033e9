"""Lists of records, as the kernel reads and writes them."""

from __future__ import annotations

from typing import Iterable, Iterator, Sequence, Union, overload

from irqd.irq import Irq
from irqd.kvm import KVM_S390_IRQ_SIZE

# What may stand for a record and for a list of records: also bytes as they are, right or wrong.
IrqLike = Union[Irq, bytes]
IrqsLike = Union["IrqState", bytes, Iterable[IrqLike]]


class IrqState(Sequence[Irq]):
    """What a kernel wrote: records in its order, and with `bytes(state)` its very bytes.

    Equal to another one, or to bytes, of the same bytes; to a list or tuple of the same records.
    Bytes behind the last whole record are kept, but are no record.
    """

    def __init__(self, buf: bytes = b"") -> None:
        self._buf = buf
        ends = range(KVM_S390_IRQ_SIZE, len(buf) + 1, KVM_S390_IRQ_SIZE)
        self._irqs = tuple(Irq.from_bytes(buf[end - KVM_S390_IRQ_SIZE:end]) for end in ends)

    def __bytes__(self) -> bytes:
        return self._buf

    def __len__(self) -> int:
        return len(self._irqs)

    def __iter__(self) -> Iterator[Irq]:
        return iter(self._irqs)

    @overload
    def __getitem__(self, index: int) -> Irq: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Irq]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Irq, Sequence[Irq]]:
        return self._irqs[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (IrqState, bytes)):
            return self._buf == bytes(other)
        if isinstance(other, (list, tuple)):
            return self._irqs == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._buf)

    def __repr__(self) -> str:
        return "IrqState(%r)" % (list(self._irqs),)


def to_bytes(irqs: IrqsLike) -> bytes:
    """The image of a list, back to back."""
    if isinstance(irqs, (bytes, IrqState)):
        return bytes(irqs)
    return b"".join(map(bytes, irqs))
