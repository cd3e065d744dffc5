"""What clients rely on at the edge: events a line each, waiting for a position, the pages that need no key, and
progress that never stands among results.

    python3 transport_test.py PROGRAM DATA_FOLDER
"""

import csv
import http.client
import json
import re
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from daybook import ANSWER_SECONDS, Client, Daybook
from served import Server
from steps import event
from terminal import of_a_job, told

DATA = None
LINES = {"Content-Type": "application/x-ndjson"}
PIECE = 10_000  # lines at most that are taken at once, and identities that one look-up holds
COUNTS = ("first", "position", "accepted", "duplicates", "rejected")


def rated(number, source, day="2024-04-10", **more):
    return event(number, "UsageRecorded", day, {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1", "cost": "0.01",
                                                "currency": "EUR", **more}, source)


def text_of(events):
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


class Edge(Server):
    def head(self):
        return self.operator.get("/log/head").json["position"]

    def post(self, text, words=""):
        answer = self.operator.request("POST", f"/v1/events{words}", text, LINES)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/json"), answer)
        return answer.json

    def assertCounted(self, answer, *counts):
        self.assertEqual(tuple(answer[name] for name in COUNTS), counts)

    def found(self, events):
        """The position of each, or None, as the look-up tells them."""
        positions = []
        for begin in range(0, len(events), PIECE):
            asked = [{"source": each["source"], "id": each["id"]} for each in events[begin:begin + PIECE]]
            answer = self.operator.request("POST", "/v1/events/lookup", asked, {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual([{"source": item["source"], "id": item["id"]} for item in answer.json["items"]], asked)
            positions += [item["position"] for item in answer.json["items"]]
        return positions

    # application/x-ndjson: an event a line, any number of them

    def test_each_of_many_lines_counts_once(self):
        count, before = 2 * PIECE + 1_000, self.head()
        events = [rated(number, "//lines") for number in range(count)]
        text, last = text_of(events), before + count
        answer = self.post(text + b"\n")
        self.assertCounted(answer, before + 1, last, count, 0, 0)
        self.assertEqual(answer["results"], [])
        self.assertEqual(self.found(events), list(range(before + 1, last + 1)))
        # The same again, now without an end to its last line, adds nothing.
        again = self.post(text[:-1])
        self.assertCounted(again, None, None, 0, count, 0)
        self.assertEqual([(item["index"], item["status"], item["position"]) for item in again["results"]],
                         [(index, "duplicate", before + 1 + index) for index in range(count)])
        self.assertEqual(self.head(), last)
        usage = self.operator.get("/subscriptions/sub-01/usage", minPosition=last, **{"from": "2024-04-10", "to": "2024-04-11"})
        self.assertEqual([(item["quantity"], item["cost"]) for item in usage.json["items"]], [(str(count), str(count // 100))])

    def test_a_broken_line_takes_no_other_with_it(self):
        events = [rated(number, "//broken", "2024-04-12") for number in range(PIECE + 2_000)]
        reused = dict(events[3], data={**events[3]["data"], "quantity": "2"})
        wrong = {1: ("MALFORMED_JSON", b'{"specversion":"1.0","type'),
                 5_000: ("INVALID_AMOUNT", text_of([rated(5_000, "//broken", quantity=1.5)])[:-1]),
                 PIECE + 700: ("EVENT_ID_REUSED", text_of([reused])[:-1]),
                 PIECE + 701: ("INVALID_FIELD", b"[]"), PIECE + 1_999: ("MALFORMED_JSON", b"no json")}
        lines, before = text_of(events).splitlines(), self.head()
        for index, (_, line) in wrong.items():
            lines[index] = line
        answer, accepted = self.post(b"\n".join(lines)), len(events) - len(wrong)
        self.assertCounted(answer, before + 1, before + accepted, accepted, 0, len(wrong))
        self.assertEqual([(item["index"], item["status"], item["code"]) for item in answer["results"]],
                         [(index, "rejected", code) for index, (code, _) in wrong.items()])
        self.assertEqual(answer["results"][1]["pointer"], "/data/quantity")
        positions = iter(range(before + 1, before + accepted + 1))
        self.assertEqual(self.found(events), [None if index in wrong else next(positions) for index in range(len(events))])

    def until_there(self, position):
        for _ in range(ANSWER_SECONDS // 2):  # each waits two seconds itself
            if self.second.get("/log/head", minPosition=position).status == 200:
                return
        self.fail(f"position {position} is not there")

    def test_lines_are_taken_while_the_rest_is_on_its_way(self):
        before, between = self.head(), []
        events = [rated(number, "//streamed", "2024-04-13") for number in range(PIECE + 3_000)]

        def body():
            yield text_of(events[:PIECE])
            self.until_there(before + PIECE)
            between.append(self.second.post_event(rated(1, "//between", "2024-04-13")).json["position"])
            yield text_of(events[PIECE:])

        connection = http.client.HTTPConnection(*self.ledger.address, timeout=ANSWER_SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/events?results=all", body(), {**LINES, "Authorization": f"Bearer {self.operator.key}"})
        answer = json.loads(connection.getresponse().read())
        # Each piece is consecutive; what another wrote meanwhile lies between them.
        self.assertEqual(between, [before + PIECE + 1])
        self.assertCounted(answer, before + 1, before + len(events) + 1, len(events), 0, 0)
        self.assertEqual([item["position"] for item in answer["results"]],
                         [*range(before + 1, between[0]), *range(between[0] + 1, before + len(events) + 2)])

    def test_blank_lines_and_the_end_of_the_last_are_no_events(self):
        for number, end in enumerate((b"", b"\n", b"\n\n", b"\r\n", b"\n\n\n")):
            pair = [rated(2 * number + each, "//ends", "2024-04-14") for each in (0, 1)]
            answer = self.post(text_of(pair)[:-1] + end, "?results=all")
            self.assertEqual([(item["index"], item["status"]) for item in answer["results"]],
                             [(0, "accepted"), (1, "accepted")], (end, answer))

    # ?minPosition=

    def test_a_position_that_is_not_there_is_waited_for_in_vain(self):
        head = self.head()

        def ask(path):
            return self.ledger.client(self.reader.key).get(path, minPosition=head + 1)

        paths = ("/accounts/acc-1", "/events")
        with ThreadPoolExecutor() as several:
            for answer in several.map(ask, paths):
                self.assertRefused(answer, 503, "NOT_YET_VISIBLE")
                self.assertEqual(answer.headers["content-type"], "application/problem+json")
                self.assertEqual(answer.position, head)
        self.assertEqual(self.operator.post_event(rated(1, "//waiting", "2024-04-15")).json["position"], head + 1)
        for answer in map(ask, paths):
            self.assertEqual((answer.status, answer.position), (200, head + 1), answer)

    def test_what_was_acknowledged_is_shown_to_whoever_names_its_position(self):
        asked = {"from": "2024-04-11", "to": "2024-04-12"}
        for number in range(1, 6):
            position = self.operator.post_event(rated(number, "//shown", "2024-04-11")).json["position"]
            answer = self.reader.get("/subscriptions/sub-01/usage", minPosition=position, **asked)
            self.assertEqual((answer.status, answer.json["items"][0]["quantity"]), (200, str(number)), answer)
            self.assertGreaterEqual(answer.position, position)

    def test_questions_of_all_kinds_take_it(self):
        head = self.head()
        for path in ("/accounts", "/profiles/prof-1", "/subscriptions/sub-01/billing-history", "/invoices",
                     f"/invoices/{self.invoice}", f"/invoices/{self.invoice}/explain", "/access/Subscription/sub-01",
                     "/accounts/acc-1/credits", "/unmatched-usage", "/events", "/log/head", "/projections", "/clock",
                     "/policies"):
            answer = self.operator.get(path, minPosition=head)
            self.assertEqual(answer.status, 200, f"{path}: {answer}")
            self.assertGreaterEqual(answer.position, head, path)

    # Without a key

    def test_a_server_tells_anybody_that_it_lives_and_who_it_is(self):
        nobody = Client(self.ledger.address)
        for path, media_type in (("/livez", "text/plain; charset=utf-8"), ("/readyz", "text/plain; charset=utf-8"),
                                 ("/version", "application/json"), ("/openapi.json", "application/json"),
                                 ("/metrics", "text/plain; version=0.0.4; charset=utf-8")):
            answer = nobody.request("GET", path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, media_type), path)
            if path in ("/livez", "/readyz"):
                self.assertEqual(answer.body, b"ok\n")
        version = nobody.request("GET", "/version").json
        self.assertEqual(set(version), {"name", "version"})
        self.assertEqual(f"{version['name']} {version['version']}", self.ledger.run("--version").stdout.strip())
        self.assertEqual(nobody.request("GET", "/openapi.json").json["info"]["version"], version["version"])

    def test_and_nothing_else(self):
        answers = [Client(self.ledger.address, key).get("/clock") for key in (None, "no-such-key", self.operator.key[:-1])]
        self.assertEqual(len({json.dumps({**answer.json, "requestId": ""}) for answer in answers}), 1, "one body for all causes")
        for answer in answers:
            self.assertRefused(answer, 401, "UNAUTHENTICATED")
            self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"), answer.headers)


class Progress(unittest.TestCase):
    # A bar is drawn over the one before it, and in the end taken away.
    BARS = r"\A(?:(?:\r[^\r\n\x1b]+ \[#*\.*\] +\d+ %\x1b\[K)+\r\x1b\[K)*\Z"
    PLAIN = r"\A(?:[ -~]+\n)*\Z"
    KINDS = ("xterm", None, "dumb")

    @classmethod
    def setUpClass(cls):
        several = cls.enterClassContext(ThreadPoolExecutor())
        # The first line takes its time; they go on meanwhile.
        cls.jobs = several.map(lambda kind: of_a_job(Server.program, kind), cls.KINDS)
        cls.export = DATA / "focus" / "focus_1.0_sample_1000_multicloud.csv"
        cls.ledger = cls.enterClassContext(Daybook(Server.program))
        key = cls.ledger.create_key("operator", "admin")
        cls.ledger.start()
        client = cls.ledger.client(key)
        assert client.wish("AdvanceClock", {"to": "2024-10-09T00:00:00Z", "run": False}).status == 200
        client.close()
        assert cls.ledger.stop() == 0

    def result(self, terminal, *words):
        code, result, text = told(Server.program, words, terminal)
        self.assertEqual(code, 0, text)
        self.assertRegex(text, self.BARS if terminal else self.PLAIN)
        return json.loads(result), text

    def of_import(self, terminal, path):
        return self.result(terminal, "import", "--data", self.ledger.directory, "--format", "focus", path, "--json")

    def test_a_bar_on_a_terminal_and_a_line_now_and_then_elsewhere(self):
        for kind, (code, result, text) in zip(self.KINDS, self.jobs):
            self.assertEqual((code, json.loads(result)), (0, {"position": 8, "ok": True}), text)
            self.assertRegex(text, self.BARS if kind == "xterm" else self.PLAIN)
            self.assertRegex(text, r"\[#+\.+\] +37 %" if kind == "xterm" else r"(?m)^.+: 3 of 8 \(37 %\)$")

    def test_results_stand_alone_on_stdout(self):
        report, _ = self.of_import(None, self.export)
        self.assertEqual((report["rows"], report["rejected"]), (1000, 0))
        for terminal, issued in ((None, 3), ("xterm", 0)):
            run, _ = self.result(terminal, "run-invoicing", "--data", self.ledger.directory, "--through", "2024-10-09", "--json")
            self.assertEqual([item["type"] for item in run["events"]].count("daybook.InvoiceIssued"), issued)
            rebuilt, _ = self.result(terminal, "replay", "rebuild", "--data", self.ledger.directory)
            self.assertEqual({view["equal"] for view in rebuilt["projections"]}, {True})

    def test_the_bar_of_an_import_only_grows(self):
        with open(self.export, newline="", encoding="utf-8") as file:
            cost = sum(Decimal(row["BilledCost"]) for row in csv.DictReader(file))
        names, rows = self.export.read_bytes().split(b"\n", 1)
        for copies in (1, 16, 256):  # a fast machine is done with few rows before there is a bar
            with tempfile.NamedTemporaryFile(suffix=".csv") as many:
                many.write(names + b"\n" + rows * copies)
                many.flush()
                report, text = self.of_import("xterm", many.name)
            self.assertEqual((report["rows"], Decimal(report["totals"][0]["cost"])), (1000 * copies, cost * copies))
            if shares := [int(share) for share in re.findall(r"(\d+) %", text)]:
                break
        self.assertTrue(shares, "no bar")
        self.assertEqual(shares, sorted(shares))


if __name__ == "__main__":
    Server.program, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
