"""The program that stands in for Bazel's coverage tools, as Bazel calls it."""

import gzip
import json
import os
import subprocess
import tempfile
import unittest

from tests import python_main

_MERGE = "../remote_coverage_tools/merge.py"


def _branch(count, fallthrough=False, throw=False):
    return {"count": count, "fallthrough": fallthrough, "throw": throw}


def _line(number, count, *branches):
    return {"line_number": number, "count": count, "branches": list(branches)}


class CoverageMergeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def _gcov(self, name, file, *lines, functions=()):
        path = os.path.join(self.folder, name + ".gcov.json.gz")
        entry = {"file": file, "lines": lines, "functions": functions}
        with gzip.open(path, "wt", encoding="utf-8") as out:
            json.dump({"files": [entry]}, out)

    def _merge(self, *arguments):
        output = os.path.join(self.folder, "out.dat")
        subprocess.run([_MERGE, *arguments, "--output_file=" + output], check=True)
        with open(output, encoding="utf-8") as report:
            return report.read().splitlines()

    def _after_a_test(self):
        return self._merge("--coverage_dir=" + self.folder, "--filter_sources=.*external/.+")

    def test_object_files_add_up(self):
        function = {"name": "F", "start_line": 1, "execution_count": 2}
        self._gcov("a", "core/a.h", _line(1, 2), _line(2, 0), functions=[function])
        self._gcov("b", "core/a.h", _line(1, 3), _line(2, 1), functions=[function])
        self.assertEqual(
            self._after_a_test(),
            "SF:core/a.h FN:1,F FNDA:4,F FNF:1 FNH:1 BRF:0 BRH:0 DA:1,5 DA:2,1 LF:2 LH:2"
            " end_of_record".split(),
        )

    def test_branches_that_only_exceptions_take_are_left_out(self):
        call = (_branch(5, fallthrough=True), _branch(0, throw=True))
        self._gcov("a", "core/a.cc", _line(7, 5, *call, _branch(5), _branch(0), *call))
        rows = self._after_a_test()
        branches = [row for row in rows if row.startswith("BR")]
        self.assertEqual(branches, ["BRDA:7,0,0,5", "BRDA:7,0,1,0", "BRF:2", "BRH:1"])

    def test_branches_of_a_line_never_reached(self):
        self._gcov("a", "core/a.cc", _line(7, 0, _branch(0), _branch(0)))
        self.assertIn("BRDA:7,0,0,-", self._after_a_test())

    def test_files_of_others_are_left_out(self):
        for name in ("/usr/include/c++/12/vector", "bazel-out/external/x/y.cc"):
            self._gcov(name.replace("/", "_"), name, _line(1, 1))
        self.assertEqual(self._after_a_test(), [])

    def test_tests_add_up(self):
        self._gcov("a", "core/a.cc", _line(7, 3, _branch(3), _branch(0)))
        first = self._after_a_test()
        reports = os.path.join(self.folder, "reports")
        report = os.path.join(self.folder, "first.dat")
        with open(report, "w", encoding="utf-8") as out:
            out.write("\n".join(first) + "\n")
        with open(reports, "w", encoding="utf-8") as out:
            out.write(report + "\n" + report + "\n")
        rows = self._merge("--reports_file=" + reports)
        for row in ("BRDA:7,0,0,6", "BRDA:7,0,1,0", "DA:7,6", "BRH:1"):
            self.assertIn(row, rows)


if __name__ == "__main__":
    python_main.run()
