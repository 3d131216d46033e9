"""irqd as whoever starts it sees it: flags, readiness, signals."""

import os
import signal
import subprocess
import tempfile
import unittest

from tests import irqd_process, python_main

IRQD = "server/irqd"


def refusal(*flags):
    """What irqd says to bad flags: (exit code, stderr)."""
    ran = subprocess.run([IRQD, *flags], capture_output=True, text=True, timeout=30)
    return ran.returncode, ran.stderr


class IrqdTest(unittest.TestCase):
    def test_ready_file_lists_every_address_as_bound(self):
        with tempfile.TemporaryDirectory() as folder:
            path = "unix:" + os.path.join(folder, "socket")
            with irqd_process.Irqd(IRQD, listen=("127.0.0.1:0", path)) as irqd:
                self.assertRegex(irqd.addresses[0], r"^127\.0\.0\.1:[1-9][0-9]*$")
                self.assertEqual(irqd.addresses[1:], [path])

    def test_a_ready_file_of_an_earlier_run_is_gone_when_irqd_cannot_serve(self):
        with tempfile.TemporaryDirectory() as folder, irqd_process.Irqd(IRQD) as irqd:
            ready = os.path.join(folder, "ready")
            with open(ready, "w") as file:
                file.write("127.0.0.1:1\n")
            code, _ = refusal("--ready_file=" + ready, "--listen=" + irqd.addresses[0])
            self.assertEqual(code, 1)
            self.assertFalse(os.path.exists(ready))

    def test_sigterm_and_sigint_end_it_with_exit_code_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), irqd_process.Irqd(IRQD) as irqd:
                self.assertEqual(irqd.stop(number), 0)

    def test_a_taken_port_is_one_clear_line(self):
        with irqd_process.Irqd(IRQD) as irqd:
            code, said = refusal("--listen=" + irqd.addresses[0])
            self.assertEqual(code, 1)
            self.assertRegex(said, r"\Airqd: cannot listen on %s: .*\n\Z" % irqd.addresses[0])

    def test_a_bad_flag_is_one_clear_line(self):
        cases = {
            "--listen=nowhere": "irqd: --listen='nowhere' is neither host:port nor unix:PATH\n",
            "--max_vms=0": "irqd: --max_vms=0: takes a number from 1 to 16777216\n",
            "--max_vcpus=4294967295":
                "irqd: --max_vcpus=4294967295: takes a number from 1 to 268435456\n",
            "--no_such_flag": "ERROR: Unknown command line flag 'no_such_flag'\n",
            "word": "irqd: 'word': takes flags only\n",
        }
        for flag, message in cases.items():
            with self.subTest(flag):
                code, said = refusal(flag)
                self.assertNotEqual(code, 0)
                self.assertTrue(said.endswith(message), said)

    def test_a_ready_file_that_cannot_be_written_is_one_clear_line(self):
        code, said = refusal("--listen=127.0.0.1:0", "--ready_file=/nonexistent/ready")
        self.assertEqual(code, 1)
        self.assertIn("/nonexistent/ready", said)


if __name__ == "__main__":
    python_main.run()
