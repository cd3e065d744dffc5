"""Backups of a ledger that goes on: what was acknowledged is in them, and nothing half-made is called one.

    python3 online_backup_test.py PROGRAM
"""

import json
import os
import shutil
import stat
import sys
import threading
import time
import unittest

from daybook import Daybook
from people import account, begin, cost, flat, on, person, subscription
from steps import World, event

PROGRAM = None
SENDERS = 3
KILLS = 4


def usage(number):
    return event(number, "UsageRecorded", "2024-03-05", {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1"},
                 "//meter/online")


class Senders:
    """Posts usage from several connections until told to stop; remembers what was acknowledged, and where."""

    def __init__(self, ledger, key):
        self.ledger, self.key = ledger, key
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.acknowledged, self.failures = {}, []
        self.threads = [threading.Thread(target=self.send, args=(number,), daemon=True) for number in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def send(self, sender):
        client, number = self.ledger.client(self.key), sender * 1_000_000
        try:
            while not self.ended.is_set():
                batch = [usage(number + i) for i in range(20)]
                number += len(batch)
                answer = client.post_events(batch)
                if answer.status != 200:
                    raise AssertionError(repr(answer))
                with self.lock:
                    for item in answer.json["results"]:
                        self.acknowledged[batch[item["index"]]["id"]] = item["position"]
        except Exception as failure:  # told by the test's own thread
            self.failures.append(failure)
        finally:
            client.close()

    def so_far(self):
        with self.lock:
            return dict(self.acknowledged)

    def wait_for(self, more):
        """Until so many more were acknowledged."""
        wanted, deadline = len(self.so_far()) + more, time.monotonic() + 60
        while len(self.so_far()) < wanted and not self.failures and time.monotonic() < deadline:
            self.ended.wait(0.01)
        assert len(self.so_far()) >= wanted, self.failures or "the senders are too slow"

    def stop(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures
        return self.acknowledged


def every_byte(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class OnlineBackup(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.key = self.ledger.create_key("operator", "admin,ingest,read")
        self.folder = self.ledger.directory.parent / "backups"
        self.folder.mkdir(mode=0o700)
        self.config = self.ledger.directory.parent / "daybook.toml"
        self.config.write_text(f"[server]\nbackups = {json.dumps(str(self.folder))}\n")
        self.key_file = self.ledger.directory.parent / "operator.key"
        self.key_file.write_text(self.key)
        self.start()
        world = World(self.client(), None)
        for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02", cost("sub-01", "2024-05-02", "3.00"))):
            step(world)

    def start(self):
        self.ledger.start("--config", self.config)

    def client(self):
        client = self.ledger.client(self.key)
        self.addCleanup(client.close)
        return client

    def ask(self, client, name=None, key=None, **headers):
        sent = {"Content-Type": "application/json", "Idempotency-Key": key or f"backup-{time.monotonic_ns()}", **headers}
        return client.request("POST", "/v1/backups", {"name": name} if name else {}, sent)

    def result(self, client, started):
        """The job's last view."""
        self.assertEqual(started.status, 202, started)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            answer = client.request("GET", started.headers["location"])
            self.assertEqual(answer.status, 200, answer)
            if answer.json["state"] not in ("Queued", "Running"):
                return answer.json
        self.fail("the backup takes too long")

    def seen(self, client, position):
        """What is told of the ledger as it was there."""
        return {"events": list(client.pages("/events", limit=1000, asOf=position)),
                "invoices": list(client.pages("/invoices", asOf=position)),
                "accounts": list(client.pages("/accounts", asOf=position)),
                "head": client.get("/log/head", asOf=position).json,
                "account": client.get("/accounts/acc-1", asOf=position).json}

    def verify(self, backup, code=0):
        done = self.ledger.run("backup", "verify", backup, check=False, timeout=120)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_what_was_acknowledged_before_is_in_it_and_the_ledger_goes_on(self):
        client = self.client()
        senders = Senders(self.ledger, self.key)
        senders.wait_for(300)
        before = senders.so_far()
        started = self.ask(client, "first")
        job = self.result(client, started)
        self.assertEqual(job["state"], "Done", job)
        made = job["result"]
        self.assertEqual((made["name"], made["ok"]), ("first", True))
        self.assertEqual(job["done"], job["total"])
        senders.wait_for(100)  # the ledger goes on
        acknowledged = senders.stop()
        position = made["position"]
        self.assertGreaterEqual(position, max(before.values()), "something acknowledged before is not in the backup")
        self.assertGreater(max(acknowledged.values()), position, "nothing was recorded beside the backup")
        for path in (self.folder / "first", self.folder / "first" / "keys"):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o700)
        self.assertEqual(json.loads(self.verify(self.folder / "first").stdout), {"position": position, "ok": True})

        there = self.seen(client, position)
        restored = Daybook(PROGRAM, directory=self.folder / "restored")
        self.ledger.run("backup", "restore", self.folder / "first", "--data", restored.directory)
        with restored:
            restored.start()
            other = restored.client(self.key)
            self.assertEqual(other.get("/log/head").json["position"], position)
            self.assertEqual(self.seen(other, position), there)
            found = {item["id"]: item["position"] for item in there["events"]}
            for identity, at in acknowledged.items():
                self.assertEqual(found.get(identity), at if at <= position else None, identity)
            # The client that has seen more than the backup holds is told.
            token = client.get("/clock").headers["daybook-token"]
            answer = other.request("GET", "/v1/clock", headers={"Daybook-Token": token})
            self.assertEqual((answer.status, answer.code), (409, "HISTORY_ROLLED_BACK"))
            other.close()
        kept = every_byte(self.folder / "first")
        done = self.ledger.run("backup", "restore", self.folder / "first", "--data", self.ledger.directory, check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(every_byte(self.folder / "first"), kept)
        rebuilt = self.ledger.run("replay", "rebuild", "--data", restored.directory)
        self.assertTrue(all(view["equal"] for view in json.loads(rebuilt.stdout)["projections"]), rebuilt.stdout)

    def test_the_command_line_makes_one_and_names_it(self):
        words = ["backup", "create", "--url", f"http://127.0.0.1:{self.ledger.address[1]}", "--key-file", self.key_file]
        made = json.loads(self.ledger.run(*words).stdout)
        self.assertRegex(made["name"], r"^\d{8}T\d{6}Z$")
        self.assertEqual(json.loads(self.verify(self.folder / made["name"]).stdout)["position"], made["position"])
        self.assertEqual(json.loads(self.ledger.run(*words, "second").stdout)["name"], "second")
        done = self.ledger.run(*words, "second", check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("ALREADY_EXISTS", done.stderr)
        done = self.ledger.run("backup", "create", self.folder / "third", check=False)
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_refusals(self):
        client = self.client()
        for name in ("../up", "a/b", ".hidden", "x.unfinished", "", "a" * 101, 7):
            answer = client.request("POST", "/v1/backups", json.dumps({"name": name}),
                                    {"Content-Type": "application/json", "Idempotency-Key": f"odd-{name}"[:60]})
            self.assertEqual((answer.status, answer.code), (400, "INVALID_FIELD"), name)
        answer = client.request("POST", "/v1/backups", "{", {"Content-Type": "application/json", "Idempotency-Key": "k"})
        self.assertEqual((answer.status, answer.code), (400, "MALFORMED_JSON"))
        answer = client.request("POST", "/v1/backups", '{"where":"/"}', {"Content-Type": "application/json", "Idempotency-Key": "k"})
        self.assertEqual((answer.status, answer.code), (400, "INVALID_FIELD"))
        answer = client.request("POST", "/v1/backups", "{}", {"Content-Type": "application/json"})
        self.assertEqual((answer.status, answer.code), (400, "IDEMPOTENCY_KEY_REQUIRED"))
        for rights, tenant in (("ingest,read", None), ("admin", "t-1")):
            made = client.wish("CreateKey", {"name": f"other-{rights}", "rights": rights.split(","),
                                             **({"tenantId": tenant} if tenant else {})}).json["key"]
            other = self.ledger.client(made)
            answer = self.ask(other, "stolen")
            self.assertEqual((answer.status, answer.code), (403, "FORBIDDEN"), rights)
            other.close()
        # The same request again is the same job, under the same name; another one is refused.
        started = self.ask(client, "once", key="once")
        job = self.result(client, started)
        self.assertEqual(self.ask(client, "once", key="once").headers["location"], started.headers["location"])
        answer = self.ask(client, "twice", key="once")
        self.assertEqual((answer.status, answer.code), (422, "IDEMPOTENCY_KEY_REUSED"))
        job = self.result(client, self.ask(client, "once"))
        self.assertEqual((job["state"], job["result"]["code"]), ("Failed", "ALREADY_EXISTS"))
        self.assertEqual([path.name for path in self.folder.iterdir()], ["once"])
        # Without a place nothing is made.
        self.assertEqual(self.ledger.stop(), 0)
        self.ledger.start()
        answer = self.ask(self.client(), "nowhere")
        self.assertEqual((answer.status, answer.code), (422, "NOT_SUPPORTED"))

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_where_nothing_can_be_written_the_ledger_goes_on(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.cannot_be_made()

    def test_where_there_is_no_place_the_ledger_goes_on(self):
        self.folder.rmdir()
        self.cannot_be_made()

    def cannot_be_made(self):
        client = self.client()
        job = self.result(client, self.ask(client, "first"))
        self.assertEqual((job["state"], job["result"]["code"]), ("Failed", "INTERNAL"), job)
        self.assertIn("The copy could not be made", job["result"]["detail"])
        self.assertEqual(client.post_event(usage(1)).status, 201)

    def test_killed_in_the_middle_nothing_is_called_a_backup(self):
        client = self.client()
        client.post_events([usage(number) for number in range(4000)])
        caught = 0
        for attempt in range(KILLS):
            name = f"kill-{attempt}"
            started = self.ask(client, name)
            self.assertEqual(started.status, 202, started)
            unfinished = self.folder / f"{name}.unfinished"
            deadline = time.monotonic() + 60
            # Every second one a moment later: in the copying, in the reading, or after the end.
            while not unfinished.exists() and not (self.folder / name).exists() and time.monotonic() < deadline:
                pass
            while attempt % 2 and not (unfinished / "FORMAT").exists() and not (self.folder / name).exists():
                pass
            self.ledger.kill()
            client.close()
            if (self.folder / name).exists():
                self.verify(self.folder / name)
            else:
                caught += 1
                self.assertTrue(unfinished.exists())
                shutil.rmtree(unfinished)
            self.start()
            client = self.client()
        self.assertGreater(caught, 0, "no kill came in the middle")
        # The ledger itself was never touched, and the next backup is made.
        job = self.result(client, self.ask(client, "after"))
        self.assertEqual(job["state"], "Done", job)
        self.verify(self.folder / "after")

    def test_stopped_in_the_middle_nothing_is_left(self):
        client = self.client()
        client.post_events([usage(number) for number in range(4000)])
        self.assertEqual(self.ask(client, "stopped").status, 202)
        self.assertEqual(self.ledger.stop(), 0)
        left = [path.name for path in self.folder.iterdir()]
        self.assertIn(left, ([], ["stopped"]))
        if left:
            self.verify(self.folder / "stopped")


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
