"""The rules that keep the layers apart, as functions over a tree: {path: text}.

Bazel's visibility enforces most of them between targets; these also see an include that needs no
target, and a BUILD file that opens its visibility.
"""

import ast
import posixpath
import re

# What may lie at the top, apart from dot-files.
_TOP = frozenset(
    "BUILD LICENSE README.md WORKSPACE bazel client core deploy docs proto server tests".split()
)

# What the C and C++ of a folder must not include; prefixes of the path as written.
_FORBIDDEN_INCLUDES = {
    "core": ("grpc", "google/", "proto/", "irqd/v1/", "server/", "client/", "tests/"),
    "server": ("client/", "tests/"),
    "client": ("server/", "tests/"),
}

# Packages that a folder's BUILD files must not use.
_FORBIDDEN_LABELS = {
    "bazel": ("core", "proto", "server", "client", "tests", "deploy"),
    "proto": ("core", "server", "client", "tests", "deploy"),
    "core": ("proto", "server", "client", "tests", "deploy"),
    "server": ("client", "tests", "deploy"),
    "client": ("server", "tests", "deploy"),
    "deploy": ("tests",),
}

_CODE = (".c", ".cc", ".h", ".proto", ".py", ".bzl", ".js", ".ts")
_MAX_LINES = 400

_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
_MACHINE_PATH = re.compile(r"(?<![\w.:/*-])/(?:home|root|work|tmp/wt)(?:/\S*)?(?![\w-])")


def _top(path):
    return path.split("/")[0]


def _is_build(path):
    return posixpath.basename(path) in ("BUILD", "BUILD.bazel")


def _is_code(path, text):
    return path.endswith(_CODE) or _is_build(path) or text.startswith("#!")


def _allowed_top(path):
    return path.startswith(".") or _top(path) in _TOP


def _check_includes(path, text):
    for include in _INCLUDE.findall(text):
        plain = posixpath.normpath(include)
        if plain.startswith("../"):
            yield "includes %s: write it from the top" % include
        if plain.startswith(_FORBIDDEN_INCLUDES.get(_top(path), ())):
            yield "includes %s" % include


def _labels(text):
    """All strings of a BUILD file. Starlark's BUILD dialect is Python as far as this goes."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _check_labels(path, text):
    for label in _labels(text):
        if label == "//visibility:public" and not path.startswith("bazel/shims/"):
            yield "is visible to everybody"
        # Whom a target is visible to is no use of them.
        if label.endswith((":__pkg__", ":__subpackages__")):
            continue
        match = re.match(r"(?:@irqd)?//([^/:]+)", label)
        if match and match.group(1) in _FORBIDDEN_LABELS.get(_top(path), ()):
            yield "uses %s" % label
        if label.startswith("@debian_") and _top(path) != "bazel":
            yield "uses %s, which //bazel has an alias for" % label


def check_file(path, text):
    """What is wrong with one file: phrases of which it is the subject."""
    if not _allowed_top(path):
        yield "does not belong at the top"
    if re.search(r"(^|/)utils?[./]", path + "/"):
        yield "is named after nothing in particular"
    if path.endswith((".c", ".cc", ".h")):
        yield from _check_includes(path, text)
    if _is_build(path):
        yield from _check_labels(path, text)
    if _is_code(path, text) and text.count("\n") > _MAX_LINES:
        yield "has %d lines; %d are the most" % (text.count("\n"), _MAX_LINES)
    for match in _MACHINE_PATH.finditer(text):
        yield "names a path of one machine: %s" % match.group(0)


def check(tree):
    """The violations in a tree, a line each."""
    return [
        "%s %s" % (path, problem)
        for path in sorted(tree)
        for problem in check_file(path, tree[path])
    ]
