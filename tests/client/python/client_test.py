"""The calls on VMs and vCPUs: results, errnos, statuses."""

import errno
import socket
import threading

import grpc
import pytest

import irqd

_RESTART = irqd.Irq(irqd.KVM_S390_RESTART)


def _emergency(code):
    return irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=code))


def _errno(call, *arguments, **options):
    with pytest.raises(OSError) as raised:
        call(*arguments, **options)
    return raised.value.errno


def _status(call, *arguments, **options):
    with pytest.raises(grpc.RpcError) as raised:
        call(*arguments, **options)
    assert not isinstance(raised.value, OSError)
    return raised.value.code()


def test_a_new_vcpu_has_nothing_pending_and_is_stopped(vcpu):
    assert vcpu.get_irq_state() == []
    assert vcpu.get_mp_state() == irqd.KVM_MP_STATE_STOPPED


def test_what_was_injected_is_pending_byte_for_byte(vcpu):
    irq = irqd.Irq(irqd.KVM_S390_INT_PFAULT_INIT, irqd.Ext(ext_params2=0x0123456789ABCDEF))

    vcpu.inject(irq)

    assert vcpu.get_irq_state() == [irq]
    assert bytes(vcpu.get_irq_state()) == bytes(irq)


def test_a_record_may_be_given_as_bytes(vcpu):
    vcpu.inject(bytes(_RESTART))

    assert vcpu.get_irq_state() == [_RESTART]


def test_a_buffer_too_small_is_enobufs_with_what_fits(vm, vcpu):
    vm.create_vcpu(1)
    vcpu.inject(_emergency(0))
    vcpu.inject(_emergency(1))

    with pytest.raises(OSError) as raised:
        vcpu.get_irq_state(len=72)

    assert raised.value.errno == errno.ENOBUFS
    assert raised.value.buf == bytes(_emergency(0))
    assert "ask again with more: 20664 is always enough" in str(raised.value)
    assert vcpu.get_irq_state() == [_emergency(0), _emergency(1)]


def test_set_on_a_vcpu_with_interrupts_is_ebusy_until_a_reset(vcpu):
    vcpu.inject(_RESTART)
    state = [_emergency(0)]

    assert _errno(vcpu.set_irq_state, state) == errno.EBUSY
    vcpu.reset(irqd.KVM_S390_INITIAL_RESET)
    vcpu.set_irq_state(state)

    assert vcpu.get_irq_state() == state


def test_a_state_moves_between_two_vms(irqd_client):
    source = irqd_client.create_vm(vcpu_count=2).vcpu(0)
    target = irqd_client.create_vm(vcpu_count=2).vcpu(0)
    source.inject(irqd.Irq(irqd.KVM_S390_MCHK, irqd.Mchk(cr14=1 << 28, mcic=1 << 58)))
    source.inject(_emergency(1))
    source.inject(_RESTART)

    state = source.get_irq_state()
    target.set_irq_state(state)

    assert len(state) == 3
    assert bytes(target.get_irq_state()) == bytes(state)


@pytest.mark.parametrize("kind", [irqd.KVM_S390_NORMAL_RESET, irqd.KVM_S390_INITIAL_RESET,
                                  irqd.KVM_S390_CLEAR_RESET])
def test_each_reset_clears(kind, vcpu):
    vcpu.inject(_RESTART)

    vcpu.reset(kind)

    assert vcpu.get_irq_state() == []


def test_no_reset_of_another_number(vcpu):
    with pytest.raises(ValueError, match="KVM_S390_CLEAR_RESET"):
        vcpu.reset(1)


def test_the_older_form_of_an_injection(vcpu):
    vcpu.interrupt(irqd.KVM_S390_PROGRAM_INT, parm=0x11)

    pgm = irqd.Pgm(code=0x11, flags=irqd.KVM_S390_PGM_FLAGS_ILC_VALID)
    assert vcpu.get_irq_state() == [irqd.Irq(irqd.KVM_S390_PROGRAM_INT, pgm)]


def test_refusals_are_the_kernels_errnos(vm, vcpu):
    cases = {
        "len of 0": (vcpu.get_irq_state, (0,), errno.EINVAL),
        "half a record": (vcpu.set_irq_state, (bytes(36),), errno.EINVAL),
        "nothing to set": (vcpu.set_irq_state, ([],), errno.EINVAL),
        "floating type": (vcpu.inject, (irqd.Irq(irqd.KVM_S390_INT_SERVICE),), errno.EINVAL),
        "unknown type": (vcpu.interrupt, (0xFFFFFFFF,), errno.EINVAL),
        "no such sender": (vcpu.inject, (_emergency(9),), errno.EINVAL),
        "no such state": (vcpu.set_mp_state, (irqd.KVM_MP_STATE_LOAD,), errno.ENXIO),
        "vCPU twice": (vm.create_vcpu, (0,), errno.EEXIST),
        "id too high": (vm.create_vcpu, (255,), errno.EINVAL),
    }

    assert {name: _errno(call, *arguments) for name, (call, arguments, _) in cases.items()} == {
        name: number for name, (_, _, number) in cases.items()}


