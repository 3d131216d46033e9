"""The kernel's selftest of s390's resets, unmodified and built for s390x, against a live irqd."""

import os
import shutil
import subprocess
import tempfile
import unittest

from tests import irqd_process, python_main
from tests.s390x import forwarding_server

HERE = os.path.abspath("tests/s390x") + "/"
RUN = os.path.abspath("../debian_s390x/run")
PRELOADED = ":".join([
    HERE + "libreset_witness.so",
    HERE + "libresets_guest.so",
    os.path.abspath("client/preload/libirqd_preload.so"),
])

THREE_OF_THREE = """\
TAP version 13
1..3
# Testing initial reset
# the emergency signal is pending
ok 1 initial
# Testing normal reset
# the emergency signal is pending
ok 2 normal
# Testing clear reset
# the emergency signal is pending
ok 3 clear
# Totals: pass:3 fail:0 xfail:0 xpass:0 skip:0 error:0
"""


class SelftestTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.mkdtemp(dir="/tmp")  # a path of a socket must be short
        self.addCleanup(shutil.rmtree, self._folder)
        irqd = irqd_process.Irqd("server/irqd", listen=("unix:" + self._folder + "/irqd",))
        self.addCleanup(irqd.__exit__)
        self._irqd = irqd.addresses[0]

    def run_resets(self, target):
        """What it says on standard output and on standard error, and its exit code."""
        command = [RUN, "-E", "LD_PRELOAD=" + PRELOADED, "-E", "IRQD_TARGET=" + target,
                   HERE + "resets"]
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=120)
        return said.stdout, said.stderr, said.returncode

    def run_with_fault(self, method):
        """The same, where the server only says that calls of `method` have succeeded."""
        address = "unix:" + self._folder + "/faulty"
        answers = {"/irqd.v1.Kvm/" + method: b""}
        with forwarding_server.ForwardingServer(self._irqd, address, answers):
            return self.run_resets(address)

    def test_three_of_three(self):
        self.assertEqual(self.run_resets(self._irqd), (THREE_OF_THREE, "", 0))

    def test_forwarding_alone_changes_nothing(self):
        self.assertEqual(self.run_with_fault("NoSuchMethod"), (THREE_OF_THREE, "", 0))

    def test_a_set_that_stores_nothing(self):
        said, _, code = self.run_with_fault("SetIrqState")

        self.assertEqual(said, THREE_OF_THREE[:THREE_OF_THREE.index("# the emergency")] +
                         "Bail out! Before the reset 0 bytes are pending, and no emergency signal "
                         "alone\n")
        self.assertEqual(code, 1)

    def test_a_reset_that_clears_nothing(self):
        said, errors, code = self.run_with_fault("Reset")

        self.assertEqual(said, THREE_OF_THREE[:THREE_OF_THREE.index("ok 1")])
        self.assertIn("IRQ pending", errors)
        self.assertNotEqual(code, 0)


if __name__ == "__main__":
    python_main.run()
