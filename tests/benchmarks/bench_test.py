"""Every section of tests/bench, for a moment, so that it cannot rot. Figures mean nothing here."""

import shutil
import tempfile
import unittest

from tests import python_main
from tests.benchmarks import bench
from tests.benchmarks import page
from tests.benchmarks import runs


def runs_under_valgrind(program):
    """Whether it is built without a sanitizer of its own."""
    with open(program, "rb") as file:
        code = file.read()
    return b"__asan_init" not in code and b"__tsan_init" not in code


class BenchTest(unittest.TestCase):
    def check(self, section):
        _, tools = bench.SECTIONS[section]
        if not all(shutil.which(tool) for tool in tools):
            self.skipTest("it needs " + ", ".join(tools))
        if "valgrind" in tools and not runs_under_valgrind(bench.programs()["irqd"]):
            self.skipTest("it is built with a sanitizer")
        with tempfile.TemporaryDirectory() as directory:
            tiny = runs.Bench(bench.programs(), directory, rounds=1, scale=0.002)
            lines = bench.measure(tiny, section, "tests/bench " + section)
        self.assertGreater(len([line for line in lines if line.startswith("|")]), 5)
        with open("docs/benchmarks.md", encoding="utf-8") as text:
            self.assertIn("\n".join(lines), page.replace(text.read(), section, lines))

    def test_core(self):
        self.check("core")

    def test_unary(self):
        self.check("unary")

    def test_instructions(self):
        self.check("instructions")

    def test_streams(self):
        self.check("streams")

    def test_scale(self):
        self.check("scale")

    def test_there_are_no_others(self):
        self.assertEqual(len(bench.SECTIONS), 5)


if __name__ == "__main__":
    python_main.run()
