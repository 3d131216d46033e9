"""What the measuring programs print, as figures."""

import json
import re


class BadRun(Exception):
    """A run whose figures mean nothing."""


def h2load(text, calls, data):
    """The rate of an h2load run in calls a second.

    h2load takes a call that failed for one that succeeded, since gRPC answers errors with HTTP's
    200 too. But such an answer has no message. So `data`, the bytes that each call's messages
    take with the five in front of each, show in their sum that every call was answered well.
    """
    rate = re.search(r"^finished in [^,]+, ([\d.]+) req/s", text, re.MULTILINE)
    counts = r"^requests: .* (\d+) succeeded, (\d+) failed, (\d+) errored"
    done = re.search(counts, text, re.MULTILINE)
    got = re.search(r"^traffic: .* \((\d+)\) data", text, re.MULTILINE)
    if not (rate and done and got):
        raise BadRun("h2load printed something else:\n" + text)
    if [int(count) for count in done.groups()] != [calls, 0, 0]:
        raise BadRun("not every call succeeded:\n" + text)
    if int(got.group(1)) != calls * data:
        raise BadRun("%s bytes of data, not %d: calls failed" % (got.group(1), calls * data))
    return float(rate.group(1))


def load(text):
    """What tests/benchmarks/load measured: a dict with a rate in calls a second besides."""
    figures = json.loads(text)
    if figures["calls"] == 0 or figures["seconds"] <= 0:
        raise BadRun("nothing was measured: " + text)
    figures["rate"] = figures["calls"] / figures["seconds"]
    return figures


def google_benchmark(text):
    """{name: [nanoseconds an item, for each repetition]} of a JSON report.

    A name is without what the library appends to it, but for the number of threads.
    """
    samples = {}
    for run in json.loads(text)["benchmarks"]:
        if run.get("run_type", "iteration") != "iteration":
            continue
        if run.get("error_occurred"):
            raise BadRun("%s: %s" % (run["name"], run.get("error_message")))
        name = re.sub(r"/(real|manual)_time(?=/|$)", "", run["run_name"])
        if "items_per_second" in run:
            time = 1e9 / run["items_per_second"]
        else:
            if run["time_unit"] != "ns":
                raise BadRun("%s: in %s" % (name, run["time_unit"]))
            time = run["real_time"]
        samples.setdefault(name, []).append(time)
    if not samples:
        raise BadRun("no benchmark ran")
    return samples


def callgrind(text):
    """{object: instructions} of a callgrind dump, the functions' own costs summed up."""
    names, costs = {}, {}
    current, skip = None, False
    for line in text.splitlines():
        name = re.match(r"ob=\((\d+)\)(?: (.*))?$", line)
        if name:
            if name.group(2):
                names[name.group(1)] = name.group(2)
            current = names[name.group(1)]
        elif line.startswith("cob="):
            called = re.match(r"cob=\((\d+)\) (.*)$", line)
            if called:
                names[called.group(1)] = called.group(2)
        elif line.startswith("calls="):
            skip = True  # the next line is the cost of what is called
        elif re.match(r"[+\-*\d]", line) and current is not None:
            if not skip:
                costs[current] = costs.get(current, 0) + int(line.split()[1])
            skip = False
    if not costs:
        raise BadRun("no costs in the dump")
    return costs
