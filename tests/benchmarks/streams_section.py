"""InjectStream beside a bare stream, and GetIrqStates beside a bare read, of the same bytes."""

from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import runs

VCPUS = 248
# Records a message, and messages that wait for their answers.
_SIZES = ((1, 256), (64, 64), (1024, 16))
_GOALS = {1: 0.95, 64: 0.9, 1024: 0.8}
# Messages that h2load sends on one stream.
_BODY = {1: 2000, 64: 500, 1024: 60}
_STREAMS = 20
_COMMON = (
    messages.record(messages.RESTART),
    messages.record(messages.CLOCK_COMPARATOR),
    messages.record(messages.CPU_TIMER),
    messages.emergency(2),
)
_INJECT = "/irqd.v1.Batch/InjectStream"
_GET = "/irqd.v1.Batch/GetIrqStates"


def _messages(vm, records):
    """One that names the VM and some more, which together reach every vCPU."""
    made = []
    for start in range(0, max(VCPUS, records), records):
        ids = [(start + n) % VCPUS for n in range(records)]
        images = [_COMMON[(start + n) % len(_COMMON)] for n in range(records)]
        made.append(messages.inject(0 if made else vm, ids, images))
    return made


def stream_loads(bench, servers, client, vm, records, count):
    """{name: Load}; each file has `count` messages."""
    wanted = _messages(vm, records)
    client.inject_all(wanted)
    wanted = [wanted[n % len(wanted)] if n else wanted[0] for n in range(count)]
    answer = records + 2 + (records > 127)  # a byte for each ret, the tag and the length
    bare = [messages.echo_request(len(message), answer) for message in wanted]
    made = {"irqd": runs.Load(servers["irqd"], _INJECT, bench.file(*wanted), answer)}
    bare_answer = messages.echo_answer_size(answer)
    made["echo"] = runs.Load(servers["echo"], messages.ECHO_STREAM, bench.file(*bare), bare_answer)
    return made


def _stream_rows(bench, servers, client, vm):
    rows = []
    for records, window in _SIZES:
        bench.log("streams: messages of %d" % records)
        made = stream_loads(bench, servers, client, vm, records, _BODY[records])
        clients = runs.alternate(
            bench,
            made,
            lambda load: runs.client(
                bench,
                load,
                "TCP",
                window,
                stream="true",
                seconds=bench.seconds(0.6),
                warm_up=bench.seconds(0.1),
            ),
        )
        streams = runs.alternate(
            bench,
            made,
            lambda load: runs.h2load(
                bench, load, "TCP", bench.calls(_STREAMS), 1, messages_a_call=_BODY[records]
            ),
        )
        for what, samples, times in (
            ("C++", clients, records),
            ("h2load", streams, records * _BODY[records]),
        ):
            rates = [rate * times for rate in samples["irqd"]["rate"]]
            ratio = runs.ratio(samples, "rate")
            rows.append(
                [records, what, figures.Figure(rates).text(), ratio.text()]
                + [runs.ratio(samples, "cpu").text()]
                + [figures.verdict(ratio, _GOALS[records], at_most=False)]
            )
    return rows


def fill(client, vm, pending):
    """So many of messages.EIGHT on each vCPU, and nothing else."""
    images = messages.EIGHT[-pending:]
    for vcpu in range(VCPUS):
        client.call("/irqd.v1.Kvm/Reset", messages.reset(vm, vcpu))
        client.call("/irqd.v1.Kvm/SetIrqState", messages.set_irq_state(vm, vcpu, images))


def bulk_loads(bench, servers, client, vms, one_instant=False):
    """{name: Load} of reading all vCPUs of VMs that have the same pending, one VM a call."""
    requests = [messages.get_irq_states(vm, one_instant) for vm in vms]
    answer = len(client.call(_GET, requests[0]))
    # VM ids differ in length, so do the requests; the answers do not.
    bare = [messages.echo_request(len(request), answer) for request in requests]
    bare_answer = messages.echo_answer_size(answer)
    return {
        "irqd": runs.Load(servers["irqd"], _GET, bench.file(*requests), answer),
        "echo": runs.Load(servers["echo"], messages.ECHO_CALL, bench.file(*bare), bare_answer),
    }


def _bulk_row(bench, servers, client, vm, in_flight, one_instant):
    made = bulk_loads(bench, servers, client, [vm], one_instant)
    samples = runs.alternate(
        bench,
        made,
        lambda load: runs.client(
            bench, load, "TCP", in_flight, seconds=bench.seconds(0.6), warm_up=bench.seconds(0.1)
        ),
    )
    size = made["irqd"].answer_size
    rates = [rate * size / 1e6 for rate in samples["irqd"]["rate"]]
    vcpus = [rate * VCPUS for rate in samples["irqd"]["rate"]]
    ratio = runs.ratio(samples, "rate")
    return [
        "{:,}{}".format(size, ", one instant" if one_instant else ""),
        in_flight,
        figures.Figure(vcpus).text(),
        figures.Figure(rates).text(),
        ratio.text(),
        runs.ratio(samples, "cpu").text(),
        figures.verdict(ratio, 0.9, at_most=False),
    ]


def run(bench):
    with bench.irqd() as irqd, bench.echo() as echo, messages.Client(
        irqd.addresses["TCP"]
    ) as client:
        servers = {"irqd": irqd, "echo": echo}
        vm = client.create_vm(VCPUS)
        rows = _stream_rows(bench, servers, client, vm)
        header = ["records a message", "client", "records/s", "/ echo", "CPU / echo", "goal"]
        lines = figures.table(header, rows)
        rows = []
        for pending in (1, 8):
            bench.log("streams: bulk reads of %d records each" % pending)
            read = client.create_vm(VCPUS)
            fill(client, read, pending)
            for in_flight, one_instant in ((1, False), (4, False), (4, True)):
                rows.append(_bulk_row(bench, servers, client, read, in_flight, one_instant))
    header = ["bytes of an answer", "in flight", "vCPUs/s", "MB/s", "/ echo", "CPU / echo"]
    return lines + ["", *figures.table(header + ["goal"], rows)]
