"""Counts the test cases of one `bazel test` run: count_cases.py EVENTS BAZEL_EXIT_CODE.

EVENTS is what --build_event_json_file wrote. It names the test.xml of every test of the run,
cached ones included, so that results left behind by other runs are not counted.

Prints each failed case and, as its last line, `N passed, N failed`. What makes the run fail
without a failing case (a crash, a timeout, a target that does not build, Bazel itself) counts as
one failed case. Exit code: 0 only if something passed and nothing failed.
"""

import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

# bazel test's exit code where everything was built, but tests failed.
_TESTS_FAILED = 3


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def read_events(path):
    """The events that can be read; Bazel may have died while it wrote the last one."""
    events = []
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                events.append(json.loads(line))
    except (OSError, ValueError):
        pass
    return events


def _xml_root(outputs):
    for output in outputs:
        uri = urllib.parse.urlsplit(output.get("uri", ""))
        if output.get("name") != "test.xml" or uri.scheme != "file":
            continue
        try:
            return ElementTree.parse(urllib.parse.unquote(uri.path)).getroot()
        except (OSError, ElementTree.ParseError):
            return None
    return None


def _count_xml(label, root):
    tally = Tally()
    for case in root.iter("testcase"):
        name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        # Bazel writes an XML with the path of a test that wrote none.
        name = label if name == label[2:].replace(":", "/") else "%s %s" % (label, name)
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed.append(name)
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            tally.skipped.append(name)
        else:
            tally.passed += 1
    return tally


def count_result(label, result):
    """One run of one test target (of one shard of it, if it is sharded)."""
    status = result.get("status", "NO_STATUS")
    root = _xml_root(result.get("testActionOutput", []))
    tally = Tally() if root is None else _count_xml(label, root)
    if status != "PASSED" and not tally.failed:
        tally.failed.append("%s (%s)" % (label, status.lower()))
    elif status == "PASSED" and root is None:
        tally.passed += 1
    return tally


def count(events, exit_code):
    last_attempts = {}
    labels = set()
    not_built = []
    for event in events:
        identity = event.get("id", {})
        if "testResult" in event:
            test = identity["testResult"]
            key = (test["label"], test.get("run", 1), test.get("shard", 1))
            last_attempts[key] = event["testResult"]
            labels.add(test["label"])
        elif "targetCompleted" in identity and not event.get("completed", {}).get("success"):
            not_built.append(identity["targetCompleted"]["label"])
    tally = Tally()
    for key in sorted(last_attempts):
        tally.add(count_result(key[0], last_attempts[key]))
    # A test that failed is no completed target either, but is counted already.
    for label in sorted(set(not_built) - labels):
        tally.failed.append("%s (not built)" % label)
    if exit_code not in (0, _TESTS_FAILED) or (exit_code != 0 and not tally.failed):
        if not any("(not built)" in name for name in tally.failed):
            tally.failed.append("bazel test (exit code %d)" % exit_code)
    return tally


def main(arguments):
    events, exit_code = arguments[0], int(arguments[1])
    tally = count(read_events(events), exit_code)
    for name in tally.skipped:
        print("SKIPPED %s" % name)
    for name in tally.failed:
        print("FAILED %s" % name)
    if not tally.passed and not tally.failed:
        print("No test case ran.")
    print("%d passed, %d failed" % (tally.passed, len(tally.failed)))
    return 0 if tally.passed and not tally.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
