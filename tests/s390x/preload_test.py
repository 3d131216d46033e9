"""Programs for s390x under libirqd_preload.so, which has registers there, against servers of both
kinds and inproc:."""

import os
import shutil
import subprocess
import tempfile
import unittest

from tests import irqd_process, python_main

RUN = os.path.abspath("../debian_s390x/run")
LIBRARY = os.path.abspath("client/preload/libirqd_preload.so")
PROGRAMS = {
    "kvm_program": "all is as with KVM\n",
    "guest_program": "the guest has run\n",
    "registers_program": "registers are kept\n",
}


class PreloadTest(unittest.TestCase):
    def expect_all_as_with_kvm(self, target):
        for program, expected in PROGRAMS.items():
            with self.subTest(program):
                command = [RUN, "-E", "LD_PRELOAD=" + LIBRARY, "-E", "IRQD_TARGET=" + target,
                           os.path.abspath("tests/client/preload/" + program)]
                said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True, timeout=120)
                self.assertEqual((said.stdout, said.returncode), (expected, 0))

    def expect_all_with_server(self, binary):
        folder = tempfile.mkdtemp(dir="/tmp")  # a path of a socket must be short
        self.addCleanup(shutil.rmtree, folder)
        with irqd_process.Irqd(binary, listen=("unix:" + folder + "/irqd",)) as irqd:
            self.expect_all_as_with_kvm(irqd.addresses[0])

    def test_inproc(self):
        self.expect_all_as_with_kvm("inproc:")

    def test_native_server(self):
        self.expect_all_with_server("server/irqd")

    def test_server(self):
        self.expect_all_with_server("tests/s390x/irqd_s390x")


if __name__ == "__main__":
    python_main.run()
