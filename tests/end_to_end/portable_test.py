"""Ledgers that are copied, carried and cut: branches, exports that are imported again, and the history of one account.

    portable_test.py PROGRAM
"""

import json
import os
import random
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from daybook import Client, Daybook
from people import account, begin, cost, flat, on, person, subscription, used, vat
from steps import World, clock, fact

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "verifier"))
import account as account_history  # noqa: E402
import verify  # noqa: E402

PROGRAM = None
LEDGER_OWN = ("ledgerId", "chain", "publicKey", "signature", "branchOf")


def every_byte(folder):
    """{path: content} of all files below."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Portable(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-portable-")))
        self.key = self.ledger.create_key("operator", "admin,ingest,read")
        self.ledger.start()
        self.operator = self.ledger.client(self.key)
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02"), account("2024-02-02", account_id="acc-2"),
                      person("jeroen", "2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"), subscription("sub-02", "2024-03-05", "acc-2"),
                   fact("PriceChanged", "2024-03-05", meterId="vm-b1s", currency="EUR", effectiveOn="2024-01-01", unitPrice="0.12"),
                   used("sub-01", "2024-03-05", "100"), cost("sub-02", "2024-03-05", "7.00")),
                on("2024-05-02", used("sub-01", "2024-05-02", "50")))

    def do(self, *steps):
        world = World(self.operator, None)
        world.events = getattr(self, "events", 0)
        for step in flat(*steps):
            step(world)
        self.events = world.events

    def head(self):
        return self.operator.get("/log/head").json

    def stop(self):
        self.operator.close()
        self.assertEqual(self.ledger.stop(), 0)

    def replay(self, *words, code=0):
        done = self.ledger.run("replay", *words, check=False)
        self.assertEqual(done.returncode, code, f"replay {words}: {done}")
        return json.loads(done.stdout) if done.stdout.startswith("{") else done

    def serve(self, directory, key=None):
        served = self.enterContext(Daybook(PROGRAM, directory=directory))
        served.start()
        client = Client(served.address, key or self.key)
        self.addCleanup(client.close)
        return served, client


class Branches(Portable):
    def seen(self, client, **query):
        """What is answered but for who answers."""
        answers = {path: client.get(path, **query).json for path in
                   ("/invoices?accountId=acc-1", "/invoices?accountId=acc-2", "/accounts", "/subscriptions", "/accounts/acc-1", "/subscriptions/sub-01", "/clock", "/log/head")}
        answers["/log/head"] = {name: value for name, value in answers["/log/head"].items() if name not in LEDGER_OWN}
        return answers

    def test_next_year_in_a_branch_and_not_a_byte_in_the_ledger(self):
        position, token = self.head()["position"], self.operator.get("/clock").headers["daybook-token"]
        then = self.seen(self.operator, asOf=position)
        own_head = self.head()
        self.do(on("2024-06-02", used("sub-01", "2024-06-02", "1")))
        invoices = list(self.operator.pages("/invoices"))
        self.stop()
        before = every_byte(self.ledger.directory)
        branch = self.folder / "branch"
        made = self.replay("branch", "--data", self.ledger.directory, "--at", position, "--to", branch, "--run-to", "2025-05-02")
        self.assertEqual(made["branchOf"], {"ledgerId": own_head["ledgerId"], "position": position})
        self.assertEqual(made["now"], "2025-05-02T00:00:00Z")
        self.assertNotEqual(made["ledgerId"], own_head["ledgerId"])
        self.assertEqual(every_byte(self.ledger.directory), before)
        self.replay("verify", "--data", branch)
        self.assertTrue(all(view["equal"] for view in self.replay("rebuild", "--data", branch)["projections"]))

        served, client = self.serve(branch)
        self.assertEqual(client.get("/clock").json, {"clock": "manual", "now": "2025-05-02T00:00:00Z"})
        self.assertEqual(self.seen(client, asOf=position), then, "up to where it left, it is the same ledger")
        head = client.get("/log/head").json
        self.assertEqual(head["branchOf"], made["branchOf"])
        for name in ("ledgerId", "publicKey", "signature", "chain"):
            self.assertNotEqual(client.get("/log/head", asOf=position).json[name], own_head[name], name)
        self.assertEqual(client.get("/log/head", asOf=position).json["root"], own_head["root"])
        answer = client.request("GET", "/v1/clock", headers={"Daybook-Token": token})
        self.assertEqual((answer.status, answer.code), (400, "BAD_TOKEN"), answer)
        (mine,) = [item for item in client.pages("/invoices", accountId="acc-1") if item["period"]["start"] == "2024-04-05"]
        self.assertEqual(mine["totals"]["billed"]["amount"], "6.00")   # the 50 hours of May 2, and not what came in June
        proof = client.get(f"/invoices/{mine['invoiceId']}/proof")
        file = self.folder / "proof.json"
        file.write_bytes(proof.body)
        self.assertEqual(self.ledger.run("proof", "check", file, "--public-key", head["publicKey"]).returncode, 0)
        self.assertEqual(self.ledger.run("proof", "check", file, "--public-key", own_head["publicKey"], check=False).returncode, 7)
        self.assertEqual(served.stop(), 0)
        self.assertEqual(every_byte(self.ledger.directory), before)

        second = self.folder / "second"
        again = self.replay("branch", "--data", branch, "--at", position, "--to", second)
        self.assertEqual(again["branchOf"], made["branchOf"], "of a branch before it went on, the origin is its origin")
        shutil.rmtree(branch)
        self.ledger.start()
        self.operator = self.ledger.client(self.key)
        self.assertEqual(list(self.operator.pages("/invoices")), invoices)
        self.assertNotIn("branchOf", self.head())

    def test_at_an_instant_and_of_a_backup(self):
        position = self.head()["position"]
        self.do(on("2024-07-01"))
        self.stop()
        backup = self.folder / "backup"
        self.ledger.run("backup", "create", "--data", self.ledger.directory, backup)
        before = every_byte(backup)
        made = self.replay("branch", "--data", backup, "--at", "2024-05-02T00:00:00Z", "--to", self.folder / "branch")
        self.assertEqual(every_byte(backup), before)
        self.assertEqual(made["now"], "2024-05-02T00:00:00Z")
        self.assertEqual(made["position"], made["branchOf"]["position"], "nothing was done in it")
        self.assertEqual(made["position"], position)

    def test_a_branch_of_a_ledger_with_the_systems_clock_stands_still(self):
        self.stop()
        with Daybook(PROGRAM, clock="system") as ledger:
            key = ledger.create_key("operator", "admin,ingest,read")
            ledger.start()
            client = ledger.client(key)
            self.assertEqual(client.post_event({"specversion": "1.0", "type": "daybook.TaxRateChanged", "source": "//t", "id": "1",
                                                "data": {"country": "NL", "name": "VAT", "ratePercent": "21",
                                                         "effectiveOn": "2024-01-01"}}).status, 201)
            at = client.get("/log/head").json
            client.close()
            self.assertEqual(ledger.stop(), 0)
            made = self.replay("branch", "--data", ledger.directory, "--at", at["position"], "--to", self.folder / "branch")
        self.assertEqual(made["now"], at["recordedAt"])
        _, client = self.serve(self.folder / "branch", key)
        self.assertEqual(client.get("/clock").json, {"clock": "manual", "now": at["recordedAt"]})

    def test_what_cannot_be_branched(self):
        position = self.head()["position"]
        to = self.folder / "branch"
        done = self.replay("branch", "--data", self.ledger.directory, "--at", position, "--to", to, code=73)
        self.assertIn("is locked by", done.stderr)
        self.do(on("2024-06-02"))
        after = self.head()["position"]
        self.assertGreater(after, position + 1, "an invoice and its clock are several events")
        self.stop()
        self.replay("branch", "--data", self.folder / "nothing", "--at", "1", "--to", to, code=3)
        self.replay("branch", "--data", self.ledger.directory, "--at", after + 1, "--to", to, code=3)
        self.replay("branch", "--data", self.ledger.directory, "--at", "0", "--to", to, code=3)
        self.replay("branch", "--data", self.ledger.directory, "--at", "1969-01-01T00:00:00Z", "--to", to, code=3)
        self.replay("branch", "--data", self.ledger.directory, "--at", "yesterday", "--to", to, code=2)
        self.replay("branch", "--data", self.ledger.directory, "--at", "1", "--to", to, "--run-to", "soon", code=2)
        self.replay("branch", "--data", self.ledger.directory, "--at", "1", "--to", to / "no" / "parent", code=3)
        self.assertFalse(to.exists())
        to.mkdir()
        (to / "mine").write_text("here")
        self.replay("branch", "--data", self.ledger.directory, "--at", position, "--to", to, code=4)
        self.assertEqual([path.name for path in to.iterdir()], ["mine"])


class Segments(Portable):
    def views(self, directory):
        rebuilt = self.replay("rebuild", "--data", directory)
        self.assertTrue(all(view["equal"] for view in rebuilt["projections"]), rebuilt)
        return rebuilt

    def test_there_and_back_are_the_same_bytes_heads_and_views(self):
        head, invoices = self.head(), list(self.operator.pages("/invoices"))
        self.stop()
        views = self.views(self.ledger.directory)
        file, again, new = self.folder / "all", self.folder / "again", self.folder / "new"
        exported = self.replay("export", "--data", self.ledger.directory, file)
        self.assertEqual((exported["position"], exported["root"]), (head["position"], head["root"]))
        self.assertEqual(self.replay("import", file, "--data", new), {"position": head["position"], "ok": True})
        self.assertEqual(self.views(new), views)
        self.replay("export", "--data", new, again)
        self.assertEqual(again.read_bytes(), file.read_bytes())
        self.replay("verify", "--data", new)
        verified = verify.read_segments([file.read_bytes()]).head()
        self.assertEqual((verified["position"], verified["root"], verified["chain"]), (head["position"], head["root"], head["chain"]))

        served, client = self.serve(new)
        found = client.get("/log/head").json
        for name in ("ledgerId", "position", "root", "chain", "recordedAt"):
            self.assertEqual(found[name], head[name])
        self.assertNotEqual(found["publicKey"], head["publicKey"], "it has no key but its own")
        self.assertEqual(list(client.pages("/invoices")), invoices)
        self.assertNotIn("contoso.example", json.dumps(list(client.pages("/events"))), "persons are sealed under keys that it has not")
        self.assertEqual(client.wish("AdvanceClock", {"to": "2024-07-01T00:00:00Z"}).status, 200, "it goes on")
        self.assertEqual(served.stop(), 0)

    def test_with_its_keys_it_is_the_same_to_everybody(self):
        head = self.head()
        address = self.operator.get("/accounts/acc-1").json
        events = [item["data"] for item in self.operator.pages("/events", type="IdentityLinked")]
        self.stop()
        file, new = self.folder / "all", self.folder / "new"
        self.replay("export", "--data", self.ledger.directory, file)
        self.replay("import", file, "--data", new, "--keys", self.ledger.directory / "keys", "--public-key", head["publicKey"])
        _, client = self.serve(new)
        self.assertEqual(client.get("/log/head").json, head)
        self.assertTrue(any("jeroen@contoso.example" in json.dumps(event) for event in events), events)
        self.assertEqual(client.get("/accounts/acc-1").json, address)
        self.assertEqual([item["data"] for item in client.pages("/events", type="IdentityLinked")], events, "persons are readable")
        other = self.folder / "other"
        done = self.replay("import", file, "--data", other, "--public-key", "ab" * 32, code=7)
        self.assertIn("signed by", done["detail"])
        self.replay("import", file, "--data", other, "--public-key", "ab", code=2)
        with Daybook(PROGRAM) as stranger:
            stranger.create_key("x", "admin")
            self.replay("import", file, "--data", other, "--keys", stranger.directory / "keys", code=4)
        self.assertFalse(other.exists())

    def test_in_pieces(self):
        middle = self.head()["position"]
        self.do(on("2024-06-02", used("sub-01", "2024-06-02", "1")))
        head = self.head()
        self.stop()
        views = self.views(self.ledger.directory)
        first, second, whole = (self.folder / name for name in ("1", "2", "whole"))
        self.replay("export", "--data", self.ledger.directory, "--to", middle, first)
        self.replay("export", "--data", self.ledger.directory, "--from", middle + 1, second)
        self.replay("export", "--data", self.ledger.directory, whole)
        new = self.folder / "new"
        self.assertEqual(self.replay("import", first, second, "--data", new)["position"], head["position"])
        self.assertEqual(self.views(new), views)
        for words, file in ((("--to", middle), first), (("--from", middle + 1), second)):
            self.replay("export", "--data", new, *words, self.folder / "again")
            self.assertEqual((self.folder / "again").read_bytes(), file.read_bytes())
        found = verify.read_segments([first.read_bytes(), second.read_bytes()]).head()
        self.assertEqual(found, verify.read_segments([whole.read_bytes()]).head())

        told = self.replay("import", second, "--data", self.folder / "gap", code=76)
        self.assertEqual((told["file"], told["from"], told["to"]), (str(second), 1, middle))
        self.assertIn("missing", told["detail"])
        self.replay("import", first, first, "--data", self.folder / "gap", code=76)
        self.replay("import", first, self.folder / "none", "--data", self.folder / "gap", code=3)
        self.assertFalse((self.folder / "gap").exists())
        self.assertFalse((self.folder / "gap.unfinished").exists())
        self.replay("import", first, "--data", new, code=4)
        self.replay("export", "--data", new, "--from", "0", self.folder / "x", code=2)
        self.replay("export", "--data", new, "--from", head["position"] + 2, self.folder / "x", code=4)
        self.replay("export", "--data", new, "--to", head["position"] + 2, self.folder / "x", code=4)
        self.assertFalse((self.folder / "x").exists())

    def test_an_export_harms_no_file_of_a_ledger_and_nothing_that_is_no_file(self):
        self.stop()
        directory = self.ledger.directory
        (self.folder / "link").symlink_to(directory / "witness")
        os.mkfifo(self.folder / "pipe")
        (self.folder / "plain").write_bytes(b"old")
        for more in ([], ["--account", "acc-1"]):
            for file in (directory / "witness", directory / "log" / "CURRENT", directory / "log" / "new", directory / "new",
                         self.folder / "link", self.folder / "pipe"):
                with self.subTest(file=file.name, more=more):
                    self.replay("export", "--data", directory, *more, file, code=4)
            self.replay("export", "--data", directory, *more, self.folder / "plain")
            self.assertNotEqual((self.folder / "plain").read_bytes(), b"old")
        self.assertTrue((self.folder / "link").is_symlink())
        self.replay("verify", "--data", directory)

    def test_damage_is_named_by_file_and_position_and_leaves_nothing(self):
        self.stop()
        file, bad = self.folder / "all", self.folder / "bad"
        self.replay("export", "--data", self.ledger.directory, file)
        for keys, told in ((self.ledger.directory, f"name its keys alone: {self.ledger.directory}/keys"), (self.folder, "has no log_signing in it")):
            done = self.ledger.run("replay", "import", file, "--data", self.folder / "new", "--keys", keys, check=False)
            self.assertEqual((done.returncode, done.stdout), (3, ""), done)
            self.assertIn(told, done.stderr)
            self.assertFalse((self.folder / "new").exists() or (self.folder / "new.unfinished").exists())
        whole, chance = file.read_bytes(), random.Random(1)
        places = [chance.randrange(len(whole)) for _ in range(12)] + [0, 30, 60, len(whole) - 1, len(whole) - 60, len(whole) - 200]
        for at in places:
            changed = bytearray(whole)
            changed[at] ^= 1 << chance.randrange(8)
            bad.write_bytes(changed)
            done = self.ledger.run("replay", "import", bad, "--data", self.folder / "new", check=False)
            self.assertIn(done.returncode, (7, 76, 78), f"byte {at}: {done}")
            self.assertEqual(json.loads(done.stdout)["file"], str(bad))
            self.assertFalse((self.folder / "new").exists())
        for size in (0, 10, 100, len(whole) // 2, len(whole) - 1):
            bad.write_bytes(whole[:size])
            self.replay("import", bad, "--data", self.folder / "new", code=76)
        changed = bytearray(whole)
        changed[len(whole) // 2] ^= 1
        bad.write_bytes(changed)
        self.assertGreater(self.replay("import", bad, "--data", self.folder / "new", code=76)["from"], 1)

    def test_a_head_of_a_record_that_was_forged_is_found(self):
        """Streams and versions are not hashed; who makes every checksum right again is found all the same."""
        import struct
        self.stop()
        file = self.folder / "all"
        self.replay("export", "--data", self.ledger.directory, file)
        data = bytearray(file.read_bytes())
        at = verify.rows_at(bytes(data))
        key_len, value_len = struct.unpack_from("<II", data, at)
        row, body = at + 8, at + 8 + key_len + (80 if data[at + 8 + key_len + 2] else 32)
        struct.pack_into("<I", data, body + 4, 77)   # its stream
        crc = verify.crc32c(bytes(data[row:row + 10 + 28] + data[row + 10 + 32:row + 10 + value_len]))
        struct.pack_into("<I", data, row + 10 + 28, crc)
        end = len(data) - 224
        data[end + 192:] = verify.sha256(bytes(data[:end - 8]))
        file.write_bytes(data)
        verify.read_segments([bytes(data)])   # hashes and signature hold
        told = self.replay("import", file, "--data", self.folder / "new", code=76)
        self.assertEqual(told["from"], 1)
        self.assertIn("another stream", told["detail"])


class Histories(Portable):
    def test_the_history_of_one_account(self):
        key = self.head()["publicKey"]
        items = list(self.operator.pages("/events", account="acc-1", limit=1000))
        answer = self.operator.get("/accounts/acc-1/proof")
        self.assertEqual(answer.status, 200, answer)
        text = answer.body.decode()
        wanted = [item["position"] for item in items]
        self.assertEqual(account_history.check(text, key), wanted)
        self.assertEqual([(item["position"], item["source"], item["id"], item["type"]) for item in answer.json["items"]],
                         [(item["position"], item["source"], item["id"], item["type"]) for item in items])
        self.assertGreater(len(wanted), 4)
        self.assertLess(len(wanted), self.head()["position"] - 4, "others have a history too")
        early = self.operator.get("/accounts/acc-1/proof", asOf=wanted[-2])
        self.assertEqual(account_history.check(early.body.decode(), key), wanted[:-1])
        for account_id, query, status in (("acc-9", {}, 404), ("acc-1", {"asOf": 1}, 404), ("acc-1", {"asOf": 0}, 404),
                                          ("acc-1", {"asOf": self.head()["position"] + 1}, 400)):
            self.assertEqual(self.operator.get(f"/accounts/{account_id}/proof", **query).status, status)
        file, key_file = self.folder / "acc-1.json", self.folder / "key"
        key_file.write_text(self.key)
        self.ledger.run("replay", "export", "--url", "http://%s:%s" % self.ledger.address, "--key-file", key_file, "--account", "acc-1",
                        "--to", wanted[-2], file)
        self.assertEqual(file.read_text(), early.body.decode() + "\n")
        self.stop()
        self.ledger.run("replay", "export", "--data", self.ledger.directory, "--account", "acc-1", file)
        self.assertEqual(account_history.check(file.read_text(), key), wanted)
        self.assertEqual(file.read_text(), text + "\n")
        done = self.ledger.run("proof", "check", file, "--public-key", key)
        self.assertIn(f"these {len(wanted)} events are in the log", done.stdout)
        self.assertEqual(self.ledger.run("proof", "check", file, "--public-key", "ab" * 32, check=False).returncode, 7)
        self.assertEqual(self.ledger.run("replay", "export", "--data", self.ledger.directory, "--account", "acc-9", file,
                                         check=False).returncode, 3)

        chance = random.Random(2)
        for turn in range(60):   # every byte of a smaller one: tests/cli/account_history_test.cpp
            changed = bytearray(text.encode())
            at = chance.randrange(len(changed))
            changed[at] ^= 1 << chance.choice((0, 1, 5))
            with self.assertRaises((account_history.Wrong, UnicodeDecodeError), msg=at):
                account_history.check(changed.decode(), key)
            if turn < 6:
                file.write_bytes(changed)
                done = self.ledger.run("proof", "check", file, check=False)
                self.assertEqual((done.returncode, done.stdout), (7, ""), f"byte {at}: {done}")


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
