"""A million vCPUs, and the latency of others' calls while somebody reads them all."""

import random
import subprocess
import time

from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import outputs
from tests.benchmarks import processes
from tests.benchmarks import runs
from tests.benchmarks import streams_section

_VMS = 5000
_VCPUS = 200  # each
_FEW_VMS = 5
_CREATE = "/irqd.v1.Vms/CreateVm"
_INJECT = "/irqd.v1.Kvm/S390Irq"
_LIST = "/irqd.v1.Vms/ListVms"
_MIB = 2**20
_MOST_RECORDS = 1024  # in a message of InjectStream


def _create(bench, server, vms):
    """Seconds."""
    load = runs.Load(server, _CREATE, bench.file(messages.create_vm(_VCPUS)), -1)
    return runs.client(bench, load, "TCP", 64, calls=vms)["seconds"]


def _fill(bench, server, vms):
    """Makes eight interrupts pending on every vCPU, by streams of some VMs each. Seconds."""
    part = _MOST_RECORDS // len(messages.EIGHT)
    seconds = 0
    for start in range(0, len(vms), 250):
        requests = []
        for vm in vms[start : start + 250]:
            for first in range(0, _VCPUS, part):
                ids = range(first, min(first + part, _VCPUS))
                each = [vcpu for vcpu in ids for _ in messages.EIGHT]
                requests.append(messages.inject(vm, each, list(messages.EIGHT) * len(ids)))
        load = runs.Load(server, "/irqd.v1.Batch/InjectStream", bench.file(*requests), -1)
        run = runs.client(bench, load, "TCP", 16, stream="true", calls=len(requests))
        seconds += run["seconds"]
    return seconds


def _injections(bench, server, vms):
    """A load of single injections all over the VMs. From a fixed seed, so that rounds are alike."""
    places = random.Random(1)
    restart = messages.record(messages.RESTART)
    requests = [
        messages.s390_irq(places.choice(vms), places.randrange(_VCPUS), restart)
        for _ in range(bench.calls(20000))
    ]
    return runs.Load(server, _INJECT, bench.file(*requests), 0)


def _rates(bench, few, many):
    return runs.alternate(
        bench,
        {"few": few, "many": many},
        lambda load: runs.client(
            bench, load, "TCP", 64, seconds=bench.seconds(0.3), warm_up=bench.seconds(0.05)
        ),
        times=6,
    )


