"""That the table of mutants has not rotted. Whether tests catch them is for tests/mutation/run."""

import os
import unittest

from tests import python_main
from tests.mutation import mutants

_GOOD = "a-name: a rule\ncore/a.cc\n-old\n+new\n"


def _checkout():
    # The runfiles are links into the checkout.
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


class MutantsTest(unittest.TestCase):
    def test_every_mutant_still_applies(self):
        for mutant in mutants.read():
            with self.subTest(mutant.name):
                with open(os.path.join(_checkout(), mutant.file), encoding="utf-8") as file:
                    mutants.apply(mutant, file.read())

    def test_there_are_enough(self):
        self.assertGreaterEqual(len(mutants.read()), 40)

    def test_parses_paragraphs(self):
        table = mutants.parse("# a comment\n\n" + _GOOD + "\n# more\n\nb: c\nd\n-e\n-  f\n+\n")
        self.assertEqual(
            table,
            [
                mutants.Mutant("a-name", "a rule", "core/a.cc", "old", "new"),
                mutants.Mutant("b", "c", "d", "e\n  f", ""),
            ],
        )

    def test_refuses_what_is_no_mutant(self):
        for text in (
            "a-name\ncore/a.cc\n-old\n+new",
            "a-name: a rule\n-old\n+new",
            "a-name: a rule\ncore/a.cc\n-old",
            "a-name: a rule\ncore/a.cc\n+new\n-old",
            "a-name: a rule\ncore/a.cc\n-old\n new",
            _GOOD + "\n" + _GOOD,
        ):
            with self.subTest(text), self.assertRaises(mutants.TableError):
                mutants.parse(text)

    def test_text_occurs_exactly_once(self):
        mutant = mutants.parse(_GOOD)[0]
        self.assertEqual(mutants.apply(mutant, "an old thing"), "an new thing")
        for text in ("nothing of it", "old and old"):
            with self.subTest(text), self.assertRaises(mutants.TableError):
                mutants.apply(mutant, text)


if __name__ == "__main__":
    python_main.run()
