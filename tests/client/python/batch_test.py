"""Many of the kernel's calls in one."""

import errno

import grpc
import pytest

import irqd

_RESTART = irqd.Irq(irqd.KVM_S390_RESTART)


def _emergency(code):
    return irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=code))


@pytest.fixture
def vm(irqd_client):
    return irqd_client.create_vm(vcpu_count=4)


@pytest.mark.parametrize("one_instant", [False, True])
def test_states_of_a_whole_vm(one_instant, vm):
    vm.vcpu(1).inject(_RESTART)
    vm.vcpu(3).inject(_emergency(0))
    vm.vcpu(3).inject(_RESTART)

    states = vm.get_irq_states(one_instant=one_instant)

    assert [(one.vcpu_id, one.ret) for one in states] == [(0, 0), (1, 72), (2, 0), (3, 144)]
    assert [one.buf for one in states] == [
        bytes(vm.vcpu(vcpu_id).get_irq_state()) for vcpu_id in range(4)]
    assert states[3].irqs() == vm.vcpu(3).get_irq_state()


def test_one_instant_goes_to_the_server():
    # It answers the same where nothing else happens meanwhile.
    for one_instant in (False, True):
        call = irqd._calls.batch.get_irq_states(1, [2], 72, one_instant)

        assert call.request.one_instant is one_instant


def test_an_errno_is_that_of_its_vcpu_alone(vm):
    vm.vcpu(1).inject(_emergency(0))
    vm.vcpu(1).inject(_RESTART)
    vm.vcpu(2).inject(_RESTART)

    first, second = vm.get_irq_states([1, 2], len=72)

    assert first.ret == -errno.ENOBUFS
    assert len(first.buf) == 72
    with pytest.raises(OSError) as raised:
        first.irqs()
    assert raised.value.errno == errno.ENOBUFS
    assert raised.value.buf == first.buf
    assert second.irqs() == [_RESTART]


def test_setting_many_gives_each_its_result(vm):
    vm.vcpu(2).inject(_RESTART)

    rets = vm.set_irq_states({
        3: [_emergency(0), _emergency(1)],
        2: [_RESTART],
        0: bytes(_RESTART),
        1: b"",
    })

    assert rets == {3: 0, 2: -errno.EBUSY, 0: 0, 1: -errno.EINVAL}
    assert vm.vcpu(3).get_irq_state() == [_emergency(0), _emergency(1)]
    assert vm.vcpu(0).get_irq_state() == [_RESTART]


def test_a_whole_vm_moves(irqd_client, vm):
    for vcpu_id in range(4):
        vm.vcpu(vcpu_id).inject(_emergency(vcpu_id))
    target = irqd_client.create_vm(vcpu_count=4)

    states = vm.get_irq_states(one_instant=True)
    rets = target.set_irq_states({one.vcpu_id: one.irqs() for one in states})

    assert set(rets.values()) == {0}
    assert target.get_irq_states() == states


def test_a_stream_answers_each_batch_in_order(vm):
    batches = [
        [(0, _emergency(0)), (1, bytes(_RESTART))],
        [],
        [(0, _emergency(9)), (2, _RESTART)],
    ]

    rets = list(vm.inject_stream(batches))

    assert rets == [[0, 0], [], [-errno.EINVAL, 0]]
    assert [one.irqs() for one in vm.get_irq_states()] == [
        [_emergency(0)], [_RESTART], [_RESTART], []]


def test_a_long_stream_is_answered_to_its_end(vm):
    batch = [(0, _emergency(code % 4)) for code in range(1024)]

    rets = list(vm.inject_stream(batch for _ in range(200)))

    assert rets == [[0] * 1024] * 200


def test_what_the_batches_raise_comes_out_of_the_stream(vm):
    def batches():
        yield [(0, _RESTART)]
        raise KeyError("the test's own")

    with pytest.raises(KeyError, match="the test's own"):
        list(vm.inject_stream(batches()))


def test_a_record_of_another_length_takes_no_others_place(vm):
    with pytest.raises(ValueError, match="71 bytes"):
        list(vm.inject_stream([[(0, bytes(71)), (0, bytes(73))]]))

    assert vm.vcpu(0).get_irq_state() == []


def test_a_stream_of_too_much_is_a_status(vm):
    with pytest.raises(grpc.RpcError) as raised:
        list(vm.inject_stream([[(0, _RESTART)] * 1025]))

    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_stream_may_be_left(vm):
    def endless():
        while True:
            yield [(0, _RESTART)]

    stream = vm.inject_stream(endless())
    assert next(stream) == [0]
    stream.close()

    assert vm.vcpu(0).get_irq_state() == [_RESTART]
