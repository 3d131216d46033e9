"""What a part of deploy/test says: a line for each check, on stdout; all else on stderr."""

import contextlib
import signal
import subprocess
import sys
import traceback


class Skipped(Exception):
    """This machine lacks what a check needs."""


class Failed(Exception):
    """A check did not find what it looked for."""


def expect(found, what):
    """Fails the check with `what`, unless `found` is true."""
    if not found:
        raise Failed(what)


def expect_equal(found, wanted, what):
    expect(found == wanted, "%s: %r instead of %r" % (what, found, wanted))


def note(text):
    """For whoever wants to know more."""
    print(text, file=sys.stderr, flush=True)


def _in_a_line(error):
    if isinstance(error, subprocess.CalledProcessError):
        said = (error.stderr or error.stdout or "").strip()
        error = "%s ended with %d: %s" % (error.cmd[0], error.returncode, said[-300:])
    return " ".join(str(error).split()) or "no reason given"


class Part:
    """One part: `with part.check("the image is small"): expect(...)`."""

    def __init__(self):
        self.failed = False
        # As Ctrl-C: what the part has begun is cleared away.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    @contextlib.contextmanager
    def check(self, name):
        """Says how its body ended. Exceptions end the body, not the part."""
        try:
            yield
        except Skipped as error:
            self._say("skipped %s: %s" % (name, _in_a_line(error)))
        except Exception as error:
            self.failed = True
            if not isinstance(error, Failed):
                traceback.print_exc()
            self._say("FAILED %s: %s" % (name, _in_a_line(error)))
        else:
            self._say("ok %s" % name)

    def end(self):
        sys.exit(1 if self.failed else 0)

    @staticmethod
    def _say(line):
        print(line, flush=True)
