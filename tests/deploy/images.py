"""irqd's image: built from a clean clone, and what is in it."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from typing import NamedTuple

from checks import note
from engine import ROOT

TAG = "localhost/irqd"
_REVISION = "org.opencontainers.image.revision"


class File(NamedTuple):
    kind: bytes  # as tarfile has it
    mode: int
    owner: tuple  # uid and gid
    size: int
    content: str  # sha256, or what a link refers to

    @property
    def is_regular(self):
        return self.kind == tarfile.REGTYPE


def head():
    said = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], check=True,
                          stdout=subprocess.PIPE, text=True)
    return said.stdout.strip()


def _clone(folder):
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True)
    changed = subprocess.run(["git", "-C", ROOT, "status", "--porcelain"], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    if changed:
        note("images: what is not committed is not in the image:\n" + changed.rstrip())


def build(engine, tag=TAG, target="irqd", epoch=0, apart=False):
    """Builds HEAD. `apart`: shares no compiled file with builds that are not."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=engine.folder / "tmp") as folder:
        _clone(folder + "/irqd")
        # Where cache mounts are kept: with another, Bazel's is empty. The layers for another epoch
        # are others too, but for Debian's packages.
        environment = {"TMPDIR": folder} if apart else {}
        engine.podman(
            "build", "--format=docker", "--layers", "--network=host", "--target=" + target,
            "--build-arg=SOURCE_DATE_EPOCH=%d" % epoch, "--label=%s=%s" % (_REVISION, head()),
            "--tag=" + tag, "--file=" + folder + "/irqd/deploy/Dockerfile", folder + "/irqd",
            timeout=3600, environment=environment, stdout=sys.stderr, stderr=None)
    note("measured: building %s took %.0f s" % (tag, time.monotonic() - started))


def ensure(engine, tag=TAG, target="irqd"):
    """Builds it unless another part has built HEAD already."""
    if engine.podman("image", "exists", tag, check=False).returncode == 0:
        if config(engine, tag)["Labels"].get(_REVISION) == head():
            return
    build(engine, tag, target)


def config(engine, tag=TAG):
    (found,) = json.loads(engine.podman("image", "inspect", tag).stdout)
    return {**found["Config"], "Healthcheck": found.get("Healthcheck")}


def files(engine, tag=TAG):
    """{path without a first slash: File}, all that is in the image but directories."""
    found = {}
    container = engine.podman("create", "--network=none", tag).stdout.strip()
    try:
        with engine.popen("export", container, stdout=subprocess.PIPE) as exporting:
            with tarfile.open(fileobj=exporting.stdout, mode="r|") as archive:
                for member in archive:
                    if not member.isdir():
                        found[member.name] = _file(archive, member)
            if exporting.wait() != 0:
                raise RuntimeError("podman export failed")
    finally:
        engine.podman("rm", "-f", container)
    return found


def _file(archive, member):
    content = member.linkname
    if member.isreg():
        content = hashlib.sha256(archive.extractfile(member).read()).hexdigest()
    return File(member.type, member.mode, (member.uid, member.gid), member.size, content)
