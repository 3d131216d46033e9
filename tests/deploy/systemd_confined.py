"""systemd_confined.py PLAN PROGRAM ARGUMENT...: runs a program as irqd.service confines it.

Only what a process can do to itself, without systemd: user, capabilities, no_new_privs, umask,
limits, and the system call filters that SystemCallFilter, MemoryDenyWriteExecute and
RestrictAddressFamilies stand for. What systemd does with namespaces and control groups is left out.
PLAN is JSON, as systemd_plan.py makes it.
"""

import ctypes
import json
import os
import resource
import socket
import sys

import seccomp

_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_LAST_CAPABILITY = "/proc/sys/kernel/cap_last_cap"
_PROT_WRITE, _PROT_EXEC = 2, 4
_NOBODY_IN_PARTICULAR = 61184  # the first of the uids that systemd gives to DynamicUser
# These depend on their arguments.
_CONDITIONAL = ("socket", "mmap", "mprotect", "pkey_mprotect")


def _prctl(option, value):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _masked(argument, mask, value):
    return seccomp.Arg(argument, seccomp.MASKED_EQ, mask, value)


def _filter(plan):
    """Allows what the unit allows; all else fails with EPERM, as the unit says."""
    found = seccomp.SyscallFilter(seccomp.ERRNO(1))
    for name in plan["calls"]:
        if name not in _CONDITIONAL:
            try:
                found.add_rule(seccomp.ALLOW, name)
            except (RuntimeError, ValueError):
                pass  # a call of another architecture
    for family in plan["families"]:
        number = int(getattr(socket, family))
        found.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, number))
    both = _PROT_WRITE | _PROT_EXEC
    for protection in (0, _PROT_WRITE, _PROT_EXEC):
        found.add_rule(seccomp.ALLOW, "mmap", _masked(2, both, protection))
    for name in ("mprotect", "pkey_mprotect"):
        found.add_rule(seccomp.ALLOW, name, _masked(2, _PROT_EXEC, 0))
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    # Before the user changes, who may not drop them; the others go with the user.
    with open(_LAST_CAPABILITY, encoding="utf-8") as file:
        for capability in range(int(file.read()) + 1):
            _prctl(_PR_CAPBSET_DROP, capability)
    os.umask(plan["umask"])
    for name, value in plan["limits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    os.setgroups([])
    os.setgid(_NOBODY_IN_PARTICULAR)
    os.setuid(_NOBODY_IN_PARTICULAR)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    filters = _filter(plan)
    filters.load()
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
