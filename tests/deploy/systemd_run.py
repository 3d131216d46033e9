"""Runs irqd as irqd.service confines it, and sees that it serves and that no more is possible."""

import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile

import grpc

import systemd_plan

_CONFINED = str(pathlib.Path(__file__).resolve().parent / "systemd_confined.py")
_TIMEOUT = 60
_SERVING = b"\x08\x01"
# vcpu_count: 2, in the encoding of protobuf.
_TWO_VCPUS = b"\x20\x02"
# What the confinement must refuse, each as a statement of Python that fails with an OSError. None
# would change anything if it were allowed: a hole in the confinement is no reason for damage.
_FORBIDDEN = {
    "a netlink socket": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "a packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "memory to write and execute": "mmap.mmap(-1, 4096, prot=7)",
    "root": "os.setuid(0)",
    "another root folder": "os.chroot('/')",
    "another's file": "os.chown('/', 0, 0)",
    "a host's name": "socket.sethostname(socket.gethostname())",
    "a priority": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "a port below 1024": "socket.create_server(('127.0.0.1', 1))",
}
_PROBE = """
import json, mmap, os, socket, sys
refused = {}
for name, statement in json.loads(sys.argv[1]).items():
    try:
        exec(statement)
    except OSError as error:
        refused[name] = error.errno
print(json.dumps(refused))
"""


def _confine(plan, command):
    return [sys.executable, "-B", _CONFINED, plan, *command]


def _call(channel, method, request=b""):
    return channel.unary_unary(method)(request, timeout=_TIMEOUT, wait_for_ready=True)


def _served_problems(addresses):
    """Health, and a VM made over one address that is seen over the other."""
    found = []
    for address in addresses:
        with grpc.insecure_channel(address) as channel:
            if _call(channel, "/grpc.health.v1.Health/Check") != _SERVING:
                found.append("%s does not serve" % address)
            _call(channel, "/irqd.v1.Vms/CreateVm", _TWO_VCPUS)
    with grpc.insecure_channel(addresses[0]) as channel:
        # Each VM is field 1 of the answer, and its length follows.
        if _call(channel, "/irqd.v1.Vms/ListVms")[:1] != b"\x0a":
            found.append("the VMs are gone")
    return found


def _flags(unit, folder):
    """The unit's flags, with a free port, and the socket in a folder of the test's."""
    for name, value in unit.flags():
        if name == "listen" and value.startswith("unix:"):
            value = "unix:%s/irqd.sock" % folder
        elif name == "listen":
            value = value.rpartition(":")[0] + ":0"
        yield "--%s=%s" % (name, value)


def _start(unit, plan, irqd, folder):
    """The process, and the addresses that it says it listens on."""
    command = _confine(plan, [irqd, *_flags(unit, folder)])
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd="/")
    said = process.stderr.readline()
    prefix = "irqd: listening on "
    if not said.startswith(prefix):
        process.kill()
        raise RuntimeError("irqd did not start: " + said + process.stderr.read())
    return process, said[len(prefix):].strip().split(", ")


def _server(checks, unit, plan, irqd, folder):
    process, addresses = _start(unit, plan, irqd, folder)
    try:
        checks.check("systemd confinement: irqd serves", _served_problems(addresses))
        mode = stat.S_IMODE(os.stat(folder + "/irqd.sock").st_mode)
        checks.check("systemd confinement: the socket is for every user",
                     [] if mode == 0o666 else ["its mode is %o" % mode])
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=int(unit.one("TimeoutStopSec")) + _TIMEOUT)
        checks.check("systemd confinement: SIGTERM ends it with 0",
                     [] if code == 0 else ["it ended with %d" % code])
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stderr.close()


def _refusals(command):
    """{what was tried: errno} of what a probe was refused."""
    run = subprocess.run([*command, "/usr/bin/python3", "-I", "-c", _PROBE, json.dumps(_FORBIDDEN)],
                         capture_output=True, text=True, timeout=_TIMEOUT, check=True, cwd="/")
    return json.loads(run.stdout)


def check(checks, unit, irqd):
    with tempfile.TemporaryDirectory() as folder:
        # As the runtime directory: its user writes to it, everybody may look.
        os.chmod(folder, 0o777)
        # A copy that the user may execute, wherever the checkout lies.
        program = folder + "/irqd"
        with open(irqd, "rb") as source, open(program, "wb") as target:
            target.write(source.read())
        os.chmod(program, 0o755)
        plan = folder + "/plan.json"
        with open(plan, "w", encoding="utf-8") as file:
            json.dump(systemd_plan.plan(unit), file)
        _server(checks, unit, plan, program, folder)
        refused = _refusals(_confine(plan, []))
        for what in _FORBIDDEN:
            checks.check("systemd confinement: not " + what,
                         [] if what in refused else ["it is allowed"])
