"""Programs that know nothing of irqd, with libirqd_preload.so loaded, against a server and inproc:."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from tests import irqd_process, python_main

HERE = "tests/client/preload/"
LIBRARY = os.path.abspath("client/preload/libirqd_preload.so")
SPY = os.path.abspath(HERE + "liblibc_spy.so")

_NEEDED = subprocess.run(["readelf", "-d", LIBRARY], check=True, capture_output=True,
                         text=True).stdout
IS_SANITIZED = any(name in _NEEDED for name in ("libasan", "libtsan", "libubsan"))


def run(command, target="inproc:", library=LIBRARY, **environment):
    """What it says, on both streams, and its exit code, with the library and the spy loaded."""
    changed = dict(os.environ, LD_PRELOAD=library + ":" + SPY, **environment)
    changed.pop("IRQD_TARGET", None)
    if target is not None:
        changed["IRQD_TARGET"] = target
    said = subprocess.run(command, env=changed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=60)
    return said.stdout, said.returncode


def statement(text):
    """A Python program that opens /dev/kvm and does what `text` says."""
    return [sys.executable, "-c",
            "import errno, fcntl, os\nkvm = os.open('/dev/kvm', os.O_RDWR)\n" + text]


@unittest.skipIf(IS_SANITIZED, "a sanitizer's library cannot be loaded into a program without it")
class PreloadTest(unittest.TestCase):
    def expect_on_all(self, command, expected, *flags, library=LIBRARY):
        self.assertEqual(run(command, library=library), (expected, 0))
        listen = ("127.0.0.1:0", "unix:" + self.socket())
        with irqd_process.Irqd("server/irqd", *flags, listen=listen) as irqd:
            for address in irqd.addresses:
                self.assertEqual(run(command, address, library), (expected, 0), address)

    def socket(self):
        folder = tempfile.mkdtemp(dir="/tmp")  # a path of a socket must be short
        self.addCleanup(shutil.rmtree, folder)
        return folder + "/irqd"

    def test_c_program(self):
        self.expect_on_all([HERE + "kvm_program"], "all is as with KVM\n")

    def test_python_program(self):
        self.expect_on_all([sys.executable, HERE + "kvm_program.py"], "all is as with KVM\n")

    def test_descriptors(self):
        self.expect_on_all([HERE + "descriptors_program"], "descriptors are files\n")

    def test_guest(self):
        # The guest makes a second VM and closes it, again and again.
        self.expect_on_all([HERE + "guest_program"], "the guest has run\n", "--max_vms=2")

    def test_registers(self):
        """Those that only a library for s390x has."""
        library = LIBRARY.replace("preload.so", "preload_registers.so")

        self.expect_on_all([HERE + "registers_program"], "registers are kept\n", library=library)

    def test_without_process_vm_readv(self):
        library = LIBRARY.replace("preload.so", "preload_registers.so")
        forbidden = {"SPY_FORBIDS_PROCESS_VM": "1"}

        self.assertEqual(run([HERE + "registers_program"], library=library, **forbidden),
                         ("registers are kept\n", 0))
        self.assertEqual(run([HERE + "kvm_program"], **forbidden), ("all is as with KVM\n", 0))

    def test_registers_of_another_machine(self):
        said, code = run([HERE + "registers_program"])

        self.assertEqual(code, 1)
        self.assertIn("ioctl(vcpu, irqd::kSetRegs, &regs): -25 instead of 0", said)

    def test_paths(self):
        folder = tempfile.mkdtemp() + "/planted"
        os.mkdir(folder)
        self.addCleanup(shutil.rmtree, os.path.dirname(folder))

        said = run([HERE + "paths_program", folder])

        self.assertEqual(said, ("no other KVM was touched\n", 0))

    def test_host_profile(self):
        program = statement("print(fcntl.ioctl(kvm, 0xae03, 9))")  # KVM_CAP_NR_VCPUS

        self.assertEqual(run(program, IRQD_HOST_PROFILE="no-esca"), ("64\n", 0))
        self.assertEqual(run(program, IRQD_HOST_PROFILE="linux-6.1,esca"), ("248\n", 0))

    def test_a_program_that_ends_leaves_no_vm_behind(self):
        with irqd_process.Irqd("server/irqd", "--max_vms=1") as irqd:
            for _ in range(3):
                self.assertEqual(run(statement("print(fcntl.ioctl(kvm, 0xae01) > 0)"),
                                     irqd.addresses[0]), ("True\n", 0))

    def test_a_vm_is_gone_when_its_last_descriptor_is_closed(self):
        program = statement("""
for _ in range(20):
    vm = fcntl.ioctl(kvm, 0xae01)
    vcpu = fcntl.ioctl(vm, 0xae41)
    copy = os.dup(vcpu)
    for fd in (vm, vcpu, copy): os.close(fd)
print("one at a time")
""")
        with irqd_process.Irqd("server/irqd", "--max_vms=1") as irqd:
            self.assertEqual(run(program, irqd.addresses[0]), ("one at a time\n", 0))

    def test_a_server_that_is_gone(self):
        program = statement("try: fcntl.ioctl(kvm, 0xae01)\n"
                            "except OSError as error: print(errno.errorcode[error.errno])")

        self.assertEqual(run(program, "unix:nobody-listens-here"), ("EHOSTDOWN\n", 0))


@unittest.skipIf(IS_SANITIZED, "a sanitizer's library cannot be loaded into a program without it")
class WithoutATargetTest(unittest.TestCase):
    OPEN_TWICE = [sys.executable, "-c", """
import errno, os
for _ in range(2):
    try: os.open("/dev/kvm", os.O_RDWR)
    except OSError as error: print(errno.errorcode[error.errno], flush=True)
"""]

    def expect(self, said, why, errno):
        lines = said[0].splitlines()
        self.assertIn(why, lines[0])
        self.assertTrue(lines[0].startswith("libirqd_preload.so: /dev/kvm is irqd's: "), lines[0])
        self.assertEqual(lines[1:], [errno, errno])

    def test_no_target(self):
        for target in (None, ""):
            self.expect(run(self.OPEN_TWICE, target), "set IRQD_TARGET", "ENODEV")

    def test_bad_profile(self):
        said = run(self.OPEN_TWICE, IRQD_HOST_PROFILE="no-such-word")

        self.expect(said, "IRQD_HOST_PROFILE cannot be understood", "EINVAL")

    def test_no_irqd_kvm(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        alone = shutil.copy(LIBRARY, folder)
        changed = dict(os.environ, LD_PRELOAD=alone + ":" + SPY, IRQD_TARGET="inproc:")

        said = subprocess.run(self.OPEN_TWICE, env=changed, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)

        self.expect((said.stdout, 0), "libirqd_kvm.so", "ENODEV")

    def test_the_spy_sees_what_reaches_libc(self):
        changed = dict(os.environ, LD_PRELOAD=SPY)

        said = subprocess.run(self.OPEN_TWICE, env=changed, stderr=subprocess.PIPE, text=True,
                              timeout=60)

        self.assertEqual((said.returncode, said.stderr), (99, "libc_spy: /dev/kvm reached libc\n"))

    def test_programs_that_do_not_open_it_are_spared_grpc(self):
        said = subprocess.run(["/bin/cat", "/proc/self/maps"], stdout=subprocess.PIPE, text=True,
                              env=dict(os.environ, LD_PRELOAD=LIBRARY)).stdout

        self.assertIn("libirqd_preload.so", said)
        self.assertNotIn("grpc", said)
        self.assertNotIn("libstdc++", said)


if __name__ == "__main__":
    python_main.run()
