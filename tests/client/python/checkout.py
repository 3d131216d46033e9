"""Where things lie in the checkout that these tests are part of."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[3]
PACKAGE = ROOT / "client/python"
PROTO = ROOT / "proto"
RECORDINGS = ROOT / "tests/testdata"


def readme_blocks(language: str) -> list[str]:
    text = (PACKAGE / "README.md").read_text()
    return re.findall(r"^```%s\n(.*?)^```$" % language, text, re.M | re.S)
