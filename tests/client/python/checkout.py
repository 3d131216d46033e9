"""Where things lie in the checkout that these tests are part of."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[3]
PACKAGE = ROOT / "client/python"
PROTO = ROOT / "proto"
RECORDINGS = ROOT / "tests/testdata"


def readme_blocks(language: str, readme: pathlib.Path = PACKAGE / "README.md",
                  heading: str = "") -> list[str]:
    """Those under a heading of the second level, or all."""
    text = readme.read_text()
    if heading:
        text = text.split("\n## %s\n" % heading)[1].split("\n## ")[0]
    return re.findall(r"^```%s\n(.*?)^```$" % language, text, re.M | re.S)
