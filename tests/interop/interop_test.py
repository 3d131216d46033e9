"""The table of README.md in every language, against one server: a test for each case and language.

Prints the report.
"""

import os
import unittest

from tests import irqd_process, python_main
from tests.interop import report

PROGRAMS = {
    "C": "table_c",
    "C++": "table_cc",
    "Python": "table_python",
    "Node": "table_node",
    "Go": "table_go",
    "Java": "table_java",
    "Ruby": "table_ruby",
}

with open("tests/interop/README.md") as page:
    TABLE = report.Table(page.read())
RUNS = {}
FOUND = None


def environment():
    """Without a proxy, which some libraries would ask for a server on this machine."""
    return {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy")}


def run(program, target):
    return report.run(["tests/interop/" + program, target], environment())


def setUpModule():
    global FOUND
    with irqd_process.Irqd("server/irqd") as irqd:
        for language, program in PROGRAMS.items():
            RUNS[language] = run(program, irqd.addresses[0])
    FOUND = report.Report(TABLE, RUNS)
    print(FOUND, flush=True)


def answer(language, row):
    def test(self):
        self.assertEqual(FOUND.problems(language, row), [])
    return test


for LANGUAGE in PROGRAMS:
    NAME = LANGUAGE.replace("+", "p")
    globals()[NAME] = type(NAME, (unittest.TestCase,), {
        "test_" + row.replace(" ", "_"): answer(LANGUAGE, row)
        for row in (*TABLE.cases, report.ENDED)})


class InProcess(unittest.TestCase):
    def test_c_without_a_server(self):
        self.assertEqual(run(PROGRAMS["C"], "inproc:"), RUNS["C"])


if __name__ == "__main__":
    python_main.run()
