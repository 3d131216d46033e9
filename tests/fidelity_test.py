"""docs/fidelity.md names tests and recordings as proof: each of them exists.

It looks at the real tree, as layering_test does.
"""

import glob
import json
import os
import re
import unittest

from tests import python_main


# The runfiles are links into the checkout.
os.chdir(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def proofs():
    """Of every row in a table with a column of vectors: its tests and its vectors."""
    with open("docs/fidelity.md") as page:
        rows = [line.strip().strip("|").split("|") for line in page if line.startswith("| ")]
    return [(row[0].strip(), row[-2], row[-1]) for row in rows if len(row) == 3]


def scenarios():
    """The number of steps of each recorded scenario, by file and name."""
    found = {}
    for path in glob.glob("tests/testdata/*.jsonl"):
        with open(path) as lines:
            for line in lines:
                scenario = json.loads(line)
                key = "%s:%s" % (os.path.basename(path)[: -len(".jsonl")], scenario["name"])
                found[key] = len(scenario["steps"])
    return found


def sources():
    """The text of each test, by its file's name without ending."""
    text = {}
    for path in glob.glob("tests/**/*_test.*", recursive=True):
        with open(path) as file:
            text[os.path.basename(path).rsplit(".", 1)[0]] = file.read()
    return text


class FidelityTest(unittest.TestCase):
    def test_there_are_rules(self):
        self.assertGreater(len(proofs()), 50)

    def test_every_rule_names_a_test_that_exists(self):
        text = sources()
        for rule, tests, _ in proofs():
            if set(rule) <= set("-: ") or tests.strip() == "test":
                continue
            named = re.findall(r"`(\w+_test)`((?:[ ,]+\w+)*)", tests)
            with self.subTest(rule):
                self.assertTrue(named, "no test")
                for file, cases in named:
                    self.assertIn(file, text)
                    for case in re.findall(r"\w+", cases):
                        self.assertTrue(case in text[file], "%s has no %s" % (file, case))

    def test_every_vector_exists(self):
        steps = scenarios()
        for rule, _, vectors in proofs():
            for name, step in re.findall(r"`(\w+:[\w-]+?)(?:#(\d+))?`", vectors):
                with self.subTest(rule, vector=name):
                    self.assertIn(name, steps)
                    if step:
                        self.assertLess(int(step), steps[name])


if __name__ == "__main__":
    python_main.run()
