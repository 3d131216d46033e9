"""The commands that docs/deploying.md shows for Docker, for podman to run."""

import re
import shlex

from engine import ROOT

_SECTION = "## Docker\n"
# Containers here have no network that a port could be published on.
_ELSEWHERE = re.compile(r"--publish=127\.0\.0\.1:\d+:50051")


def commands():
    """Each as a list of words, without `docker`."""
    text = (ROOT / "docs/deploying.md").read_text().split(_SECTION)[1].split("\n## ")[0]
    lines = "\n".join(re.findall(r"^    (.*)$", text, re.M)).replace("\\\n", " ").splitlines()
    split = [shlex.split(line) for line in lines]
    if any(words[0] != "docker" for words in split):
        raise ValueError("a line that is no command of docker: %s" % lines)
    return [words[1:] for words in split]


def for_podman(words):
    """The same command, where podman can run it and comes back."""
    words = [word for word in words if not _ELSEWHERE.fullmatch(word)]
    if words[0] != "run":
        return words
    background = [] if "--detach" in words else ["--detach"]
    return ["run", "--network=none", *background, *words[1:]]
