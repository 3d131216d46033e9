import json
import os
import tempfile
import unittest

from tests import count_cases

_GTEST_XML = """<testsuites tests="3" failures="1" name="AllTests">
  <testsuite name="Codec">
    <testcase name="Good" status="run" result="completed" classname="Codec"/>
    <testcase name="Bad" status="run" result="completed" classname="Codec">
      <failure message="no"/><failure message="no again"/>
    </testcase>
    <testcase name="Off" status="notrun" result="suppressed" classname="Codec"/>
  </testsuite>
</testsuites>"""

_GOOD_XML = '<testsuites><testcase name="A"/><testcase name="B"/></testsuites>'
_ERROR_XML = '<testsuites><testcase name="x"><error/></testcase></testsuites>'


class CountCasesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def _file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def _result(self, label, status, xml=None, shard=1, attempt=1, cached=False):
        outputs = [{"name": "test.log", "uri": "file:///nowhere/test.log"}]
        if xml is not None:
            name = "%s %d %d.xml" % (label.replace("/", "_"), shard, attempt)
            path = self._file(name, xml)
            outputs.append({"name": "test.xml", "uri": "file://" + path.replace(" ", "%20")})
        return {
            "id": {"testResult": {"label": label, "run": 1, "shard": shard, "attempt": attempt}},
            "testResult": {
                "status": status,
                "cachedLocally": cached,
                "testActionOutput": outputs,
            },
        }

    def _count(self, events, exit_code=0):
        tally = count_cases.count(events, exit_code)
        return tally.passed, tally.failed

    def test_cases_not_targets(self):
        events = [self._result("//t:a", "PASSED", _GOOD_XML)]
        self.assertEqual(self._count(events), (2, []))

    def test_cached_results_count(self):
        events = [self._result("//t:a", "PASSED", _GOOD_XML, cached=True)]
        self.assertEqual(self._count(events), (2, []))

    def test_failed_and_disabled_cases(self):
        events = [self._result("//t:a", "FAILED", _GTEST_XML)]
        tally = count_cases.count(events, 3)
        self.assertEqual(tally.passed, 1)
        self.assertEqual(tally.failed, ["//t:a Codec.Bad"])
        self.assertEqual(tally.skipped, ["//t:a Codec.Off"])

    def test_failing_case_of_a_test_that_exits_with_0(self):
        events = [self._result("//t:a", "PASSED", _GTEST_XML)]
        self.assertEqual(self._count(events), (1, ["//t:a Codec.Bad"]))

    def test_target_that_fails_without_a_failing_case(self):
        for status in ("FAILED", "TIMEOUT", "REMOTE_FAILURE", "NO_STATUS", "INCOMPLETE"):
            with self.subTest(status):
                events = [self._result("//t:a", status, _GOOD_XML)]
                self.assertEqual(self._count(events, 3), (2, ["//t:a (%s)" % status.lower()]))

    def test_target_without_xml(self):
        for xml in (None, "", "<testsuites><testsuite>"):
            with self.subTest(xml):
                self.assertEqual(self._count([self._result("//t:a", "PASSED", xml)]), (1, []))
                events = [self._result("//t:a", "FAILED", xml)]
                self.assertEqual(self._count(events, 3), (0, ["//t:a (failed)"]))

    def test_name_that_bazel_gives(self):
        xml = '<testsuites><testcase name="t/a"><error/></testcase></testsuites>'
        events = [self._result("//t:a", "FAILED", xml)]
        self.assertEqual(self._count(events, 3), (0, ["//t:a"]))

    def test_shards_add_up(self):
        events = [self._result("//t:a", "PASSED", _GOOD_XML, shard=s) for s in (1, 2, 3)]
        self.assertEqual(self._count(events), (6, []))

    def test_last_attempt_counts(self):
        events = [
            self._result("//t:a", "FAILED", _ERROR_XML, attempt=1),
            self._result("//t:a", "PASSED", _GOOD_XML, attempt=2),
        ]
        self.assertEqual(self._count(events), (2, []))

    def test_target_that_does_not_build(self):
        events = [
            self._result("//t:a", "PASSED", _GOOD_XML),
            {"id": {"targetCompleted": {"label": "//t:b"}}, "completed": {}},
            {"id": {"targetCompleted": {"label": "//t:c"}}, "aborted": {"reason": "x"}},
            {"id": {"targetCompleted": {"label": "//t:d"}}, "completed": {"success": True}},
        ]
        expected = (2, ["//t:b (not built)", "//t:c (not built)"])
        self.assertEqual(self._count(events, 1), expected)

    def test_failed_target_counts_once(self):
        events = [
            self._result("//t:a", "FAILED", _ERROR_XML),
            {"id": {"targetCompleted": {"label": "//t:a"}}, "completed": {}},
        ]
        self.assertEqual(self._count(events, 3), (0, ["//t:a x"]))

    def test_bazel_that_fails_by_itself(self):
        for events in ([], [self._result("//t:a", "PASSED", _GOOD_XML)]):
            for code in (1, 2, 3, 4, 8, 37):
                with self.subTest("%d events, exit code %d" % (len(events), code)):
                    failed = ["bazel test (exit code %d)" % code]
                    self.assertEqual(self._count(events, code), (2 * len(events), failed))

    def test_interrupted_after_a_failure(self):
        events = [self._result("//t:a", "FAILED", _ERROR_XML)]
        self.assertEqual(self._count(events, 8)[1], ["//t:a x", "bazel test (exit code 8)"])

    def test_events_up_to_where_bazel_died(self):
        whole = json.dumps(self._result("//t:a", "PASSED", _GOOD_XML))
        path = self._file("events", whole + "\n" + whole[:50])
        self.assertEqual(len(count_cases.read_events(path)), 1)
        self.assertEqual(count_cases.read_events(path + "nowhere"), [])

    def test_exit_code(self):
        good = self._file("good", json.dumps(self._result("//t:a", "PASSED", _GOOD_XML)))
        bad = self._file("bad", json.dumps(self._result("//t:b", "FAILED", _ERROR_XML)))
        none = self._file("none", "")
        self.assertEqual(count_cases.main([good, "0"]), 0)
        self.assertEqual(count_cases.main([bad, "3"]), 1)
        self.assertEqual(count_cases.main([none, "0"]), 1)
        self.assertEqual(count_cases.main([none, "37"]), 1)


if __name__ == "__main__":
    unittest.main()
