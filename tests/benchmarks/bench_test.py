"""Every section of tests/bench, for a moment, so that it cannot rot. Figures mean nothing here."""

import shutil
import tempfile
import unittest

from tests import python_main
from tests.benchmarks import bench
from tests.benchmarks import runs


def runs_under_valgrind(program):
    """Whether it is built without a sanitizer of its own."""
    with open(program, "rb") as file:
        code = file.read()
    return b"__asan_init" not in code and b"__tsan_init" not in code


class BenchTest(unittest.TestCase):
    def test_sections(self):
        with open("docs/benchmarks.md", encoding="utf-8") as page:
            text = page.read()
        for section, (_, tools) in bench.SECTIONS.items():
            with self.subTest(section):
                if not all(shutil.which(tool) for tool in tools):
                    continue  # they are optional
                if "valgrind" in tools and not runs_under_valgrind(bench.programs()["irqd"]):
                    continue
                with tempfile.TemporaryDirectory() as directory:
                    tiny = runs.Bench(bench.programs(), directory, rounds=1, scale=0.002)
                    lines = bench.measure(tiny, section, "tests/bench " + section)
                self.assertGreater(len(lines), 5)
                widths = [line.count("|") for line in lines if line.startswith("|")]
                self.assertTrue(widths)
                self.assertIn("<!-- %s -->" % section, text)


if __name__ == "__main__":
    python_main.run()
