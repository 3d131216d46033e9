"""docs/benchmarks.md: prose by hand, and between markers what tests/bench measured."""

import os
import platform
import re
import subprocess


def replace(text, section, lines):
    """The page with what is between the section's markers replaced by `lines`."""
    begin, end = "<!-- %s -->" % section, "<!-- /%s -->" % section
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(end) < text.index(begin):
        raise ValueError("the page has no place for '%s'" % section)
    head, rest = text.split(begin)
    return head + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end)[1]


def cpu_model(cpuinfo):
    names = re.findall(r"^model name\s*: (.*)$", cpuinfo, re.MULTILINE)
    return names[0] if names else platform.machine()


def machine():
    """One line about what this is measured on."""
    with open("/proc/cpuinfo") as cpuinfo, open("/proc/meminfo") as meminfo:
        memory = int(re.search(r"MemTotal:\s+(\d+)", meminfo.read())[1]) / 2**20
        model = cpu_model(cpuinfo.read())
    version = subprocess.run(
        ["dpkg-query", "-W", "-f=${Version}", "libgrpc++-dev"], stdout=subprocess.PIPE, text=True
    ).stdout
    return "%d processors (%s), %.0f GiB, Linux %s, gRPC %s" % (
        os.cpu_count(),
        model,
        memory,
        platform.release(),
        version or "of unknown version",
    )
