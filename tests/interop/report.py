"""Holds what the programs printed against the table in README.md, and against each other."""

import collections
import re
import subprocess

RECORD_SIZE = 72
NOT_IN = "n/a"
# The row of the report for what a program did besides printing its lines.
ENDED = "ended well"

# What one program did.
Run = collections.namedtuple("Run", "output code")


class Table:
    """cases: {name: {key: value}}; without: {name: languages that have no form for it}."""

    def __init__(self, page):
        self.images = dict(_images(page))
        self.cases = {}
        self.without = {}
        for name, middle, last in re.findall(r"^\| ([a-z]+) \| (.*) \| (.*) \|$", page, re.M):
            line = re.fullmatch("`(.*=.*)`", last)
            if line:
                self.cases[name] = _answers(self._fill_in(line.group(1)).split())
            else:
                self.without[name] = middle.split(", ")

    def _fill_in(self, line):
        return re.sub("{(.*?)}", lambda name: self.images[name.group(1)], line)


def _images(page):
    """(name, image in hexadecimal) of each record on the page."""
    for name, digits in re.findall(r"^    ([a-z][a-z0-9'-]*) +((?:[0-9a-f]+ ?)+)$", page, re.M):
        yield name, digits.replace(" ", "").ljust(2 * RECORD_SIZE, "0")


def _answers(words):
    """{key: value} of `key=value` words; ValueError: a word is none, or a key comes twice."""
    pairs = [word.split("=") for word in words]
    answers = dict(pairs)
    if len(answers) != len(pairs):
        raise ValueError("a key comes twice")
    return answers


def run(command, environment=None, timeout=100):
    """A program's Run; what it writes to standard error goes to ours."""
    try:
        ran = subprocess.run(command, stdout=subprocess.PIPE, env=environment, timeout=timeout,
                             encoding="utf-8", errors="replace")
        return Run(ran.stdout, ran.returncode)
    except subprocess.TimeoutExpired as expired:
        return Run((expired.stdout or b"").decode(errors="replace"), "none in %d s" % timeout)
    except OSError as error:
        return Run("", str(error))


class Report:
    """What is wrong with each program's answer to each case."""

    def __init__(self, table, runs):
        self._table = table
        self._languages = list(runs)
        self._answers = {}  # by language and case: {key: value}, or NOT_IN
        self._problems = collections.defaultdict(list)  # by language and row
        for language, one in runs.items():
            if one.code != 0:
                self._problems[language, ENDED].append("exit code: %s" % one.code)
            for line in one.output.splitlines():
                self._read(language, line)
            for case in table.cases:
                self._judge(language, case)
        self._compare()

    def problems(self, language, row):
        """What is wrong, a line each."""
        return self._problems[language, row]

    def _read(self, language, line):
        case, *words = line.split() or [""]
        if case not in self._table.cases:
            self._problems[language, ENDED].append("no case of the table: %r" % line)
        elif (language, case) in self._answers:
            self._problems[language, case].append("a second line: %r" % line)
        elif words == [NOT_IN]:
            self._answers[language, case] = NOT_IN
        else:
            try:
                self._answers[language, case] = _answers(words)
            except ValueError:
                self._answers[language, case] = {}
                self._problems[language, case].append("no key=value: %r" % line)

    def _judge(self, language, case):
        """Against the table."""
        add = self._problems[language, case].append
        answers = self._answers.get((language, case))
        left_out = language in self._table.without.get(case, [])
        if answers is None:
            add("no line")
        elif answers == NOT_IN or left_out:
            if answers != NOT_IN:
                add("an answer, where the table says that %s has none" % language)
            elif not left_out:
                add("n/a, where the table wants an answer")
        else:
            wanted = self._table.cases[case]
            for key in sorted(wanted.keys() | answers.keys()):
                if answers.get(key) != wanted.get(key):
                    add("%s is %s; the table says %s" % (
                        key, answers.get(key, "missing"), wanted.get(key, "nothing of it")))

    def _compare(self):
        """Against the other languages, whatever the table says: who differs from the most."""
        for case, wanted in self._table.cases.items():
            for key in wanted:
                values = self._values(case, key)
                ranked = collections.Counter(values.values()).most_common()
                # Where no value has the most votes, all are in doubt.
                alike = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
                for language, value in values.items():
                    if alike or value != ranked[0][0]:
                        self._problems[language, case].append(
                            "%s differs between the languages" % key)

    def _values(self, case, key):
        """By language, of those that have one."""
        values = {}
        for language in self._languages:
            answers = self._answers.get((language, case), NOT_IN)
            if answers != NOT_IN and key in answers:
                values[language] = answers[key]
        return values

    def _mark(self, language, row):
        if self.problems(language, row):
            return "WRONG"
        return NOT_IN if self._answers.get((language, row)) == NOT_IN else "ok"

    def _summary(self):
        """How much was compared."""
        keys = [(case, key) for case, wanted in self._table.cases.items() for key in wanted]
        values = [value for key in keys for value in self._values(*key).values()]
        memory = sum(len(value) // 2 for value in values if len(value) >= 2 * RECORD_SIZE)
        return "%d answers of %d languages, with %s bytes of memory, held against each other" % (
            len(values), len(self._languages), format(memory, ","))

    def __str__(self):
        rows = [["", *self._languages]]
        for row in [*self._table.cases, ENDED]:
            rows.append([row, *(self._mark(language, row) for language in self._languages)])
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines += ["", self._summary()]
        for (language, row), problems in self._problems.items():
            lines += ["%s, %s: %s" % (language, row, problem) for problem in problems]
        return "\n".join(lines)
