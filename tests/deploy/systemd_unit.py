"""The unit file as data, and what must hold for it: functions from a Unit to problems."""

import re
import shlex

import kubernetes_source

# Between the end of --grace and SIGKILL, to cancel calls and exit.
_SECONDS_TO_EXIT = 2
_MIB = 2**20


class Unit:
    """All assignments of a unit file, {key: [value in order]}; an empty one empties the list."""

    def __init__(self, text):
        self._values = {}
        for line in text.replace("\\\n", " ").splitlines():
            match = re.fullmatch(r"(\w+)=(.*)", line)
            if match is None:
                continue
            key, value = match.groups()
            self._values[key] = [*self._values.get(key, []), value] if value else []

    def all(self, key):
        return self._values.get(key, [])

    def one(self, key):
        values = self.all(key)
        return values[-1] if values else ""

    def command(self):
        """The words of ExecStart, with $IRQD_FLAGS as the unit has it."""
        variables = dict(word.split("=", 1) for line in self.all("Environment")
                         for word in shlex.split(line))
        words = []
        for word in shlex.split(self.one("ExecStart")):
            words += variables[word[1:]].split() if word.startswith("$") else [word]
        return words

    def flags(self):
        """[(flag, value)] of the command, in order."""
        return [re.fullmatch(r"--(\w+)=(.*)", word).groups() for word in self.command()[1:]]


def flags(unit):
    """Every flag is one of irqd's."""
    for name in sorted({name for name, _ in unit.flags()} - kubernetes_source.flags()):
        yield "irqd has no --%s" % name
    if "$IRQD_FLAGS" not in unit.one("ExecStart"):
        yield "/etc/default/irqd can add no flags"


def local(unit):
    """It listens on loopback, and on a socket in a folder of its own; packets stay here."""
    folder = "unix:/run/%s/" % unit.one("RuntimeDirectory")
    listened = [value for name, value in unit.flags() if name == "listen"]
    if not listened:
        yield "no --listen"
    for address in listened:
        if not address.startswith(("127.0.0.1:", "[::1]:", folder)):
            yield "--listen=%s" % address
    if unit.all("IPAddressDeny") != ["any"] or unit.all("IPAddressAllow") != ["localhost"]:
        yield "packets may come from elsewhere"


def shutdown(unit):
    """systemd waits for longer than irqd does."""
    grace = int(re.fullmatch(r"(\d+)s", dict(unit.flags()).get("grace", "1s"))[1])
    if int(unit.one("TimeoutStopSec") or 90) < grace + _SECONDS_TO_EXIT:
        yield "TimeoutStopSec=%s and --grace=%ds" % (unit.one("TimeoutStopSec"), grace)
    # irqd ends with SIGTERM, which is what systemd sends unless it is told otherwise.
    for key in ("KillSignal", "ExecStop", "KillMode"):
        if unit.all(key):
            yield "%s=%s" % (key, unit.one(key))


def restart(unit):
    """It comes back after a crash, but not with flags that irqd refuses (exit code 2)."""
    if unit.one("Restart") != "on-failure":
        yield "Restart=%s" % unit.one("Restart")
    if "2" not in unit.one("RestartPreventExitStatus").split():
        yield "wrong flags are tried again"
    # irqd sends no READY=1: systemd would wait for it until it gives up.
    if unit.one("Type") != "exec":
        yield "Type=%s" % unit.one("Type")


def memory(unit):
    """MemoryMax has room for the VMs and vCPUs that the flags allow."""
    given = dict(unit.flags())
    limit = re.fullmatch(r"(\d+)M", unit.one("MemoryMax") or "0M")
    need = (kubernetes_source.BYTES_AT_REST + kubernetes_source.memory_of_requests()
            + int(given.get("max_vms", 2**20)) * kubernetes_source.BYTES_A_VM
            + int(given.get("max_vcpus", 2**22)) * kubernetes_source.BYTES_A_VCPU)
    if int(limit[1]) * _MIB < need:
        yield "MemoryMax=%s, where %d MiB may be needed" % (unit.one("MemoryMax"), need / _MIB)


ALL = (flags, local, shutdown, restart, memory)


# (rule, what is planted, text, what it becomes)
FAULTS = [
    (flags, "an unknown flag", "--grace=", "--graze="),
    (flags, "no more flags", " $IRQD_FLAGS", ""),
    (local, "every address", "127.0.0.1:50051", "0.0.0.0:50051"),
    (local, "a socket elsewhere", "unix:/run/irqd/", "unix:/tmp/"),
    (local, "packets from anywhere", "IPAddressDeny=any", "IPAddressDeny="),
    (shutdown, "a timeout as long as the grace", "TimeoutStopSec=20", "TimeoutStopSec=10"),
    (shutdown, "another signal", "Restart=on-failure", "KillSignal=SIGKILL"),
    (restart, "no restart", "Restart=on-failure", "Restart=no"),
    (restart, "wrong flags tried again", "RestartPreventExitStatus=2", ""),
    (restart, "a notification that does not come", "Type=exec", "Type=notify"),
    (memory, "half the memory", "MemoryMax=512M", "MemoryMax=256M"),
    (memory, "a million vCPUs", "--max_vcpus=250000", "--max_vcpus=1000000"),
]
