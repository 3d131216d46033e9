"""The README's examples, as printed: compiled or run against a server, and what they say."""

import os
import re
import subprocess
import sys
import unittest

from tests import irqd_process, python_main

FOLDER = os.environ["TEST_TMPDIR"]


def block(language):
    """The only code block of `language`."""
    with open("README.md") as readme:
        blocks = re.findall(r"^```%s\n(.*?)^```$" % language, readme.read(), re.M | re.S)
    if len(blocks) != 1:
        raise AssertionError("README.md has %d %s blocks" % (len(blocks), language))
    return blocks[0]


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def sanitizer_of(library):
    """The flag that a program needs to be linked with an instrumented library."""
    needed = subprocess.run(["readelf", "-d", library], check=True, capture_output=True, text=True)
    runtimes = {"libasan": "address", "libubsan": "undefined", "libtsan": "thread"}
    return ["-fsanitize=" + kind for name, kind in runtimes.items() if name in needed.stdout]


def line(part):
    """The only line of an indented block that has `part`."""
    with open("README.md") as readme:
        (found,) = re.findall(r"^    (.*%s.*)$" % re.escape(part), readme.read(), re.M)
    return found


PRELOAD = os.path.abspath("client/preload/libirqd_preload.so")


class ReadmeTest(unittest.TestCase):
    @unittest.skipIf(sanitizer_of(PRELOAD), "a sanitizer's library is not for plain programs")
    def test_unmodified_program(self):
        program = write("unmodified.py", "import fcntl, os\n"
                        "print(fcntl.ioctl(os.open('/dev/kvm', os.O_RDWR), 0xAE00, 0))\n")
        command = line("LD_PRELOAD").replace("$PWD/bazel-bin", os.getcwd())
        command = command.replace("PROGRAM", sys.executable + " " + program)
        said = subprocess.run(command, shell=True, check=True, stdout=subprocess.PIPE, text=True)
        self.assertEqual(said.stdout, "12\n", "KVM_GET_API_VERSION")

    def test_c(self):
        source = write("example.c", block("c"))
        program = os.path.join(FOLDER, "example")
        library = os.path.abspath("client")
        subprocess.run(["gcc", *sanitizer_of(library + "/libirqd_kvm.so"), "-I.", source, "-o",
                        program, "-L" + library, "-lirqd_kvm", "-Wl,-rpath," + library],
                       check=True)
        with irqd_process.Irqd("server/irqd") as irqd:
            for target in ([], [irqd.addresses[0]]):
                said = subprocess.run([program, *target], stdout=subprocess.PIPE, text=True)
                self.assertEqual(said.stdout, "72 bytes pending\n")


if __name__ == "__main__":
    python_main.run()
