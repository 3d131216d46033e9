"""What tests/bench makes of numbers and of other programs' words."""

import unittest

from tests import python_main
from tests.benchmarks import figures
from tests.benchmarks import messages
from tests.benchmarks import outputs
from tests.benchmarks import page
from tests.benchmarks import instructions_section

_H2LOAD = """starting benchmark...
progress: 100% done

finished in 296.33ms, 26996.66 req/s, 958.98KB/s
requests: 8000 total, 8000 started, 8000 done, {succeeded} succeeded, {failed} failed, 0 errored, 0 timeout
status codes: 8000 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 284.18KB (290999) total, 23.51KB (24075) headers (space savings 96.28%), 39.06KB ({data}) data
"""

_CALLGRIND = """# callgrind format
events: Ir
summary: 1000

ob=(1) /usr/lib/libgrpc.so.29
fl=(1) ???
fn=(1) f
0 54
cob=(2) /usr/lib/libc.so.6
cfn=(2) g
calls=2 0
0 260
0 2
+3 4

ob=(2)
fn=(2)
* 260
ob=(3) /x/server/irqd
fn=(3) h
0 10
ob=(1)
fn=(4) i
0 100
"""


class FiguresTest(unittest.TestCase):
    def test_median_and_spread(self):
        for samples, want in (
            ([3, 1, 2], (2, 1, 3)),
            ([4, 1, 2, 3], (2.5, 1, 4)),
            ([7], (7, 7, 7)),
        ):
            with self.subTest(samples):
                figure = figures.Figure(samples)
                self.assertEqual((figure.median, figure.low, figure.high), want)

    def test_intervals_hold_the_median_nearly_always(self):
        # One left out on each side: 2 * (1 + 8) of 2**8 is too often, 2 * (1 + 9) of 2**9 is not.
        for count, outer in ((1, 0), (4, 0), (5, 0), (8, 0), (9, 1), (25, 7), (40, 13)):
            with self.subTest(count):
                figure = figures.Figure(list(range(count)))
                self.assertEqual((figure.low, figure.high), (outer, count - 1 - outer))

    def test_no_samples_are_no_figure(self):
        with self.assertRaises(ValueError):
            figures.Figure([])

    def test_numbers_have_three_digits_or_all_before_the_point(self):
        for value, text in (
            (0, "0"),
            (0.1234, "0.12"),
            (0.999, "1.00"),
            (1.0456, "1.05"),
            (42.36, "42.4"),
            (285.4, "285"),
            (12345.6, "12,346"),
        ):
            with self.subTest(value):
                self.assertEqual(figures.number(value), text)

    def test_ratios_are_of_the_same_rounds(self):
        figure = figures.ratios([10, 20, 90], [10, 10, 30])
        self.assertEqual((figure.median, figure.low, figure.high), (2, 1, 3))
        with self.assertRaises(ValueError):
            figures.ratios([1, 2], [1])

    def test_verdicts(self):
        for median, goal, at_most, text in (
            (1.0, 1.05, True, "at most 1.05"),
            (1.1, 1.05, True, "at most 1.05: **missed**"),
            (1.1, 0.95, False, "at least 0.95"),
            (0.9, 0.95, False, "at least 0.95: **missed**"),
        ):
            with self.subTest(median=median, at_most=at_most):
                self.assertEqual(figures.verdict(figures.Figure([median]), goal, at_most), text)
        noisy = figures.Figure([0.9, 1.1, 1.2])
        self.assertEqual(figures.verdict(noisy, 1.05, True), "at most 1.05: missed within noise")

    def test_table(self):
        self.assertEqual(
            figures.table(["a", "b"], [["x", 1]]), ["| a | b |", "|---|---|", "| x | 1 |"]
        )


class OutputsTest(unittest.TestCase):
    def test_h2load(self):
        good = dict(succeeded=8000, failed=0, data=8000 * 77)
        self.assertEqual(outputs.h2load(_H2LOAD.format(**good), 8000, 77), 26996.66)
        for wrong in (dict(succeeded=7999), dict(failed=1), dict(data=8000 * 77 - 77)):
            with self.subTest(wrong), self.assertRaises(outputs.BadRun):
                outputs.h2load(_H2LOAD.format(**{**good, **wrong}), 8000, 77)
        with self.assertRaises(outputs.BadRun):
            outputs.h2load("no such host", 8000, 77)

    def test_load(self):
        line = '{"calls": %d, "seconds": 0.5, "p50_us": 1, "p99_us": 2}'
        self.assertEqual(outputs.load(line % 100)["rate"], 200)
        with self.assertRaises(outputs.BadRun):
            outputs.load(line % 0)

    def test_google_benchmark(self):
        text = """{"benchmarks": [
          {"run_name": "Mix/one/LockFree/real_time/threads:2", "name": "n", "real_time": 9.0,
           "time_unit": "ns", "items_per_second": 1e8},
          {"run_name": "Mix/one/LockFree/real_time/threads:2", "name": "n", "real_time": 9.0,
           "time_unit": "ns", "items_per_second": 5e7},
          {"run_name": "Mix/one/LockFree/real_time/threads:2", "name": "n_median", "real_time": 9.0,
           "time_unit": "ns", "run_type": "aggregate"},
          {"run_name": "Inject/x/Kernel/manual_time", "name": "n", "real_time": 7.0,
           "time_unit": "ns"}]}"""
        want = {"Mix/one/LockFree/threads:2": [10, 20], "Inject/x/Kernel": [7]}
        self.assertEqual(outputs.google_benchmark(text), want)
        with self.assertRaises(outputs.BadRun):
            outputs.google_benchmark('{"benchmarks": []}')

    def test_callgrind_counts_each_function_once(self):
        costs = outputs.callgrind(_CALLGRIND)
        want = {"/usr/lib/libgrpc.so.29": 160, "/usr/lib/libc.so.6": 260, "/x/server/irqd": 10}
        self.assertEqual(costs, want)
        shares = instructions_section.shares(costs, 10)
        self.assertEqual(shares, {"gRPC": 16, "libc, libstdc++": 26, "the program": 1})


class PageTest(unittest.TestCase):
    def test_only_what_is_between_the_markers_changes(self):
        text = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n"
        self.assertEqual(
            page.replace(text, "x", ["1", "2"]),
            "a\n<!-- x -->\n1\n2\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n",
        )

    def test_no_place(self):
        for text in ("", "<!-- x -->", "<!-- /x --><!-- x -->"):
            with self.subTest(text), self.assertRaises(ValueError):
                page.replace(text, "x", [])

    def test_cpu_model(self):
        self.assertEqual(page.cpu_model("processor : 0\nmodel name\t: A 9\n"), "A 9")


class MessagesTest(unittest.TestCase):
    def test_the_bare_request_is_as_long(self):
        for size in (12, 82, 126, 740, 74000):
            for answer in (0, 76, 726, 150000):
                with self.subTest(size=size, answer=answer):
                    request = messages.echo_request(size, answer)
                    self.assertAlmostEqual(len(request), size, delta=1)
                    self.assertAlmostEqual(messages.echo_answer_size(answer), answer, delta=1)

    def test_records(self):
        self.assertEqual(len(messages.TEN), 10)
        self.assertEqual(len(messages.EIGHT), 8)
        self.assertEqual({len(image) for image in messages.TEN}, {messages.IRQ_SIZE})
        self.assertEqual(messages.frame(b"ab"), b"\0\0\0\0\2ab")


if __name__ == "__main__":
    python_main.run()
