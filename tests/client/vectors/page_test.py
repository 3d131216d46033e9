"""docs/vectors.md and docs/vectors.schema.json: that what they say and show is so."""

import glob
import json
import re
import subprocess
import unittest

import grpc
import jsonschema
from irqd.v1 import flic_pb2, flic_pb2_grpc
from irqd.v1 import kvm_pb2, kvm_pb2_grpc
from irqd.v1 import resources_pb2
from irqd.v1 import vms_pb2, vms_pb2_grpc

from tests import irqd_process, python_main

IRQCTL = "client/irqctl/irqctl"
RECORDINGS = sorted(glob.glob("tests/testdata/*.jsonl"))


def page():
    with open("docs/vectors.md") as file:
        return file.read()


def block(language):
    """The only code block of `language`."""
    (found,) = re.findall(r"^```%s\n(.*?)^```$" % language, page(), re.M | re.S)
    return found


def lines(path):
    with open(path) as file:
        return file.read().splitlines()


def schema():
    with open("docs/vectors.schema.json") as file:
        return json.load(file)


def run_vectors(text, *words):
    return subprocess.run([IRQCTL, "--target", "inproc:", "vectors", "run", *words], input=text,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Vm:
    """What the page's runner asks for, on an irqd, as far as it needs no guest."""

    _KINDS = {"NORMAL": 1, "INITIAL": 2, "CLEAR": 3}

    def __init__(self, channel, host):
        self._kvm, self._flic = kvm_pb2_grpc.KvmStub(channel), flic_pb2_grpc.FlicStub(channel)
        self._vms = vms_pb2_grpc.VmsStub(channel)
        profile = resources_pb2.HostProfile(**host)
        vm = self._vms.CreateVm(vms_pb2.CreateVmRequest(host_profile=profile))
        self.id, self._vm = vm.id, resources_pb2.VmRef(id=vm.id)

    def call(self, op, **arguments):
        vcpu = resources_pb2.VcpuRef(vm_id=self.id, vcpu_id=arguments.pop("vcpu", 0))
        answer = self._answer(op, vcpu, arguments)
        written = getattr(answer, "buf", getattr(answer, "memory", b""))
        return {"ret": answer.ret, "buf": written.hex()}

    def _answer(self, op, vcpu, arguments):
        if op == "create_vcpu":
            return self._vms.CreateVcpu(
                vms_pb2.CreateVcpuRequest(vm=self._vm, vcpu_id=vcpu.vcpu_id))
        if op == "KVM_S390_IRQ":
            return self._kvm.S390Irq(
                kvm_pb2.S390IrqRequest(vcpu=vcpu, record=bytes.fromhex(arguments["arg"])))
        if op == "KVM_S390_INTERRUPT":
            return self._kvm.S390Interrupt(kvm_pb2.S390InterruptRequest(vcpu=vcpu, **arguments))
        if op == "KVM_S390_GET_IRQ_STATE":
            arg = kvm_pb2.IrqStateArg(len=arguments["len"])
            return self._kvm.GetIrqState(kvm_pb2.GetIrqStateRequest(vcpu=vcpu, arg=arg))
        if op == "KVM_S390_SET_IRQ_STATE":
            arg = kvm_pb2.IrqStateArg(len=arguments["len"])
            buf = bytes.fromhex(arguments["buf"])
            return self._kvm.SetIrqState(kvm_pb2.SetIrqStateRequest(vcpu=vcpu, arg=arg, buf=buf))
        if op == "KVM_SET_MP_STATE":
            return self._kvm.SetMpState(kvm_pb2.SetMpStateRequest(vcpu=vcpu, **arguments))
        if op == "KVM_GET_MP_STATE":
            return self._kvm.GetMpState(kvm_pb2.GetMpStateRequest(vcpu=vcpu))
        if op == "KVM_DEV_FLIC_GET_ALL_IRQS":
            attr = flic_pb2.DeviceAttr(group=1, attr=arguments["len"])
            return self._flic.GetDeviceAttr(flic_pb2.GetDeviceAttrRequest(vm=self._vm, attr=attr))
        kind = self._KINDS[re.fullmatch(r"KVM_S390_(\w+)_RESET", op).group(1)]
        return self._kvm.Reset(kvm_pb2.ResetRequest(vcpu=vcpu, kind=kind))


class PageTest(unittest.TestCase):
    def test_the_example_is_a_recording_and_passes(self):
        example = block("json")

        self.assertIn(example.rstrip("\n"), lines("tests/testdata/local.jsonl"))
        said = run_vectors(example)
        self.assertEqual((said.stdout, said.returncode), ("1 passed, 0 failed\n", 0))

    def test_the_runner_runs_and_sees_a_difference(self):
        runner = {}
        exec(block("python"), runner)
        chosen = lines("tests/testdata/local.jsonl")[:40] + lines("tests/testdata/named.jsonl")[:11]
        with irqd_process.Irqd("server/irqd") as irqd:
            with grpc.insecure_channel(irqd.addresses[0]) as channel:
                for line in chosen:
                    self.assertIsNone(runner["run"](line, lambda host: Vm(channel, host)))
                wrong = block("json").replace('"mp_state":8,"ret":-6', '"mp_state":8,"ret":0')
                self.assertEqual(runner["run"](wrong, lambda host: Vm(channel, host))[0], 4)

    def test_the_page_the_schema_and_irqctl_know_the_same_calls(self):
        calls = schema()["definitions"]["step"]["properties"]["op"]["enum"]
        tables = page().split("### Calls on the VM")[1].split("The names in lower case")[0]
        first_cells = re.findall(r"^\| (`.*?) \|", tables, re.M)
        on_page = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)} - {"op"}

        self.assertEqual(on_page, set(calls))
        host = '"host":{"kernel":"linux-6.1","sigp_interpretation":true,"extended_sca":true}'
        for call in calls + ["fly"]:
            said = run_vectors('{"name":"n",%s,"steps":[{"op":"%s"}]}' % (host, call)).stdout
            self.assertEqual("steps[0].op" in said, call == "fly", said)


