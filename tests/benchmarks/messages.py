"""Requests as bytes: irqd's, and the bare server's of the same sizes."""

import grpc

from irqd.v1 import batch_pb2
from irqd.v1 import kvm_pb2
from irqd.v1 import resources_pb2
from irqd.v1 import vms_pb2
from irqd.v1 import vms_pb2_grpc

IRQ_SIZE = 72
MOST_RECORDS = 287  # that can be pending on one vCPU

RESTART = 0xFFFE0003
CLOCK_COMPARATOR = 0xFFFF1004
CPU_TIMER = 0xFFFF1005
EMERGENCY = 0xFFFF1201
EXTERNAL_CALL = 0xFFFF1202
SET_PREFIX = 0xFFFE0002
PFAULT_INIT = 0xFFFE0004
MCHK = 0xFFFE1000

ECHO_CALL = "/irqd.echo.Echo/Call"
ECHO_STREAM = "/irqd.echo.Echo/Stream"


def frame(message):
    """As gRPC sends it: not compressed, the length, the message."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def record(kind, payload=b""):
    """struct kvm_s390_irq as on s390x."""
    return kind.to_bytes(8, "big") + payload.ljust(IRQ_SIZE - 8, b"\0")


def emergency(sender):
    return record(EMERGENCY, sender.to_bytes(2, "big"))


def machine_check(code):
    """cr14, then the machine-check interruption code."""
    return record(MCHK, bytes(8) + code.to_bytes(8, "big"))


# Of eight kinds, with and without payload: what a vCPU of the million has pending.
EIGHT = (
    machine_check(0x8000000000000000),
    record(CLOCK_COMPARATOR),
    record(CPU_TIMER),
    record(PFAULT_INIT, bytes(8) + (7).to_bytes(8, "big")),
    record(RESTART),
    record(SET_PREFIX, (0x4000).to_bytes(4, "big")),
    record(EXTERNAL_CALL, (1).to_bytes(2, "big")),
    emergency(2),
)
# Ten, of a VM with three vCPUs that are stopped.
TEN = EIGHT[:6] + (record(EXTERNAL_CALL), *(emergency(sender) for sender in range(3)))


def vcpu(vm_id, vcpu_id):
    return resources_pb2.VcpuRef(vm_id=vm_id, vcpu_id=vcpu_id)


def s390_irq(vm_id, vcpu_id, image):
    request = kvm_pb2.S390IrqRequest(vcpu=vcpu(vm_id, vcpu_id), record=image)
    return request.SerializeToString()


def get_irq_state(vm_id, vcpu_id):
    arg = kvm_pb2.IrqStateArg(len=MOST_RECORDS * IRQ_SIZE)
    return kvm_pb2.GetIrqStateRequest(vcpu=vcpu(vm_id, vcpu_id), arg=arg).SerializeToString()


def set_irq_state(vm_id, vcpu_id, images):
    buf = b"".join(images)
    arg = kvm_pb2.IrqStateArg(len=len(buf))
    request = kvm_pb2.SetIrqStateRequest(vcpu=vcpu(vm_id, vcpu_id), arg=arg, buf=buf)
    return request.SerializeToString()


def reset(vm_id, vcpu_id):
    kind = kvm_pb2.ResetRequest.NORMAL
    return kvm_pb2.ResetRequest(vcpu=vcpu(vm_id, vcpu_id), kind=kind).SerializeToString()


def inject(vm_id, vcpu_ids, images):
    """A message of InjectStream; without a VM it is the last one named."""
    request = batch_pb2.InjectStreamRequest(vcpu_ids=vcpu_ids, records=b"".join(images))
    if vm_id:
        request.vm.id = vm_id
    return request.SerializeToString()


def get_irq_states(vm_id, one_instant=False):
    """Of all vCPUs of the VM."""
    request = batch_pb2.GetIrqStatesRequest(len=MOST_RECORDS * IRQ_SIZE, one_instant=one_instant)
    request.vm.id = vm_id
    return request.SerializeToString()


def create_vm(vcpu_count):
    return vms_pb2.CreateVmRequest(vcpu_count=vcpu_count).SerializeToString()


def list_vms(page_size, page_token=""):
    request = vms_pb2.ListVmsRequest(page_size=page_size, page_token=page_token)
    return request.SerializeToString()


def _varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _payload(wire_size):
    """How long a bytes field is that takes so much with its tag and length; where none does, the
    nearest below."""
    for size in range(wire_size, 0, -1):
        if 1 + len(_varint(size)) + size <= wire_size:
            return size
    return 0


def echo_request(size, answer_size):
    """A request of `size` bytes that asks for an answer of `answer_size`."""
    answer = _payload(answer_size)
    tail = b"\x10" + _varint(answer) if answer else b""
    payload = _payload(size - len(tail))
    head = b"\x0a" + _varint(payload) + bytes(payload) if payload else b""
    return head + tail


def echo_answer_size(answer_size):
    """The size of the answer that the bare server gives then."""
    payload = _payload(answer_size)
    return 1 + len(_varint(payload)) + payload if payload else 0


class Client:
    """A few calls to prepare a server, not to measure it."""

    def __init__(self, address):
        self._channel = grpc.insecure_channel(
            address, options=[("grpc.max_receive_message_length", -1)]
        )
        self.vms = vms_pb2_grpc.VmsStub(self._channel)

    def call(self, method, request):
        """The answer's bytes."""
        return self._channel.unary_unary(method)(request, timeout=60)

    def create_vm(self, vcpu_count):
        """Its id."""
        return self.vms.CreateVm(vms_pb2.CreateVmRequest(vcpu_count=vcpu_count), timeout=60).id

    def inject_all(self, requests):
        """Sends messages of InjectStream. Raises if an injection fails."""
        stream = self._channel.stream_stream("/irqd.v1.Batch/InjectStream")
        for answer in stream(iter(requests), timeout=60):
            rets = batch_pb2.InjectStreamResponse.FromString(answer).ret
            if any(rets):
                raise RuntimeError("InjectStream answered %s" % [ret for ret in rets if ret])

    def vm_ids(self):
        """Of all VMs, and the page tokens on the way to them."""
        ids, tokens = [], [""]
        while True:
            request = vms_pb2.ListVmsRequest(page_size=1000, page_token=tokens[-1])
            answer = self.vms.ListVms(request, timeout=60)
            ids += [vm.id for vm in answer.vms]
            if not answer.next_page_token:
                return ids, tokens
            tokens.append(answer.next_page_token)

    def close(self):
        self._channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
