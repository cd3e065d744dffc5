"""What clients rely on at the edge: events a line each, waiting for a position, the pages that need no key, and
progress that never stands among results.

    python3 transport_test.py PROGRAM DATA_FOLDER
"""

import contextlib
import csv
import http.client
import http.server
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from daybook import ANSWER_SECONDS, Client, Daybook
from served import Server
from steps import event

DATA = None
LINES = {"Content-Type": "application/x-ndjson"}
PIECE = 10_000  # lines at most that NDJSON is taken in, and identities that one look-up holds


def rated(number, day="2024-04-10", source="//lines", **more):
    return event(number, "UsageRecorded", day, {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1", "cost": "0.01",
                                                "currency": "EUR", **more}, source)


def text_of(events):
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


class Lines(Server):
    """`application/x-ndjson`: an event a line, any number of them."""

    def head(self):
        return self.operator.get("/log/head").json["position"]

    def post(self, text, **query):
        words = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.operator.request("POST", f"/v1/events{'?' + words if words else ''}", text, LINES)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/json"), answer)
        return answer.json

    def found(self, events):
        """The position of each, or None, as the look-up tells them."""
        positions = []
        for begin in range(0, len(events), PIECE):
            asked = [{"source": each["source"], "id": each["id"]} for each in events[begin:begin + PIECE]]
            answer = self.operator.request("POST", "/v1/events/lookup", asked, {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual([{name: item[name] for name in ("source", "id")} for item in answer.json["items"]], asked)
            positions += [item["position"] for item in answer.json["items"]]
        return positions

    def until_visible(self, position):
        for _ in range(ANSWER_SECONDS // 2):  # each waits two seconds itself
            if self.second.get("/log/head", minPosition=position).status == 200:
                return
        self.fail(f"position {position} is not there")

    def test_25_000_lines_count_once(self):
        count, before = 25_000, self.head()
        events = [rated(number) for number in range(1, count + 1)]
        text = text_of(events)
        last = before + count
        places = list(range(before + 1, last + 1))
        self.assertEqual(self.post(text + b"\n"), {"first": before + 1, "position": last, "accepted": count, "duplicates": 0,
                                                   "rejected": 0, "results": []})
        self.assertEqual(self.found(events), places)
        # The same again, now without an end to its last line, adds nothing.
        again = self.post(text[:-1])
        self.assertEqual({name: again[name] for name in ("first", "position", "accepted", "duplicates", "rejected")},
                         {"first": None, "position": None, "accepted": 0, "duplicates": count, "rejected": 0})
        self.assertEqual([(item["index"], item["status"], item["position"]) for item in again["results"]],
                         [(index, "duplicate", position) for index, position in enumerate(places)])
        self.assertEqual(self.head(), last)
        usage = self.operator.get("/subscriptions/sub-01/usage", minPosition=last, **{"from": "2024-04-10", "to": "2024-04-11"})
        self.assertEqual([(item["date"], item["quantity"], item["cost"]) for item in usage.json["items"]],
                         [("2024-04-10", str(count), str(count // 100))])

    def test_a_broken_line_takes_no_other_with_it(self):
        events = [rated(number, "2024-04-12", "//broken") for number in range(PIECE + 2_000)]
        reused = dict(events[3], data={**events[3]["data"], "quantity": "2"})
        lines = [json.dumps(each) for each in events]
        wrong = {1: '{"specversion":"1.0","type', 5_000: json.dumps(rated(5_000, source="//broken", quantity=1.5)),
                 PIECE + 700: json.dumps(reused), PIECE + 701: "[]", PIECE + 1_999: "no json"}
        for index, line in wrong.items():
            lines[index] = line
        before = self.head()
        answer = self.post("\n".join(lines))
        accepted = len(events) - len(wrong)
        self.assertEqual({name: answer[name] for name in ("first", "position", "accepted", "duplicates", "rejected")},
                         {"first": before + 1, "position": before + accepted, "accepted": accepted, "duplicates": 0,
                          "rejected": len(wrong)})
        self.assertEqual([(item["index"], item["status"], item["code"], item["pointer"]) for item in answer["results"]],
                         [(1, "rejected", "MALFORMED_JSON", ""), (5_000, "rejected", "INVALID_AMOUNT", "/data/quantity"),
                          (PIECE + 700, "rejected", "EVENT_ID_REUSED", ""), (PIECE + 701, "rejected", "INVALID_FIELD", ""),
                          (PIECE + 1_999, "rejected", "MALFORMED_JSON", "")])
        positions = iter(range(before + 1, before + accepted + 1))
        self.assertEqual(self.found(events), [None if index in wrong else next(positions) for index in range(len(events))])

    def test_lines_are_taken_while_the_rest_is_on_its_way(self):
        before, between = self.head(), []
        events = [rated(number, "2024-04-13", "//streamed") for number in range(PIECE + 3_000)]

        def body():
            yield text_of(events[:PIECE])
            self.until_visible(before + PIECE)
            between.append(self.second.post_event(rated(1, "2024-04-13", "//between")).json["position"])
            yield text_of(events[PIECE:])

        connection = http.client.HTTPConnection(*self.ledger.address, timeout=ANSWER_SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/events?results=all", body(), {**LINES, "Authorization": f"Bearer {self.operator.key}"},
                           encode_chunked=True)
        sent = connection.getresponse()
        answer = json.loads(sent.read())
        self.assertEqual((sent.status, answer["accepted"], answer["rejected"]), (200, len(events), 0))
        # Each piece is consecutive; what another wrote meanwhile lies between them.
        self.assertEqual(between, [before + PIECE + 1])
        self.assertEqual([item["position"] for item in answer["results"]],
                         [*range(before + 1, between[0]), *range(between[0] + 1, before + len(events) + 2)])
        self.assertEqual((answer["first"], answer["position"]), (before + 1, before + len(events) + 1))

    def test_blank_lines_and_the_end_of_the_last_are_none(self):
        for number, end in enumerate((b"", b"\n", b"\n\n", b"\r\n", b"\n\n\n")):
            pair = [rated(2 * number + each, "2024-04-14", "//ends") for each in (0, 1)]
            answer = self.post(text_of(pair)[:-1] + end, results="all")
            self.assertEqual([(item["index"], item["status"]) for item in answer["results"]],
                             [(0, "accepted"), (1, "accepted")], (end, answer))


class Waiting(Server):
    """`?minPosition=`."""

    def test_a_position_that_is_not_there_is_waited_for_in_vain(self):
        head = self.operator.get("/log/head").json["position"]

        def ask(path):
            return self.operator.as_identity(None).get(path, minPosition=head + 1)

        with ThreadPoolExecutor() as several:
            for answer in several.map(ask, ("/accounts/acc-1", "/events")):
                self.assertRefused(answer, 503, "NOT_YET_VISIBLE")
                self.assertEqual(answer.headers["content-type"], "application/problem+json")
                self.assertEqual(answer.position, head)
        position = self.operator.post_event(rated(1)).json["position"]
        self.assertEqual(position, head + 1)
        for path in ("/accounts/acc-1", "/events"):
            answer = ask(path)
            self.assertEqual((answer.status, answer.position), (200, position), answer)

    def test_what_was_acknowledged_is_shown_to_who_names_its_position(self):
        asked = {"from": "2024-04-11", "to": "2024-04-12"}
        for number in range(1, 6):
            position = self.operator.post_event(rated(number, "2024-04-11", "//waiting")).json["position"]
            answer = self.reader.get("/subscriptions/sub-01/usage", minPosition=position, **asked)
            self.assertEqual((answer.status, answer.json["items"][0]["quantity"]), (200, str(number)), answer)
            self.assertGreaterEqual(answer.position, position)

    def test_every_question_takes_it(self):
        head = self.operator.get("/log/head").json["position"]
        for path in ("/accounts", "/profiles/prof-1", "/subscriptions/sub-01/billing-history", "/invoices",
                     f"/invoices/{self.invoice}", f"/invoices/{self.invoice}/explain", "/access/Subscription/sub-01",
                     "/accounts/acc-1/credits", "/unmatched-usage", "/events", "/log/head", "/projections", "/clock", "/policies"):
            answer = self.operator.get(path, minPosition=head)
            self.assertEqual(answer.status, 200, f"{path}: {answer}")
            self.assertGreaterEqual(answer.position, head, path)


class WithoutAKey(Server):
    def test_a_server_tells_that_it_lives_and_who_it_is(self):
        nobody = Client(self.ledger.address)
        for path, media_type in (("/livez", "text/plain; charset=utf-8"), ("/readyz", "text/plain; charset=utf-8"),
                                 ("/version", "application/json"), ("/openapi.json", "application/json"),
                                 ("/metrics", "text/plain; version=0.0.4; charset=utf-8")):
            answer = nobody.request("GET", path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, media_type), path)
            self.assertTrue(answer.body.endswith((b"\n", b"}")), path)
        for path in ("/livez", "/readyz"):
            self.assertEqual(nobody.request("GET", path).body, b"ok\n")
        version = nobody.request("GET", "/version").json
        self.assertEqual(set(version), {"name", "version"})
        self.assertEqual(f"{version['name']} {version['version']}", self.ledger.run("--version").stdout.strip())
        self.assertEqual(nobody.request("GET", "/openapi.json").json["info"]["version"], version["version"])

    def test_and_nothing_else(self):
        told = set()
        for client in (Client(self.ledger.address), Client(self.ledger.address, "no-such-key"),
                       Client(self.ledger.address, self.operator.key[:-1] + ("A" if self.operator.key[-1] != "A" else "B"))):
            answer = client.get("/clock")
            self.assertRefused(answer, 401, "UNAUTHENTICATED")
            self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"), answer.headers)
            told.add(answer.json["detail"])
        self.assertEqual(len(told), 1, "one body for all causes")


class Working(http.server.BaseHTTPRequestHandler):
    """Stands in for a server with one job, three eighths done, that ends once its progress has been seen."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, state, result=None):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"jobId": "job-1", "state": state, "done": 3, "total": 8, "result": result}).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", len(body)), ("Location", "/v1/jobs/job-1")):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.answer(202, "Running")

    def do_GET(self):
        self.server.asked += 1
        ended = self.server.seen.is_set() or self.server.asked > 200
        self.answer(200, *(("Done", {"position": 8, "ok": True}) if ended else ("Running",)))

    def log_message(self, *_):
        pass


def told(words, terminal=None, wanted=None, then=None):
    """Exit code, stdout and stderr of a command. Its stderr is a terminal of that kind, or a pipe; `then` is called
    once `wanted` has come from it."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen([Server.program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=theirs, env={**os.environ, "TERM": terminal or "xterm"})
    os.close(theirs)
    text = b""
    with contextlib.suppress(OSError):  # how a terminal tells that nobody writes to it any more
        while chunk := os.read(ours, 65536):
            text += chunk
            if wanted and wanted in text:
                then()
    os.close(ours)
    result, _ = process.communicate()
    return process.returncode, result.decode(), text.decode().replace("\r\n", "\n")


# A bar is drawn over the one before it, and in the end taken away.
BARS = re.compile(r"(?:(?:\r[^\r\n\x1b]+ \[#*\.*\] +\d+ %\x1b\[K)+\r\x1b\[K)*")


class Progress(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-transport-")))
        self.export = DATA / "focus" / "focus_1.0_sample_1000_multicloud.csv"

    def make_ledger(self):
        ledger = self.enterContext(Daybook(Server.program))
        key = ledger.create_key("operator", "admin")
        ledger.start()
        client = ledger.client(key)
        self.assertEqual(client.wish("AdvanceClock", {"to": "2024-10-09T00:00:00Z", "run": False}).status, 200)
        client.close()
        self.assertEqual(ledger.stop(), 0)
        return ledger.directory

    def of_a_job(self, terminal):
        """What is told of a job that runs until its share of 37 % has been seen."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Working)
        server.asked, server.seen = 0, threading.Event()
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        key_file = self.folder / f"key-{terminal}"
        key_file.touch(mode=0o600)
        key_file.write_text("any\n")
        words = ("backup", "create", "--url", f"http://127.0.0.1:{server.server_port}", "--key-file", key_file)
        return told(words, terminal, b"37 %", server.seen.set)

    def test_a_bar_on_a_terminal_and_a_line_now_and_then_elsewhere(self):
        with ThreadPoolExecutor() as several:
            bars, lines, dumb = several.map(self.of_a_job, ("xterm", None, "dumb"))
        for code, result, _ in (bars, lines, dumb):
            self.assertEqual((code, json.loads(result)), (0, {"position": 8, "ok": True}))
        self.assertRegex(bars[2], r"\[#+\.+\] +37 %")
        self.assertTrue(BARS.fullmatch(bars[2]), repr(bars[2]))
        for _, _, text in (lines, dumb):
            self.assertRegex(text, r"\A(?:[ -~]+: 3 of 8 \(37 %\)\n)+\Z")

    def test_results_stand_alone_on_stdout(self):
        directory = self.make_ledger()
        import_words = ("import", "--data", directory, "--format", "focus", self.export)
        results = {}
        for name, words in (("import", (*import_words, "--json")),
                            ("run-invoicing", ("run-invoicing", "--data", directory, "--through", "2024-10-09", "--json")),
                            ("rebuild", ("replay", "rebuild", "--data", directory)), ("in words", import_words)):
            code, result, text = told(words)
            self.assertEqual(code, 0, text)
            self.assertRegex(text, r"\A(?:[ -~]+\n)*\Z", "plain lines at most")
            results[name] = result
        report = json.loads(results["import"])
        self.assertEqual((report["rows"], report["accepted"]), (1000, 1000))
        issued = [item for item in json.loads(results["run-invoicing"])["events"] if item["type"] == "daybook.InvoiceIssued"]
        self.assertEqual(len(issued), 3)
        self.assertEqual({view["equal"] for view in json.loads(results["rebuild"])["projections"]}, {True})
        self.assertIn("1000 rows", results["in words"])

    def test_on_a_terminal_too(self):
        directory = self.make_ledger()
        with open(self.export, newline="", encoding="utf-8") as file:
            cost = sum(Decimal(row["BilledCost"]) for row in csv.DictReader(file))
        names, rows = self.export.read_bytes().split(b"\n", 1)
        many = self.folder / "many.csv"
        for copies in (1, 16, 256):  # a fast machine is done with few rows before there is a bar
            many.write_bytes(names + b"\n" + rows * copies)
            code, result, text = told(("import", "--data", directory, "--format", "focus", many, "--json"), "xterm")
            self.assertEqual(code, 0, text)
            report = json.loads(result)
            self.assertEqual((report["rows"], Decimal(report["totals"][0]["cost"])), (1000 * copies, cost * copies))
            self.assertTrue(BARS.fullmatch(text), repr(text))
            if text:
                break
        shares = [int(share) for share in re.findall(r"(\d+) %", text)]
        self.assertTrue(shares, "no bar")
        self.assertEqual(shares, sorted(shares))
        for words in (("run-invoicing", "--data", directory, "--through", "2024-10-09", "--json"),
                      ("replay", "rebuild", "--data", directory)):
            code, result, text = told(words, "xterm")
            self.assertEqual((code, type(json.loads(result))), (0, dict), text)
            self.assertTrue(BARS.fullmatch(text), repr(text))


if __name__ == "__main__":
    Server.program, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
