"""The table of README.md in Python, with the package of client/python.

    table.py 127.0.0.1:50051
"""

import errno
import sys

import grpc
import irqd
from google.protobuf import any_pb2, empty_pb2

NEVER_WAS = 2**64 - 1

BAD_STOP = irqd.Irq(irqd.KVM_S390_SIGP_STOP, irqd.Stop(flags=0x80000000))
EMERGENCY = irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=31))
MACHINE_CHECK = irqd.Irq(irqd.KVM_S390_MCHK, irqd.Mchk(
    cr14=1 << 28, mcic=1 << 62, ext_damage_code=0xFFFFFFFF, pad=0x6E3D0EDE,
    fixed_logout=bytes.fromhex("9889c330ffd225c9bdc73960b799895a")))
PROGRAM = irqd.Irq(irqd.KVM_S390_PROGRAM_INT, irqd.Pgm(
    mon_code=0x8000, per_address=0x166E6A9C7B7DC9CB, data_exc_code=0xA609CA, code=0x10,
    mon_class_nr=0xDEA1, per_code=0x3E, per_atmid=0x8C, exc_access_id=0x86, per_access_id=0xA7,
    op_access_id=0x73, pad=bytes.fromhex("4c01")))


def ret(call, *arguments):
    """The ioctl's result as a number, for the table; a program would let IoctlError pass."""
    try:
        call(*arguments)
        return 0
    except irqd.IoctlError as error:
        return -error.errno


def status(call, *arguments):
    """The name of the status that kept the call from the kernel."""
    try:
        call(*arguments)
        return "OK"
    except grpc.RpcError as error:  # no OSError: no kernel answered
        return error.code().name


def pending(vcpu):
    return bytes(vcpu.get_irq_state())


def create(vm):
    print("create first=%d again=%d" % (ret(vm.create_vcpu, 31), ret(vm.create_vcpu, 31)))


def inject(vcpu):
    irqs = (BAD_STOP, EMERGENCY, MACHINE_CHECK, PROGRAM)
    print("inject ret=" + ",".join(str(ret(vcpu.inject, irq)) for irq in irqs))


def get(vcpu):
    try:
        fitted = bytes(vcpu.get_irq_state(len=2 * 72))
        small = len(fitted)
    except OSError as error:
        if error.errno != errno.ENOBUFS:
            raise
        small, fitted = -error.errno, error.buf
    state = pending(vcpu)  # the default is always enough
    print("get small=%d fitted=%s large=%d all=%s" % (
        small, fitted.hex(), len(state), state.hex()))
    return state


def set_where_busy(vcpu, state):
    print("set ret=%d kept=%s" % (ret(vcpu.set_irq_state, state), pending(vcpu).hex()))


def move(client, source, state):
    with client.create_vm(vcpu_ids=[2, 3, 31]) as vm:
        target = vm.vcpu(2)
        answers = ["set=%d" % ret(target.set_irq_state, state), "there=" + pending(target).hex()]
        answers.append("reset=%d" % ret(source.reset, irqd.KVM_S390_NORMAL_RESET))
        print("move", *answers, "here=%d" % len(pending(source)))


def stream(vm, vcpu):
    message = [(vcpu.id, irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=2))),
               (vcpu.id, irqd.Irq(irqd.KVM_S390_INT_EXTERNAL_CALL, irqd.Extcall(code=3)))]
    # An errno of one record raises nothing: it is that record's ret.
    rets = [",".join(map(str, rets)) for rets in vm.inject_stream([message, message])]
    print("stream ret=%s pending=%s" % (";".join(rets), pending(vcpu).hex()))


def deadline(client, free):
    print("deadline status=" + status(client.with_timeout(-1).create_vm, free))
    print("untouched status=" + status(client.get_vm, free))


def resource_info(error):
    """Type and name in the google.rpc.ResourceInfo that a NOT_FOUND brings along.

    Debian has no Python package of google.rpc's messages, but their fields have numbers: see
    proto/google/rpc/error_details.proto.
    """
    def fields(message):
        unknown = empty_pb2.Empty.FromString(message).UnknownFields()
        return {field.field_number: field.data for field in unknown}

    trailer = dict(error.trailing_metadata())["grpc-status-details-bin"]
    detail = any_pb2.Any.FromString(fields(trailer)[3])
    info = fields(detail.value)
    return info[1].decode(), info[2].decode()


def unknown(client):
    try:
        client.get_vm(NEVER_WAS)
        print("unknown status=OK")
    except grpc.RpcError as error:
        print("unknown status=" + error.code().name)
        print("details type=%s name=%s" % resource_info(error))


def main(target):
    with irqd.connect(target, timeout=60) as client, client.create_vm(vcpu_ids=[2, 3]) as vm:
        create(vm)
        inject(vm.vcpu(2))
        state = get(vm.vcpu(2))
        set_where_busy(vm.vcpu(2), state)
        move(client, vm.vcpu(2), state)
        stream(vm, vm.vcpu(31))
        deadline(client, "late-%d" % vm.id)
        unknown(client)


if __name__ == "__main__":
    main(sys.argv[1])
