"""A program for /dev/kvm that knows nothing of irqd, with what Python brings along."""

import array
import errno
import fcntl
import os
import struct

KVM_GET_API_VERSION = 0xAE00
KVM_CREATE_VM = 0xAE01
KVM_CREATE_VCPU = 0xAE41
KVM_S390_IRQ = 0x4048AEB4
KVM_S390_SET_IRQ_STATE = 0x4020AEB5
KVM_S390_GET_IRQ_STATE = 0x4020AEB6
RESTART = 0xFFFE0003


def state(buffer, size):
    address, _ = buffer.buffer_info()
    return bytearray(struct.pack("=QII16x", address, 0, size))  # changeable: ioctl returns a number


def errno_of(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return error.errno
    return 0


kvm = os.open("/dev/kvm", os.O_RDWR)
assert fcntl.ioctl(kvm, KVM_GET_API_VERSION) == 12
vm = fcntl.ioctl(kvm, KVM_CREATE_VM)
vcpus = [fcntl.ioctl(vm, KVM_CREATE_VCPU, number) for number in range(2)]
fcntl.ioctl(vcpus[0], KVM_S390_IRQ, struct.pack("=Q64x", RESTART))

room = array.array("B", bytes(720))
assert errno_of(fcntl.ioctl, vcpus[0], KVM_S390_GET_IRQ_STATE, state(room, 71)) == errno.ENOBUFS
assert fcntl.ioctl(vcpus[0], KVM_S390_GET_IRQ_STATE, state(room, 720)) == 72
assert struct.unpack_from("=Q", room) == (RESTART,)
copy = os.dup(vcpus[1])
fcntl.ioctl(copy, KVM_S390_SET_IRQ_STATE, state(room, 72))
assert errno_of(fcntl.ioctl, vcpus[1], KVM_S390_SET_IRQ_STATE, state(room, 72)) == errno.EBUSY
os.set_inheritable(copy, True)
assert os.get_inheritable(copy)
for fd in (copy, vcpus[1], vcpus[0], vm, kvm):
    os.close(fd)
    assert errno_of(fcntl.ioctl, fd, KVM_GET_API_VERSION) == errno.EBADF
print("all is as with KVM")
