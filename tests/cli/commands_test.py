"""The program as somebody drives it by hand: what it prints where, and how it ends.

    PYTHONPATH=tests/end_to_end python3 commands_test.py PROGRAM DATA_FOLDER
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

from daybook import Daybook

PROGRAM = DATA = None
EXPORT = "focus/focus_1.0_sample_1000_multicloud.csv"


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-cli-")))
        self.directory = self.folder / "ledger"

    def run_it(self, *words, expect=0, env=None):
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        self.assertEqual(done.returncode, expect, f"daybook {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
        if expect != 0:
            self.assertTrue(done.stderr.strip(), "an error without a word on stderr")
        return done

    def create_key(self, name="me", rights="admin", **more):
        return self.run_it("key", "create", "--data", self.directory, "--name", name, "--rights", rights,
                           *(word for pair in more.items() for word in (f"--{pair[0]}", pair[1]))).stdout

    def fill(self):
        """A ledger with the real export in it."""
        self.create_key()
        self.run_it("import", "--data", self.directory, "--format", "focus", DATA / EXPORT)

    # Usage ------------------------------------------------------------------------------------------

    def test_says_which_it_is_and_what_it_can(self):
        self.assertRegex(self.run_it("--version").stdout, r"^daybook \d+\.\d+\.\d+\n$")
        text = self.run_it("--help").stdout
        self.assertTrue(text.startswith("Examples:\n  daybook "), text)
        for command in ("serve", "demo", "key", "import", "run-invoicing", "replay", "config"):
            self.assertIn(command, text)
            lines = self.run_it(command, "--help").stdout.splitlines()
            self.assertEqual(lines[0], "Examples:")
            self.assertTrue(all(line.startswith(f"  daybook {command}") for line in lines[1:3]), lines[:3])

    def test_wrong_usage_ends_with_2_and_writes_nothing(self):
        for words in ((), ("nothing",), ("serve",), ("serve", "--data"), ("serve", "--data", self.directory, "--clock", "sundial"),
                      ("serve", "--data", self.directory, "--listen", "8080"), ("key", "create", "--data", self.directory),
                      ("key", "create", "--data", self.directory, "--name", "x", "--rights", "admin,everything"),
                      ("key", "create", "--data", self.directory, "--name", "x", "--rights", "admin", "--tenant", "a b"),
                      ("import", "--format", "focus", DATA / EXPORT), ("import", "--data", self.directory, DATA / EXPORT),
                      ("import", "--data", self.directory, "--url", "http://x:1", "--format", "focus", DATA / EXPORT),
                      ("import", "--data", self.directory, "--format", "telegram", DATA / EXPORT),
                      ("import", "--data", self.directory, "--format", "focus", DATA / EXPORT, "--country", "nl"),
                      ("run-invoicing", "--data", self.directory, "--through", "tomorrow"), ("replay",), ("replay", "verify")):
            self.run_it(*words, expect=2)
        self.assertFalse(self.directory.exists())
        self.assertIn('Did you mean "serve"?', self.run_it("sevre", expect=2).stderr)

    def test_names_the_missing_file_ledger_and_key(self):
        self.run_it("import", "--data", self.directory, "--format", "focus", self.folder / "none.csv", expect=3)
        self.run_it("import", "--data", self.directory, "--format", "focus", DATA / EXPORT, expect=3)
        self.run_it("run-invoicing", "--data", self.directory, "--through", "2024-10-09", expect=3)
        url = ("run-invoicing", "--url", "http://127.0.0.1:1", "--through", "2024-10-09")
        self.run_it(*url, expect=5, env={"DAYBOOK_KEY_FILE": ""})
        self.run_it(*url, "--key-file", self.folder / "none", expect=5)
        key = self.folder / "key"
        key.write_text("dbk_x\n")
        self.run_it(*url, "--key-file", key, expect=6)
        self.assertFalse(self.directory.exists())

    def test_a_configuration_file_that_there_is_not_is_refused_rather_than_passed_over(self):
        self.assertIn("cannot be read", self.run_it("serve", "--data", self.directory, "--config", "x.toml", expect=78).stderr)

    # Keys and serving -------------------------------------------------------------------------------

    def test_a_key_is_printed_once_and_alone(self):
        first, second = self.create_key(), self.create_key()
        for key in (first, second):
            self.assertRegex(key, r"^dbk_[0-9A-Za-z]{12}_[0-9A-Za-z]{40,}_[0-9a-f]{8}\n$")
        self.assertNotEqual(first, second)
        self.assertEqual(self.directory.stat().st_mode & 0o777, 0o700)
        secret = first.strip().split("_")[2].encode()
        for path in self.directory.rglob("*"):
            self.assertFalse(path.is_file() and secret in path.read_bytes(), f"the secret stands in {path}")

    def test_a_key_of_a_tenant_is_held_to_it(self):
        key = self.create_key(rights="ingest,read", tenant="t-1").strip()
        with Daybook(PROGRAM, directory=self.directory) as ledger:
            ledger.start()
            self.assertEqual(ledger.client(key).get("/accounts").json["items"], [])
            self.assertEqual(ledger.client(key).wish("AdvanceClock", {"to": "2024-01-01T00:00:00Z"}).status, 403)

    def test_a_directory_in_use_is_nobody_elses(self):
        self.create_key()
        with Daybook(PROGRAM, directory=self.directory) as ledger:
            ledger.start()
            for words in (("serve", "--data", self.directory, "--listen", "127.0.0.1:0"),
                          ("replay", "verify", "--data", self.directory), ("replay", "rebuild", "--data", self.directory),
                          ("run-invoicing", "--data", self.directory, "--through", "2024-01-01")):
                self.assertEqual(self.run_it(*words, expect=73).stdout, "")
            refused = self.run_it("key", "create", "--data", self.directory, "--name", "x", "--rights", "read", expect=73)
            self.assertIn("CreateKey", refused.stderr)
            self.assertEqual(refused.stdout, "")
            self.assertEqual(ledger.stop(), 0)
        self.create_key("after")

    def test_both_signals_end_it_with_0_and_say_nothing_on_stdout(self):
        self.create_key()
        for number in (signal.SIGTERM, signal.SIGINT):
            process = subprocess.Popen([PROGRAM, "serve", "--data", self.directory, "--listen", "127.0.0.1:0"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
            self.assertRegex(process.stdout.readline(), r"^listening on http://127\.0\.0\.1:\d+\n$")
            process.send_signal(number)
            rest, _ = process.communicate(timeout=60)
            self.assertEqual((process.returncode, rest), (0, ""))

    def test_permissions_and_a_newer_format_keep_it_from_starting(self):
        self.create_key()
        self.directory.chmod(0o755)
        self.run_it("serve", "--data", self.directory, "--listen", "127.0.0.1:0", expect=71)
        self.directory.chmod(0o700)
        (self.directory / "FORMAT").write_text(re.sub(r"\d+", "999", (self.directory / "FORMAT").read_text(), count=1))
        self.run_it("serve", "--data", self.directory, "--listen", "127.0.0.1:0", expect=78)

    def test_a_port_in_use_is_said(self):
        self.create_key()
        with Daybook(PROGRAM) as other:
            other.create_key("x", "read")
            host, port = other.start()
            self.run_it("serve", "--data", self.directory, "--listen", f"{host}:{port}", expect=1)

    def test_a_key_decides_nothing_about_the_clock(self):
        key = self.create_key().strip()
        with Daybook(PROGRAM, directory=self.directory, clock="manual") as ledger:
            ledger.start()
            client = ledger.client(key)
            self.assertEqual(client.get("/clock").json, {"clock": "manual", "now": "1970-01-01T00:00:00Z"})
            self.assertEqual(client.wish("AdvanceClock", {"to": "2024-03-05T00:00:00Z"}).status, 200)
            self.assertEqual(ledger.stop(), 0)
            later = self.create_key("later").strip()
            ledger.start()
            events = ledger.client(later).get("/events").json["items"]
        self.assertEqual([event["position"] for event in events], list(range(1, len(events) + 1)))
        times = [event["recordedAt"] for event in events]
        self.assertEqual(times, sorted(times))
        self.assertTrue(times[-1].startswith("2024-03-05"), times)

    def test_a_clock_moved_by_hand_is_never_exchanged_for_the_systems_by_an_oversight(self):
        key = self.create_key().strip()
        with Daybook(PROGRAM, directory=self.directory, clock="manual") as ledger:
            ledger.start()
            ledger.client(key).wish("AdvanceClock", {"to": "2024-03-05T00:00:00Z"})
            ledger.stop()
        refused = self.run_it("serve", "--data", self.directory, "--listen", "127.0.0.1:0", "--clock", "system", expect=78)
        self.assertIn("--clock manual", refused.stderr)
        process = subprocess.Popen([PROGRAM, "serve", "--data", self.directory, "--listen", "127.0.0.1:0"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        address = re.search(r":(\d+)$", process.stdout.readline().strip())
        from daybook import Client
        self.assertEqual(Client(("127.0.0.1", int(address.group(1))), key).get("/clock").json["clock"], "manual")
        process.terminate()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)

    # Import and invoicing in a directory -------------------------------------------------------------

    def test_imports_into_a_directory_and_invoices_its_exact_sum(self):
        self.create_key()
        words = ("import", "--data", self.directory, "--format", "focus", DATA / EXPORT, "--json")
        report = json.loads(self.run_it(*words).stdout)
        self.assertEqual((report["rows"], report["accepted"], report["duplicates"], report["rejected"]), (1000, 1000, 0, 0))
        self.assertEqual(report["totals"], [{"currency": "USD", "rows": 1000, "cost": "20.52022672899"}])
        self.assertEqual(report["created"], {"accounts": 3, "profiles": 3, "enrollments": 0, "subscriptions": 73})
        again = json.loads(self.run_it(*words).stdout)
        self.assertEqual((again["accepted"], again["duplicates"]), (0, 1000))
        self.assertEqual(again["position"], report["position"])

        through = ("run-invoicing", "--data", self.directory, "--through", "2024-10-09", "--json")
        issued = json.loads(self.run_it(*through).stdout)
        totals = [event["data"]["totals"]["billed"] for event in issued["events"] if event["type"] == "daybook.InvoiceIssued"]
        self.assertEqual(len(totals), 3)
        self.assertEqual(sum(Decimal(total["amount"]) for total in totals), Decimal("20.53"))
        self.assertEqual(json.loads(self.run_it(*through).stdout)["eventCount"], 0)
        self.assertIn("nothing was due", self.run_it(*through[:-1]).stdout)

    def test_the_same_file_means_the_same_to_a_directory_and_to_a_server(self):
        key = self.create_key().strip()
        self.run_it("import", "--data", self.directory, "--format", "focus", DATA / EXPORT)
        key_file = self.folder / "key"
        key_file.write_text(key + "\n")
        with Daybook(PROGRAM, directory=self.directory, clock="system") as ledger:
            host, port = ledger.start()
            report = json.loads(self.run_it("import", "--url", f"http://{host}:{port}", "--format", "focus", DATA / EXPORT, "--json",
                                            env={"DAYBOOK_KEY_FILE": str(key_file)}).stdout)
        self.assertEqual((report["accepted"], report["duplicates"], report["rejected"]), (0, 1000, 0))

    def test_a_key_without_the_right_imports_nothing(self):
        key_file = self.folder / "key"
        key_file.write_text(self.create_key(rights="read"))
        with Daybook(PROGRAM, directory=self.directory, clock="system") as ledger:
            host, port = ledger.start()
            done = self.run_it("import", "--url", f"http://{host}:{port}", "--key-file", key_file, "--format", "focus", DATA / EXPORT,
                               expect=5)
        self.assertIn("FORBIDDEN", done.stderr)

    def test_a_broken_row_is_named_and_ends_it_with_4(self):
        self.create_key()
        lines = (DATA / EXPORT).read_text(encoding="utf-8").split("\n")
        broken = self.folder / "broken.csv"
        broken.write_text("\n".join([lines[0], lines[1], lines[2].replace('"USD"', '"usd"', 1), lines[3]]) + "\n", encoding="utf-8")
        words = ("import", "--data", self.directory, "--format", "focus", broken)
        strict = self.run_it(*words, "--strict", expect=4)
        self.assertEqual(strict.stdout, "")
        self.assertRegex(strict.stderr, r'broken\.csv:3:\d+: BillingCurrency "usd": .+\n.*1 of 3 are broken\. Nothing went in')
        report = json.loads(self.run_it(*words, "--strict", "--json", expect=4).stdout)
        self.assertEqual((report["rows"], report["accepted"], report["rejected"], report["rejects"][0]["row"]), (3, 0, 1, 2))
        done = self.run_it(*words, "--json", expect=4)
        self.assertRegex(done.stderr, r'broken\.csv:3:\d+: BillingCurrency "usd": .+\(INVALID_CURRENCY\)')
        report = json.loads(done.stdout)
        self.assertEqual((report["accepted"], report["rejected"], report["rejects"][0]["row"]), (2, 1, 2))

    # Replay -----------------------------------------------------------------------------------------

    def test_views_are_rebuilt_equal_and_made_again_when_deleted(self):
        self.fill()
        words = ("replay", "rebuild", "--data", self.directory)
        rebuilt = json.loads(self.run_it(*words).stdout)
        self.assertGreater(rebuilt["position"], 1000)
        self.assertGreaterEqual(len(rebuilt["projections"]), 4)
        for view in rebuilt["projections"]:
            self.assertTrue(view["equal"], view)
            self.assertRegex(view["liveHash"], r"^[0-9a-f]{64}$")
            self.assertEqual(view["liveHash"], view["rebuiltHash"])
        shutil.rmtree(self.directory / "views")
        self.assertEqual(json.loads(self.run_it(*words).stdout), rebuilt)

    def test_a_sound_ledger_verifies(self):
        self.fill()
        verdict = json.loads(self.run_it("replay", "verify", "--data", self.directory).stdout)
        self.assertEqual(set(verdict), {"position", "ok"})
        self.assertTrue(verdict["ok"] and verdict["position"] > 1000, verdict)

    def damaged(self, expect, change):
        """What verify says of a copy of the ledger after `change`."""
        copy = self.folder / "copy"
        shutil.copytree(self.directory, copy)
        change(copy)
        done = self.run_it("replay", "verify", "--data", copy, expect=expect)
        shutil.rmtree(copy)
        verdict = json.loads(done.stdout)
        self.assertEqual(set(verdict), {"ok", "file", "from", "to", "detail"})
        self.assertIs(verdict["ok"], False)
        self.assertTrue(verdict["detail"])
        return verdict

    def test_damage_is_found_and_located(self):
        self.fill()

        def flip_a_byte(copy):
            rows = max((copy / "log").glob("*.[ls][os][gt]"), key=lambda path: path.stat().st_size)
            text = bytearray(rows.read_bytes())
            text[len(text) // 2] ^= 0x10
            rows.write_bytes(bytes(text))

        verdict = self.damaged(76, flip_a_byte)
        self.assertTrue(verdict["file"] or verdict["from"], verdict)
        verdict = self.damaged(77, lambda copy: (copy / "witness").unlink())
        self.assertEqual(verdict["file"], "witness", verdict)
        verdict = self.damaged(77, lambda copy: (copy / "log" / "CURRENT").unlink())
        self.assertEqual(verdict["file"], "log/CURRENT", verdict)
        self.assertEqual(self.run_it("backup", "create", "--data", self.directory, self.folder / "settled").returncode, 0)
        shutil.rmtree(self.directory)
        (self.folder / "settled").rename(self.directory)  # its rows are in table files
        # Whoever opens it says 77 of a file that is gone.
        copy = self.folder / "served"
        for name in ("FORMAT", "witness", "log/MANIFEST-*", "log/*.sst", "keys/log_signing", "keys/subjects", "keys/master-*"):
            self.damaged(77, lambda copy, name=name: next(copy.glob(name)).unlink())
            shutil.copytree(self.directory, copy)
            next(copy.glob(name)).unlink()
            done = self.run_it("serve", "--data", copy, "--listen", "127.0.0.1:0", expect=77)
            self.assertIn("missing", done.stderr.replace("No such file", "missing").replace("not there", "missing"), name)
            shutil.rmtree(copy)

    def test_a_witness_ahead_of_the_log_is_told_with_the_lost_positions(self):
        self.create_key()
        old = self.folder / "old"
        shutil.copytree(self.directory / "log", old)
        self.run_it("import", "--data", self.directory, "--format", "focus", DATA / EXPORT)

        def put_yesterdays_log_back(copy):
            shutil.rmtree(copy / "log")
            shutil.copytree(old, copy / "log")

        verdict = self.damaged(77, put_yesterdays_log_back)
        self.assertEqual(verdict["from"], 2, verdict)
        self.assertGreater(verdict["to"], 1000, verdict)

    def test_what_is_no_ledger_is_not_called_damaged(self):
        self.assertEqual(self.run_it("replay", "verify", "--data", self.directory, expect=3).stdout, "")


if __name__ == "__main__":
    PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
