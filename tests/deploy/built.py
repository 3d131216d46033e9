"""What Bazel builds in this checkout."""

import subprocess

from engine import ROOT


def _said(*command, **options):
    return subprocess.run(command, check=True, cwd=ROOT, timeout=1200, text=True,
                          stdout=subprocess.PIPE, **options).stdout.strip()


def bazel_bin(label):
    """The folder bazel-bin, after building `label` as tests/run does, which may have done so."""
    cache = _said(str(ROOT / "bazel/cache"))
    _said("bazel", "build", cache, label)
    return _said("bazel", "info", cache, "bazel-bin", stderr=subprocess.DEVNULL)
