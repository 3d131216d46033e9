"""Measures irqd beside what gRPC, Linux's code and the machine allow. `tests/bench --help`."""

import argparse
import datetime
import os
import shutil
import sys
import tempfile
import time

from tests.benchmarks import core_section
from tests.benchmarks import instructions_section
from tests.benchmarks import page
from tests.benchmarks import runs
from tests.benchmarks import scale_section
from tests.benchmarks import streams_section
from tests.benchmarks import unary_section

SECTIONS = {
    "core": (core_section.run, ()),
    "unary": (unary_section.run, ("h2load",)),
    "instructions": (instructions_section.run, ("h2load", "valgrind", "callgrind_control")),
    "streams": (streams_section.run, ("h2load",)),
    "scale": (scale_section.run, ()),
}
RUNFILES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Where Bazel puts what is run, from there.
PROGRAMS = {
    "irqd": "server/irqd",
    "echo_server": "tests/benchmarks/echo_server",
    "load": "tests/benchmarks/load",
    "vcpu_benchmark": "tests/core/vcpu_benchmark",
    "irqd_kvm_benchmark": "tests/client/irqd_kvm_benchmark",
}


def programs():
    """{name: path}"""
    return {name: os.path.join(RUNFILES, path) for name, path in PROGRAMS.items()}


def caption(command, bench, seconds, load_before):
    return [
        "`%s`, %s, %s; %d rounds in %.0f s; load average before: %.2f."
        % (
            command,
            datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            page.machine(),
            bench.rounds,
            seconds,
            load_before,
        ),
        "",
    ]


def measure(bench, section, command):
    """The lines of the section."""
    run, tools = SECTIONS[section]
    for tool in tools:
        if shutil.which(tool) is None:
            raise RuntimeError("%s is not installed: bazel/install bench" % tool)
    start, load_before = time.monotonic(), os.getloadavg()[0]
    lines = run(bench)
    return caption(command, bench, time.monotonic() - start, load_before) + lines


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--page", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--dry_run", action="store_true")
    options = parser.parse_args(arguments)
    for section in options.sections:
        if section not in SECTIONS:
            parser.error("no section '%s': there are %s" % (section, ", ".join(SECTIONS)))
    sections = options.sections or list(SECTIONS)

    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="irqd-bench-") as directory:
        bench = runs.Bench(
            programs(),
            directory,
            rounds=2 if options.quick else 5,
            scale=0.2 if options.quick else 1.0,
            log=lambda line: print(line, file=sys.stderr, flush=True),
        )
        for section in sections:
            command = "tests/bench %s%s" % ("--quick " if options.quick else "", section)
            lines = measure(bench, section, command)
            print("\n".join(lines), flush=True)
            if not options.dry_run:
                with open(options.page, encoding="utf-8") as old:
                    text = page.replace(old.read(), section, lines)
                with open(options.page, "w", encoding="utf-8") as new:
                    new.write(text)
    print("bench: %.0f s" % (time.monotonic() - start), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
