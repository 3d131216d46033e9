import contextlib
import io
import os
import tempfile
import unittest

from tests import coverage_table
from tests import python_main

_TRACEFILE = """SF:core/half.cc
FN:1,F
FNDA:1,F
BRDA:2,0,0,1
BRDA:2,0,1,0
BRDA:3,0,0,-
BRDA:3,0,1,-
DA:1,7
DA:2,1
DA:3,0
DA:4,0
end_of_record
SF:core/header_without_code.h
end_of_record
SF:tests/not_asked_for.cc
DA:1,0
end_of_record
"""


class CoverageTableTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "report.dat")
        with open(self.path, "w", encoding="utf-8") as out:
            out.write(_TRACEFILE)

    def _run(self, limit, *sources):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = coverage_table.main([self.path, limit, *sources])
        return code, output.getvalue().splitlines()

    def test_a_row_for_each_file_and_one_for_all(self):
        _, lines = self._run("50", "core/half.cc")
        rows = [" ".join(line.split()) for line in lines]
        self.assertEqual(rows[1], "core/half.cc 4 50.0 3-4 4 25.0 2-3 (2)".replace("2-3", "2, 3"))
        self.assertEqual(rows[2], "all 4 50.0 4 25.0")
        self.assertEqual(len(rows), 3)

    def test_exit_code(self):
        for limit, sources, code in (
            ("50", ["core/half.cc"], 0),
            ("50.1", ["core/half.cc"], 1),
            ("50", ["core/half.cc", "core/forgotten.cc"], 1),
            ("50", ["core/header_without_code.h"], 1),
        ):
            with self.subTest(limit=limit, sources=sources):
                self.assertEqual(self._run(limit, *sources)[0], code)

    def test_nothing_measured_is_no_success(self):
        with open(self.path, "w", encoding="utf-8"):
            pass
        self.assertEqual(self._run("0")[0], 1)

    def test_ranges(self):
        for numbers, text in (
            ([], ""),
            ([3], "3"),
            ([3, 4, 5, 9], "3-5, 9"),
            ([3, 4, 4, 5], "3, 4 (2), 5"),
        ):
            with self.subTest(numbers):
                self.assertEqual(coverage_table.ranges(numbers), text)

    def test_closing_braces_do_not_count(self):
        file = coverage_table.File()
        file.lines = {1: 1, 2: 0, 3: 0, 9: 0}
        coverage_table.drop_closing_braces(file, "a() {\n  b();\n}\n")
        self.assertEqual(file.lines, {1: 1, 2: 0, 9: 0})


if __name__ == "__main__":
    python_main.run()
