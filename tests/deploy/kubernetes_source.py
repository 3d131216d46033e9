"""What the manifests must agree with: irqd's own sources."""

import re

from kubernetes_tools import ROOT

# What irqd takes, in bytes: measured, and in deploy/kubernetes/README.md with how.
BYTES_AT_REST = 24 << 20
BYTES_A_VM = 1200
BYTES_A_VCPU = 800


def _text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def _number(path, name):
    """The value of a constant, which is written as 123 or as 1u << 2."""
    match = re.search(r"\b%s = (\d+)u?(?: << (\d+))?;" % name, _text(path))
    if match is None:
        raise AssertionError("%s has no %s" % (path, name))
    return int(match.group(1)) << int(match.group(2) or 0)


def flags():
    """The names of irqd's flags."""
    return set(re.findall(r"ABSL_FLAG\(\s*[\w:]+,\s*(\w+),", _text("server/main.cc")))


def most_vms():
    return _number("core/limits.h", "kMaxMaxVms")


def most_vcpus():
    return _number("core/limits.h", "kMaxMaxVcpus")


def memory_of_requests():
    return _number("core/limits.h", "kMaxReceivedMemory")


def health_services():
    """The names that grpc.health.v1.Health knows; empty stands for the server."""
    named = re.search(r"health_handlers_\(\{(.*?)\}\)", _text("server/server.cc"), re.DOTALL)
    if named is None:
        raise AssertionError("server/server.cc tells its health handlers no services")
    return {""} | {"irqd.v1." + n for n in re.findall(r"v1::(\w+)::service_full_name", named[1])}
