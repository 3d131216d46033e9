"""Podman, with a storage of its own: what else is on the machine is neither seen nor touched."""

import fcntl
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

from checks import Skipped, note

ROOT = pathlib.Path(__file__).resolve().parents[2]
_BASE = "docker.io/library/debian:bookworm-slim"

_CONTAINERS = """\
[containers]
default_ulimits = ["nofile={files}:{files}", "nproc={processes}:{processes}"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
tmp_dir = "{run}/libpod"
"""

_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{folder}/storage"
runroot = "{run}/storage"
"""


def _cache_folder():
    """Beside Bazel's, which `bazel/cache` knows."""
    said = subprocess.run([ROOT / "bazel/cache"], check=True, stdout=subprocess.PIPE, text=True)
    folder = said.stdout.strip().partition("=")[2]
    if not folder:
        raise RuntimeError("no folder to keep images in; set IRQD_CACHE to one")
    return pathlib.Path(folder + "-deploy")


def _most(kind, wanted):
    """A limit that may be given to a container: no more than there is here."""
    hard = resource.getrlimit(kind)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


class Engine:
    """Runs podman. The second for a cache folder waits until the first one's process is gone.

    Skipped: this machine cannot run containers.
    """

    def __init__(self):
        if os.geteuid() != 0:
            raise Skipped("debootstrap and podman need root; run deploy/test as root")
        if not shutil.which("podman"):
            raise Skipped("there is no podman")
        self.folder = _cache_folder()
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        self._lock = open(self.folder / "lock", "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Sockets lie in there, whose paths must be short.
        run = "/run/irqd-deploy-%d" % self.folder.stat().st_ino
        self._environment = dict(os.environ, TMPDIR=str(self.folder / "tmp"))
        self._configure("CONTAINERS_CONF", "containers.conf", _CONTAINERS.format(
            files=_most(resource.RLIMIT_NOFILE, 20000),
            processes=_most(resource.RLIMIT_NPROC, 30000), run=run))
        self._configure("CONTAINERS_STORAGE_CONF", "storage.conf",
                        _STORAGE.format(folder=self.folder, run=run))
        self._ensure_base()
        self._try()
        # Layers of builds long ago; Debian's packages, too, are then installed anew.
        self.podman("image", "prune", "--force", "--filter=until=168h", check=False)

    def _configure(self, variable, name, text):
        path = self.folder / name
        path.write_text(text)
        self._environment[variable] = str(path)

    def podman(self, *arguments, check=True, timeout=120, environment=(), **options):
        """The finished process; its output as text, if it is not sent elsewhere."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        return subprocess.run(["podman", *map(str, arguments)], check=check, timeout=timeout,
                              env={**self._environment, **dict(environment)}, **options)

    def popen(self, *arguments, **options):
        return subprocess.Popen(["podman", *map(str, arguments)], env=self._environment, **options)

    def _try(self):
        tried = self.podman("run", "--rm", "--network=none", _BASE, "/bin/true", check=False)
        if tried.returncode != 0:
            raise Skipped("podman cannot run a container here: " + tried.stderr.strip()[-200:])

    def _ensure_base(self):
        """No registry is asked: Debian's image is made from its packages."""
        if self.podman("image", "exists", _BASE, check=False).returncode == 0:
            return
        note("engine: making %s with debootstrap" % _BASE)
        with tempfile.TemporaryDirectory(dir=self.folder / "tmp") as folder:
            tree, archive = pathlib.Path(folder, "debian"), pathlib.Path(folder, "debian.tar")
            subprocess.run(["debootstrap", "--variant=minbase", "--include=ca-certificates",
                            "bookworm", tree], check=True, stdout=sys.stderr)
            subprocess.run(["tar", "-C", tree, "-cf", archive, "."], check=True)
            self.podman("import", archive, _BASE, timeout=600)
