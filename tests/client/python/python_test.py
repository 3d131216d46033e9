"""Installs client/python as its README says, without a package index, and runs the pytest cases
beside this file with it against a server of this build. `--test_filter` is pytest's -k.
"""

import os
import re
import shutil
import subprocess
import sys

_COPIED = ("client/python", "proto", "tests/client/python", "tests/testdata")


def _checkout():
    """A folder with the parts of a checkout that matter here."""
    root = os.path.join(os.environ["TEST_TMPDIR"], "checkout")
    for folder in _COPIED:
        shutil.copytree(folder, os.path.join(root, folder))
    shutil.copy("README.md", root)
    return root


def _install(root):
    """The Python of the environment that the README's only shell block makes."""
    with open(os.path.join(root, "client/python/README.md")) as readme:
        (block,) = re.findall(r"^```sh\n(.*?)^```$", readme.read(), re.M | re.S)
    offline = dict(os.environ, PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1", PIP_NO_CACHE_DIR="1")
    offline.pop("PYTHONPATH", None)
    subprocess.run(["/bin/bash", "-euxc", block], check=True, cwd=root, env=offline)
    return os.path.join(root, "irqd-venv/bin/python")


def main():
    server = os.path.abspath("server/irqd")
    root = _checkout()
    python = _install(root)
    environment = dict(os.environ, IRQD_BINARY=server)
    for name in ("IRQD_TARGET", "PYTHONPATH"):
        environment.pop(name, None)
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir=.", "--durations=5",
               "--basetemp=" + os.path.join(os.environ["TEST_TMPDIR"], "pytest")]
    if "XML_OUTPUT_FILE" in os.environ:
        command.append("--junitxml=" + os.environ["XML_OUTPUT_FILE"])
    if os.environ.get("TESTBRIDGE_TEST_ONLY"):
        command += ["-k", os.environ["TESTBRIDGE_TEST_ONLY"]]
    command += ["--ignore=" + os.path.basename(__file__)]
    tests = os.path.join(root, "tests/client/python")
    return subprocess.run(command, cwd=tests, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
