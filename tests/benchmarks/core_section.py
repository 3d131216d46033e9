"""The core beside Linux's own code and a mutex, and what `irqd_ioctl` adds to it."""

from tests.benchmarks import figures
from tests.benchmarks import outputs
from tests.benchmarks import processes

_CASES = (
    ("Inject/restart", "inject a restart"),
    ("Inject/clock_comparator", "inject a clock comparator"),
    ("Inject/cpu_timer", "inject a CPU timer"),
    ("Inject/external_call", "inject an external call"),
    ("Inject/emergency", "inject an emergency signal"),
    ("Inject/mchk", "inject a machine check"),
    ("Get/0", "GET of nothing"),
    ("Get/1", "GET of 1 record"),
    ("Get/10", "GET of 10"),
    ("Get/256", "GET of 256"),
    ("Set/10", "SET of 10"),
    ("Reset/restart", "reset after a restart"),
    ("Reset/mchk", "reset after a machine check"),
    ("SetGetReset/10", "SET of 10, GET, reset"),
)
_THREADS = (1, 2, 4, 8)
_IOCTLS = (
    ("BM_IoctlIrq/threads:1", "`irqd_ioctl(KVM_S390_IRQ)`"),
    ("Inproc/S390Irq", "the same without descriptors and foreign memory"),
    ("BM_IoctlGetOne/threads:1", "`irqd_ioctl(KVM_S390_GET_IRQ_STATE)` of 1 record"),
    ("Inproc/GetIrqState", "the same without descriptors and foreign memory"),
    ("BM_IoctlGetMpState", "`irqd_ioctl(KVM_GET_MP_STATE)`: no memory is looked at"),
    ("BM_CopyFromUser", "a checked copy of one record"),
    ("BM_Fstat", "`fstat`, which identifies a descriptor"),
)


def _repetitions(bench, program, least_seconds):
    command = [bench.programs[program], "--benchmark_format=json"]
    command += ["--benchmark_min_time=%g" % bench.seconds(least_seconds)]
    command += ["--benchmark_repetitions=%d" % bench.rounds]
    command += ["--benchmark_enable_random_interleaving=true"]
    return outputs.google_benchmark(processes.output_of(command))


def _row(what, samples, name):
    ours, kernel, mutex = (
        samples[name.replace("*", back_end)] for back_end in ("LockFree", "Kernel", "UnderMutex")
    )
    # Repetitions ran in random order, so that there are no pairs.
    ratio = figures.Figure([sample / figures.Figure(kernel).median for sample in ours])
    cells = [figures.Figure(times).text() for times in (ours, kernel, mutex)]
    return [what, *cells, ratio.text()]


def run(bench):
    bench.log("core: irqd, Linux's code, a mutex")
    samples = _repetitions(bench, "vcpu_benchmark", 0.04)
    header = ["one thread, ns a call", "irqd", "Linux", "`std::mutex`", "irqd / Linux"]
    lines = figures.table(header, [_row(what, samples, name + "/*") for name, what in _CASES])
    rows = []
    for place, what in (("one", "all on one vCPU"), ("each", "each on its own")):
        for threads in _THREADS:
            name = "Mix/%s/*/threads:%d" % (place, threads)
            rows.append(_row("%d, %s" % (threads, what), samples, name))
    header[0] = "threads; ns a round of inject, GET, reset, over all threads"
    lines += ["", *figures.table(header, rows)]
    bench.log("core: irqd_ioctl on inproc:")
    ioctls = _repetitions(bench, "irqd_kvm_benchmark", 0.04)
    rows = [[what, figures.Figure(ioctls[name]).text()] for name, what in _IOCTLS]
    return lines + ["", *figures.table(["in one process", "ns a call"], rows)]
