"""Unary calls beside a bare echo of the same bytes."""

from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import runs

# A machine check that is neither exigent nor repressible leaves nothing pending, so that a SET of
# such can be repeated.
_QUIET_CHECKS = [messages.machine_check(0x0000000000000001 << n) for n in range(10)]
CASES = 4
TRANSPORTS = ("TCP", "Unix")
# Of h2load, and how many times the usual rounds, by calls in flight: most where a goal is.
_CALLS = {8: 1500, 64: 2500}
_TIMES = {1: 5, 8: 2, 64: 8}
_RATE = 0.95  # the goals: at 64 in flight, and at 1
_P50 = 1.05
_P99 = 1.15


def cases(client):
    """[(name, method, request)], with what they need made on irqd."""
    vm = client.create_vm(4)
    for vcpu, images in ((2, messages.TEN[:1]), (3, messages.TEN)):
        client.call("/irqd.v1.Kvm/SetIrqState", messages.set_irq_state(vm, vcpu, images))
    inject = messages.s390_irq(vm, 0, messages.record(messages.RESTART))
    quiet = messages.set_irq_state(vm, 1, _QUIET_CHECKS)
    return [
        ("S390Irq", "/irqd.v1.Kvm/S390Irq", inject),
        ("GetIrqState, 1", "/irqd.v1.Kvm/GetIrqState", messages.get_irq_state(vm, 2)),
        ("GetIrqState, 10", "/irqd.v1.Kvm/GetIrqState", messages.get_irq_state(vm, 3)),
        ("SetIrqState, 10", "/irqd.v1.Kvm/SetIrqState", quiet),
    ]


def loads(bench, servers, client, method, request):
    """{name: Load} of one case: irqd's, and the same bytes for each bare server."""
    client.call(method, request)
    answer = len(client.call(method, request))
    bare = bench.file(messages.echo_request(len(request), answer))
    bare_answer = messages.echo_answer_size(answer)
    made = {"irqd": runs.Load(servers["irqd"], method, bench.file(request), answer)}
    for name in servers:
        if name != "irqd":
            made[name] = runs.Load(servers[name], messages.ECHO_CALL, bare, bare_answer)
    return made


def _alternate(bench, made, in_flight, measure):
    return runs.alternate(bench, made, measure, times=_TIMES[in_flight])


def _rate_row(bench, made, transport, in_flight):
    for load in made.values():  # each answer checked, and gRPC's lazy parts made
        runs.client(bench, load, transport, in_flight, calls=bench.calls(200))
    calls = bench.calls(_CALLS[in_flight])
    samples = _alternate(
        bench, made, in_flight, lambda load: runs.h2load(bench, load, transport, calls, in_flight)
    )
    ratio = runs.ratio(samples, "rate")
    goal = figures.verdict(ratio, _RATE, at_most=False) if in_flight == 64 else ""
    return _cells(samples, "rate") + _cells(samples, "cpu") + [goal]


def _latency_row(bench, made, transport):
    samples = _alternate(
        bench,
        made,
        1,
        lambda load: runs.client(
            bench, load, transport, 1, seconds=bench.seconds(0.2), warm_up=bench.seconds(0.03)
        ),
    )
    goals = [
        figures.verdict(runs.ratio(samples, key), goal, at_most=True)
        for key, goal in (("p50_us", _P50), ("p99_us", _P99))
    ]
    cells = [_cells(samples, key) for key in ("p50_us", "p99_us", "cpu")]
    return cells[0] + [goals[0]] + cells[1] + [goals[1]] + cells[2]


def _cells(samples, key):
    """Ours, and the ratio to the bare server."""
    return [figures.Figure(samples["irqd"][key]).text(), runs.ratio(samples, key).text()]


def run(bench):
    rows, latencies = [], []
    with bench.irqd() as irqd, bench.echo() as echo, messages.Client(
        irqd.addresses["TCP"]
    ) as client:
        servers = {"irqd": irqd, "echo": echo}
        for name, method, request in cases(client):
            made = loads(bench, servers, client, method, request)
            for transport in TRANSPORTS:
                bench.log("unary: %s, %s" % (name, transport))
                latencies.append([name, transport] + _latency_row(bench, made, transport))
                for in_flight in _CALLS:
                    row = _rate_row(bench, made, transport, in_flight)
                    rows.append([name, transport, in_flight] + row)
    cpu = ["server CPU, µs a call", "/ echo"]
    lines = figures.table(["h2load", "", "in flight", "calls/s", "/ echo", *cpu, "goal"], rows)
    header = ["C++ client, 1 in flight", "", "p50, µs", "/ echo", "goal", "p99, µs", "/ echo"]
    return lines + ["", *figures.table(header + ["goal"] + cpu, latencies)]