def test_what_does_not_reach_the_kernel_is_a_status(irqd_client, vm, vcpu):
    code = grpc.StatusCode
    cases = {
        "no record": (vcpu.inject, (b"short",), code.INVALID_ARGUMENT),
        "no such VM": (irqd_client.get_vm, (1 << 60,), code.NOT_FOUND),
        "no such name": (irqd_client.get_vm, ("nobody",), code.NOT_FOUND),
        "no such vCPU": (vm.vcpu(7).get_irq_state, (), code.NOT_FOUND),
        "name taken": (irqd_client.create_vm, (vm.name,), code.ALREADY_EXISTS),
    }

    assert {name: _status(call, *arguments) for name, (call, arguments, _) in cases.items()} == {
        name: status for name, (_, _, status) in cases.items()}


def test_a_server_that_is_not_there_is_a_status():
    with irqd.connect("unix:/nonexistent/irqd") as client:
        assert _status(client.list_vms) is grpc.StatusCode.UNAVAILABLE


def test_a_timeout_ends_a_wait_for_a_server_that_says_nothing(vm):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with irqd.connect("127.0.0.1:%d" % silent.getsockname()[1], timeout=0.1) as client:
            calls = [
                client.list_vms,
                client.with_timeout(0.05).list_vms,
                irqd.Vm(client, vm.info()).vcpu(0).get_irq_state,
                lambda: list(irqd.Vm(client, vm.info()).inject_stream([[]])),
            ]

            assert {_status(call) for call in calls} == {grpc.StatusCode.DEADLINE_EXCEEDED}


def test_a_vm_is_found_by_name_and_id_and_gone_after_its_with(irqd_client):
    with irqd_client.create_vm("found-by-name", vcpu_ids=[2, 5]) as vm:
        found = {irqd_client.get_vm("found-by-name").id, irqd_client.get_vm(vm.id).id}
        listed = [one.id for one in irqd_client.list_vms()]

        assert found == {vm.id}
        assert vm.id in listed
        assert [one.id for one in vm.list_vcpus()] == [2, 5]
        assert vm.info().vcpu_count == 2

    assert _status(vm.info) is grpc.StatusCode.NOT_FOUND


def test_all_pages_of_a_list_are_read(irqd_client):
    made = [irqd_client.create_vm().id for _ in range(1001)]

    listed = [vm.id for vm in irqd_client.list_vms()]

    assert [vm_id for vm_id in listed if vm_id in set(made)] == made


def test_a_host_profile_decides(irqd_client):
    profile = irqd.HostProfile(kernel="linux-4.1", sigp_interpretation=False)

    vm = irqd_client.create_vm(host_profile=profile)

    assert vm.host_profile == irqd.HostProfile("linux-4.1", False, True, False)
    assert vm.check_extension(irqd.KVM_CAP_S390_IRQ_STATE) == 1
    assert vm.check_extension(irqd.KVM_CAP_S390_VCPU_RESETS) == 0
    assert irqd_client.check_extension(irqd.KVM_CAP_S390_VCPU_RESETS) == 1
    assert irqd_client.check_extension(irqd.KVM_CAP_S390_VCPU_RESETS, profile) == 0


def test_run_states_and_the_word_of_what_is_pending(vm, vcpu):
    vcpu.set_mp_state(irqd.KVM_MP_STATE_OPERATING)
    vcpu.inject(_RESTART)

    (info,) = vm.list_vcpus()

    assert (info.id, info.mp_state) == (0, irqd.KVM_MP_STATE_OPERATING)
    assert info.pending != 0
    assert vcpu.get_mp_state() == irqd.KVM_MP_STATE_OPERATING


def test_threads_share_a_client(irqd_client):
    vm = irqd_client.create_vm(vcpu_count=40)

    def inject(codes):
        for code in codes:
            vm.vcpu(0).inject(_emergency(code))

    threads = [threading.Thread(target=inject, args=(range(n, 40, 4),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert vm.vcpu(0).get_irq_state() == [_emergency(code) for code in range(40)]
