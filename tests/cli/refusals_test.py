"""What the program says to wrong words, wrong places and wrong files: what is amiss, by its name, and what to do.

    PYTHONPATH=tests/end_to_end python3 refusals_test.py PROGRAM DATA_FOLDER
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from daybook import Daybook

PROGRAM = DATA = None
EXPORT = "focus/focus_1.0_sample_1000_multicloud.csv"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-refusals-")))
        self.directory = self.folder / "ledger"

    def run_it(self, *words, expect=0):
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
                              env={**os.environ, "HOME": str(self.folder), "XDG_CONFIG_HOME": ""})
        if expect is not None:
            self.assertEqual(done.returncode, expect, f"daybook {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
        return done

    def refusal(self, code, *words):
        done = self.run_it(*words, expect=code)
        self.assertTrue(done.stderr.strip(), "an error without a word on stderr")
        return done.stderr

    def create_key(self, directory=None):
        return self.run_it("key", "create", "--data", directory or self.directory, "--name", "me", "--rights", "admin").stdout.strip()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


class Words(Case):
    def test_the_unknown_word_is_named_and_what_was_meant(self):
        for words, where in ((("frob",), "daybook"), (("replay", "frob"), "daybook replay"), (("export", "frob"), "daybook export")):
            self.assertIn(f'There is no command frob in "{where}".', self.refusal(2, *words))
        for words, where in ((("--frob",), "daybook"), (("serve", "--frob"), "daybook serve"), (("serve", "--frob=1"), "daybook serve"),
                             (("replay", "verify", "--data", "serve", "--frob"), "daybook replay verify")):
            self.assertIn(f'There is no flag --frob in "{where}".', self.refusal(2, *words))
        self.assertIn('Did you mean "verify"?', self.refusal(2, "replay", "verfiy"))
        self.assertIn('Did you mean "--listen"?', self.refusal(2, "serve", "--data", "x", "--lisen", "y"))

    def test_nothing_is_meant_where_every_word_is_known(self):
        for words in (("key", "create"), ("replay", "verify"), ("serve", "--data"), ("replay",), ("import", "--format", "focus")):
            told = self.refusal(2, *words)
            self.assertNotIn("Did you mean", told, words)
            self.assertNotIn("There is no", told, words)

    def test_an_address_that_is_none_is_wrong_usage(self):
        for listen in ("256.1.1.1:80", "nope", "1.2.3:80", "[::g]:80"):
            self.assertIn("127.0.0.1:8080", self.refusal(2, "serve", "--data", self.directory, "--listen", listen))
        self.assertFalse(self.directory.exists())

    def test_a_port_in_use_is_told_with_what_to_do(self):
        self.create_key()
        with Daybook(PROGRAM) as other:
            other.create_key("x", "read")
            host, port = other.start()
            self.assertIn("--listen", self.refusal(1, "serve", "--data", self.directory, "--listen", f"{host}:{port}"))


class Problems(Case):
    def test_json_has_the_problem_object_on_stderr(self):
        key = self.create_key()
        questions = ((("replay", "explain", "nope"), 3, "NOT_FOUND"), (("replay", "changes", "nope", "none"), 3, "NOT_FOUND"),
                     (("replay", "diff", "1", "99999"), 4, "BAD_QUERY"), (("run-invoicing", "--through", "2099-01-01"), 4, "CLOCK_BEHIND"))

        def check(*ledger):
            for words, code, name in questions:
                problem = json.loads(self.refusal(code, *words, *ledger, "--json"))
                self.assertEqual(problem["code"], name, problem)
                self.assertTrue({"type", "title", "status", "detail", "code", "requestId", "errors"} <= set(problem), problem)
                self.assertTrue(self.refusal(code, *words, *ledger).startswith(f"daybook: {name}: "))
            self.assertIn("There is no invoice nope,", self.refusal(3, "replay", "changes", "nope", "none", *ledger))

        check("--data", self.directory)
        key_file = self.write("key", key)
        with Daybook(PROGRAM, directory=self.directory) as ledger:
            host, port = ledger.start()
            check("--url", f"http://{host}:{port}", "--key-file", key_file)

    def test_what_answers_in_json_takes_json_too(self):
        self.create_key()
        for words in (("replay", "rebuild"), ("replay", "verify"), ("replay", "export", self.folder / "segment"), ("backup", "create", self.folder / "backup")):
            told = self.run_it(*words, "--data", self.directory, "--json").stdout
            self.assertEqual(json.loads(told)["position"], 1, words)
        self.assertEqual(json.loads(self.run_it("backup", "verify", self.folder / "backup", "--json").stdout), {"position": 1, "ok": True})
        problem = json.loads(self.refusal(4, "backup", "create", "--data", self.directory, self.folder / "backup", "--json"))
        self.assertEqual(problem["code"], "ALREADY_EXISTS")

    def test_a_question_of_the_past_is_taken_with_and_without_v1(self):
        self.create_key()
        words = ("replay", "as-of", "--data", self.directory, "1")
        self.assertEqual(self.run_it(*words, "/v1/invoices").stdout, self.run_it(*words, "/invoices").stdout)
        for path in ("/invoices?asOf=1", "/invoices?limit=5&asOf=1"):
            self.assertIn("Leave asOf out", self.refusal(2, *words, path))


class Places(Case):
    def test_no_ledger_there_is_not_found(self):
        nothing, empty = self.folder / "nothing", self.folder / "empty"
        empty.mkdir(mode=0o700)
        file, new = self.write("file.csv", "x"), self.folder / "new"
        for place in (nothing, empty):
            for words in (("replay", "verify", "--data", place), ("replay", "rebuild", "--data", place), ("replay", "export", "--data", place, new),
                          ("replay", "branch", "--data", place, "--at", "1", "--to", new), ("backup", "create", "--data", place, new),
                          ("backup", "verify", place), ("backup", "restore", place, "--data", new), ("recover", "--tail", "--data", place),
                          ("salvage", "--data", place, "--to", new), ("key", "rotate-signing", "--data", place), ("doctor", "--data", place),
                          ("import", "--data", place, "--format", "focus", file), ("export", "journal", "--data", place, "--format", "hledger"),
                          ("run-invoicing", "--data", place, "--through", "2024-01-01")):
                self.run_it(*words, expect=3)
                self.assertFalse(new.exists(), words)
        self.assertFalse((empty / "FORMAT").exists() or nothing.exists())

    def test_a_newer_format_is_not_called_missing(self):
        self.create_key()
        (self.directory / "FORMAT").write_text((self.directory / "FORMAT").read_text().replace("1", "999", 1))
        saved = self.folder / "saved"
        for words in (("replay", "verify", "--data", self.directory), ("backup", "create", "--data", self.directory, self.folder / "new"),
                      ("recover", "--tail", "--data", self.directory), ("salvage", "--data", self.directory, "--to", saved)):
            self.assertIn("FORMAT says format 999", self.refusal(78, *words))
        self.assertFalse(saved.exists())

    def test_no_ledger_is_made_beside_what_is_somebody_elses(self):
        foreign = self.folder / "foreign"
        foreign.mkdir(mode=0o700)
        (foreign / "thesis.txt").write_text("x")
        for words in (("key", "create", "--data", foreign, "--name", "a", "--rights", "read"),
                      ("serve", "--data", foreign, "--listen", "127.0.0.1:0")):
            told = self.refusal(4, *words)
            self.assertIn("thesis.txt", told)
            self.assertIn("name a new directory", told)
        self.assertEqual([path.name for path in foreign.iterdir()], ["thesis.txt"])

    def test_what_does_not_hinder_a_new_ledger(self):
        for name in ("lost+found", ".hidden"):
            place = self.folder / f"with {name}"
            place.mkdir(mode=0o700)
            (place / name).mkdir()
            self.create_key(place)
        begun = self.folder / "begun"
        self.create_key(begun)
        (begun / "FORMAT").rename(self.folder / "FORMAT")  # as one that was interrupted: its own files are no foreign ones
        told = self.run_it("key", "create", "--data", begun, "--name", "a", "--rights", "read", expect=77).stderr
        self.assertIn("FORMAT", told)

    def test_a_copy_is_not_made_inside_of_what_it_protects(self):
        self.create_key()
        before = sorted(path.name for path in self.directory.iterdir())
        for inside in (self.directory / "inside", self.directory / ".." / "ledger" / "inside", f"{self.directory}//inside/"):
            self.assertIn("inside of the ledger", self.refusal(4, "backup", "create", "--data", self.directory, inside))
            self.assertIn("inside of the ledger", self.refusal(4, "replay", "branch", "--data", f"{self.directory}/", "--at", "1", "--to", inside))
        self.assertEqual(sorted(path.name for path in self.directory.iterdir()), before)
        self.run_it("backup", "create", "--data", self.directory, f"{self.directory}-backup")

    def test_a_directory_in_use_is_told_in_our_words(self):
        self.create_key()
        with Daybook(PROGRAM, directory=self.directory, clock="manual") as ledger:
            ledger.start()
            aside = self.folder / "aside"
            for words, is_asked in ((("key", "create", "--name", "b", "--rights", "read"), False), (("replay", "rebuild"), False),
                                    (("replay", "verify"), False), (("serve", "--listen", "127.0.0.1:0"), False),
                                    (("replay", "branch", "--at", "1", "--to", aside), True), (("replay", "export", aside), True),
                                    (("replay", "diff", "1", "1"), True), (("backup", "create", aside), True)):
                told = self.refusal(73, *words, "--data", self.directory)
                more = ", or ask its server with --url" if is_asked else ""
                self.assertRegex(told, rf"{self.directory} is locked by pid {ledger.process.pid}, epoch \d+\. End that process first{more}\.")
                self.assertNotIn("IO error", told)
            ledger.stop()

    def test_looking_into_an_empty_directory_leaves_nothing(self):
        empty = self.folder / "empty"
        empty.mkdir(mode=0o700)
        for words in (("replay", "verify"), ("replay", "rebuild"), ("run-invoicing", "--through", "2024-05-02"), ("recover", "--tail"),
                      ("replay", "export", self.folder / "segment"), ("export", "journal", "--format", "hledger"), ("doctor",),
                      ("salvage", "--to", self.folder / "saved"), ("replay", "diff", "1", "2"), ("backup", "create", self.folder / "copy")):
            done = self.run_it(*words, "--data", empty, expect=None)
            self.assertNotEqual(done.returncode, 0, words)
            self.assertEqual([path.name for path in empty.iterdir()], [], words)

    def test_a_missing_parent_is_named(self):
        self.create_key()
        parent = self.folder / "nope"
        for words in (("serve", "--listen", "127.0.0.1:0", "--data", parent / "y"), ("key", "create", "--name", "a", "--rights", "read", "--data", parent / "y"),
                      ("replay", "export", "--data", self.directory, parent / "y"), ("backup", "create", "--data", self.directory, parent / "y"),
                      ("replay", "branch", "--data", self.directory, "--at", "1", "--to", parent / "y")):
            told = self.refusal(3, *words)
            self.assertIn(f"there is no directory {parent}", told)
            self.assertNotIn("IO error", told)

    def test_segments_and_keys_that_there_are_not(self):
        self.create_key()
        segment, new = self.folder / "segment", self.folder / "new"
        self.run_it("replay", "export", "--data", self.directory, segment)
        for words, what in (((segment, "--keys", self.folder / "nope"), "nope"), ((self.folder / "none",), "none")):
            told = self.refusal(3, "replay", "import", *words, "--data", new)
            self.assertIn(f"There is no {'directory' if what == 'nope' else 'file'} {self.folder / what}", told)
            self.assertNotIn("IO error", told)
        self.assertFalse(new.exists())

    def test_a_branch_at_an_instant_that_has_not_been_is_refused(self):
        key = self.create_key()
        with Daybook(PROGRAM, directory=self.directory, clock="manual") as ledger:
            ledger.start()
            with contextlib.closing(ledger.client(key)) as client:
                client.wish("AdvanceClock", {"to": "2024-03-05T00:00:00Z"})
            ledger.stop()
        words = ("replay", "branch", "--data", self.directory, "--to", self.folder / "branch", "--at")
        for instant in ("2024-03-05T00:00:00.000001Z", "2999-01-01T00:00:00Z"):
            self.assertIn("which shows 2024-03-05T00:00:00Z", self.refusal(4, *words, instant))
        self.assertFalse((self.folder / "branch").exists())
        self.run_it(*words, "2024-03-05T00:00:00Z")


class Files(Case):
    def test_a_broken_event_is_told_by_its_member(self):
        self.create_key()
        words = ("import", "--data", self.directory, "--format", "cloudevents")
        told = self.run_it(*words, self.write("one.json", '{"specversion":"1.0"}\n'), expect=4)
        self.assertRegex(told.stderr, r"one\.json:1: /type is missing")
        self.assertIn("1 of 1 did not go in. Mend", told.stderr)
        told = self.run_it(*words, self.write("bad.json", "{"), "--json", expect=4)
        self.assertEqual(json.loads(told.stdout)["position"], 1)
        self.assertIn("the ledger is at position 1\n", self.run_it(*words, self.write("bad.json", "{"), expect=4).stdout)

    def test_an_export_behind_the_clock_is_told_with_what_to_do(self):
        key = self.create_key()
        with Daybook(PROGRAM, directory=self.directory, clock="manual") as ledger:
            ledger.start()
            with contextlib.closing(ledger.client(key)) as client:
                client.wish("AdvanceClock", {"to": "2020-03-05T00:00:00Z"})
            ledger.stop()
        told = self.run_it("import", "--data", self.directory, "--format", "focus", DATA / EXPORT, expect=4).stderr
        self.assertRegex(told, r"could not be made: its first day, 2024-\d\d-\d\d, is more than 24 hours after the ledger's clock; advance the clock first")
        self.assertNotIn("the others did", told)

    def test_a_tenant_that_is_none_is_wrong_usage(self):
        self.create_key()
        for more in ((), ("--dry-run",)):
            self.assertIn("--tenant", self.refusal(2, "import", "--data", self.directory, "--format", "focus", DATA / EXPORT, "--tenant", "a b", *more))

    def test_what_cannot_be_read_as_a_proof_is_told_by_its_byte(self):
        self.assertRegex(self.refusal(7, "proof", "check", self.write("bad.json", '{"a": 1,}')), r"is no JSON: at byte \d+")
        self.assertIn("is empty", self.refusal(7, "proof", "check", self.write("empty.json", "")))

    def test_a_configuration_that_is_wrong_or_not_there(self):
        told = self.refusal(78, "config", "check", self.write("typo.toml", "\n[serevr]\n"))
        self.assertRegex(told, r"typo\.toml:2:\d+: there is no table \[serevr\]; did you mean \[server\]\?")
        for text in ("[server]\n[policies]\n[email]\n[email.terms.text]\n", ""):
            self.run_it("config", "check", self.write("empty.toml", text))
        self.assertIn("cannot be read: No such file", self.refusal(78, "config", "check", self.folder / "none.toml"))
        self.assertIn("cannot be read: it is a directory", self.refusal(78, "config", "check", self.folder))
        self.assertIn("must be mended", self.refusal(78, "doctor", "--config", self.write("typo.toml", "[serevr]\n")))


if __name__ == "__main__":
    PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
