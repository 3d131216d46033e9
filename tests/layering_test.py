"""Holds the checkout that this test was built from against layering.py.

The files are no inputs of the test: a list of them would miss the very folder that somebody adds.
So it looks at the real tree, and is tagged `external`: Bazel runs it every time.
"""

import os
import subprocess
import unittest

from tests import layering

# Recorded data: no code, and large.
_DATA = "tests/testdata/"


def _checkout():
    # The runfiles are links into the checkout.
    root = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if not os.path.exists(os.path.join(root, "WORKSPACE")):
        raise AssertionError("no checkout at %s" % root)
    return root


def _git_files(root):
    """What is or could be committed; None where this is no git checkout."""
    command = ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"]
    options = ["--cached", "--others", "--exclude-standard"]
    try:
        output = subprocess.run(command + options, check=True, stdout=subprocess.PIPE).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return [path for path in output.decode().split("\0") if path]


def _all_files(root):
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [s for s in subfolders if not s.startswith((".", "bazel-", "__pycache__"))]
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), root)
            if not path.startswith((".", "bazel-")):
                yield path


def _read_tree(root):
    tree = {}
    for path in _git_files(root) or _all_files(root):
        full = os.path.join(root, path)
        if os.path.isfile(full):
            with open(full, encoding="utf-8", errors="replace") as file:
                tree[path] = "" if path.startswith(_DATA) else file.read()
    return tree


class LayeringTest(unittest.TestCase):
    def test_checkout(self):
        tree = _read_tree(_checkout())
        # That the right tree was found, all of it.
        self.assertIn("core/BUILD", tree)
        self.assertIn("tests/layering.py", tree)
        self.assertEqual(layering.check(tree), [])


if __name__ == "__main__":
    unittest.main()
