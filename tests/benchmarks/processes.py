"""Servers that are measured, and the programs that measure them."""

import ctypes
import os
import signal
import subprocess
import time

_LIBC = ctypes.CDLL(None, use_errno=True)
_MOST_SECONDS = 120


class Server:
    """A running program that says `... listening on ADDRESS, ADDRESS` on stderr, with one TCP port
    and one Unix socket."""

    def __init__(self, command, directory, name):
        self._socket = os.path.join(directory, name + ".sock")
        self.name = name
        self.process = subprocess.Popen(
            command(["127.0.0.1:0", "unix:" + self._socket]), stderr=subprocess.PIPE, text=True
        )
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "listening on " in line:
                break
        else:
            raise RuntimeError(name + " did not start: " + "".join(said))
        self.addresses = {
            "Unix" if address.startswith("unix:") else "TCP": address
            for address in line.split("listening on ")[1].strip().split(", ")
        }

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        """What its threads have used of the processors so far."""
        clock = ctypes.c_int()
        if _LIBC.clock_getcpuclockid(self.pid, ctypes.byref(clock)) != 0:
            raise RuntimeError(self.name + " has ended")
        return time.clock_gettime(clock.value)

    def resident_bytes(self):
        with open("/proc/%d/status" % self.pid) as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise RuntimeError(self.name + " has no memory")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()
        if os.path.exists(self._socket):
            os.unlink(self._socket)


def irqd(binary, directory, prefix=(), name="irqd", flags=()):
    def command(addresses):
        return [*prefix, binary, *flags, *("--listen=" + address for address in addresses)]

    return Server(command, directory, name)


def echo(binary, directory, prefix=(), name="echo", plugins=False):
    def command(addresses):
        return [*prefix, binary, *(["--plugins"] if plugins else []), *addresses]

    return Server(command, directory, name)


def output_of(command):
    """What the program prints. It fails if the program does."""
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_MOST_SECONDS)
    if ran.returncode != 0:
        raise RuntimeError("%s: %s%s" % (" ".join(command), ran.stdout, ran.stderr))
    return ran.stdout


def h2load_command(server, transport, method, body, calls, in_flight):
    """`body`: a file with one framed request."""
    address = server.addresses[transport]
    command = ["h2load", "-n", str(calls), "-c", "1", "-t", "1", "-m", str(in_flight), "-d", body]
    command += ["-H", "content-type: application/grpc", "-H", "te: trailers"]
    if transport == "Unix":
        return command + ["-B", address, "http://localhost" + method]
    return command + ["http://%s%s" % (address, method)]


def load_command(binary, server, transport, method, requests, in_flight, answer_size=-1, **options):
    """`requests`: a file of framed requests; `options`: other flags of the load client."""
    command = [binary, "--target=" + server.addresses[transport], "--method=" + method]
    command += ["--requests=" + requests, "--in_flight=%d" % in_flight]
    command += ["--answer_size=%d" % answer_size]
    return command + ["--%s=%s" % (name, value) for name, value in options.items()]
