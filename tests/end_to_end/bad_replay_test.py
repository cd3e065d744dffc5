"""What replay commands and their questions do with bad input and broken surroundings: positions and instants that are not there, views that
are missing or half made, rebuilds that are cut off, a disk that is full.

    bad_replay_test.py PROGRAM
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import unittest
from pathlib import Path

from explained import Asked, Told
from people import account, begin, on, subscription, used, vat
from steps import clock, fact

FIRST = "1969-01-01T00:00:00Z"
MEGABYTES = 24


class Bad(Asked):
    def setUp(self):
        super().setUp()
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"),
                   fact("PriceChanged", "2024-03-05", meterId="vm", currency="EUR", effectiveOn="2024-01-01", unitPrice="2")),
                on("2024-03-20", used("sub-01", "2024-03-10", "10", "vm")), clock("2024-05-02"))
        ((self.invoice),) = [item["invoiceId"] for item in self.operator.pages("/invoices")]
        self.head = self.operator.get("/log/head").json["position"]
        self.prices = self.folder / "prices.ndjson"
        self.prices.write_text(json.dumps({"specversion": "1.0", "type": "daybook.PriceChanged", "source": "//p", "id": "1", "data": {
            "meterId": "vm", "currency": "EUR", "effectiveOn": "2024-01-01", "unitPrice": "3"}}) + "\n")

    def hashes(self):
        views = self.operator.get("/projections", minPosition=self.head).json["items"]
        return {view["name"]: view["stateHash"] for view in views}

    def questions(self, at=None):
        """What is asked of a position, or of now."""
        as_of = ["--as-of", str(at)] if at is not None else []
        return {"explain": [self.invoice, *as_of, "--json"], "what-if": ["--prices", self.prices, "--from", "2024-01-01", "--to", "2024-05-01", *as_of, "--json"],
                "as-of": [str(self.head if at is None else at), f"/invoices/{self.invoice}"],
                "diff": ["1", str(self.head if at is None else at), "--json"]}

    def answers(self, ask):
        found = {}
        for name, words in self.questions().items():
            done = ask(name, *words, check=False)
            self.assertEqual(done.returncode, 0, f"{name}: {done}")
            found[name] = json.loads(done.stdout)
        return found


class Places(Bad):
    def test_what_lies_beyond_the_head_is_refused(self):
        after = self.head + 1
        for path in (f"/invoices?asOf={after}", f"/invoices/{self.invoice}/explain?asOf={after}", f"/invoices/{self.invoice}/bisect?when=total%20%3E%201&asOf={after}",
                     f"/log/diff?from=1&to={after}", f"/log/diff?from={after}&to={after}", f"/corrections?asOf={after}", f"/log/head?asOf={after}",
                     "/invoices?asOf=2999-01-01T00:00:00Z", "/invoices?asOf=18446744073709551616", "/invoices?asOf=-1", f"/accounts/acc-1/proof?asOf={after}"):
            answer = self.operator.request("GET", f"/v1{path}")
            self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), f"{path}: {answer}")
            self.assertTrue(answer.json["detail"].endswith("."), path)
        for name, words in self.questions(after).items():
            done = self.cli(name, *words, check=False)
            self.assertEqual((done.returncode, done.stdout), (4, ""), f"{name}: {done}")
            self.assertTrue(done.stderr.strip(), name)
        before = self.hashes()
        self.assertEqual(self.ledger.stop(), 0)
        for name, words in self.questions(after).items():
            done = self.beside(name, *words, check=False)
            self.assertEqual((done.returncode, done.stdout), (4, ""), f"{name}: {done}")
        done = self.beside("export", "--to", str(after), self.folder / "segment", check=False)
        self.assertEqual((done.returncode, done.stdout), (4, ""), done)
        self.assertIn(f"beyond the newest position, {self.head}", done.stderr)
        target = self.folder / "branch"
        done = self.beside("branch", "--at", str(after), "--to", target, check=False)
        self.assertEqual((done.returncode, done.stdout), (3, ""), done)
        done = self.beside("export", "--to", str(after), self.folder / "segment", check=False)
        self.assertNotEqual(done.returncode, 0, done)
        self.assertFalse(target.exists() or (self.folder / "segment").exists())
        self.serve_again()
        self.assertEqual(self.hashes(), before)

    def test_before_the_first_event_there_was_nothing(self):
        self.assertEqual(self.operator.get("/invoices", asOf=FIRST).json["items"], [])
        self.assertEqual(self.operator.get("/invoices", asOf=0).json["items"], [])
        self.assertEqual(self.operator.get(f"/invoices/{self.invoice}/explain", asOf=FIRST).code, "NOT_FOUND")
        self.assertEqual(self.operator.request("GET", f"/v1/invoices/{self.invoice}/bisect?when=total%20%3E%201&asOf={FIRST}").code, "NOT_FOUND")
        self.assertEqual(self.operator.get("/corrections", asOf=FIRST).json["items"], [])
        self.assertEqual(self.cli("as-of", FIRST, f"/invoices/{self.invoice}", check=False).returncode, 3)
        self.assertEqual(json.loads(self.cli("diff", FIRST, str(self.head), "--json").stdout)["from"], 0)
        done = self.cli("what-if", *self.questions(FIRST)["what-if"], check=False)
        self.assertEqual(done.returncode, 4, done)   # nothing is used before the ledger's clock then
        self.assertIn("clock", done.stderr)
        self.assertEqual(self.ledger.stop(), 0)
        done = self.beside("branch", "--at", FIRST, "--to", self.folder / "branch", check=False)
        self.assertEqual((done.returncode, done.stdout), (3, ""), done)
        self.assertIn("Nothing was recorded by then", done.stderr)

    def test_what_is_not_there_is_named(self):
        def refused(ask, words, code, told):
            done = ask(*words, check=False)
            self.assertEqual((done.returncode, done.stdout), (code, ""), f"{words}: {done}")
            self.assertIn(told, done.stderr, words)
        cases = ((["explain", "E0000NONE0"], 3, "There is no invoice E0000NONE0"), (["explain", self.invoice, "99"], 3, "99"),
                 (["bisect", "--invoice", "E0000NONE0", "--when", "total > 1"], 3, "There is no invoice E0000NONE0"),
                 (["bisect", "--subscription", "nobody", "--when", "total > 1"], 3, "nobody"), (["bisect", "--profile", "nobody", "--when", "total > 1"], 3, "There is no billing profile nobody"),
                 (["changes", self.invoice, "E0000NONE0"], 3, "There is no invoice E0000NONE0"), (["correct", "--account", "nobody"], 3, "There is no account nobody"),
                 (["correct", "--account", "nobody", "--issue"], 3, "There is no account nobody"), (["export", "--account", "nobody", self.folder / "x"], 3, "nobody"),
                 (["as-of", "2024-03-05", "/invoices"], 2, "write 1234 or 2024-05-02T00:00:00Z"), (["as-of", "2024-03-05T00:00:00", "/invoices"], 2, "no instant"),
                 (["diff", "1", "tomorrow"], 2, "tomorrow"), (["diff", "-1", "3"], 2, ""), (["explain", self.invoice, "--as-of", "2024-13-01T00:00:00Z"], 2, "no instant"))
        for case in cases:
            refused(self.cli, *case)
        self.assertEqual(self.ledger.stop(), 0)
        for case in cases:
            refused(self.beside, *case)
        self.assertFalse((self.folder / "x").exists())
        # A branch that cannot be moved to the day that was asked for is not left half done.
        branch = self.folder / "branch"
        words = ["branch", "--at", str(self.head), "--to", branch, "--run-to"]
        done = self.beside(*words, "2024-01-01", check=False)
        self.assertEqual((done.returncode, done.stdout, branch.exists()), (2, "", False), done)
        self.assertIn("is not after the branch's clock", done.stderr)
        self.assertEqual(self.beside(*words, "2024-06-02").returncode, 0)
        self.serve_again()

    def test_an_empty_word_is_refused_and_never_taken_for_one_that_is_left_out(self):
        data = ["--data", self.ledger.directory]
        cases = ((["replay", "as-of", *data, "", "/accounts"], "AT"), (["replay", "as-of", *data, "1", ""], "PATH"), (["replay", "diff", *data, "", "1"], "FROM"),
                 (["replay", "explain", *data, self.invoice, "--as-of", ""], "--as-of"), (["replay", "explain", *data, ""], "INVOICE"),
                 (["replay", "export", *data, "--account", "", self.folder / "x"], "--account"), (["replay", "export", *data, ""], "FILE"),
                 (["replay", "branch", *data, "--at", "1", "--to", ""], "--to"), (["replay", "bisect", *data, "--invoice", self.invoice, "--when", ""], "--when"),
                 (["replay", "bisect", *data, "--subscription", "", "--when", "total > 1"], "--subscription"), (["replay", "rebuild", "--data", ""], "--data"),
                 (["replay", "correct", *data, "--account", ""], "--account"), (["proof", "check", ""], "FILE"),
                 (["backup", "create", *data, ""], "BACKUP"), (["backup", "verify", ""], "BACKUP"), (["key", "create", *data, "--name", "", "--rights", "read"], "--name"))
        for words, name in cases:
            done = self.ledger.run(*words, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""), f"{words}: {done}")
            self.assertIn(f"daybook: {name} is empty; give it a value", done.stderr, words)
        self.assertFalse((self.folder / "x").exists())

    def test_a_broken_row_rates_nothing(self):
        before = self.hashes()
        with open(self.prices, "a", encoding="utf-8") as file:
            file.write('{"specversion":"1.0","type":"daybook.PriceChanged","source":"//p","id":"2","data":{"meterId":"vm","currency":"EUR"}}\n')
        done = self.cli("what-if", *self.questions()["what-if"], check=False)
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertIn("A row of the price file is broken; nothing was rated.", done.stderr)
        self.assertIn("line 2, column ", done.stderr)
        self.assertEqual((self.hashes(), self.operator.get("/log/head").json["position"]), (before, self.head))

    def serve_again(self):
        self.ledger.start()
        self.operator.close()
        self.operator = self.ledger.client(self.operator.key)


class Views(Bad):
    def setUp(self):
        super().setUp()
        self.before = self.answers(self.cli)
        self.known = self.hashes()
        self.assertEqual(self.ledger.stop(), 0)
        self.views = self.ledger.directory / "views"

    def is_as_it_was(self):
        self.assertEqual(self.answers(self.beside), self.before)
        rebuilt = json.loads(self.beside("rebuild").stdout)
        self.assertEqual({view["name"]: view["rebuiltHash"] for view in rebuilt["projections"]}, self.known)
        self.assertTrue(all(view["equal"] for view in rebuilt["projections"]))

    def test_missing_views_are_made_again(self):
        shutil.rmtree(self.views)
        self.is_as_it_was()

    def test_a_file_in_the_place_of_views_is_left_alone_and_named(self):
        shutil.rmtree(self.views)
        self.views.write_text("mine")
        for words in (["as-of", *self.questions()["as-of"]], ["rebuild"]):
            done = self.beside(*words, check=False)
            self.assertEqual((done.returncode, done.stdout, self.views.read_text()), (74, "", "mine"), done)
            self.assertIn("move it away: views are made again from the log", done.stderr)
        self.views.unlink()
        self.is_as_it_was()

    def test_half_made_views_are_refused_or_made_whole_and_never_answer_otherwise(self):
        kept = self.folder / "views"
        shutil.copytree(self.views, kept)
        names = sorted(path.name for path in kept.iterdir() if path.is_file())
        tables = [name for name in names if name.endswith(".sst")]
        spoilt = [name for name in names if name.startswith(("CURRENT", "MANIFEST"))] + [tables[0], tables[-1]]
        for name in spoilt:
            for spoil in (lambda path: path.unlink(), lambda path: os.truncate(path, path.stat().st_size // 2)):
                shutil.rmtree(self.views)
                shutil.copytree(kept, self.views)
                spoil(self.views / name)
                done = self.beside("as-of", *self.questions()["as-of"], check=False)
                if done.returncode == 0:
                    self.assertEqual(json.loads(done.stdout), self.before["as-of"], f"without {name}")
                    continue
                self.assertIn(done.returncode, (1, 74, 76), f"without {name}: {done}")
                self.assertEqual(done.stdout, "")
                self.assertIn("views", done.stderr, f"without {name}")
        shutil.rmtree(self.views)
        self.is_as_it_was()

    def test_a_rebuild_that_is_cut_off_leaves_the_live_views(self):
        words = [Told.program, "replay", "rebuild", "--data", str(self.ledger.directory)]
        begun = time.monotonic()
        subprocess.run(words, check=True, capture_output=True)
        longest = time.monotonic() - begun
        for part in (0.2, 0.5, 0.8):
            rebuild = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                rebuild.wait(timeout=longest * part)
            except subprocess.TimeoutExpired:
                rebuild.send_signal(signal.SIGKILL)
                rebuild.wait()
            self.assertEqual(self.answers(self.beside), self.before)
        self.is_as_it_was()

    def test_a_directory_that_cannot_be_written_is_said_to_be_that(self):
        mounted = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                   'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"', "sh", str(self.ledger.directory)]
        if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no namespace to mount a directory in")
        known = {path: path.read_bytes() for path in self.ledger.directory.rglob("*") if path.is_file()}
        for words in (["replay", "rebuild"], ["replay", "as-of", "1", "/accounts"], ["replay", "explain", self.invoice], ["replay", "correct", "--all"],
                      ["replay", "export", str(self.folder / "x")], ["serve", "--listen", "127.0.0.1:0"], ["key", "create", "--name", "n", "--rights", "read"],
                      ["run-invoicing", "--through", "2024-05-02"]):
            done = subprocess.run([*mounted, Told.program, *words, "--data", self.ledger.directory], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (71, ""), f"{words}: {done}")
            self.assertIn("cannot be written: Read-only file system. Make it writable for this user, or read it as it is with", done.stderr)
        self.assertEqual({path: path.read_bytes() for path in self.ledger.directory.rglob("*") if path.is_file()}, known)
        self.is_as_it_was()

    def test_a_full_disk_during_one(self):
        probe = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], capture_output=True, text=True, check=False)
        if probe.returncode != 0:
            self.skipTest(f"no namespace to mount a small file system in: {probe.stderr.strip()}")
        disk = self.folder / "disk"
        disk.mkdir()
        code = textwrap.dedent(f"""
            import os, pathlib, shutil, subprocess
            disk = pathlib.Path({str(disk)!r})
            shutil.copytree({str(self.ledger.directory)!r}, disk / "ledger")
            with open(disk / "ballast", "wb", buffering=0) as ballast:
                try:
                    while True: ballast.write(bytes(4096))
                except OSError:
                    pass
            words = [{str(Told.program)!r}, "replay", "rebuild", "--data", str(disk / "ledger")]
            full = subprocess.run(words, capture_output=True, text=True)
            files = []   # what a command of its own would write there, and what it leaves
            for name, more in (("x.segment", []), ("x.json", ["--account", "acc-1"])):
                done = subprocess.run([words[0], "replay", "export", "--data", {str(self.ledger.directory)!r}, *more, str(disk / name)], capture_output=True, text=True)
                files.append([done.returncode, done.stdout, done.stderr])
            left = sorted(path.name for path in disk.iterdir())
            (disk / "ballast").unlink()
            free = subprocess.run(words, capture_output=True, text=True)
            import json
            print(json.dumps([[[done.returncode, done.stdout, done.stderr] for done in (full, free)], files, left]))
        """)
        mounted = f"mount -t tmpfs -o size={MEGABYTES}m daybook {disk} && exec {sys.executable} -c \"$DAYBOOK_INSIDE\""
        done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted], capture_output=True, text=True, check=False,
                              env={**os.environ, "DAYBOOK_INSIDE": code})
        if "mount" in done.stderr and "denied" in done.stderr:
            self.skipTest(done.stderr.strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        (full, free), files, left = json.loads(done.stdout)
        for each in files:
            self.assertIn(each[0], (1, 74), each)
            self.assertEqual(each[1], "", each)
            self.assertIn("No space left on device", each[2])
        self.assertEqual(left, ["ballast", "ledger"], "nothing is left of what could not be written")
        self.assertIn(full[0], (1, 74), full)
        self.assertEqual(full[1], "", full)
        self.assertTrue("space" in full[2].lower() or "full" in full[2].lower(), full)
        # With room again, nothing is missing.
        self.assertEqual(free[0], 0, free)
        self.assertEqual({view["name"]: view["rebuiltHash"] for view in json.loads(free[1])["projections"]}, self.known)


if __name__ == "__main__":
    Told.program = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
