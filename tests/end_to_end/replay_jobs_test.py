"""Exports, imports and branches of a ledger that is served, as jobs: in the directory that the operator chose, and nowhere else.

    replay_jobs_test.py PROGRAM
"""

import contextlib
import itertools
import json
import sys
import time
import unittest

from daybook import Client, Daybook
from people import account, begin, cost, flat, on, subscription, vat
from steps import World

PROGRAM = None
_keys = itertools.count()


class ReplayJobs(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM, clock="manual"))
        self.key = self.ledger.create_key("operator", "admin,ingest,read")
        self.folder = self.ledger.directory.parent / "replays"
        self.folder.mkdir(mode=0o700)
        self.config = self.ledger.directory.parent / "daybook.toml"
        self.config.write_text(f"[server]\nreplays = {json.dumps(str(self.folder))}\n")
        self.ledger.start("--config", self.config)
        self.operator = self.ledger.client(self.key)
        self.addCleanup(self.operator.close)
        world = World(self.operator, None)
        for step in flat(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02", cost("sub-01", "2024-05-02", "3.00"))):
            step(world)

    def ask(self, what, body, client=None, **headers):
        sent = {"Content-Type": "application/json", "Idempotency-Key": f"replay-{next(_keys)}", **headers}
        return (client or self.operator).request("POST", f"/v1/replay/{what}", body, sent)

    def ended(self, what, body):
        begun = self.ask(what, body)
        self.assertEqual(begun.status, 202, begun)
        deadline = time.monotonic() + 120
        while (job := self.operator.request("GET", begun.headers["location"]).json)["state"] in ("Queued", "Running"):
            self.assertLess(time.monotonic(), deadline)
        return job

    def made(self, what, body):
        job = self.ended(what, body)
        self.assertEqual(job["state"], "Done", job)
        self.assertGreaterEqual(job["done"], 1, "it said how far it was")
        self.assertEqual(job["done"], job["total"], "what is done is done to its end")
        return job["result"]

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_an_export_is_imported_again(self):
        head = self.operator.get("/log/head").json
        first = self.made("exports", {"name": "first.segment", "to": 3})
        self.assertEqual((first["name"], first["from"], first["position"]), ("first.segment", 1, 3))
        rest = self.made("exports", {"name": "rest.segment", "from": 4})
        self.assertEqual((rest["position"], rest["root"]), (head["position"], head["root"]))
        copy = self.made("imports", {"name": "copy", "segments": ["first.segment", "rest.segment"], "publicKey": head["publicKey"]})
        self.assertEqual(copy, {"name": "copy", "position": head["position"], "ok": True})
        self.assertEqual(self.names(), ["copy", "first.segment", "rest.segment"])
        verified = json.loads(self.ledger.run("replay", "verify", "--data", self.folder / "copy").stdout)
        self.assertEqual(verified, {"position": head["position"], "ok": True})
        # Byte for byte what the command line writes, of the ledger and of the copy.
        self.assertEqual(self.ledger.stop(), 0)
        for directory, name in ((self.ledger.directory, "of-ledger"), (self.folder / "copy", "of-copy")):
            self.ledger.run("replay", "export", "--data", directory, "--from", "4", "--to", str(head["position"]), self.folder / name)
            self.assertEqual((self.folder / name).read_bytes(), (self.folder / "rest.segment").read_bytes(), name)

    def test_a_branch_goes_on_by_hand(self):
        head = self.operator.get("/log/head").json
        made = self.made("branches", {"name": "year", "at": str(head["position"])})
        self.assertEqual((made["position"], made["branchOf"]), (head["position"], {"ledgerId": head["ledgerId"], "position": head["position"]}))
        self.assertNotEqual(made["ledgerId"], head["ledgerId"])
        self.assertEqual(self.names(), ["year"])
        branch = self.enterContext(Daybook(PROGRAM, directory=self.folder / "year"))
        branch.start()
        with contextlib.closing(Client(branch.address, self.key)) as client:
            self.assertEqual(client.get("/log/head").json["branchOf"], made["branchOf"])
            self.assertEqual(client.wish("AdvanceClock", {"to": "2025-01-02T00:00:00Z", "run": True}).status, 200)
            self.assertGreater(len(list(client.pages("/invoices"))), len(list(self.operator.pages("/invoices"))))
        self.assertEqual(branch.stop(), 0)
        self.assertEqual(self.operator.get("/log/head").json, head, "the ledger is as it was")

    def test_a_branch_of_a_ledger_with_the_system_clock_is_moved_by_hand_whoever_opens_it(self):
        with Daybook(PROGRAM, clock="system") as ledger:
            key = ledger.create_key("operator", "admin,ingest,read")
            folder = ledger.directory.parent / "replays"
            folder.mkdir(mode=0o700)
            config = ledger.directory.parent / "daybook.toml"
            config.write_text(f"[server]\nreplays = {json.dumps(str(folder))}\n")
            ledger.start("--config", config)
            self.folder = folder
            self.operator.close()
            self.operator = ledger.client(key)
            position = self.operator.get("/log/head").json["position"]
            self.made("branches", {"name": "still", "at": str(position)})
            self.operator.close()
            self.assertEqual(ledger.stop(), 0)
            refused = ledger.run("serve", "--data", folder / "still", "--listen", "127.0.0.1:0", "--clock", "system", check=False)
            self.assertEqual(refused.returncode, 78, refused.stderr)
            branch = self.enterContext(Daybook(PROGRAM, clock="manual", directory=folder / "still"))
            branch.start()
            with contextlib.closing(branch.client(key)) as client:
                events = [item["type"] for item in client.pages("/events")]
                self.assertEqual((len(events), events[-1]), (position + 1, "daybook.ClockAdvanced"))
            self.assertEqual(branch.stop(), 0)

    def test_what_is_refused_makes_nothing(self):
        head = self.operator.get("/log/head").json["position"]
        for name in ("../out", "/tmp/out", "a/b", ".hidden", "x" * 101, "a.unfinished", "a.origin", "a.new", "a b"):
            for what, more in (("exports", {}), ("imports", {"segments": ["s"]}), ("branches", {"at": "1"})):
                answer = self.ask(what, {"name": name, **more})
                self.assertEqual((answer.status, answer.code), (400, "INVALID_FIELD"), f"{what} {name!r}: {answer}")
        for what, body in (("exports", {"name": "a", "to": head + 1}), ("exports", {"name": "a", "from": 3, "to": 2}),
                           ("exports", {"name": "a", "from": 0}), ("exports", {"name": "a", "where": "/tmp"}), ("exports", {}),
                           ("imports", {"name": "a", "segments": []}), ("imports", {"name": "a", "segments": ["../s"]}),
                           ("imports", {"name": "a", "segments": ["s"], "publicKey": "00"}), ("branches", {"name": "a", "at": "soon"}),
                           ("branches", {"name": "a"})):
            answer = self.ask(what, body)
            self.assertEqual((answer.status, answer.code), (400, "INVALID_FIELD"), f"{what} {body}: {answer}")
        answer = self.operator.request("POST", "/v1/replay/exports", {"name": "a"}, {"Content-Type": "application/json"})
        self.assertEqual(answer.code, "IDEMPOTENCY_KEY_REQUIRED")
        (self.folder / "taken").write_text("mine")
        (self.folder / "broken.segment").write_text("DBKSEGM2 and then nothing of the kind")
        for what, body, code in (("exports", {"name": "taken"}, "ALREADY_EXISTS"), ("imports", {"name": "a", "segments": ["none"]}, "NOT_FOUND"),
                                 ("imports", {"name": "taken", "segments": ["none"]}, "ALREADY_EXISTS"),
                                 ("imports", {"name": "a", "segments": ["broken.segment"]}, "CORRUPTION"),
                                 ("branches", {"name": "taken", "at": "1"}, "ALREADY_EXISTS"),
                                 ("branches", {"name": "a", "at": str(head + 1)}, "NOT_FOUND"),
                                 ("branches", {"name": "a", "at": "2999-01-01T00:00:00Z"}, "BAD_QUERY"),
                                 ("branches", {"name": "a", "at": "1969-01-01T00:00:00Z"}, "NOT_FOUND")):
            job = self.ended(what, body)
            self.assertEqual((job["state"], job["result"]["code"]), ("Failed", code), f"{what} {body}: {job}")
            if code == "NOT_FOUND" and what == "imports":
                self.assertEqual(job["result"]["detail"], 'There is no segment "none" among the server\'s replays.')
        # Where a branch cannot leave is known before a byte is copied.
        inside = next(at for at in range(1, head) if self.operator.get("/log/head", asOf=at).json["chain"] is None)
        job = self.ended("branches", {"name": "a", "at": str(inside)})
        self.assertEqual((job["state"], job["result"]["code"], job["result"]["status"]), ("Failed", "INSIDE_GROUP", 422), job)
        self.assertIn(f"Position {inside} lies inside", job["result"]["detail"])
        self.assertEqual((job["done"], job["total"]), (0, None), "nothing was begun")
        self.assertEqual(self.names(), ["broken.segment", "taken"])
        self.assertEqual((self.folder / "taken").read_text(), "mine")
        # Neither who reads, nor a server without such a directory.
        with contextlib.closing(self.ledger.client(self.operator.wish("CreateKey", {"name": "t", "rights": ["admin"], "tenantId": "t-1"}).json["key"])) as bound:
            self.assertEqual(self.ask("exports", {"name": "a"}, bound).status, 403)
        self.assertEqual(self.ledger.stop(), 0)
        self.ledger.start()
        with contextlib.closing(self.ledger.client(self.key)) as operator:
            answer = self.ask("exports", {"name": "a"}, operator)
            self.assertEqual((answer.status, answer.code), (422, "NOT_SUPPORTED"), answer)
            self.assertIn("replays in [server]", answer.json["detail"])


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
