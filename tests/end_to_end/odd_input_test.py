"""Every route of the description with input nobody should send: odd paths, queries, headers, media types, values.
Nothing is answered but what the contract has: a problem document of a known code with that code's status, and a
sentence; never 5xx.

    odd_input_test.py PROGRAM
"""

import itertools
import json
import re
import socket
import sys
import unittest

from daybook import Daybook
from people import account, begin, cost, flat, on, person, subscription
from steps import World

PROGRAM = None
PATH_PARTS = ("%00", "a%00b", "%2F", "%2e%2e", "%20", "%C3%A9", "%FF", "'", "%22", "a" * 200, "a" * 1500, "-", "%0d%0aX:1")
NUMBERS = ("", "-1", "+1", "0x1", "1e3", "1.0", "99999999999999999999", "%00", "%D9%A3", "yesterday")
QUERIES = (("colour=red", "=1", "a&b", "%FF=1", "limit%00=1", "?")
           + tuple(f"{name}={value}" for name in ("limit", "asOf", "minPosition", "from", "to", "position", "size")
                   for value in NUMBERS)
           + tuple(f"{name}={value}" for name in ("cursor", "accountId", "profileId", "subscriptionId", "invoiceId", "account",
                                                  "stream", "type", "status", "documentType", "granularity", "groupBy", "period")
                   for value in ("", "%00", "%20", "x:y", "a" * 300))
           + ("asOf=2024-03-05", "asOf=2024-03-05T00:00:00", "asOf=2024-02-30T00:00:00Z", "asOf=0", "asOf=1&asOf=1",
              "asOf=1969-01-01T00:00:00Z", "asOf=9999-12-31T23:59:59Z", "from=9999-12-31&to=0001-01-01", "period=0001-01-01",
              "period=9999-12-31", "groupBy=,", "groupBy=tag:", "groupBy=meterId,meterId", "stream=Subscription:"))
VALUES = (None, True, 0, -1, "", [], {}, "x", "\u0000", "a" * 5000, 10**30, 1.5, [[]], {"amount": "1", "currency": "EUR"},
          {"amount": "1e400", "currency": "EUR"}, {"amount": 1, "currency": 1}, ["x", "x"], "0001-01-01", "2024-02-30",
          "9999-12-31", "0001-01-01T00:00:00Z")
BODIES = (b"", b"null", b"1", b'"x"', b"[]", b"[1]", b"[null]", b"[[]]", b"{}", b'{"a":1}', b'[{"source":1,"id":2}]',
          b'[{"source":"a","source":"b","id":"1"}]', b'[{"source":"a","id":""}]', b'[{"source":"a","id":"1"}] x', b"\x00", b"\xff",
          b"[" * 2000, b"{", b"\xef\xbb\xbf[]", b"nul", b"[1e999]", b'[{"source":"\\ud800","id":"1"}]')
MEDIA = ("", "/", "*/*", "text/json", "a/b/c", "application/*", "application/json;;", "application/cloudevents+json; charset=latin1")
EVENT_MEDIA = ("application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson",
               "application/vnd.daybook.events+flatbuffers")
JSON_TYPE = {"Content-Type": "application/json"}


class OddInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ledger = cls.enterClassContext(Daybook(PROGRAM))
        keys = {name: cls.ledger.create_key(name, rights) for name, rights in
                (("operator", "admin,ingest,read"), ("portal", "act-as"))}
        cls.ledger.start()
        cls.operator, cls.portal = (cls.ledger.client(keys[name]) for name in ("operator", "portal"))
        world = World(cls.operator, cls.portal)
        for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02")):
            step(world)
        cls.invoice = cls.operator.get("/invoices").json["items"][0]["invoiceId"]
        cls.api = cls.operator.request("GET", "/openapi.json").json
        cls.codes = set(cls.api["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])
        cls.number = itertools.count(1)

    def judge(self, what, answer):
        """Accepted, or refused as the contract has it."""
        if answer.status < 400:
            return answer
        with self.subTest(what[:200]):
            self.assertLess(answer.status, 500, answer)
            self.assertEqual(answer.headers["content-type"], "application/problem+json", answer)
            problem = answer.json
            self.assertIn(problem["code"], self.codes)
            self.assertEqual((problem["status"], problem["type"]),
                             (answer.status, "/problems/" + problem["code"].lower().replace("_", "-")))
            self.assert_sentence(problem["detail"])
        return answer

    def assert_sentence(self, text):
        self.assertGreaterEqual(len(text.split()), 4, text)
        self.assertIsNone(re.match(r"(is|has|should|ends) ", text), f"of what? {text}")
        self.assertIsNone(re.search(r"std::|0x[0-9a-f]{6}|\.cpp|\.h:\d|exception|terminate|simdjson", text), text)

    def ask(self, method, path, body=None, headers=None, client=None):
        return self.judge(f"{method} {path} {headers or ''} {(body or b'')[:60]}",
                          (client or self.operator).request(method, path, body, headers or {}))

    def questions(self):
        """(path with ids filled in, template) of every GET that ends."""
        known = {"accounts": "acc-1", "subscriptions": "sub-01", "invoices": self.invoice}
        for template, methods in self.api["paths"].items():
            if "get" not in methods or template == "/v1/events/stream":
                continue
            path = template.replace("{scopeType}", "Subscription").replace("{scopeId}", "sub-01")
            path = re.sub(r"/(accounts|subscriptions|invoices)/\{\w+\}", lambda m: f"/{m.group(1)}/{known[m.group(1)]}", path)
            yield re.sub(r"\{\w+\}", "no-such", path), template

    def test_odd_paths(self):
        for _, template in self.questions():
            if "{" in template:
                for part in PATH_PARTS:
                    answer = self.ask("GET", re.sub(r"\{\w+\}", lambda _: part, template))
                    self.assertIn(answer.status, (400, 404, 414), answer)
        for path in ("/", "//", "/v1", "/v1/", "/v1//accounts", "/v1/accounts/", "/v1/./accounts", "/v1/../v1/accounts",
                     "/v1/accounts;x", "/v1/accounts%2facc-1", "/%76%31/nothing", "/v1/%", "/v1/%z1", "/V1/accounts", "/v1/commands/",
                     "/v1/commands/AdvanceClock/x", "*", "/v1/accounts#x", "/version/x", "/readyz/", "/v1/jobs/", "/v1/log"):
            self.assertIn(self.ask("GET", path).status, (400, 404, 405), path)

    def test_odd_queries(self):
        for path, _ in self.questions():
            for query in QUERIES:
                self.ask("GET", f"{path}?{query}")
            answer = self.ask("GET", f"{path}?colour=red")
            self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), path)
            self.assertIn("'colour'", answer.json["detail"])
        for query in ("atomic=1", "atomic=", "atomic=TRUE", "results=", "results=none", "atomic=true&atomic=true"):
            for kind in EVENT_MEDIA[1:3]:
                answer = self.ask("POST", f"/v1/events?{query}", b"", {"Content-Type": kind})
                self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), f"{kind} {query}")

    def test_odd_headers(self):
        for headers in ({"Daybook-Identity": ""}, {"Daybook-Identity": "a b"}, {"Daybook-Identity": "a" * 129},
                        {"Daybook-Identity": "\u00e9"}, {"Daybook-Identity": "jeroen", "Daybook-Tenant": ""},
                        {"Daybook-Identity": "jeroen", "Daybook-Tenant": "a b"}, {"Daybook-Identity": "nobody", "Daybook-Tenant": "%%"}):
            sent = {name: value.encode() for name, value in headers.items()}
            answer = self.ask("GET", "/v1/accounts", None, sent, self.portal)
            self.assertEqual((answer.status, answer.code), (422, "INVALID_IDENTIFIER"), headers)
        for key in ("", '""', "a b", "k" * 256, "\u00e9"):
            answer = self.ask("POST", "/v1/commands/EvaluateDunning", b'{"asOf":"2024-05-02"}',
                              {**JSON_TYPE, "Idempotency-Key": key.encode()})
            self.assertEqual((answer.status, answer.code), (400, "INVALID_IDEMPOTENCY_KEY"), key)
        for version in ("", "*", '""', "-1", "99999999999", 'W/"1"'):
            answer = self.ask("POST", "/v1/commands/EvaluateDunning", b'{"asOf":"2024-05-02"}',
                              {**JSON_TYPE, "Idempotency-Key": f"o-{next(self.number)}", "If-Match": version})
            self.assertEqual((answer.status, answer.code), (400, "INVALID_FIELD"), version)
        for kind in MEDIA:
            for path in ("/v1/commands/EvaluateDunning", "/v1/events", "/v1/events/lookup"):
                self.ask("POST", path, b"{}", {"Content-Type": kind, "Idempotency-Key": f"o-{next(self.number)}"})

    def test_odd_bodies(self):
        for body in BODIES:
            self.ask("POST", "/v1/events/lookup", body, JSON_TYPE)
            for kind in EVENT_MEDIA:
                answer = self.ask("POST", "/v1/events", body, {"Content-Type": kind})
                for result in answer.json.get("results", []):
                    self.assert_sentence(result["detail"])
            for name in ("EvaluateDunning", "CreateKey", "SetPolicy", "AssignRole"):
                self.ask("POST", f"/v1/commands/{name}", body, {**JSON_TYPE, "Idempotency-Key": f"o-{next(self.number)}"})
        for body, code in ((b'[{"source":"a","source":"b","id":"1"}]', "DUPLICATE_MEMBER"), (b"[" * 2000, "JSON_TOO_DEEP"),
                           (b"", "MALFORMED_JSON"), (b'[{"source":"a","id":""}]', "INVALID_FIELD")):
            self.assertEqual(self.ask("POST", "/v1/events/lookup", body, JSON_TYPE).code, code)

    def test_odd_fields_of_commands(self):
        usual = {"scopeType": "Subscription", "scopeId": "sub-01", "subscriptionId": "sub-01", "accountId": "acc-1",
                 "invoiceId": self.invoice, "identityId": "jeroen", "role": "Reader", "rights": ["read"], "asOf": "2024-05-02",
                 "through": "2024-05-02", "runDate": "2024-05-02", "to": "2024-05-02T00:00:00Z", "on": True}
        schemas = self.api["components"]["schemas"]
        for template in self.api["paths"]:
            if not template.startswith("/v1/commands/"):
                continue
            schema = schemas[template.rsplit("/", 1)[1]]
            for field in schema.get("properties", {}):
                for value in VALUES:
                    body = {name: usual.get(name, "x") for name in schema.get("required", [])} | {field: value}
                    self.ask("POST", template, json.dumps(body).encode(), {**JSON_TYPE, "Idempotency-Key": f"o-{next(self.number)}"})

    def test_odd_fields_of_facts(self):
        schemas = self.api["components"]["schemas"]
        for kind in schemas["CloudEvent"]["properties"]["type"]["enum"]:
            schema = schemas[kind.split(".")[1]]
            events = [{"specversion": "1.0", "type": kind, "source": "//odd", "id": f"o-{next(self.number)}", "time": "2024-05-01T00:00:00Z",
                       "data": {name: "x" for name in schema.get("required", [])} | {field: value}}
                      for field in (*schema.get("properties", {}), "colour") for value in VALUES]
            answer = self.operator.post_events(events)
            self.assertEqual(answer.status, 200, answer)
            for result in answer.json["results"]:
                if result["status"] == "rejected":
                    with self.subTest(f"{kind} {result['pointer']}"):
                        self.assertIn(result["code"], self.codes - {"INTERNAL", "CORRUPTION"})
                        self.assert_sentence(result["detail"])

    def test_odd_heads(self):
        key = self.operator.key.encode()
        post = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + b"\r\n"
        for head, status, code in (
                (b"GET /v1/a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "MALFORMED_FRAMING"),
                (b"GET /v1/clock HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 400, "MALFORMED_FRAMING"),
                (b"GET /v1/clock HTTP/1.1\r\n\r\n", 400, "BAD_HOST"),
                (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, "BAD_HOST"),
                (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "MISDIRECTED_REQUEST"),
                (b"GET /\r\n\r\n", 400, "MALFORMED_FRAMING"),
                (b"GET / HTTP/2.0\r\n\r\n", 505, "VERSION_NOT_SUPPORTED"),
                (b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "UNKNOWN_METHOD"),
                (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "UNKNOWN_METHOD"),
                (post + b"Transfer-Encoding: gzip\r\n\r\n", 501, "UNSUPPORTED_TRANSFER_CODING"),
                (post + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400, "MALFORMED_FRAMING"),
                (post + b"Content-Length: -1\r\n\r\n", 400, "MALFORMED_FRAMING"),
                (post + b"Content-Length: 99999999999999999999999\r\n\r\n", 400, "MALFORMED_FRAMING"),
                (post + b"Content-Type: application/cloudevents+json\r\nContent-Length: 999999999999\r\n\r\n", 413, "BODY_TOO_LARGE"),
                (post + b"Expect: miracles\r\nContent-Length: 0\r\n\r\n", 400, "MALFORMED_HEADER"),
                (post + b"Authorization: Bearer x\r\nContent-Length: 0\r\n\r\n", 400, "DUPLICATE_HEADER"),
                (post + b"Daybook-Token: x\r\nDaybook-Token: y\r\nContent-Length: 0\r\n\r\n", 400, "DUPLICATE_HEADER"),
                (b"GET /v1/" + b"a" * 3000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "TARGET_TOO_LONG"),
                (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431, "HEADERS_TOO_LARGE")):
            with self.subTest(head[:80]):
                with socket.create_connection(self.ledger.address, timeout=30) as connection:
                    connection.sendall(head)
                    connection.shutdown(socket.SHUT_WR)
                    answer = b""
                    while piece := connection.recv(65536):
                        answer += piece
                line, _, body = answer.partition(b"\r\n\r\n")
                self.assertEqual(int(line.split()[1]), status, answer)
                problem = json.loads(body)
                self.assertEqual(problem["code"], code)
                self.assert_sentence(problem["detail"])


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
