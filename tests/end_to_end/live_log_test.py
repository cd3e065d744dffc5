"""The log as it is written: GET /v1/events/stream.

    live_log_test.py PROGRAM
"""

import http.client
import json
import sys
import time
import unittest

from daybook import ANSWER_SECONDS, Daybook
from served import Server, usage


class Live:
    """An open stream of server-sent events."""

    def __init__(self, client, query="", last=None):
        headers = {"Authorization": f"Bearer {client.key}"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.connection = http.client.HTTPConnection(*client.address, timeout=ANSWER_SECONDS)
        self.connection.request("GET", f"/v1/events/stream{query}", headers=headers)
        self.answer = self.connection.getresponse()

    def lines(self):
        """One event, as the lines it came in; None at the end."""
        lines = []
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            if line == "\n":
                if lines:
                    return lines
            elif not line.startswith(":"):
                lines.append(line.rstrip("\n"))

    def event(self):
        lines = self.lines()
        names = [line.split(": ", 1)[0] for line in lines]
        assert names == ["id", "event", "data"], lines
        number, kind, data = (line.split(": ", 1)[1] for line in lines)
        return int(number), kind, json.loads(data, parse_float=str)

    def close(self):
        self.connection.close()


class Stream(Server):
    def open(self, *arguments, client=None, **named):
        live = Live(client or self.operator, *arguments, **named)
        self.addCleanup(live.close)
        return live

    def test_it_is_the_log(self):
        live = self.open("?from=1")
        self.assertEqual(live.answer.status, 200)
        self.assertEqual(live.answer.getheader("Content-Type"), "text/event-stream")
        self.assertIsNotNone(live.answer.getheader("Daybook-Token"))
        for item in self.operator.pages("/events"):
            self.assertEqual(live.event(), (item["position"], item["type"], item))

    def test_it_is_live_and_begins_at_the_head(self):
        live = self.open()
        for number in (70, 71):
            answer = self.operator.post_event(usage(number))
            self.assertEqual(answer.status, 201, answer)
            self.assertEqual(live.event()[0], answer.json["position"])

    def test_it_goes_on_behind_the_last_one_seen(self):
        head = self.operator.get("/log/head").json["position"]
        self.assertEqual(self.open(last=head - 2).event()[0], head - 1)
        self.assertEqual(self.open("?from=1", last=head - 1).event()[0], head)
        live = self.open(f"?from={head + 2}")
        self.assertEqual(self.operator.post_events([usage(72), usage(73)]).json["position"], head + 2)
        self.assertEqual(live.event()[0], head + 2)

    def test_a_full_log_comes_whole(self):
        first = self.operator.get("/log/head").json["position"] + 1
        answer = self.operator.post_events([usage(n) for n in range(10_000, 15_000)])
        self.assertEqual(answer.json["accepted"], 5_000)
        live = self.open(f"?from={first}")
        self.assertEqual([live.event()[0] for _ in range(5_000)], list(range(first, first + 5_000)))

    def test_bad_beginnings(self):
        for query in ("from=0", "from=x", "from=-1", "from=", "limit=1", "from=1&from=1"):
            self.assertRefused(self.operator.request("GET", f"/v1/events/stream?{query}"), 400, "BAD_QUERY")
        for last, status, code in (("x", 400, "BAD_QUERY"), ("", 400, "BAD_QUERY"), ("999999999", 409, "HISTORY_ROLLED_BACK")):
            answer = self.operator.request("GET", "/v1/events/stream", headers={"Last-Event-ID": last})
            self.assertRefused(answer, status, code)
        self.assertRefused(self.foreign.get("/events/stream"), 403, "FORBIDDEN")
        self.assertRefused(self.portal.as_identity("jeroen").get("/events/stream"), 403, "FORBIDDEN")

    def test_a_comment_comes_when_nothing_happens(self):
        live = self.open()
        self.assertEqual(live.answer.readline(), b": the log, live\n")  # at once
        self.assertEqual(live.answer.readline(), b"\n")
        self.assertEqual(live.answer.readline(), b": the log, live\n")  # after 15 s without an event
        self.assertEqual(self.operator.post_event(usage(90_000)).status, 201)
        self.assertEqual(live.event()[1], "daybook.UsageRecorded")

    def test_there_is_a_most_of_them_and_a_closed_one_makes_room(self):
        open_ones = []
        for _ in range(200):
            live = Live(self.operator)
            if live.answer.status != 200:
                break
            open_ones.append(live)
        self.assertEqual((live.answer.status, json.loads(live.answer.read())["code"]), (503, "OVERLOADED"))
        self.assertGreaterEqual(len(open_ones), 16)
        live.close()
        for live in open_ones:
            live.close()
        # The server notices at its next write to them.
        deadline, number, status = time.monotonic() + ANSWER_SECONDS, 80_000, 503
        while status == 503 and time.monotonic() < deadline:
            self.assertEqual(self.operator.post_event(usage(number)).status, 201)
            number += 1
            live = self.open()
            status = live.answer.status
        self.assertEqual(status, 200)

    def test_a_revoked_key_sees_no_more(self):
        made = self.operator.wish("CreateKey", {"name": "follower", "rights": ["read"]}).json
        live = self.open(client=self.ledger.client(made["key"]))
        self.assertEqual(self.operator.wish("RevokeKey", {"keyId": made["keyId"]}).status, 200)
        self.assertIsNone(live.lines(), "not even its own end")


class StreamsEnd(unittest.TestCase):
    def test_the_server_ends_them_when_it_stops(self):
        with Daybook(Server.program) as ledger:
            key = ledger.create_key("operator", "admin,ingest,read")
            ledger.start()
            streams = [Live(ledger.client(key)) for _ in range(3)]
            begun = time.monotonic()
            self.assertEqual(ledger.stop(), 0)
            self.assertLess(time.monotonic() - begun, 8, "it did not wait for the streams' patience")
            for live in streams:
                self.assertIsNone(live.lines())  # a whole body: its last chunk came
                live.close()


if __name__ == "__main__":
    Server.program = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
