"""Floating interrupts and what a guest does."""

import errno

import pytest

import irqd
from irqd.v1 import flic_pb2, guest_pb2

_SERVICE = irqd.Irq(irqd.KVM_S390_INT_SERVICE, irqd.Ext(ext_params=0x1000))
_RESTART = irqd.Irq(irqd.KVM_S390_RESTART)
_ALL_OPEN = 0x0700000000000000 | 1 << 50  # PSW: DAT, I/O, external; machine checks


def _io(schid, word=0):
    return irqd.Irq(schid, irqd.Io(schid >> 16, schid & 0xFFFF, 7, word))


def _errno(call, *arguments, **options):
    with pytest.raises(OSError) as raised:
        call(*arguments, **options)
    return raised.value.errno


def test_groups_are_those_of_the_proto():
    ours = {name[len("KVM_DEV_"):]: value for name, value in vars(irqd).items()
            if name.startswith("KVM_DEV_FLIC_")}
    proto = dict(flic_pb2.FlicGroup.items())

    del proto["FLIC_GROUP_UNSPECIFIED"]

    assert ours == proto


def test_enums_are_those_of_the_proto():
    held_by = dict(guest_pb2.PendingIrq.HeldBy.items())
    orders = dict(guest_pb2.SigpOrder.items())

    del orders["SIGP_UNASSIGNED"]

    assert {one.name: one.value for one in irqd.HeldBy} == {
        name.replace("HELD_BY_", ""): value for name, value in held_by.items()}
    assert {"SIGP_" + one.name: one.value for one in irqd.SigpOrder} == orders


def test_a_list_goes_in_and_comes_out(vm):
    vm.enqueue([_SERVICE, _io(0x00010002, 0x18000000)])

    assert vm.get_all_irqs() == [_io(0x00010002, 0x18000000), _SERVICE]
    assert vm.info().floating_pending != 0
    vm.clear_irqs()
    assert vm.get_all_irqs() == []


def test_an_io_interrupt_is_cleared_by_its_subchannel(vm):
    vm.enqueue([_io(0x00010002), _io(0x00010003)])

    vm.clear_io_irq(0x00010002)

    assert vm.get_all_irqs() == [_io(0x00010003)]


def test_an_idle_vcpu_is_woken(vm, vcpu):
    vcpu.set_mp_state(irqd.KVM_MP_STATE_OPERATING)
    vcpu.set_registers(psw_mask=_ALL_OPEN | 1 << 49, cr0=1 << 9)
    vcpu.deliver()

    assert vm.interrupt(irqd.KVM_S390_INT_SERVICE, 0x1000) == [0]
    assert vm.enqueue([_io(0x00010002)]) == [0]


def test_refusals_are_the_kernels_errnos(vm, vcpu):
    cases = {
        "local type": (vm.interrupt, (irqd.KVM_S390_RESTART,), errno.EINVAL),
        "no FLIC": (vm.create_device, (1,), errno.ENODEV),
        "no group": (vm.has_device_attr, (99,), errno.ENXIO),
        "group to get": (vm.set_device_attr, (irqd.KVM_DEV_FLIC_GET_ALL_IRQS,), errno.EINVAL),
        "group to set": (vm.get_device_attr, (irqd.KVM_DEV_FLIC_ENQUEUE,), errno.EINVAL),
        "no memory": (vm.set_device_attr, (irqd.KVM_DEV_FLIC_ADAPTER_REGISTER,), errno.EFAULT),
        "late AIS": (vm.enable_cap, (irqd.KVM_CAP_S390_AIS,), errno.EBUSY),
        "no room": (vm.get_all_irqs, (0,), errno.EINVAL),
    }

    assert {name: _errno(call, *arguments) for name, (call, arguments, _) in cases.items()} == {
        name: number for name, (_, _, number) in cases.items()}


def test_what_a_vm_has(vm):
    vm.create_device()
    vm.has_device_attr(irqd.KVM_DEV_FLIC_ENQUEUE)
    vm.enable_cap(irqd.KVM_CAP_S390_AIS)

    masks = vm.get_device_attr(irqd.KVM_DEV_FLIC_AISM_ALL, 2)

    assert masks == irqd.DeviceAttr(0, bytes(2))
    assert _errno(vm.create_device) == errno.EINVAL


def test_more_floating_interrupts_than_most_clients_take_in_an_answer(vm):
    records = [_SERVICE] + [_io(0x00010002, word) for word in range(908)]
    for _ in range(70):
        vm.enqueue(records)

    assert len(bytes(vm.get_all_irqs())) == 72 * (1 + 70 * 908) > 4 << 20
    assert _errno(vm.get_all_irqs, 72) == errno.ENOMEM


def test_registers_that_are_not_given_stay(vm, vcpu):
    vcpu.set_registers(cr0=1, cr6=2, cr14=3, clock_comparator=4, cpu_timer=5, prefix=0x2000)
    vcpu.set_registers(psw_mask=_ALL_OPEN, cr0=0)
    vm.set_registers(tod_clock=1 << 60, new_psw_restart=2, new_psw_external=3)
    vm.set_registers(new_psw_program=4, new_psw_machine_check=5, new_psw_io=6)

    assert vcpu.get_registers() == irqd.VcpuRegisters(_ALL_OPEN, 0, 2, 3, 4, 5, 0x2000)
    assert vm.get_registers() == irqd.VmRegisters(1 << 60, 2, 3, 4, 5, 6)


def test_a_delivery_takes_what_the_masks_let_through(vm, vcpu):
    vm.enqueue([_io(0x00010002)])
    vcpu.inject(_RESTART)
    held = irqd.PendingIrq(type=0, isc=0, count=1, held_by=irqd.HeldBy.PSW_IO)

    found = vcpu.get_deliverable()
    delivery = vcpu.deliver()

    assert found.has_irq and found.has_irq_besides_stop
    assert found.pending == (
        held, irqd.PendingIrq(irqd.KVM_S390_RESTART, 0, 1, irqd.HeldBy.NOTHING))
    assert delivery.delivered == (irqd.DeliveredIrq(_RESTART, 0, 0),)
    assert delivery.pending == (held,)
    assert not delivery.more


def test_a_delivery_may_be_cut(vcpu):
    vcpu.inject(_RESTART)
    vcpu.inject(irqd.Irq(irqd.KVM_S390_PROGRAM_INT, irqd.Pgm(code=0x11)))

    assert len(vcpu.deliver(max_irqs=1).delivered) == 1
    assert len(vcpu.deliver().delivered) == 1


def test_orders_from_vcpu_to_vcpu(vm, vcpu):
    other = vm.create_vcpu(1)

    sent = vcpu.sigp(1, irqd.SigpOrder.EMERGENCY_SIGNAL)
    sensed = vcpu.sigp(1, irqd.SigpOrder.SENSE)

    assert sent == irqd.SigpResult(0, 0)
    assert sensed == irqd.SigpResult(1, 0x040)
    assert vcpu.sigp(9, irqd.SigpOrder.SENSE).condition_code == 3
    assert vcpu.sigp(1, 0x77) == irqd.SigpResult(1, 0x002)
    assert other.get_irq_state() == [irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=0))]


def test_a_pending_stop_goes_to_userspace(vcpu):
    vcpu.set_mp_state(irqd.KVM_MP_STATE_OPERATING)
    vcpu.stop_intercept()
    vcpu.inject(irqd.Irq(irqd.KVM_S390_SIGP_STOP))

    assert _errno(vcpu.stop_intercept) == errno.EOPNOTSUPP
