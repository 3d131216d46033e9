"""Checks that find a list of problems, as lines of a part of deploy/test (see checks.py)."""

import checks


class Checks:
    """A part whose checks are lists of problems, empty where all is well."""

    def __init__(self):
        self._part = checks.Part()

    def check(self, name, problems):
        """`ok`, or `FAILED` with the first of the problems; all of them are details."""
        with self._part.check(name):
            for problem in problems:
                checks.note("%s: %s" % (name, problem))
            checks.expect(not problems, problems[0] if problems else "")

    def skip(self, name, why):
        with self._part.check(name):
            raise checks.Skipped(why)

    def end(self):
        self._part.end()
