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
from tests.benchmarks import streams_section
from tests.benchmarks import unary_section

_CALLS = {1: 200, 64: 800}  # by how many are in flight
_MESSAGES = {1: 600, 64: 200, 1024: 40}  # by records in each
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


def _count(bench, counted, made, units, **h2load):
    """{server: {library: instructions a unit}} of the same h2load run on each."""
    found = {}
    for which, load in made.items():

        def go():
            runs.h2load(bench, load, "TCP", **h2load)

        go()  # what is only done once
        found[which] = shares(counted[which].costs(load.server, go), units)
    return found


def _totals(found, names):
    totals = {which: sum(found[which].values()) for which in found}
    cells = [figures.number(totals[which]) for which in ("irqd", *names)]
    return cells + [figures.number(totals["irqd"] / totals[bare]) for bare in names]


def _case(bench, counted, servers, client, case, in_flight):
    """{server: {library: instructions a call}} of one of unary_section.cases."""
    _, method, request = case
    made = unary_section.loads(bench, servers, client, method, request)
    calls = bench.calls(_CALLS[in_flight])
    return _count(bench, counted, made, calls, calls=calls, in_flight=in_flight)


def _unary(bench, counted, bare, number):
    """The rows of a case, and those of its libraries: on a server of its own, since the bare ones know
    one method only."""
    mine = _Counted(bench, "irqd_%d" % number)
    counted = {**counted, "irqd": mine}
    rows = []
    with bench.irqd(prefix=mine.prefix, name="irqd_%d" % number) as irqd, messages.Client(
        irqd.addresses["TCP"]
    ) as client:
        case = unary_section.cases(client)[number]
        for in_flight in _CALLS:
            bench.log("instructions: %s, %d in flight" % (case[0], in_flight))
            found = _case(bench, counted, {**bare, "irqd": irqd}, client, case, in_flight)
            rows.append([case[0], in_flight] + _totals(found, ("plugins", "echo")))
    parts = []
    for which in ("irqd", "echo"):
        cells = [figures.number(found[which][library]) for library, _ in _LIBRARIES]
        parts.append(["%s: %s" % (case[0], which)] + cells)
    return rows, parts


def _after_others(bench, counted, servers, client):
    """The row of the first case on a server that has answered as many calls of each other."""
    bench.log("instructions: after other methods")
    cases = unary_section.cases(client)
    for case in cases[1:]:
        made = unary_section.loads(bench, servers, client, *case[1:])
        runs.h2load(bench, made["irqd"], "TCP", bench.calls(_CALLS[64]), 64)
    found = _case(bench, counted, servers, client, cases[0], 64)
    return [cases[0][0] + ", after the others", 64] + _totals(found, ("plugins", "echo"))


def _streams(bench, counted, servers, client):
    pair = {name: servers[name] for name in ("irqd", "echo")}
    vm = client.create_vm(streams_section.VCPUS)
    rows = []
    for records, usual in _MESSAGES.items():
        bench.log("instructions: streams, messages of %d" % records)
        count = bench.calls(usual)
        made = streams_section.stream_loads(bench, pair, client, vm, records, count)
        found = _count(
            bench, counted, made, count * records, calls=1, in_flight=1, messages_a_call=count
        )
        rows.append(["InjectStream, messages of %d: a record" % records] + _totals(found, ["echo"]))
    bench.log("instructions: bulk reads")
    streams_section.fill(client, vm, 8)
    made = streams_section.bulk_loads(bench, pair, client, [vm])
    calls = bench.calls(60)
    found = _count(
        bench, counted, made, calls * streams_section.VCPUS, calls=calls, in_flight=1
    )
    rows.append(["GetIrqStates, 8 pending: a vCPU"] + _totals(found, ["echo"]))
    return figures.table(["instructions", "irqd", "echo", "/ echo"], rows)


def run(bench):
    counted = {name: _Counted(bench, name) for name in ("irqd", "echo", "plugins")}
    with bench.irqd(prefix=counted["irqd"].prefix) as irqd, bench.echo(
        prefix=counted["echo"].prefix
    ) as echo, bench.echo(
        prefix=counted["plugins"].prefix, name="echo_plugins", plugins=True
    ) as plugins, messages.Client(irqd.addresses["TCP"]) as client:
        bare = {"echo": echo, "plugins": plugins}
        rows, parts = [], []
        for number in range(unary_section.CASES):
            case_rows, case_parts = _unary(bench, counted, bare, number)
            rows += case_rows
            parts += case_parts
        servers = {"irqd": irqd, **bare}
        rows.append(_after_others(bench, counted, servers, client))
        header = ["instructions a call", "in flight", "irqd", "echo*", "echo", "/ echo*", "/ echo"]
        lines = figures.table(header, rows)
        header = ["64 in flight, instructions in", *(library for library, _ in _LIBRARIES)]
        lines += ["", *figures.table(header, parts)]
        return lines + ["", *_streams(bench, counted, servers, client)]
