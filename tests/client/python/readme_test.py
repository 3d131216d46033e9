"""The package's README, as printed. Its shell block made the environment that this runs in."""

import subprocess
import sys
import textwrap

import checkout
import irqd


def test_the_main_page_is_installed_as_this_one():
    (install,) = checkout.readme_blocks("sh")
    page = (checkout.ROOT / "README.md").read_text()

    assert textwrap.indent(install, "    ") in page


def test_the_test_of_the_main_page(pytester):
    (test,) = checkout.readme_blocks("python", checkout.ROOT / "README.md", "In Python")
    pytester.makepyfile(test)

    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_test(pytester):
    test, _ = checkout.readme_blocks("python")
    pytester.makepyfile(test)

    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_program(tmp_path, irqd_server):
    _, program = checkout.readme_blocks("python")
    path = tmp_path / "program.py"
    path.write_text(program)

    ran = subprocess.run([sys.executable, path, irqd_server.target], check=True,
                         stdout=subprocess.PIPE, text=True)

    said = irqd.IrqState(bytes.fromhex(ran.stdout.strip()))
    assert sorted(irqd.irq_type_name(irq.type) for irq in said) == [
        "KVM_S390_INT_EMERGENCY", "KVM_S390_MCHK"]
