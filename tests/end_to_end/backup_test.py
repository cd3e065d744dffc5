"""Backups: made, proven, damaged, and put back.

    python3 backup_test.py PROGRAM
"""

import json
import os
import shutil
import stat
import sys
import unittest

from daybook import Daybook
from people import account, begin, cost, flat, on, person, subscription
from steps import World

PROGRAM = None


def every_byte(folder):
    """{path: content} of all files below."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Backup(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.key = self.ledger.create_key("operator", "admin,ingest,read")
        self.ledger.start()
        world = World(self.ledger.client(self.key), None)
        for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02", cost("sub-01", "2024-05-02", "3.00"))):
            step(world)
        self.before = self.seen()
        self.assertEqual(self.ledger.stop(), 0)
        self.folder = self.ledger.directory.parent / "backups"
        self.folder.mkdir(exist_ok=True)
        self.backup = self.folder / "first"

    def seen(self):
        """What a person sees of the ledger, personal values included."""
        client = self.ledger.client(self.key)
        self.addCleanup(client.close)
        head = client.get("/log/head").json
        return {"position": head["position"], "root": head["root"],
                "invoices": client.get("/invoices", minPosition=head["position"]).json["items"],
                "events": client.get("/events", limit=1000).json["items"]}

    def run_backup(self, *words, code=0):
        done = self.ledger.run("backup", *words, check=False, timeout=120)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def create(self):
        done = self.run_backup("create", "--data", self.ledger.directory, self.backup)
        self.assertEqual(json.loads(done.stdout), {"position": self.before["position"], "ok": True})

    def test_what_is_put_back_is_the_same_ledger(self):
        self.create()
        for path in (self.backup, self.backup / "keys"):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o700)
        kept = every_byte(self.backup)
        self.assertFalse(any("views" in name for name in kept))
        self.run_backup("verify", self.backup)
        self.assertEqual(every_byte(self.backup), kept, "looking at a backup changes nothing of it")

        shutil.rmtree(self.ledger.directory)
        self.run_backup("restore", self.backup, "--data", self.ledger.directory)
        self.assertEqual(every_byte(self.backup), kept)
        self.ledger.start()
        self.assertEqual(self.seen(), self.before)

    def test_nothing_is_written_over(self):
        self.create()
        kept = every_byte(self.backup)
        self.run_backup("create", "--data", self.ledger.directory, self.backup, code=4)
        self.run_backup("restore", self.backup, "--data", self.ledger.directory, code=4)
        self.assertEqual(every_byte(self.backup), kept)
        self.ledger.start()
        self.assertEqual(self.seen(), self.before)

    def test_a_served_ledger_and_an_absent_one_are_refused(self):
        self.ledger.start()
        done = self.run_backup("create", "--data", self.ledger.directory, self.backup, code=73)
        self.assertIn("is locked by", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(self.ledger.stop(), 0)
        self.run_backup("create", "--data", self.folder / "nowhere", self.backup, code=3)
        self.run_backup("restore", self.folder / "nowhere", "--data", self.folder / "new", code=3)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_flipped_byte_of_any_file_is_found_and_not_put_back(self):
        self.create()
        for name in ("witness", "FORMAT", "log/CURRENT", *self.tables()):
            with self.subTest(file=name):
                path = self.backup / name
                whole = path.read_bytes()
                # A slot of the witness is in each half of it: both are hit.
                spoilt = bytearray(whole)
                for at in ((20, 4096 + 20) if name == "witness" else (len(whole) // 2,)):
                    spoilt[at] ^= 0x10
                path.write_bytes(spoilt)
                done = self.ledger.run("backup", "restore", self.backup, "--data", self.folder / "new", check=False, timeout=120)
                self.assertIn(done.returncode, (7, 76, 77), done.stderr)
                self.assertTrue(done.stderr.startswith("daybook: "), done.stderr)
                self.assertFalse((self.folder / "new").exists())
                path.write_bytes(whole)
        self.run_backup("verify", self.backup)

    def test_a_backup_without_its_keys_is_none(self):
        self.create()
        (master,) = (self.backup / "keys").glob("master-*")
        for name, code in (("keys/subjects", 77), (f"keys/{master.name}", 77)):
            path = self.backup / name
            whole = path.read_bytes()
            for spoilt, expected in ((None, code), (bytes(len(whole)), 76), (whole[:len(whole) // 2], 76)):
                with self.subTest(file=name, expected=expected):
                    path.unlink()
                    if spoilt is not None:
                        path.write_bytes(spoilt)
                        path.chmod(0o600)
                    for words in (("verify", self.backup), ("restore", self.backup, "--data", self.folder / "new")):
                        done = self.run_backup(*words, code=expected)
                        self.assertIn(name, done.stderr)
                    path.write_bytes(whole)
                    path.chmod(0o600)
        # Nor is one made of a ledger that has lost them.
        self.run_backup("verify", self.backup)
        (self.ledger.directory / "keys" / "subjects").unlink()
        self.run_backup("create", "--data", self.ledger.directory, self.folder / "second", code=77)
        self.assertFalse((self.folder / "second").exists())

    def tables(self):
        found = [str(path.relative_to(self.backup)) for path in self.backup.glob("log/*.sst")]
        self.assertTrue(found, "a backup has its log in table files")
        return found

    def test_an_interrupted_backup_is_none(self):
        unfinished = self.folder / "first.unfinished"
        unfinished.mkdir()
        (unfinished / "witness").write_bytes(b"")
        done = self.run_backup("create", "--data", self.ledger.directory, self.backup, code=4)
        self.assertIn("first.unfinished is what an interrupted backup left; remove it", done.stderr)
        self.run_backup("restore", unfinished, "--data", self.folder / "new", code=77)
        self.assertFalse((self.folder / "new").exists())
        shutil.rmtree(unfinished)
        self.create()

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_where_nothing_can_be_written_the_ledger_stays_whole(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.run_backup("create", "--data", self.ledger.directory, self.backup, code=1)
        self.ledger.start()
        self.assertEqual(self.seen(), self.before)


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
