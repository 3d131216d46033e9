"""Prints a table of what an lcov tracefile says about core/: coverage_table.py FILE LIMIT SOURCE...

A row per source file: its lines, those that nothing reached; its branches, those not taken, by
line. SOURCEs are the files that must have been measured: one that is missing has no test at all.
Exit code: 0 only if at least LIMIT percent of all lines were reached and every SOURCE was measured.

A line of a closing brace does not count: gcov sees what an exception would unwind there.
"""

import os

import sys


class File:
    def __init__(self):
        self.lines = {}  # number: times reached
        self.branches = {}  # (line, number within it): times taken

    def missed_lines(self):
        return sorted(number for number, count in self.lines.items() if count == 0)

    def missed_branches(self):
        return sorted(number for (number, _), count in self.branches.items() if count == 0)


def read(path):
    files = {}
    with open(path, encoding="utf-8") as report:
        for row in report:
            key, _, value = row.rstrip("\n").partition(":")
            if key == "SF":
                file = files.setdefault(value, File())
            elif key == "DA":
                number, count = value.split(",")[:2]
                file.lines[int(number)] = int(count)
            elif key == "BRDA":
                number, _, index, count = value.split(",")
                file.branches[int(number), int(index)] = 0 if count == "-" else int(count)
    return files


def drop_closing_braces(file, text):
    rows = text.splitlines()
    file.lines = {
        number: count
        for number, count in file.lines.items()
        if number > len(rows) or rows[number - 1].strip() not in ("}", "};")
    }


def ranges(numbers):
    """[3, 4, 5, 9, 9] as "3-5, 9 (2)": runs of lines, and how often a line is named."""
    runs = []
    for number in sorted(set(numbers)):
        times = numbers.count(number)
        if times == 1 and runs and runs[-1][1] == number - 1 and runs[-1][2] == 1:
            runs[-1][1] = number
        else:
            runs.append([number, number, times])
    texts = []
    for first, last, times in runs:
        text = "%d" % first if first == last else "%d-%d" % (first, last)
        texts.append(text + (" (%d)" % times if times > 1 else ""))
    return ", ".join(texts)


def _percent(reached, total):
    return "%.1f" % (100 * reached / total) if total else "-"


def _row(name, lines, missed_lines, branches, missed_branches):
    return (
        name,
        str(lines),
        _percent(lines - len(missed_lines), lines),
        ranges(missed_lines),
        str(branches),
        _percent(branches - len(missed_branches), branches),
        ranges(missed_branches),
    )


_HEAD = ("file", "lines", "%", "not reached", "branches", "%", "not taken, by line")


def table(files):
    """A row for each file and one for all, as text."""
    rows = []
    for name, file in sorted(files.items()):
        rows.append(
            _row(
                name,
                len(file.lines),
                file.missed_lines(),
                len(file.branches),
                file.missed_branches(),
            )
        )
    lines, missed = _line_sums(files)
    branches = sum(len(f.branches) for f in files.values())
    missed_branches = sum(len(f.missed_branches()) for f in files.values())
    percents = _percent(lines - missed, lines), _percent(branches - missed_branches, branches)
    rows.append(("all", str(lines), percents[0], "", str(branches), percents[1], ""))
    rows.insert(0, _HEAD)
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _line_sums(files):
    lines = sum(len(f.lines) for f in files.values())
    return lines, sum(len(f.missed_lines()) for f in files.values())


def problems(files, limit, sources):
    """Why the run fails, a sentence each."""
    found = [
        "no test reaches %s" % source
        for source in sources
        if source not in files or not files[source].lines
    ]
    lines, missed = _line_sums(files)
    if not lines or 100 * (lines - missed) < limit * lines:
        found.append("less than %g %% of the lines were reached" % limit)
    return found


def main(arguments):
    path, limit, sources = arguments[0], float(arguments[1]), arguments[2:]
    files = {name: file for name, file in read(path).items() if name.startswith("core/")}
    for name, file in files.items():
        if os.path.exists(name):
            with open(name, encoding="utf-8") as source:
                drop_closing_braces(file, source.read())
    print(table({name: file for name, file in files.items() if file.lines}))
    found = problems(files, limit, sources)
    for problem in found:
        print("coverage: %s" % problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
