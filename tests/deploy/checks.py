"""What a part of deploy/test prints: a line for each check on stdout, details on stderr."""

import sys


class Checks:
    """Remembers whether a check failed, so that a part ends as its lines say."""

    def __init__(self):
        self._failed = 0

    def check(self, name, problems):
        """`ok`, or `FAILED` with the first of the problems; the others are details."""
        if not problems:
            print("ok " + name, flush=True)
            return
        self._failed += 1
        print("FAILED %s: %s" % (name, _one_line(problems[0])), flush=True)
        for problem in problems:
            print("%s: %s" % (name, problem), file=sys.stderr, flush=True)

    def skip(self, name, why):
        print("skipped %s: %s" % (name, _one_line(why)), flush=True)

    def exit_code(self):
        return 1 if self._failed else 0


def _one_line(text):
    return " ".join(str(text).split())
