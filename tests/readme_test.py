"""The README's examples, as printed: compiled or run against a server, and what they say."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import unittest

from tests import irqd_process, python_main

FOLDER = os.environ["TEST_TMPDIR"]

with open("README.md") as README:
    PAGE = README.read()


def section(heading):
    return PAGE.split("\n## %s\n" % heading)[1].split("\n## ")[0]


def block(language, heading):
    """The only code block of `language` under `heading`."""
    blocks = re.findall(r"^```%s\n(.*?)^```$" % language, section(heading), re.M | re.S)
    if len(blocks) != 1:
        raise AssertionError("README.md has %d %s blocks in %s" % (
            len(blocks), language, heading))
    return blocks[0]


def commands(heading):
    """The indented lines under `heading`, as one script; those of code blocks are none."""
    text = re.sub(r"^```.*?^```$", "", section(heading), flags=re.M | re.S)
    return "\n".join(re.findall(r"^    (.*)$", text, re.M))


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
    (found,) = re.findall(r"^    (.*%s.*)$" % re.escape(part), PAGE, re.M)
    return found


LIBRARY = os.path.abspath("client/libirqd_kvm.so")
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
        source = write("example.c", block("c", "In C"))
        program = os.path.join(FOLDER, "example")
        subprocess.run(["gcc", *sanitizer_of(LIBRARY), "-I.", source, "-o", program,
                        "-L" + os.path.dirname(LIBRARY), "-lirqd_kvm",
                        "-Wl,-rpath," + os.path.dirname(LIBRARY)], check=True)
        with irqd_process.Irqd("server/irqd") as irqd:
            for target in ([], [irqd.addresses[0]]):
                said = subprocess.run([program, *target], stdout=subprocess.PIPE, text=True)
                self.assertEqual(said.stdout, "72 bytes pending\n")

    @unittest.skipIf(sanitizer_of(LIBRARY), "a sanitizer's library is not for plain programs")
    def test_ctypes_needs_no_server(self):
        # The last call once more finds the vCPU busy, and ctypes the errno.
        program = write("ctypes_example.py", block("python", "In C"))
        busy = write("busy.py", "import errno\nexec(compile(open(%r).read(), %r, 'exec'))\n"
                     "try:\n    ioctl(target, 0x4020AEB5, state)\n"
                     "except OSError as error:\n    print(errno.errorcode[error.errno])\n"
                     % (program, program))

        for path, wanted in ((program, "72 bytes pending\n"), (busy, "72 bytes pending\nEBUSY\n")):
            said = subprocess.run([sys.executable, path, LIBRARY], stdout=subprocess.PIPE,
                                  text=True)
            self.assertEqual((said.returncode, said.stdout), (0, wanted))

    def run_commands(self, heading, source, environment):
        """They say what they should, in a checkout that has `source`."""
        checkout = os.path.join(FOLDER, source + ".checkout")
        shutil.copytree("proto", os.path.join(checkout, "proto"))
        shutil.copy(os.path.join(FOLDER, source), checkout)
        with irqd_process.Irqd("server/irqd") as irqd:
            script = commands(heading).replace("127.0.0.1:50051", irqd.addresses[0])
            ran = subprocess.run(["bash", "-eu", "-c", script], stdout=subprocess.PIPE, text=True,
                                 cwd=checkout, env={**os.environ, **environment})
        self.assertEqual((ran.returncode, ran.stdout), (0, "72 bytes pending\n"))

    def test_go(self):
        write("restart.go", block("go", "In Go"))
        # gRPC is compiled already, by the same compiler; what is done here is the README's part.
        with tarfile.open("tests/interop/go/cache.tar") as cache:
            cache.extractall(FOLDER)

        self.run_commands("In Go", "restart.go", {"GOCACHE": os.path.join(FOLDER, "cache")})

    def test_java(self):
        write("Restart.java", block("java", "In Java"))

        # No work for the optimizing compiler: without it this takes less than half.
        self.run_commands("In Java", "Restart.java",
                          {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"})

    def test_packages_are_those_that_the_tests_install(self):
        with open("bazel/packages") as packages:
            known = set(packages.read().split())
        installs = re.findall(r"`apt install ([^`]*)`", PAGE)
        self.assertEqual(len(installs), 3)

        for install in installs:
            self.assertLessEqual(set(install.split()), known)


if __name__ == "__main__":
    python_main.run()
