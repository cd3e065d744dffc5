"""Replay commands on a ledger that is served: what `--url` fetches is proven by who fetches it, byte for byte what a directory gives, and what a
server does not do is refused with a sentence.

    served_replay_test.py PROGRAM
"""

import contextlib
import http.server
import json
import re
import sys
import threading
import unittest
from pathlib import Path

from daybook import Client, Daybook
from explained import Asked, Told
from people import account, begin, cost, on, subscription, vat
from steps import clock


class Cutting(http.server.BaseHTTPRequestHandler):
    """Stands between the command and a server, and spoils the segments that come by."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with contextlib.closing(Client(self.server.behind, self.headers["Authorization"].split()[1])) as client:
            answer = client.request("GET", self.path)
        body, cut = answer.body, False
        if self.path.startswith("/v1/log/segment") and answer.status == 200:
            body, cut = self.server.spoil(body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["content-type"])
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(body), 1000):
            piece = body[at:at + 1000]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        if cut:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


class Served(Asked):
    def setUp(self):
        super().setUp()
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                on("2024-04-10", cost("sub-01", "2024-04-10", "3.00")), clock("2024-06-02"))
        self.head = self.operator.get("/log/head").json
        self.last = self.head["position"]
        self.ends = [at for at in range(1, self.last) if self.operator.get("/log/head", asOf=at).json["chain"]]

    def export(self, *words, check=True, cli=None):
        return (cli or self.cli)("export", *words, check=check)

    def refused(self, code, words, *told):
        done = self.cli(*words, check=False)
        self.assertEqual((done.returncode, done.stdout), (code, ""), f"{words}: {done}")
        for each in told:
            self.assertIn(each, done.stderr, words)
        return done


class Export(Served):
    def test_the_bytes_are_those_of_the_directory(self):
        middle = self.ends[len(self.ends) // 2]
        stretches = {"all": [], "first": ["--to", str(middle)], "rest": ["--from", str(middle + 1)], "one": ["--from", str(self.ends[-1] + 1), "--to", str(self.last)],
                     "none": ["--from", str(self.last + 1)]}
        for at in self.ends[:9]:
            stretches[f"from-{at}"] = ["--from", str(at + 1)]
        told = {}
        for name, words in stretches.items():
            told[name] = json.loads(self.export(*words, self.folder / f"{name}.served").stdout)
        self.assertEqual(told["all"], {"position": self.last, "root": self.head["root"]})
        self.assertEqual(told["first"]["position"], middle)
        bundle = self.folder / "acc-1.served"
        self.cli("export", "--account", "acc-1", bundle)
        self.ledger.run("proof", "check", bundle)
        self.assertFalse(list(self.folder.glob("*.new")))
        self.assertEqual(self.ledger.stop(), 0)
        for name, words in stretches.items():
            of_directory = self.folder / f"{name}.of-directory"
            words = [*words] if "--to" in words else [*words, "--to", str(self.last)]
            self.assertEqual(json.loads(self.export(*words, of_directory, cli=self.beside).stdout), told[name], name)
            self.assertEqual((self.folder / f"{name}.served").read_bytes(), of_directory.read_bytes(), name)
        self.ledger.run("replay", "import", self.folder / "first.served", self.folder / "rest.served", "--data", self.folder / "again",
                        "--public-key", self.head["publicKey"])
        self.assertEqual(json.loads(self.ledger.run("replay", "verify", "--data", self.folder / "again").stdout), {"position": self.last, "ok": True})

    def test_over_http(self):
        whole = self.operator.get("/log/segment")
        self.assertEqual((whole.status, whole.headers["content-type"], whole.position), (200, "application/vnd.daybook.segment", self.last))
        self.assertEqual(self.operator.get("/log/segment", minPosition=self.last, asOf=self.last).body, whole.body)
        then = self.operator.get("/log/segment", asOf="2024-03-06T00:00:00Z")
        self.assertEqual(then.body, self.operator.get("/log/segment", to=then.position).body)
        self.assertLess(then.position, self.last)
        inside = next(at for at in range(1, self.last) if at not in self.ends)
        for query, status, code in (("to=0", 400, "BAD_QUERY"), (f"to={self.last + 1}", 400, "BAD_QUERY"), ("from=0", 400, "BAD_QUERY"), ("from=x", 400, "BAD_QUERY"),
                                    ("from=3&to=1", 400, "BAD_QUERY"), (f"asOf={self.last + 1}", 400, "BAD_QUERY"), ("asOf=2&to=3", 400, "BAD_QUERY"),
                                    (f"to={inside}", 422, "INSIDE_GROUP"), ("asOf=0", 404, "NOT_FOUND"), ("asOf=1969-01-01T00:00:00Z", 404, "NOT_FOUND"),
                                    ("colour=red", 400, "BAD_QUERY")):
            answer = self.operator.request("GET", f"/v1/log/segment?{query}")
            self.assertEqual((answer.status, answer.code), (status, code), f"{query}: {answer}")
        # Who may not read the log at all, and who may read it.
        made = lambda name, rights, **more: self.operator.wish("CreateKey", {"name": name, "rights": rights, **more}).json["key"]
        for key, status in ((made("writer", ["ingest"]), 403), (made("bound", ["read"], tenantId="t-1"), 403), (made("reader", ["read"]), 200), ("none", 401)):
            with contextlib.closing(self.ledger.client(key)) as client:
                self.assertEqual(client.get("/log/segment").status, status)

    def test_what_cannot_be_exported(self):
        target = self.folder / "x"
        target.write_text("mine")
        self.refused(4, ["export", "--from", "9", "--to", "3", target], "--from")
        self.refused(4, ["export", "--to", str(self.last + 1), target], "newest")
        self.refused(4, ["export", "--from", str(self.last + 2), target], "newest position")
        inside = next(at for at in range(1, self.last) if at not in self.ends)
        self.refused(4, ["export", "--to", str(inside), target], "INSIDE_GROUP", "lies inside")
        self.refused(4, ["export", "--from", str(inside + 1), target], "INSIDE_GROUP")
        self.refused(2, ["export", "--from", "0", target], "positions count from 1")
        self.refused(3, ["export", "--account", "nobody", target], "nobody")
        self.refused(3, ["export", "/dev/null/none"], "/dev/null/none")
        self.assertEqual(target.read_text(), "mine")
        done = self.ledger.run("replay", "export", target, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        self.assertIn("--url URL", done.stderr)
        done = self.beside("export", target, check=False)
        self.assertEqual(done.returncode, 73, done)
        self.assertIn("ask its server with --url", done.stderr)
        self.assertEqual(self.ledger.stop(), 0)
        self.refused(6, ["export", target], "does not answer")
        for words in (["--to", str(self.last + 1)], ["--from", str(self.last + 2)], ["--to", str(inside)]):
            done = self.beside("export", *words, target, check=False)
            self.assertEqual((done.returncode, done.stdout), (4, ""), done)
        self.assertEqual(target.read_text(), "mine")

    def test_what_was_spoilt_on_the_way_is_no_file(self):
        middle = self.ends[len(self.ends) // 2]
        def flipped(at):
            return lambda body: (body[:at] + bytes([body[at] ^ 1]) + body[at + 1:], False)
        def other_key(body):   # another signature of the same bytes
            return body[:-96] + bytes(64) + body[-32:], False
        spoils = [(6, lambda body: (body[:len(body) // 2], True)), (6, lambda body: (body, True)), (76, lambda body: (body[:len(body) // 2], False)),
                  (76, lambda body: (body + b"x", False)), (76, flipped(3000)), (76, flipped(0)), (7, other_key), (76, lambda body: (b"", False))]
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cutting) as server:
            server.behind = self.ledger.address
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            for words in ([], ["--from", str(middle + 1)]):
                for number, (code, spoil) in enumerate([(0, lambda body: (body, False)), *spoils]):
                    server.spoil = spoil
                    target = self.folder / "spoilt"
                    target.unlink(missing_ok=True)
                    done = self.ledger.run("replay", "export", "--url", f"http://127.0.0.1:{server.server_port}", "--key-file", self.key_file, *words,
                                           target, check=False)
                    self.assertEqual((done.returncode, target.exists()), (code, code == 0), f"{words} {number}: {done}")
                    self.assertFalse((self.folder / "spoilt.new").exists())
                    if code:
                        self.assertEqual(done.stdout, "")
                        self.assertRegex(done.stderr, re.compile(r"broke off|does not hold"))
            server.shutdown()


class Branch(Served):
    def test_a_server_branches_where_its_operator_says(self):
        self.refused(4, ["branch", "--at", str(self.last), "--to", "try"], "NOT_SUPPORTED", "replays in [server]")
        self.refused(2, ["branch", "--at", str(self.last), "--to", "/tmp/try"], "a name and no path")
        self.refused(2, ["branch", "--at", str(self.last), "--to", "try", "--run-to", "2025-01-01"], "AdvanceClock")
        self.refused(2, ["branch", "--at", "soon", "--to", "try"], "no position and no instant")
        self.assertEqual(self.ledger.stop(), 0)
        replays = self.folder / "replays"
        replays.mkdir(mode=0o700)
        config = self.folder / "daybook.toml"
        config.write_text(f"[server]\nreplays = {json.dumps(str(replays))}\n")
        self.ledger.start("--config", config)
        made = json.loads(self.cli("branch", "--at", str(self.last), "--to", "try").stdout)
        self.assertEqual((made["name"], made["position"], made["branchOf"]), ("try", self.last, {"ledgerId": self.head["ledgerId"], "position": self.last}))
        self.refused(4, ["branch", "--at", str(self.last), "--to", "try"], "ALREADY_EXISTS")
        self.refused(4, ["branch", "--at", "1", "--to", ".."], "INVALID_FIELD")
        self.refused(3, ["branch", "--at", str(self.last + 1), "--to", "other"], "NOT_FOUND")
        self.refused(4, ["branch", "--at", "2999-01-01T00:00:00Z", "--to", "other"], "clock")
        self.assertEqual([path.name for path in replays.iterdir()], ["try"])
        with Daybook(Told.program, directory=replays / "try", clock="manual") as branch:
            branch.start()
            with contextlib.closing(branch.client(self.key_file.read_text())) as client:
                self.assertEqual(client.get("/log/head").json["branchOf"]["position"], self.last)
            self.assertEqual(branch.stop(), 0)
        done = self.ledger.run("replay", "branch", "--at", "1", "--to", self.folder / "y", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)


class Import(Served):
    def test_a_server_imports_no_log(self):
        segment = self.folder / "log.segment"
        self.export(segment)
        self.refused(2, ["import", segment], "--data NEWDIR", "daybook serve --data NEWDIR", "--format cloudevents")
        done = self.ledger.run("replay", "import", segment, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        self.assertIn("--data NEWDIR", done.stderr)
        self.assertEqual(self.operator.get("/log/head").json, self.head)


if __name__ == "__main__":
    Told.program = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
