"""Instructions a unary call, counted by callgrind: the same on a busy machine as on a quiet one.

They are those of the program and its libraries, without the kernel's.
"""

import collections
import glob
import os
import subprocess

from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import outputs
from tests.benchmarks import runs
from tests.benchmarks import unary_section

_CALLS = {1: 400, 64: 1500}
_LIBRARIES = (
    ("gRPC", ("libgrpc", "libgpr", "libaddress_sorting", "libupb")),
    ("protobuf", ("libprotobuf",)),
    ("abseil", ("libabsl",)),
    ("libc, libstdc++", ("libc.", "libm.", "libstdc++", "libgcc", "ld-linux", "libpthread")),
    ("the program", ("irqd", "echo_server")),
)


def _library(path):
    base = os.path.basename(path)
    for name, prefixes in _LIBRARIES:
        if base.startswith(prefixes):
            return name
    return "other"


def shares(costs, calls):
    """{library: instructions a call} of {object: instructions}."""
    by_library = collections.Counter()
    for path, cost in costs.items():
        by_library[_library(path)] += cost / calls
    return by_library


class _Counted:
    """A server under callgrind."""

    def __init__(self, bench, name):
        self._out = os.path.join(bench.directory, "callgrind." + name)
        self.prefix = ["valgrind", "--tool=callgrind", "-q", "--log-file=" + self._out + ".log"]
        self.prefix.append("--callgrind-out-file=" + self._out)

    def _control(self, server, option):
        command = ["callgrind_control", option, str(server.pid)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def costs(self, server, run):
        """{object: instructions} that the server spends on `run()`."""
        self._control(server, "--zero")
        run()
        before = set(glob.glob(self._out + ".*"))
        self._control(server, "--dump")
        (dump,) = set(glob.glob(self._out + ".*")) - before
        with open(dump) as text:
            return outputs.callgrind(text.read())


def run(bench):
    counted = {name: _Counted(bench, name) for name in ("irqd", "echo", "plugins")}
    with bench.irqd(prefix=counted["irqd"].prefix) as irqd, bench.echo(
        prefix=counted["echo"].prefix
    ) as echo, bench.echo(
        prefix=counted["plugins"].prefix, name="echo_plugins", plugins=True
    ) as plugins, messages.Client(irqd.addresses["TCP"]) as client:
        servers = {"irqd": irqd, "echo": echo, "plugins": plugins}
        rows, parts = [], {}
        for name, method, request in unary_section.cases(client):
            made = unary_section.loads(bench, servers, client, method, request)
            for in_flight, usual in _CALLS.items():
                bench.log("instructions: %s, %d in flight" % (name, in_flight))
                calls = bench.calls(usual)
                found = {}
                for which, load in made.items():
                    go = lambda load=load: runs.h2load(bench, load, "TCP", calls, in_flight)
                    go()
                    found[which] = shares(counted[which].costs(load.server, go), calls)
                totals = {which: sum(found[which].values()) for which in found}
                rows.append(
                    [name, in_flight]
                    + [figures.number(totals[which]) for which in ("irqd", "plugins", "echo")]
                    + [figures.number(totals["irqd"] / totals[bare]) for bare in ("plugins", "echo")]
                )
                if in_flight == 64:
                    parts[name] = found
    header = ["instructions a call", "in flight", "irqd", "echo*", "echo", "irqd / echo*", "irqd / echo"]
    lines = figures.table(header, rows)
    libraries = [name for name, _ in _LIBRARIES]
    rows = [
        ["%s: %s" % (name, which)] + [figures.number(found[which][library]) for library in libraries]
        for name, found in parts.items()
        for which in ("irqd", "echo")
    ]
    return lines + ["", *figures.table(["64 in flight, instructions of", *libraries], rows)]
