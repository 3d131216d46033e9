"""irqd in a container, as closed in as a container can be."""

import contextlib
import json
import os
import re
import signal
import time

import grpc

import images
from checks import Failed

UID = 12345  # any, and not the image's own
GID = 54321
MEMORY = 256 << 20
PROCESSES = 256

_CLOSED_IN = [
    "--read-only", "--read-only-tmpfs=false", "--user=%d:%d" % (UID, GID), "--cap-drop=all",
    "--security-opt=no-new-privileges", "--memory=%d" % MEMORY, "--memory-swap=%d" % MEMORY,
    "--pids-limit=%d" % PROCESSES,
]
SERVING = 1
NOT_SERVING = 2

_PATIENCE = 60  # seconds; machines that run tests are busy


def wait_until(condition, what):
    """What `condition` returned first that is true."""
    deadline = time.monotonic() + _PATIENCE
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise Failed("%s: not within %d s" % (what, _PATIENCE))
        time.sleep(0.01)
    return found


def _serving_status(message):
    """Field 1 of an answer, a varint of one byte."""
    return message[1] if message[:1] == b"\x08" else 0


class Server:
    """A running container: `with Server(engine, "--max_vcpus=3") as server: server.target`.

    It has the machine's network, and a loopback port that was free. With `alone` it has a network
    of its own that leads nowhere, and exactly the given arguments.
    """

    def __init__(self, engine, *arguments, alone=False, flags=()):
        self._engine = engine
        network = "--network=none" if alone else "--network=host"
        if not alone:
            arguments = ("--listen=127.0.0.1:0", *arguments)
        self.started = time.monotonic()
        self.id = engine.podman("run", "--detach", network, *_CLOSED_IN, *flags, images.TAG,
                                *arguments).stdout.strip()
        self.target = None if alone else self.listening()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._engine.podman("rm", "--force", "--time=0", self.id)

    def logs(self):
        said = self._engine.podman("logs", self.id)
        return said.stdout + said.stderr

    def listening(self):
        """Where it says that it listens."""
        pattern = re.compile(r"^irqd: listening on (.*)$", re.M)

        def said():
            ended = self.state()["Status"] == "exited"
            found = pattern.findall(self.logs())
            if not found and ended:
                raise Failed("irqd ended: " + self.logs())
            return found
        return wait_until(said, "irqd listens")[-1]

    def state(self):
        return json.loads(self._engine.podman("inspect", self.id).stdout)[0]["State"]

    def process_status(self):
        """{name: value} of /proc/PID/status."""
        with open("/proc/%d/status" % self.state()["Pid"]) as lines:
            return dict(line.rstrip("\n").split(":\t", 1) for line in lines if ":\t" in line)

    def limit(self, controller, name, unified_name):
        """A limit of its control group, which is of the one hierarchy or of several."""
        with open("/proc/%d/cgroup" % self.state()["Pid"]) as lines:
            groups = dict(line.rstrip("\n").split(":", 2)[1:] for line in lines)
        if controller in groups:
            path = "/sys/fs/cgroup/%s%s/%s" % (controller, groups[controller], name)
        else:
            path = "/sys/fs/cgroup%s/%s" % (groups[""], unified_name)
        with open(path) as file:
            return int(file.read())

    def irqctl(self, *arguments):
        """Runs it in the container; the finished process."""
        target = ["--env=IRQD_TARGET=" + self.target] if self.target else []
        return self._engine.podman("exec", *target, self.id, "irqctl", *arguments, check=False)

    def healthcheck(self):
        """The exit code of the image's HEALTHCHECK."""
        return self._engine.podman("healthcheck", "run", self.id, check=False).returncode

    def stop(self, seconds=30):
        """SIGTERM, and after so long SIGKILL; the exit code, and how long it took."""
        started = time.monotonic()
        self._engine.podman("stop", "--time=%d" % seconds, self.id)
        return self.state()["ExitCode"], time.monotonic() - started

    def signal(self, number):
        os.kill(self.state()["Pid"], number)

    def kill(self):
        self.signal(signal.SIGKILL)
        wait_until(lambda: self.state()["Status"] == "exited", "the container ends")
        return self.state()["ExitCode"]


def health(target, timeout=5):
    """What grpc.health.v1 answers from outside, or a status code's name."""
    with grpc.insecure_channel(target) as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check",
                                    response_deserializer=_serving_status)
        try:
            return check(b"", timeout=timeout)
        except grpc.RpcError as error:
            return error.code().name


@contextlib.contextmanager
def watch(target):
    """What grpc.health.v1 tells those who watch, one after the other."""
    with grpc.insecure_channel(target) as channel:
        yield channel.unary_stream("/grpc.health.v1.Health/Watch",
                                   response_deserializer=_serving_status)(b"", timeout=_PATIENCE)
