"""A server of one's own: the program irqd, started and ended here."""

from __future__ import annotations

import collections
import os
import shutil
import subprocess
import tempfile
import threading
from typing import Optional

_PATIENCE = 60.0  # seconds for a start or an end; a wait that long has failed


def find_binary() -> str:
    """$IRQD_BINARY, or irqd on the PATH. FileNotFoundError: neither."""
    binary = os.environ.get("IRQD_BINARY") or shutil.which("irqd")
    if binary is None:
        raise FileNotFoundError(
            "no irqd on the PATH: set IRQD_BINARY to the program, or IRQD_TARGET to the address of "
            "a server that runs")
    return binary


class Server:
    """`with irqd.Server() as server: irqd.connect(server.target)`.

    It listens on a free port of loopback, and ends with the `with`, its VMs with it. RuntimeError:
    it did not start, or it ended with an error; what it said is in the message. A program that is
    killed leaves it running.
    """

    def __init__(self, binary: Optional[str] = None, *flags: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="irqd-")
        ready = os.path.join(self._folder.name, "ready")
        command = [binary or find_binary(), "--listen=127.0.0.1:0", "--ready_file=" + ready, *flags]
        self._said: collections.deque[str] = collections.deque(maxlen=200)
        self._spoke = threading.Event()
        try:
            self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            # It reads on as long as the server runs, which would stop at a full pipe.
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
            self.target = self._await_ready(ready)
        except BaseException:
            self._folder.cleanup()
            raise

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends it. Once is enough, twice no error."""
        if self._process.returncode is not None:
            return
        self._process.terminate()
        code = self._wait()
        self._folder.cleanup()
        if code != 0:
            raise RuntimeError("irqd ended with %d:\n%s" % (code, "".join(self._said)))

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stderr:
            for line in stderr:
                self._said.append(line)
                # It says so after it wrote the file.
                if line.startswith("irqd: listening on "):
                    self._spoke.set()
        self._spoke.set()

    def _await_ready(self, path: str) -> str:
        self._spoke.wait(_PATIENCE)
        try:
            with open(path) as ready:
                return ready.readline().strip()
        except FileNotFoundError:
            self._process.kill()
            self._wait()
            raise RuntimeError("irqd did not start:\n" + "".join(self._said)) from None

    def _wait(self) -> int:
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join()
        return code
