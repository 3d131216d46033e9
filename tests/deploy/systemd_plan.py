"""What irqd.service forbids, as data for systemd_confined.py."""

import subprocess


def _group(name):
    """The lines of a group of system calls as systemd knows it."""
    output = subprocess.run(["systemd-analyze", "syscall-filter", name], check=True,
                            stdout=subprocess.PIPE, text=True, timeout=60).stdout
    return [line.strip() for line in output.splitlines()[1:] if line.strip()]


def calls(name):
    """All system calls of a group, those of the groups in it included."""
    if not name.startswith("@"):
        return {name}
    found = set()
    for line in _group(name):
        if not line.startswith("#"):
            found |= calls(line)
    return found


def _allowed(unit):
    """systemd's rule: the first line is a list of what is allowed, those with ~ take away."""
    # What systemd itself needs to get to the program, whatever a unit says.
    found = calls("@default")
    taken = set()
    for line in unit.all("SystemCallFilter"):
        for name in line.lstrip("~").split():
            if line.startswith("~"):
                taken |= calls(name)
            else:
                found |= calls(name)
    return sorted((found - taken) | calls("@default"))


def plan(unit):
    return {
        "calls": _allowed(unit),
        "families": unit.one("RestrictAddressFamilies").split(),
        "umask": int(unit.one("UMask"), 8),
        "limits": {"RLIMIT_NOFILE": int(unit.one("LimitNOFILE")),
                   "RLIMIT_CORE": int(unit.one("LimitCORE"))},
    }