def _pages(bench, server, tokens):
    """p50 of a page of 100 VMs in microseconds, {position: ...}."""
    found = {}
    for name, token in (("first", ""), ("middle", tokens[len(tokens) // 2])):
        load = runs.Load(server, _LIST, bench.file(messages.list_vms(100, token)), -1)
        samples = [
            runs.client(bench, load, "TCP", 1, calls=bench.calls(300)) for _ in range(bench.rounds)
        ]
        found[name] = [run["p50_us"] for run in samples]
    return found


def _under_read(bench, unary, bulk):
    """The unary client's figures while the bulk client reads, and the bulk client's rate."""
    seconds = bench.seconds(1.0)
    command = processes.load_command(
        bench.programs["load"], bulk.server, "TCP", bulk.method, bulk.requests, 1,
        bulk.answer_size, seconds=seconds + bench.seconds(0.4),
    )
    before = bulk.server.cpu_seconds()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        # Until it reads, or has read.
        while bulk.server.cpu_seconds() < before + bench.seconds(0.1) and reader.poll() is None:
            time.sleep(0.001)
        run = runs.client(bench, unary, "TCP", 1, seconds=seconds)
        bulk_run = outputs.load(reader.communicate(timeout=60)[0])
    return {"p50": run["p50_us"], "p99": run["p99_us"], "reads": bulk_run["rate"]}


def _mixed(bench, servers, client, vms):
    bench.log("scale: calls while all is read")
    bulks = streams_section.bulk_loads(bench, servers, client, vms)
    if bulks["irqd"].answer_size < _VCPUS * len(messages.EIGHT) * messages.IRQ_SIZE:
        raise RuntimeError("not everything that was injected is pending")
    request = messages.s390_irq(vms[0], 0, messages.record(messages.RESTART))
    bare = bench.file(messages.echo_request(len(request), 0))
    unary = {
        "irqd": runs.Load(servers["irqd"], _INJECT, bench.file(request), 0),
        "echo": runs.Load(servers["echo"], messages.ECHO_CALL, bare, 0),
    }
    pairs = {name: (unary[name], bulks[name]) for name in servers}
    samples = runs.alternate(bench, pairs, lambda pair: _under_read(bench, *pair))
    ratio = runs.ratio(samples, "p99")
    rows = []
    for name in servers:
        vcpus = [rate * _VCPUS for rate in samples[name]["reads"]]
        cells = [figures.Figure(samples[name][key]).text() for key in ("p50", "p99")]
        rows.append([name] + cells + [figures.Figure(vcpus).text()])
    cells = [runs.ratio(samples, key).text() for key in ("p50", "p99", "reads")]
    rows.append(["irqd / echo"] + cells)
    header = ["S390Irq while all vCPUs are read", "p50, µs", "p99, µs", "vCPUs read/s"]
    goal = "The goal for p99 is %s." % figures.verdict(ratio, 1.5, at_most=True)
    return figures.table(header, rows) + ["", goal]


def run(bench):
    rows = []
    vm_count = bench.calls(_VMS)
    vcpus = vm_count * _VCPUS
    with bench.irqd() as irqd, bench.irqd(
        name="irqd_few"
    ) as few_irqd, bench.echo() as echo, messages.Client(
        irqd.addresses["TCP"]
    ) as client, messages.Client(few_irqd.addresses["TCP"]) as few_client:
        bench.log("scale: creates {:,} vCPUs".format(vcpus))
        empty = irqd.resident_bytes()
        seconds = _create(bench, irqd, vm_count)
        idle = irqd.resident_bytes()
        vms, tokens = client.vm_ids()
        _create(bench, few_irqd, _FEW_VMS)
        few_vms, _ = few_client.vm_ids()
        rows.append(["create them, s", figures.number(seconds), "below 5"])
        rows.append(["memory when idle, MiB", figures.number(idle / _MIB), "below 256"])
        rows.append(["memory without any, MiB", figures.number(empty / _MIB), ""])

        bench.log("scale: injects")
        few = _injections(bench, few_irqd, few_vms)
        many = _injections(bench, irqd, vms)
        samples = _rates(bench, few, many)
        ratio = runs.ratio(samples, "rate", ours="many", bare="few")
        rows.append(["S390Irq/s, 64 in flight", figures.Figure(samples["many"]["rate"]).text(), ""])
        what = "the same / that with {:,} vCPUs".format(len(few_vms) * _VCPUS)
        rows.append([what, ratio.text(), figures.verdict(ratio, 0.95, at_most=False)])

        bench.log("scale: lists")
        few_pages = _pages(bench, few_irqd, [""])
        for name, samples in _pages(bench, irqd, tokens).items():
            what = "ListVms, a page of 100, the %s, p50 in µs" % name
            rows.append([what, figures.Figure(samples).text(), ""])
        what = "ListVms of all of %d VMs, p50 in µs" % len(few_vms)
        rows.append([what, figures.Figure(few_pages["first"]).text(), ""])

        bench.log("scale: eight pending each")
        seconds = _fill(bench, irqd, vms)
        full = irqd.resident_bytes()
        rows.append(["make 8 pending on each, s", figures.number(seconds), ""])
        rows.append(["memory with 8 pending each, MiB", figures.number(full / _MIB), "below 1024"])
        mixed = _mixed(bench, {"irqd": irqd, "echo": echo}, client, vms)
    header = ["{:,} vCPUs in {:,} VMs".format(vcpus, vm_count), "", "goal"]
    return figures.table(header, rows) + [""] + mixed
