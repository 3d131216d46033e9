#!/usr/bin/python3
"""Merges what gcov says about each object file, and what it said before, into one lcov tracefile.

Bazel's own two coverage tools are Java programs that it would download; this does the work of both:
after a test (--coverage_dir: gcov's JSON files) and after all of them (--reports_file: the list of
their tracefiles). gcov sees two branches at every call that may throw; they are left out.
"""

import collections
import glob
import gzip
import json
import os
import re
import sys


class File:
    """How often each line, function and branch of one source file was reached."""

    def __init__(self):
        self.lines = collections.Counter()
        self.functions = {}  # name: (first line, calls)
        self.branches = collections.Counter()  # (line, number within the line)

    def add_function(self, name, first, calls):
        self.functions[name] = (first, self.functions.get(name, (0, 0))[1] + calls)


def _choices(branches):
    """How often each branch was taken, but for the two of every call that may throw."""
    kept = []
    for branch in branches:
        if not branch["throw"]:
            kept.append(branch)
        elif kept and kept[-1]["fallthrough"]:
            kept.pop()  # the same call, when it returns
    return [branch["count"] for branch in kept]


def read_gcov(path, files):
    with gzip.open(path, "rt", encoding="utf-8") as report:
        for entry in json.load(report)["files"]:
            file = files[entry["file"]]
            for line in entry["lines"]:
                number = line["line_number"]
                file.lines[number] += line["count"]
                for index, count in enumerate(_choices(line.get("branches", []))):
                    file.branches[number, index] += count
            for function in entry["functions"]:
                file.add_function(
                    function["name"], function["start_line"], function["execution_count"]
                )


def read_lcov(path, files):
    with open(path, encoding="utf-8") as report:
        for row in report:
            key, _, value = row.rstrip("\n").partition(":")
            if key == "SF":
                file = files[value]
                first_lines = {}
            elif key == "DA":
                number, count = value.split(",")[:2]
                file.lines[int(number)] += int(count)
            elif key == "BRDA":
                number, _, index, count = value.split(",")
                file.branches[int(number), int(index)] += 0 if count == "-" else int(count)
            elif key == "FN":
                number, name = value.split(",", 1)
                first_lines[name] = int(number)
            elif key == "FNDA":
                count, name = value.split(",", 1)
                file.add_function(name, first_lines[name], int(count))


def _rows(file):
    for name, (first, _) in sorted(file.functions.items()):
        yield "FN:%d,%s" % (first, name)
    for name, (_, calls) in sorted(file.functions.items()):
        yield "FNDA:%d,%s" % (calls, name)
    yield "FNF:%d" % len(file.functions)
    yield "FNH:%d" % sum(calls > 0 for _, calls in file.functions.values())
    for (number, index), count in sorted(file.branches.items()):
        # lcov tells a branch not taken from one whose line was never reached.
        yield "BRDA:%d,0,%d,%s" % (number, index, count if file.lines[number] else "-")
    yield "BRF:%d" % len(file.branches)
    yield "BRH:%d" % sum(count > 0 for count in file.branches.values())
    for number, count in sorted(file.lines.items()):
        yield "DA:%d,%d" % (number, count)
    yield "LF:%d" % len(file.lines)
    yield "LH:%d" % sum(count > 0 for count in file.lines.values())


def write_lcov(path, files):
    with open(path, "w", encoding="utf-8") as out:
        for name in sorted(files):
            out.write("\n".join(["SF:%s" % name, *_rows(files[name]), "end_of_record\n"]))


def main(arguments):
    options = [a[2:].split("=", 1) for a in arguments if a.startswith("--") and "=" in a]
    single = dict(options)
    skipped = [value for key, value in options if key == "filter_sources"] + ["/usr/.*"]
    files = collections.defaultdict(File)
    if "coverage_dir" in single:
        pattern = os.path.join(single["coverage_dir"], "**", "*.gcov.json.gz")
        for path in glob.glob(pattern, recursive=True):
            read_gcov(path, files)
    if "reports_file" in single:
        with open(single["reports_file"], encoding="utf-8") as reports:
            for path in reports.read().split():
                read_lcov(path, files)
    kept = {
        name: file
        for name, file in files.items()
        if not any(re.fullmatch(pattern, name) for pattern in skipped)
    }
    write_lcov(single["output_file"], kept)


if __name__ == "__main__":
    main(sys.argv[1:])
