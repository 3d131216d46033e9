"""The recorded answers of Linux 6.1 (tests/testdata/README.md), and playing them to a server."""

import inspect
import json
from typing import Any, Iterator

import checkout
import irqd

NAMES = ("named", "local", "delivery", "floating")
_NEW_PSWS = ("restart", "external", "program", "machine_check", "io")
_CRS = {0: "cr0", 6: "cr6", 14: "cr14"}
_RESETS = {
    "KVM_S390_NORMAL_RESET": irqd.KVM_S390_NORMAL_RESET,
    "KVM_S390_INITIAL_RESET": irqd.KVM_S390_INITIAL_RESET,
    "KVM_S390_CLEAR_RESET": irqd.KVM_S390_CLEAR_RESET,
}


def scenarios(name: str) -> list[dict[str, Any]]:
    lines = (checkout.RECORDINGS / (name + ".jsonl")).read_text().splitlines()
    return [json.loads(line) for line in lines]


def images(name: str) -> Iterator[tuple[bool, bytes]]:
    """All records of a recording, and whether it was the kernel that wrote them."""
    for scenario in scenarios(name):
        for step in scenario["steps"]:
            written = step["op"] in ("KVM_S390_GET_IRQ_STATE", "KVM_DEV_FLIC_GET_ALL_IRQS")
            buf = bytes.fromhex(step.get("arg", step.get("buf", "")))
            for start in range(0, len(buf) - 71, 72):
                yield written, buf[start:start + 72]


async def _settle(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def _answer(call: Any, *arguments: Any, **options: Any) -> dict[str, Any]:
    """What the ioctl returned and what it wrote, the way the recordings have it."""
    try:
        result = await _settle(call(*arguments, **options))
    except irqd.IoctlError as error:
        return {"ret": -error.errno, "buf": error.buf.hex()}
    # Through the records, so that they must be exact too.
    if isinstance(result, irqd.IrqState):
        return {"ret": len(bytes(result)), "buf": b"".join(map(bytes, result)).hex()}
    if isinstance(result, irqd.DeviceAttr):
        state = irqd.IrqState(result.memory)
        return {"ret": result.ret, "buf": b"".join(map(bytes, state)).hex()}
    return {"ret": result if isinstance(result, int) else 0}


async def _on_vm(step: dict[str, Any], vm: Any) -> dict[str, Any]:
    match step["op"]:
        case "create_vcpu":
            return await _answer(vm.create_vcpu, step["vcpu"])
        case "KVM_S390_INTERRUPT":
            return await _answer(vm.interrupt, step["type"], step["parm"], step["parm64"])
        case "KVM_DEV_FLIC_GET_ALL_IRQS":
            return await _answer(
                vm.get_device_attr, irqd.KVM_DEV_FLIC_GET_ALL_IRQS, step["len"])
        case "KVM_DEV_FLIC_ENQUEUE":
            return await _answer(vm.set_device_attr, irqd.KVM_DEV_FLIC_ENQUEUE, step["len"],
                                 bytes.fromhex(step["buf"]))
        case "KVM_DEV_FLIC_CLEAR_IRQS":
            return await _answer(vm.clear_irqs)
        case "KVM_DEV_FLIC_CLEAR_IO_IRQ":
            return await _answer(vm.clear_io_irq, int(str(step["schid"]), 0))
        case "set_new_psw_mask":
            value = int(step["value"], 0)
            chosen = [_NEW_PSWS[step["which"]]] if "which" in step else _NEW_PSWS
            return await _answer(vm.set_registers, **{"new_psw_" + one: value for one in chosen})
    raise AssertionError("no such op: %r" % step)


async def _on_vcpu(step: dict[str, Any], vcpu: Any) -> dict[str, Any]:
    match step["op"]:
        case "KVM_S390_IRQ":
            return await _answer(vcpu.inject, irqd.Irq.from_bytes(bytes.fromhex(step["arg"])))
        case "KVM_S390_INTERRUPT":
            return await _answer(vcpu.interrupt, step["type"], step["parm"], step["parm64"])
        case "KVM_S390_GET_IRQ_STATE":
            return await _answer(vcpu.get_irq_state, step["len"])
        case "KVM_S390_SET_IRQ_STATE":
            buf = bytes.fromhex(step["buf"])
            return await _answer(vcpu.set_irq_state, buf.ljust(min(step["len"], 65536), b"\0"),
                                 len=step["len"])
        case "KVM_SET_MP_STATE":
            return await _answer(vcpu.set_mp_state, step["mp_state"])
        case "KVM_GET_MP_STATE":
            return await _answer(vcpu.get_mp_state)
        case "set_psw_mask":
            return await _answer(vcpu.set_registers, psw_mask=int(step["value"], 0))
        case "set_cr":
            return await _answer(vcpu.set_registers, **{_CRS[step["cr"]]: int(step["value"], 0)})
        case "deliver":
            delivery = await _settle(vcpu.deliver())
            return {"ret": 0, "delivered": [
                {"type": hex(one.irq.type), "data0": hex(one.data0), "data1": hex(one.data1)}
                for one in delivery.delivered]}
        case reset:
            return await _answer(vcpu.reset, _RESETS[reset])


def _wanted(step: dict[str, Any]) -> dict[str, Any]:
    """The recorded answer."""
    written = step["op"] in ("KVM_S390_GET_IRQ_STATE", "KVM_DEV_FLIC_GET_ALL_IRQS")
    wanted = {"ret": step.get("ret", 0)}
    if written:
        wanted["buf"] = step["buf"]
    if "delivered" in step:
        wanted["delivered"] = step["delivered"]
    return wanted


async def play(scenario: dict[str, Any], client: Any) -> int:
    """Plays one to a client, blocking or not. Gives its steps; AssertionError: another answer."""
    vm = await _settle(client.create_vm(host_profile=irqd.HostProfile(**scenario["host"])))
    for number, step in enumerate(scenario["steps"]):
        on_vm = "vcpu" not in step or step["op"] == "create_vcpu"
        got = await (_on_vm(step, vm) if on_vm else _on_vcpu(step, vm.vcpu(step["vcpu"])))
        wanted = _wanted(step)
        got = {name: got.get(name) for name in wanted}
        assert got == wanted, "%s, step %d: %s" % (scenario["name"], number, step["op"])
    await _settle(vm.delete())
    return len(scenario["steps"])
