"""irqd's clients as users install them, and the programs that their READMEs show."""

import functools
import os
import pathlib
import re
import subprocess

from built import bazel_bin
from engine import ROOT

# What a block that is a program of its own has, in C, Python and JavaScript.
_CONNECTS = ("irqd_open(", "irqd.connect(", "withVm(t")


def _program(readme, language):
    """The first code block of `language` that is a program."""
    blocks = re.findall(r"^```%s\n(.*?)^```$" % language, (ROOT / readme).read_text(), re.M | re.S)
    return next(text for text in blocks if any(call in text for call in _CONNECTS))


def _run(*command, target=None, **options):
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop("IRQD_TARGET", None)
    if target:
        environment["IRQD_TARGET"] = target
    options = {"stderr": subprocess.PIPE, **options}
    return subprocess.run([str(word) for word in command], check=True, env=environment, text=True,
                          timeout=1200, stdout=subprocess.PIPE, **options).stdout


class Clients:
    """Each is installed when it is first asked for, into `folder`."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)

    @functools.cached_property
    def _python(self):
        """A Python that has the package."""
        venv = self._folder / "venv"
        _run("/usr/bin/python3", "-m", "venv", "--system-site-packages", venv)
        _run(venv / "bin/pip", "install", "--quiet", ROOT / "client/python")
        return venv / "bin/python"

    @functools.cached_property
    def _c_program(self):
        libraries = bazel_bin("//client:libirqd_kvm.so") + "/client"
        source = self._folder / "example.c"
        source.write_text(_program("README.md", "c"))
        program = self._folder / "example"
        _run("gcc", "-I", ROOT, source, "-o", program, "-L" + libraries, "-lirqd_kvm",
             "-Wl,-rpath," + libraries)
        return program

    @functools.cached_property
    def _node_test(self):
        modules = _run(ROOT / "tests/client/node/prepare", ROOT / "client/node").strip()
        application = self._folder / "application"
        package = application / "node_modules/irqd"
        package.mkdir(parents=True)
        archive = _run("npm", "pack", "--silent", "--pack-destination", self._folder,
                       cwd=ROOT / "client/node").strip()
        _run("tar", "-xzf", self._folder / archive, "--strip-components=1", "-C", package)
        for module in pathlib.Path(modules, "node_modules").iterdir():
            (package.parent / module.name).symlink_to(module)
        test = application / "example.test.js"
        test.write_text(_program("client/node/README.md", "js"))
        return test

    def run_c(self, target):
        """What it prints, as the others."""
        return _run(self._c_program, target)

    def run_python(self, target):
        program = self._folder / "example.py"
        program.write_text(_program("client/python/README.md", "python"))
        return _run(self._python, program, target)

    def run_node(self, target):
        return _run("node", "--test", "--test-reporter=tap", self._node_test, target=target,
                    cwd=self._node_test.parent)

    def fill(self, target, count):
        return _run(self._python, ROOT / "tests/deploy/fill.py", target, count)
