"""Unary calls beside a bare echo of the same bytes."""

from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import runs

# A machine check that is neither exigent nor repressible leaves nothing pending, so that a SET of
# such can be repeated.
_QUIET_CHECKS = [messages.machine_check(0x0000000000000001 << n) for n in range(10)]
CASES = 4
TRANSPORTS = ("TCP", "Unix")
IN_FLIGHT = (1, 8, 64)
_CALLS = {1: 1000, 8: 3000, 64: 8000}


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


def _measure(bench, made, transport, in_flight):
    def both(load):
        run = runs.h2load(bench, load, transport, bench.calls(_CALLS[in_flight]), in_flight)
        if in_flight == 1:
            checked = runs.client(
                bench, load, transport, 1, seconds=bench.seconds(0.3), warm_up=bench.seconds(0.05)
            )
            run["p50"], run["p99"] = checked["p50_us"], checked["p99_us"]
        return run

    for load in made.values():  # each answer checked, and gRPC's lazy parts made
        runs.client(bench, load, transport, in_flight, calls=bench.calls(200))
    return runs.alternate(bench, made, both)


def _beside(samples, key):
    """Ours, and the ratios to both bare servers."""
    ours = figures.Figure(samples["irqd"][key]).text()
    return [ours] + [runs.ratio(samples, key, bare=bare).text() for bare in ("plugins", "echo")]


def run(bench):
    rows, latencies = [], []
    with bench.irqd() as irqd, bench.echo() as echo, bench.echo(
        name="echo_plugins", plugins=True
    ) as plugins, messages.Client(irqd.addresses["TCP"]) as client:
        servers = {"irqd": irqd, "echo": echo, "plugins": plugins}
        for name, method, request in cases(client):
            made = loads(bench, servers, client, method, request)
            for transport in TRANSPORTS:
                for in_flight in IN_FLIGHT:
                    bench.log("unary: %s, %s, %d in flight" % (name, transport, in_flight))
                    samples = _measure(bench, made, transport, in_flight)
                    cells = _beside(samples, "rate") + _beside(samples, "cpu")
                    rows.append([name, transport, in_flight] + cells)
                    if in_flight == 1:
                        cells = _beside(samples, "p50") + _beside(samples, "p99")
                        latencies.append([name, transport] + cells)
    beside = ["/ echo*", "/ echo"]
    header = ["h2load", "", "in flight", "calls/s", *beside, "server CPU, µs a call", *beside]
    lines = figures.table(header, rows)
    header = ["C++ client, 1 in flight", "", "p50, µs", *beside, "p99, µs", *beside]
    return lines + ["", *figures.table(header, latencies)]
