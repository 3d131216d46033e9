"""The table of mutants: small faults, each of which breaks a rule that some test must hold.

A mutant is a paragraph of mutants.txt:

    name: the rule that it breaks
    file
    -text as it is, every line of it
    +text to put there

The text must occur exactly once in the file. Lines that start with # say something to the reader.
"""

import dataclasses
import os
import re

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mutants.txt")


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    rule: str
    file: str
    old: str
    new: str


class TableError(Exception):
    pass


def _parse_one(paragraph):
    lines = paragraph.split("\n")
    head = re.fullmatch(r"([a-z0-9-]+): (.+)", lines[0])
    marks = "".join(line[:1] for line in lines[2:])
    if not head or not re.fullmatch(r"-+\++", marks):
        raise TableError("not a mutant:\n%s" % paragraph)
    old = "\n".join(line[1:] for line in lines[2:] if line[0] == "-")
    new = "\n".join(line[1:] for line in lines[2:] if line[0] == "+")
    return Mutant(head.group(1), head.group(2), lines[1], old, new)


def parse(text):
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    found = [_parse_one(paragraph) for paragraph in re.split(r"\n\n+", text.strip())]
    names = [mutant.name for mutant in found]
    for name in names:
        if names.count(name) > 1:
            raise TableError("two mutants are called %s" % name)
    return found


def read(path=PATH):
    with open(path, encoding="utf-8") as table:
        return parse(table.read())


def apply(mutant, text):
    """`text`, which is that of the mutant's file, with the fault in it."""
    count = text.count(mutant.old)
    if count != 1:
        raise TableError("%s: its text occurs %d times in %s" % (mutant.name, count, mutant.file))
    if mutant.old == mutant.new:
        raise TableError("%s: changes nothing" % mutant.name)
    return text.replace(mutant.old, mutant.new)
