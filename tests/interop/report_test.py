"""The report finds what a program makes up, leaves out or breaks off; and the table is Linux's."""

import json
import sys
import unittest

from tests import python_main
from tests.interop import report

PAGE = """
| case | calls | line |
|---|---|---|
| get | GET | `ret=72 buf={stop}` |
| stream | InjectStream | `ret=0,-16` |

| case | n/a in | because |
|---|---|---|
| stream | C | an ioctl injects one |

    stop  00000000fffe0000 00000001
"""
STOP = "00000000fffe000000000001" + 120 * "0"
GET = "get ret=72 buf=%s\n" % STOP
HONEST = GET + "stream ret=0,-16\n"


def made(**outputs):
    """A report on programs by the names of their languages: what they print, or a Run."""
    runs = {language: one if isinstance(one, report.Run) else report.Run(one, 0)
            for language, one in outputs.items()}
    return report.Report(report.Table(PAGE), runs)


class LyingProgramTest(unittest.TestCase):
    def test_an_honest_program(self):
        found = made(C=GET + "stream n/a\n", Go=HONEST)

        for language in ("C", "Go"):
            for row in ("get", "stream", report.ENDED):
                self.assertEqual(found.problems(language, row), [], (language, row))
        self.assertEqual(str(found).splitlines(), [
            "            C    Go",
            "get         ok   ok",
            "stream      n/a  ok",
            "ended well  ok   ok",
            "",
            "5 answers of 2 languages, with 144 bytes of memory, held against each other",
        ])

    def test_what_is_wrong_with_one_line(self):
        wrong_byte = GET.replace("fffe0000", "fffe0001")
        cases = {
            "a byte of memory": (wrong_byte, "get", "buf is 00000000fffe0001"),
            "a byte less": (GET[:-3], "get", "buf is 00000000fffe0000"),
            "success for an errno": ("stream ret=0,0", "stream", "ret is 0,0; the table"),
            "an answer too few": ("get ret=72", "get", "buf is missing"),
            "an answer too many": ("stream ret=0,-16 more=1", "stream", "more is 1"),
            "an answer twice": ("stream ret=0,-16 ret=0,-16", "stream", "no key=value"),
            "no answer": ("stream", "stream", "ret is missing"),
            "words": ("stream it was fine", "stream", "no key=value"),
            "n/a": ("stream n/a", "stream", "n/a, where the table wants an answer"),
            "no line": ("", "stream", "no line"),
            "two lines": ("stream ret=0,-16\nstream ret=0,-16", "stream", "a second line"),
            "n/a first": ("stream n/a\nstream ret=0,-16", "stream", "a second line"),
            "a line of no case": ("hello world", report.ENDED, "no case of the table"),
            "an empty line": ("\n", report.ENDED, "no case of the table"),
        }
        for name, (line, row, problem) in cases.items():
            with self.subTest(name):
                case = line.split()[0] if line.split() else "stream"
                honest = [one for one in HONEST.splitlines() if not one.startswith(case)]

                found = made(Go="\n".join([*honest, line]))

                self.assertIn(problem, "\n".join(found.problems("Go", row)))
                self.assertIn("Go, %s: %s" % (row, problem), str(found))
                self.assertIn("WRONG", str(found))

    def test_an_answer_where_there_can_be_none(self):
        found = made(C=HONEST)

        self.assertIn("an answer, where", found.problems("C", "stream")[0])

    def test_languages_that_differ(self):
        found = made(C=GET, Go=GET, Ruby=GET.replace("72", "71"))

        self.assertEqual(found.problems("Go", "get"), [])
        self.assertIn("ret differs between the languages", found.problems("Ruby", "get"))

    def test_all_that_differ_are_in_doubt_where_none_has_the_most(self):
        found = made(Go=GET, Ruby=GET.replace("72", "71"))

        for language in ("Go", "Ruby"):
            self.assertIn("ret differs between the languages", found.problems(language, "get"))

    def test_a_program_that_lies_and_ends_well(self):
        lie = HONEST.replace("-16", "0")

        ran = report.run([sys.executable, "-c", "print(%r, end='')" % lie])

        found = made(C=GET + "stream n/a\n", Go=ran, Ruby=HONEST)
        self.assertEqual(ran.code, 0)
        self.assertEqual(found.problems("Go", "stream"), [
            "ret is 0,0; the table says 0,-16", "ret differs between the languages"])
        self.assertEqual(found.problems("Go", "get"), [])

    def test_programs_that_do_not_end_well(self):
        cases = {
            "that fails": ("print('get'); raise SystemExit(3)", 100, "exit code: 3"),
            "that is killed": ("import os; os.kill(os.getpid(), 9)", 100, "exit code: -9"),
            "that hangs": ("import signal; signal.pause()", 1, "exit code: none in 1 s"),
        }
        for name, (program, timeout, problem) in cases.items():
            with self.subTest(name):
                ran = report.run([sys.executable, "-c", program], timeout=timeout)

                self.assertEqual(made(Go=ran).problems("Go", report.ENDED), [problem])

    def test_a_program_that_is_not_there(self):
        ran = report.run(["/nowhere/table"])

        self.assertIn("No such file", made(Go=ran).problems("Go", report.ENDED)[0])


class TableTest(unittest.TestCase):
    def setUp(self):
        with open("tests/interop/README.md") as page:
            self.table = report.Table(page.read())

    def test_all_of_it_was_read(self):
        self.assertEqual(list(self.table.cases), [
            "create", "inject", "get", "set", "move", "stream", "deadline", "untouched",
            "unknown", "details"])
        self.assertEqual(len(self.table.images), 8)

    def test_memory_is_what_linux_answered(self):
        with open("tests/testdata/local.jsonl") as recordings:
            (steps,) = [one["steps"] for one in map(json.loads, recordings)
                        if one["name"] == "random-4101-26"]
        gets = {(step["ret"], step["buf"]) for step in steps
                if step["op"] == "KVM_S390_GET_IRQ_STATE"}
        injected = {(step["arg"], step["ret"]) for step in steps if step["op"] == "KVM_S390_IRQ"}
        cases, images = self.table.cases, self.table.images

        self.assertIn((int(cases["get"]["small"]), cases["get"]["fitted"]), gets)
        self.assertIn((int(cases["get"]["large"]), cases["get"]["all"]), gets)
        self.assertIn((144, cases["stream"]["pending"]), gets)
        self.assertEqual(cases["set"]["kept"], cases["get"]["all"])
        self.assertEqual(cases["move"]["there"], cases["get"]["all"])
        names = ("bad-stop", "emergency", "machine-check", "program")
        for name, ret in zip(names, cases["inject"]["ret"].split(",")):
            self.assertIn((images[name], int(ret)), injected, name)
        for ret in ("0", "-16"):
            self.assertIn((images["external-call"], int(ret)), injected)


if __name__ == "__main__":
    python_main.run()
