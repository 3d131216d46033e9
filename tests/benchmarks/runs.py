"""Rounds of runs: each server in turn, in alternating order, with the processor time it took."""

import collections
import os

from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import outputs
from tests.benchmarks import processes


class Bench:
    """What all sections share: programs, a directory for files, how long to measure."""

    def __init__(self, programs, directory, rounds=5, scale=1.0, log=print):
        self.programs = programs  # {name: path}: irqd, echo_server, load, ...
        self.directory = directory
        self.rounds = rounds
        self.scale = scale  # of the length of each run
        self.log = log
        self._files = 0

    def calls(self, usual):
        return max(20, int(usual * self.scale))

    def seconds(self, usual):
        return max(0.005, usual * self.scale)

    def file(self, *requests):
        """A file of framed requests."""
        self._files += 1
        path = os.path.join(self.directory, "requests.%d" % self._files)
        with open(path, "wb") as out:
            for request in requests:
                out.write(messages.frame(request))
        return path

    def irqd(self, **options):
        return processes.irqd(self.programs["irqd"], self.directory, **options)

    def echo(self, **options):
        return processes.echo(self.programs["echo_server"], self.directory, **options)


class Load:
    """One kind of load, as a server takes it."""

    def __init__(self, server, method, requests, answer_size):
        self.server = server
        self.method = method
        self.requests = requests  # a file
        self.answer_size = answer_size  # of each answer, in bytes


def h2load(bench, load, transport, calls, in_flight, messages_a_call=1):
    """{"rate": calls a second, "cpu": microseconds of the server a call}."""
    command = processes.h2load_command(
        load.server, transport, load.method, load.requests, calls, in_flight
    )
    before = load.server.cpu_seconds()
    text = processes.output_of(command)
    cpu = load.server.cpu_seconds() - before
    rate = outputs.h2load(text, calls, messages_a_call * (5 + load.answer_size))
    return {"rate": rate, "cpu": cpu * 1e6 / calls}


def client(bench, load, transport, in_flight, **options):
    """What the load client prints, and "cpu" as above. Each answer's status and size is checked."""
    command = processes.load_command(
        bench.programs["load"], load.server, transport, load.method, load.requests, in_flight,
        load.answer_size, **options
    )
    before = load.server.cpu_seconds()
    run = outputs.load(processes.output_of(command))
    run["cpu"] = (load.server.cpu_seconds() - before) * 1e6 / run["all_calls"]
    return run


def alternate(bench, loads, measure, times=1):
    """{name: {key: [a sample for each round]}} of `measure(load)` on each of {name: load}.

    `times` as many rounds as usual: many short ones tell more than few long ones, since neighbours
    of a pair see the same machine. Every other round goes the other way, so that no server is
    always the first.
    """
    samples = {name: collections.defaultdict(list) for name in loads}
    for number in range(bench.rounds * times):
        names = list(loads) if number % 2 == 0 else list(reversed(list(loads)))
        for name in names:
            for key, value in measure(loads[name]).items():
                samples[name][key].append(value)
    return samples


def ratio(samples, key, ours="irqd", bare="echo"):
    return figures.ratios(samples[ours][key], samples[bare][key])
