"""The client for asyncio: the other one's surface, and its answers."""

import asyncio
import errno
import inspect
import re

import grpc
import pytest

import irqd
import irqd.client

_RESTART = irqd.Irq(irqd.KVM_S390_RESTART)
# What makes no call is no coroutine in either.
_PLAIN = {"vcpu", "with_timeout", "inject_stream"}


def _emergency(code):
    return irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=code))


def _surface(owner):
    return {name: value for name, value in vars(owner).items()
            if inspect.isfunction(value) and not name.startswith("_")}


def _with_client(server, test):
    """Runs `test(client)` in an event loop of its own."""
    async def run():
        async with irqd.aio.connect(server.target) as client:
            return await test(client)

    return asyncio.run(run())


@pytest.mark.parametrize("name", ["Client", "Vm", "Vcpu"])
def test_both_clients_have_the_same_surface(name):
    blocking = _surface(getattr(irqd.client, name))
    awaited = _surface(getattr(irqd.aio, name))

    assert list(awaited) == list(blocking)
    for method in set(blocking) - {"inject_stream"}:
        assert inspect.signature(awaited[method]) == inspect.signature(blocking[method]), method
        assert inspect.getdoc(awaited[method]) == inspect.getdoc(blocking[method]), method
    assert {method for method in awaited
            if not inspect.iscoroutinefunction(awaited[method])} == _PLAIN & set(awaited)


def test_every_call_of_the_proto_has_a_method():
    from irqd.v1 import batch_pb2, flic_pb2, guest_pb2, kvm_pb2, vms_pb2
    files = (batch_pb2, flic_pb2, guest_pb2, kvm_pb2, vms_pb2)
    in_proto = {(service.name, method.name) for file in files
                for service in file.DESCRIPTOR.services_by_name.values()
                for method in service.methods}

    called = set()
    for module in (irqd._calls.batch, irqd._calls.flic, irqd._calls.guest, irqd._calls.ioctls,
                   irqd._calls.vms, irqd.client):
        source = inspect.getsource(module)
        called |= set(re.findall(r'"(Batch|Flic|Guest|Kvm|Vms)", "(\w+)"', source))
        own = "Flic" if module is irqd._calls.flic else "Kvm"
        called |= {(own, name) for name in re.findall(r'_returns_0\([^,]+,\s*"(\w+)"', source)}

    assert called == in_proto


def test_a_state_moves_between_two_vms(irqd_server):
    async def test(client):
        async with await client.create_vm(vcpu_count=2) as one:
            async with await client.create_vm(vcpu_count=2) as other:
                await one.vcpu(0).inject(_emergency(1))
                await one.vcpu(0).inject(_RESTART)
                state = await one.vcpu(0).get_irq_state()
                await other.vcpu(0).set_irq_state(state)
                return state, await other.vcpu(0).get_irq_state()

    state, moved = _with_client(irqd_server, test)

    assert state == [_RESTART, _emergency(1)]
    assert bytes(moved) == bytes(state)


def test_errnos_and_statuses(irqd_server):
    async def test(client):
        vm = await client.create_vm()
        vcpu = await vm.create_vcpu(0)
        await vcpu.inject(_RESTART)
        with pytest.raises(OSError) as busy:
            await vcpu.set_irq_state([_RESTART])
        await vm.delete()
        with pytest.raises(grpc.RpcError) as gone:
            await vcpu.get_irq_state()
        return busy.value.errno, gone.value.code()

    assert _with_client(irqd_server, test) == (errno.EBUSY, grpc.StatusCode.NOT_FOUND)


def test_calls_at_a_time(irqd_server):
    async def test(client):
        async with await client.create_vm(vcpu_count=40) as vm:
            await asyncio.gather(*(vm.vcpu(0).inject(_emergency(code)) for code in range(40)))
            return await vm.vcpu(0).get_irq_state()

    assert _with_client(irqd_server, test) == [_emergency(code) for code in range(40)]


def test_a_stream_of_batches_and_of_awaited_batches(irqd_server):
    async def awaited(batches):
        for batch in batches:
            await asyncio.sleep(0)
            yield batch

    async def test(client):
        async with await client.create_vm(vcpu_count=2) as vm:
            batches = [[(0, _emergency(1)), (1, _emergency(9))], [], [(1, bytes(_RESTART))]]
            return [[rets async for rets in vm.inject_stream(source)]
                    for source in (batches, awaited(batches))]

    wanted = [[0, -errno.EINVAL], [], [0]]
    assert _with_client(irqd_server, test) == [wanted, wanted]


def test_what_the_batches_raise_comes_out_of_the_stream(irqd_server):
    def batches():
        yield [(0, _RESTART)]
        raise KeyError("the test's own")

    async def test(client):
        async with await client.create_vm(vcpu_count=1) as vm:
            with pytest.raises(KeyError, match="the test's own"):
                async for _ in vm.inject_stream(batches()):
                    pass
            # The client is as good as before.
            await vm.vcpu(0).reset(irqd.KVM_S390_INITIAL_RESET)
            return await vm.vcpu(0).get_irq_state()

    assert _with_client(irqd_server, test) == []


def test_a_stream_of_too_much_is_a_status(irqd_server):
    async def test(client):
        async with await client.create_vm(vcpu_count=1) as vm:
            with pytest.raises(grpc.RpcError) as raised:
                async for _ in vm.inject_stream([[(0, _RESTART)] * 1025]):
                    pass
            return raised.value.code()

    assert _with_client(irqd_server, test) is grpc.StatusCode.INVALID_ARGUMENT


def test_all_pages_of_a_list_are_read(irqd_server):
    async def test(client):
        made = [(await client.create_vm()).id for _ in range(1001)]
        listed = [vm.id for vm in await client.list_vms()]
        return made, [vm_id for vm_id in listed if vm_id in set(made)]

    made, listed = _with_client(irqd_server, test)
    assert listed == made
