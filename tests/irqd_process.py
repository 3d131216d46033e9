"""Starts and stops an irqd, for tests in Python."""

import os
import signal
import subprocess


class Irqd:
    """A running server: `with Irqd("server/irqd", "--max_vms=3") as irqd: irqd.addresses[0]`."""

    def __init__(self, binary, *flags, listen=("127.0.0.1:0",), directory=None):
        directory = directory or os.environ.get("TEST_TMPDIR", "/tmp")
        self._ready = os.path.join(directory, "irqd.%d.%d" % (os.getpid(), id(self)))
        command = [binary, "--ready_file=" + self._ready, *flags]
        command += ["--listen=" + address for address in listen]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.addresses = self._await_ready()

    def _await_ready(self):
        line = self.process.stderr.readline()  # it says that it listens after it wrote the file
        if not line.startswith("irqd: listening on "):
            raise RuntimeError("irqd did not start: " + line + self.process.stderr.read())
        with open(self._ready) as ready:
            return ready.read().splitlines()

    def stop(self, signal_number=signal.SIGTERM):
        """Its exit code."""
        self.process.send_signal(signal_number)
        code = self.process.wait(timeout=30)
        self.process.stderr.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        os.unlink(self._ready)
