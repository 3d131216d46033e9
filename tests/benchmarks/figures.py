"""Arithmetic on samples: medians, what they are worth, and ratios of runs that alternated."""

import math
import statistics

# How often the true median may lie outside of what stands in brackets: five samples, the fewest
# that tests/bench takes, then reach from the least to the greatest.
_OUTSIDE = 0.0625


def _outer(count):
    """How many samples on each side lie outside of a median's interval.

    That k or fewer samples lie below the true median is as likely as k or fewer heads in as many
    throws of a coin.
    """
    outer, tail = 0, 1
    while 2 * (tail + math.comb(count, outer + 1)) <= _OUTSIDE * 2**count:
        outer += 1
        tail += math.comb(count, outer)
    return outer


class Figure:
    """A median, and from `low` to `high` the interval that holds the true one in 15 of 16 cases or
    more, however the samples are distributed. Fewer than five samples are too few for that."""

    def __init__(self, samples):
        if not samples:
            raise ValueError("no samples")
        ordered = sorted(samples)
        outer = _outer(len(ordered))
        self.median = statistics.median(ordered)
        self.low = ordered[outer]
        self.high = ordered[-1 - outer]

    def text(self, digits=3):
        """As in a table: `1.02 (0.97..1.11)`."""
        low, high = number(self.low, digits), number(self.high, digits)
        return "%s (%s..%s)" % (number(self.median, digits), low, high)


def number(value, digits=3):
    """With so many significant digits, never in scientific notation; thousands with commas."""
    value = float(value)
    if value == 0:
        return "0"
    places = max(0, digits - len(str(int(abs(value)))) if abs(value) >= 1 else digits - 1)
    return "{:,.{}f}".format(value, places)


def ratios(ours, bare):
    """Of samples of the same rounds, in the same order: what a drift of the machine does to one it
    does to its neighbour too."""
    if len(ours) != len(bare):
        raise ValueError("%d samples beside %d" % (len(ours), len(bare)))
    return Figure([a / b for a, b in zip(ours, bare)])


def verdict(figure, goal, at_most):
    """Whether the median keeps to the goal; if not, whether the noise may be to blame."""
    kept = figure.median <= goal if at_most else figure.median >= goal
    goal_text = "%s %s" % ("at most" if at_most else "at least", goal)
    if kept:
        return goal_text
    within_noise = figure.low <= goal <= figure.high
    return goal_text + (": missed within noise" if within_noise else ": **missed**")


def table(header, rows):
    """Lines of Markdown."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
