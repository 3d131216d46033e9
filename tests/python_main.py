"""Runs a module's unittest cases and tells Bazel about each: `python_main.run()` instead of
`unittest.main()`."""

import os
import unittest

import xmlrunner


def run():
    path = os.environ.get("XML_OUTPUT_FILE")
    if path is None:
        unittest.main(module="__main__")
        return
    with open(path, "wb") as xml:
        unittest.main(module="__main__", testRunner=xmlrunner.XMLTestRunner(output=xml))
