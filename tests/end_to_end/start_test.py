"""Starting where something is missing, taken or deleted.

    python3 start_test.py PROGRAM
"""

import contextlib
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import time
import unittest
import unittest.mock

from daybook import Client, Daybook
from people import account, begin, cost, flat, on, person, subscription
from steps import World, event

PROGRAM = None


class Start(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.key = self.ledger.create_key("operator", "admin,ingest,read")
        self.ledger.start()
        self.client = self.ledger.client(self.key)
        world = World(self.client, None)
        for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02", cost("sub-01", "2024-05-02", "3.00"))):
            step(world)

    def refused(self, code, *words):
        done = self.ledger.run("serve", "--data", self.ledger.directory, "--listen", "127.0.0.1:0", check=False, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def hashes(self):
        """{view: hash} once every view is at the head."""
        head = self.client.get("/log/head").json["position"]
        views = self.client.get("/projections", minPosition=head).json["items"]
        self.assertEqual({view["position"] for view in views}, {head})
        return {view["name"]: view["stateHash"] for view in views}

    def test_a_second_process_is_turned_away_and_the_first_goes_on(self):
        self.refused(73)
        self.assertEqual(self.client.wish("AdvanceClock", {"to": "2024-05-03T00:00:00Z"}).status, 200)

    def test_a_ledger_without_its_witness_is_not_served(self):
        self.assertEqual(self.ledger.stop(), 0)
        witness = self.ledger.directory / "witness"
        kept = witness.read_bytes()
        witness.unlink()
        self.refused(77, "witness is missing", "restore the ledger from a backup")
        self.assertFalse(witness.exists(), "no new one is made in its place")
        witness.write_bytes(kept)
        self.ledger.start()

    def test_a_ledger_without_the_keys_that_seal_is_not_served(self):
        self.assertEqual(self.ledger.stop(), 0)
        for name in ("keys/subjects", "keys/master-1"):
            path = self.ledger.directory / name
            kept = path.read_bytes()
            path.unlink()
            self.refused(77, f"{name} is missing", "restore it from its backup")
            self.assertFalse(path.exists(), "no new one is made in its place")
            path.write_bytes(kept)
        self.ledger.start()

    def test_an_erasure_that_the_disk_refuses_ends_it_with_74_and_the_next_start_finishes_it(self):
        wish = ("EraseSubject", {"identityId": "jeroen"}, "erase-jeroen")
        obstacle = self.ledger.directory / "keys" / "master-2.new"
        obstacle.mkdir()
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.client.wish(*wish)
        self.assertEqual(self.ledger.process.wait(timeout=60), 74)
        self.assertIn("(exit 74)", self.ledger.log_tail())
        obstacle.rmdir()
        self.ledger.start()
        self.client = self.ledger.client(self.key)
        self.assertNotIn("jeroen@contoso.example", self.client.get("/events", limit=1000).body.decode())
        again = self.client.wish(*wish)
        self.assertEqual((again.status, again.json["eventCount"], again.headers.get("idempotency-replayed")),
                         (200, 1, "true"), repr(again))
        self.assertFalse((self.ledger.directory / "keys" / "master-1").exists())

    # A floor of the whole disk: it is always below.
    FULL = {"DAYBOOK_SERVER_DISK_FLOOR_MEGABYTES": "1000000", "DAYBOOK_SERVER_DISK_FLOOR_PERCENT": "100"}

    def refused_for_room(self, told):
        """Writes are answered 507 with the problem document, and nothing is recorded; what is asked is answered."""
        head = self.client.get("/log/head").json["position"]
        price = event(1, "PriceChanged", "2024-05-02", {"meterId": "m", "currency": "EUR", "effectiveOn": "2024-05-02", "unitPrice": "1"}, "//full")
        for answer in (self.client.post_event(price), self.client.post_events([price]), self.client.post_lines([price]),
                       self.client.wish("AdvanceClock", {"to": "2024-05-03T00:00:00Z"})):
            self.assertEqual((answer.status, answer.code), (507, "INSUFFICIENT_STORAGE"), repr(answer))
            self.assertEqual(answer.headers["content-type"], "application/problem+json")
            self.assertIn(told, answer.json["detail"])
        self.assertEqual(self.client.get("/log/head").json["position"], head)
        self.assertEqual(self.client.get("/accounts/acc-1").status, 200)
        self.assertEqual(self.client.request("GET", "/readyz").status, 200)
        return price

    def test_below_its_floor_a_disk_is_read_and_not_written(self):
        self.assertEqual(self.ledger.stop(), 0)
        with unittest.mock.patch.dict(os.environ, self.FULL):
            self.ledger.start()
            self.client = self.ledger.client(self.key)
            price = self.refused_for_room("The disk is nearly full")
            self.assertIn("less than its floor", self.ledger.log_tail())
            self.assertEqual(self.ledger.stop(), 0)
        self.ledger.start()
        self.client = self.ledger.client(self.key)
        self.assertEqual(self.client.post_event(price).status, 201)

    def test_without_room_for_a_start_it_ends_with_75_and_offers_reading(self):
        self.assertEqual(self.ledger.stop(), 0)
        before = self.ledger.run("replay", "verify", "--data", self.ledger.directory).stdout
        with unittest.mock.patch.dict(os.environ, {**self.FULL, "DAYBOOK_SERVER_BALLAST_MEGABYTES": "0"}):
            self.refused(75, "Make room", "--read-only")
            self.ledger.start("--read-only")
            self.client = self.ledger.client(self.key)
            self.refused_for_room("served for reading alone")
            self.assertEqual(self.ledger.stop(), 0)
        self.ledger.start("--read-only")  # whatever room there is
        self.client = self.ledger.client(self.key)
        self.refused_for_room("served for reading alone")
        self.assertEqual(self.ledger.stop(), 0)
        self.assertEqual(self.ledger.run("replay", "verify", "--data", self.ledger.directory).stdout, before)

    def test_a_directory_that_cannot_be_written_is_read(self):
        self.ledger.kill()  # with all of it in the write-ahead log
        directory = self.ledger.directory
        files = lambda: {str(path): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}
        before = files()
        mounted = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                   'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"', "sh", directory]
        if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no namespace to mount a directory in")
        verified = subprocess.run([*mounted, PROGRAM, "replay", "verify", "--data", directory], capture_output=True, text=True, check=False)
        self.assertEqual((verified.returncode, json.loads(verified.stdout)["ok"]), (0, True), verified)
        serve = [*mounted, PROGRAM, "serve", "--read-only", "--data", directory, "--listen", "127.0.0.1:0"]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            host, port = process.stdout.readline().strip().removeprefix("listening on http://").split(":")
            with contextlib.closing(Client((host, int(port)), self.key)) as client:
                position = client.get("/log/head").json["position"]
                self.assertEqual(client.get("/invoices", minPosition=position).json["total"], 1)
                self.assertEqual(client.wish("AdvanceClock", {"to": "2024-06-03T00:00:00Z"}).code, "INSUFFICIENT_STORAGE")
            process.terminate()
            self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(files(), before)

    def largest_table_of_the_log(self):
        """A file of some blocks, with what the ledger holds in files; it is served again."""
        chance = random.Random(1)  # or all of it is one block
        rows = [event(number, "UsageRecorded", "2024-05-02", {"subscriptionId": "none", "meterId": "m", "quantity": "1", "resourceId": chance.randbytes(200).hex()},
                      "//rows") for number in range(4000)]
        for at in range(0, len(rows), 1000):
            self.assertEqual(self.client.post_events(rows[at:at + 1000]).status, 200)
        for _ in range(2):  # what is recovered lies in table files
            self.assertEqual(self.ledger.stop(), 0)
            self.ledger.start()
        self.client = self.ledger.client(self.key)
        return max((self.ledger.directory / "log").glob("*.sst"), key=lambda path: path.stat().st_size)

    def flip(self, path):
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))

    def wait_for_word(self, word):
        deadline = time.monotonic() + 60
        while word not in self.ledger.log_tail():
            self.assertLess(time.monotonic(), deadline, f"nobody was told: {word}")
            time.sleep(0.05)

    def test_files_are_read_again_and_what_has_changed_is_told(self):
        table = self.largest_table_of_the_log()
        metrics = lambda: dict(line.split(" ", 1) for line in Client(self.ledger.address).request("GET", "/metrics").body.decode().splitlines() if not line.startswith("#"))

        def wait_until_read_whole():
            deadline = time.monotonic() + 60
            while float(metrics()["daybook_scrub_completed_timestamp_seconds"]) == 0:
                self.assertLess(time.monotonic(), deadline, "so small a ledger is read whole after its start")
                time.sleep(0.05)

        wait_until_read_whole()
        self.assertEqual(metrics()["daybook_scrub_damaged_files"], "0")
        self.assertEqual(self.ledger.stop(), 0)
        self.flip(table)
        with unittest.mock.patch.dict(os.environ, {"DAYBOOK_SERVER_SCRUB_HOURS": "0"}):
            self.ledger.start()
            self.assertNotIn("daybook_scrub_damaged_files", metrics(), "it is switched off")
            self.assertEqual(self.ledger.stop(), 0)
        self.ledger.start()
        self.client = self.ledger.client(self.key)
        self.wait_for_word(f"bytes have changed on the disk in log/{table.name}")
        price = event(1, "PriceChanged", "2024-05-02", {"meterId": "m", "currency": "EUR", "effectiveOn": "2024-05-02", "unitPrice": "1"}, "//damaged")
        self.assertEqual(self.client.post_event(price).code, "CORRUPTION")
        wait_until_read_whole()  # the damage is told before its file is counted
        self.assertEqual(metrics()["daybook_scrub_damaged_files"], "1")
        self.assertEqual(self.client.get("/accounts/acc-1").status, 200)

    def test_a_view_that_has_changed_is_told_and_writes_go_on(self):
        self.largest_table_of_the_log()
        self.assertEqual(self.ledger.stop(), 0)
        table = max((self.ledger.directory / "views").glob("*.sst"), key=lambda path: path.stat().st_size)
        self.flip(table)
        self.ledger.start()
        self.client = self.ledger.client(self.key)
        self.wait_for_word(f"reading {table.name} again")
        self.assertIn("remove views/ from its directory", self.ledger.log_tail())
        price = event(1, "PriceChanged", "2024-05-02", {"meterId": "m", "currency": "EUR", "effectiveOn": "2024-05-02", "unitPrice": "1"}, "//damaged")
        self.assertEqual(self.client.post_event(price).status, 201)

    def test_where_a_read_finds_damage_nothing_more_is_recorded(self):
        self.assertEqual(self.client.request("GET", "/readyz?verbose").body.decode(), "[+]log ok\n[+]views ok\nreadyz check passed\n")
        self.flip(self.largest_table_of_the_log())
        head = self.client.get("/log/head").json["position"]
        readable = []
        for at in range(1, head, 100):
            answer = self.client.get("/events", **{"from": at, "limit": 1})
            readable.append(answer.status == 200)
            if not readable[-1]:
                self.assertEqual((answer.status, answer.code), (500, "CORRUPTION"), answer)
                self.assertRegex(answer.json["detail"], r"ositions \d+ to \d+ cannot be read from the log")
        self.assertEqual(set(readable), {True, False}, "damage was met, and what lies beside it is read")
        for path in ("/subscriptions/sub-01/bisect?when=total%20%3E%2099999", "/accounts/acc-1/proof"):   # what reads all of it
            answer = self.client.request("GET", f"/v1{path}")
            self.assertEqual((answer.status, answer.code), (500, "CORRUPTION"), f"{path}: {answer}")
            self.assertRegex(answer.json["detail"], r"ositions \d+ to \d+ cannot be read from the log", path)
        price = event(1, "PriceChanged", "2024-05-02", {"meterId": "m", "currency": "EUR", "effectiveOn": "2024-05-02", "unitPrice": "1"}, "//damaged")
        for answer in (self.client.post_event(price), self.client.post_lines([price]), self.client.wish("AdvanceClock", {"to": "2024-05-03T00:00:00Z"})):
            self.assertEqual((answer.status, answer.code), (500, "CORRUPTION"), repr(answer))
            self.assertIn("nothing of this request was", answer.json["detail"])
        self.assertEqual(self.client.get("/log/head").json["position"], head)
        self.assertEqual(self.client.get("/accounts/acc-1").status, 200)
        self.assertEqual(self.client.request("GET", "/readyz").code, "CORRUPTION")
        told = self.client.request("GET", "/readyz?verbose")
        self.assertEqual((told.status, told.body.decode().splitlines()[1:]), (500, ["[+]views ok", "readyz check failed"]))
        self.wait_for_word("the log is damaged: ")

    def test_the_last_use_of_a_key_is_known_after_a_start(self):
        one, other = (self.client.wish("CreateKey", {"name": name, "rights": [], "identityId": "jeroen"}).json for name in ("one", "other"))
        self.assertEqual(self.ledger.client(one["key"]).get("/me").status, 200)
        self.assertEqual(self.ledger.stop(), 0)
        self.ledger.start()
        self.assertEqual(self.ledger.client(self.key).wish("AdvanceClock", {"to": "2024-05-03T00:00:00Z"}).status, 200)
        keys = self.ledger.client(other["key"]).get("/me").json["keys"]
        self.assertEqual({key["name"]: key["lastUsedOn"] for key in keys}, {"one": "2024-05-02", "other": "2024-05-03"})

    def test_deleted_views_come_back_the_same(self):
        before = self.hashes()
        self.assertGreaterEqual(len(before), 4)
        position = self.client.get("/log/head").json["position"]
        self.assertEqual(self.ledger.stop(), 0)
        shutil.rmtree(self.ledger.directory / "views")
        self.ledger.start()
        self.client = self.ledger.client(self.key)
        self.assertEqual(self.client.get("/log/head").json["position"], position)
        self.assertEqual(self.hashes(), before)


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
