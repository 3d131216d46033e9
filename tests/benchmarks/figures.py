"""Arithmetic on samples: medians, spreads, and ratios of runs that alternated."""

import statistics


class Figure:
    """A median with the least and the greatest sample."""

    def __init__(self, samples):
        if not samples:
            raise ValueError("no samples")
        self.median = statistics.median(samples)
        self.low = min(samples)
        self.high = max(samples)

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
    """Whether the median keeps to the goal."""
    kept = figure.median <= goal if at_most else figure.median >= goal
    return "%s %s%s" % ("at most" if at_most else "at least", goal, "" if kept else ": **missed**")


def table(header, rows):
    """Lines of Markdown."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
