"""`GET /metrics`: the text format of Prometheus, names by its conventions, figures that move with what happens.

    metrics_test.py PROGRAM
"""

import re
import shutil
import subprocess
import sys
import unittest

from daybook import Client
from served import Server, usage

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)+)\})? (-?[0-9]+(?:\.[0-9]+)?)')
LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')


class Metrics(Server):
    def page(self):
        answer = Client(self.ledger.address).request("GET", "/metrics")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        return answer.body.decode()

    def read(self):
        """{name: {labels: value}}, with every line of the page understood."""
        helped, types, found = set(), {}, {}
        for line in self.page().splitlines():
            if line.startswith("# HELP "):
                name, text = line[7:].split(" ", 1)
                self.assertNotIn(name, helped)
                self.assertTrue(text.endswith("."), line)
                helped.add(name)
            elif line.startswith("# TYPE "):
                name, kind = line[7:].split(" ")
                types[name] = kind
                self.assertEqual(kind == "counter", name.endswith("_total"), line)
            else:
                sample = SAMPLE.fullmatch(line)
                self.assertTrue(sample, line)
                name, labels, value = sample.groups()
                self.assertIn(name, types, "a sample before its TYPE")
                key = tuple(LABEL.findall(labels or ""))
                self.assertNotIn(key, found.setdefault(name, {}), "the same sample twice")
                found[name][key] = value
        self.assertEqual(helped, set(types))
        return found

    def value(self, found, name, **labels):
        return int(found[name].get(tuple(labels.items()), 0))

    def test_the_log_and_the_views(self):
        before = self.read()
        self.assertEqual(self.operator.post_event(usage(700)).status, 201)
        self.operator.get("/accounts")  # waits until the views show it
        after = self.read()
        head = self.operator.get("/log/head").json["position"]
        self.assertEqual(self.value(after, "daybook_log_position"), head)
        self.assertEqual(self.value(after, "daybook_events_recorded_total"),
                         self.value(before, "daybook_events_recorded_total") + 1)
        views = {view["name"] for view in self.operator.get("/projections").json["items"]}
        for name, value in (("daybook_projection_position", head), ("daybook_projection_lag_events", 0),
                            ("daybook_projection_halted", 0)):
            self.assertEqual({labels[0][1] for labels in after[name]}, views)
            for view in views:
                self.assertEqual(self.value(after, name, projection=view), value, f"{name} {view}")
        self.assertEqual(self.value(after, "daybook_queue_submissions"), 0)
        self.assertEqual(self.value(after, "daybook_queue_bytes"), 0)
        self.assertEqual(self.value(after, "daybook_ready"), 1)
        self.assertGreater(self.value(after, "process_resident_memory_bytes"), 1 << 20)
        self.assertGreater(float(after["daybook_uptime_seconds"][()]), 0)

    def test_requests_by_route_and_status(self):
        before = self.read()
        for path in ("/accounts/acc-1", "/accounts/acc-2", "/accounts/no-such", "/nothing"):
            self.operator.get(path)
        Client(self.ledger.address).request("GET", "/v1/accounts")
        after = self.read()
        for route, status, more in (("/v1/accounts/{id}", 200, 2), ("/v1/accounts/{id}", 404, 1), ("", 404, 1),
                                    ("/v1/accounts", 401, 1), ("/metrics", 200, 1)):
            with self.subTest(f"{route} {status}"):
                grown = [self.value(page, "daybook_http_requests_total", route=route, status=str(status))
                         for page in (before, after)]
                self.assertEqual(grown[1], grown[0] + more)
        self.assertIn((("route", "/v1/accounts/{id}"), ("status", "200")), after["daybook_http_request_duration_seconds_total"])

    def test_memory_by_part(self):
        page = self.read()
        parts = page["daybook_memory_bytes"]
        for of in ("log", "views"):
            for part in ("write_buffers", "cache", "tables"):
                self.assertIn((("part", part), ("of", of)), parts)
        # What was just recorded lies in memory, and identities have a tail reserved.
        self.assertGreater(int(parts[("part", "write_buffers"), ("of", "log")]), 0)
        self.assertGreater(int(parts[("part", "identities"), ("of", "index")]), 1 << 20)
        self.assertEqual(self.value(page, "daybook_memory_limit_bytes"), 1 << 30)

    def test_nothing_of_what_is_kept(self):
        page = self.page()
        for name in ("acc-1", "sub-01", "jeroen", self.invoice, "t-2"):
            self.assertNotIn(name, page)

    def test_it_is_described_and_takes_no_parameters(self):
        operation = self.operator.request("GET", "/openapi.json").json["paths"]["/metrics"]["get"]
        self.assertEqual(operation["security"], [])
        self.assertRefused(self.operator.request("GET", "/metrics?name=x"), 400, "BAD_QUERY")

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed")
    def test_promtool_finds_no_fault(self):
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.page(), capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))


if __name__ == "__main__":
    Server.program = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