class SchemaTest(unittest.TestCase):
    def test_takes_all_recordings(self):
        validator = jsonschema.Draft7Validator(schema())
        validator.check_schema(schema())
        count = 0
        for path in RECORDINGS:
            for line in lines(path):
                validator.validate(json.loads(line))
                count += 1
        self.assertEqual(count, 364)

    def test_refuses_what_irqctl_refuses(self):
        validator = jsonschema.Draft7Validator(schema())
        example = block("json")
        changes = [
            ('"name":"random-4101-43"', '"name":""'),
            ('"name"', '"version":1,"name"'),
            ('"kernel":"linux-6.1"', '"kernel":"linux-2.4"'),
            ('"extended_sca":false', '"extended_sca":0'),
            ('"len":71', '"len":-1'),
            ('"len":71', '"len":4294967296'),
            ('"len":71', '"len":"71"'),
            ('"len":71', '"len":71,"cr":0'),
            ('"len":71,', ""),
            ('"op":"KVM_GET_MP_STATE"', '"op":"KVM_FLY"'),
            ('"ret":5', '"ret":"5"'),
            ('"ret":72,"buf":"00', '"ret":72,"buf":"0'),
        ]
        for old, new in changes:
            self.assertIn(old, example)
            changed = example.replace(old, new, 1)
            self.assertFalse(validator.is_valid(json.loads(changed)), new)
            self.assertEqual(run_vectors(changed).returncode, 2, new)
        commented = example.replace('"len":71', '"len":"0x47","comment":"too short"')
        self.assertTrue(validator.is_valid(json.loads(commented)))
        self.assertEqual(run_vectors(commented).returncode, 0)


if __name__ == "__main__":
    python_main.run()
