"""A real cost export comes in whole, once, and its invoices add up to the file's own sum.

    python3 import_test.py PROGRAM DATA_FOLDER
"""

import csv
import json
import sys
import tempfile
import unittest
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from daybook import Daybook

PROGRAM = DATA = None
NAME = "focus_1.0_sample_1000_multicloud.csv"


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def write_rows(path, names, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, quoting=csv.QUOTE_MINIMAL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def plain(value):
    """A Decimal as the ledger writes it: no exponent, no superfluous zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Import(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="daybook-import-")
        self.addCleanup(self.folder.cleanup)
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.key_file = Path(self.folder.name) / "key"
        key = self.ledger.create_key("importer", "admin,ingest,read")
        self.key_file.touch(mode=0o600)
        self.key_file.write_text(key + "\n")
        self.ledger.start()
        self.client = self.ledger.client(key)
        self.addCleanup(self.client.close)
        self.advance("2024-10-01", run=False)
        self.names, self.rows = read_rows(DATA / "focus" / NAME)

    def advance(self, day, **more):
        answer = self.client.wish("AdvanceClock", {"to": f"{day}T00:00:00Z", **more})
        self.assertEqual(answer.status, 200, answer)

    def run_import(self, path, check=True):
        host, port = self.ledger.address
        done = self.ledger.run("import", "--url", f"http://{host}:{port}", "--key-file", self.key_file,
                               "--format", "focus", path, "--json", check=check)
        return json.loads(done.stdout), done

    def test_takes_the_whole_file_once_and_bills_its_sum(self):
        report, _ = self.run_import(DATA / "focus" / NAME)
        exact = sum(Decimal(row["BilledCost"]) for row in self.rows)
        self.assertEqual(plain(exact), "20.52022672899")
        self.assertEqual({name: report[name] for name in ("format", "rows", "accepted", "duplicates", "rejected")},
                         {"format": "focus", "rows": 1000, "accepted": 1000, "duplicates": 0, "rejected": 0})
        self.assertEqual(report["rejects"], [])
        self.assertEqual(report["created"], {"accounts": 3, "profiles": 3, "enrollments": 0, "subscriptions": 73})
        self.assertEqual(report["totals"], [{"currency": "USD", "rows": 1000, "cost": plain(exact)}])

        again, _ = self.run_import(DATA / "focus" / NAME)
        self.assertEqual((again["accepted"], again["duplicates"], again["rejected"]), (0, 1000, 0))
        self.assertEqual(again["created"], {"accounts": 0, "profiles": 0, "enrollments": 0, "subscriptions": 0})

        # What each account used, exactly; what it is billed, rounded once.
        used = defaultdict(Decimal)
        for row in self.rows:
            used[row["BillingAccountId"].rsplit("/", 1)[-1]] += Decimal(row["BilledCost"])
        self.assertEqual(sorted(used), ["1234567890123", "20209880", "8611537"])
        for account, cost in used.items():
            answer = self.client.get(f"/accounts/{account}/usage", granularity="monthly",
                                     **{"from": "2024-09-01", "to": "2024-10-01"})
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json["totals"], [{"currency": "USD", "cost": plain(cost)}], account)

        self.advance("2024-10-09")
        invoices = list(self.client.pages("/invoices"))
        billed = {invoice["profileId"]: invoice["totals"]["billed"] for invoice in invoices}
        cents = {account: cost.quantize(Decimal("0.01"), ROUND_HALF_UP) for account, cost in used.items()}
        self.assertEqual(billed, {account: {"amount": str(cost), "currency": "USD"} for account, cost in cents.items()})
        for invoice in invoices:
            lines = self.client.get(f"/invoices/{invoice['invoiceId']}").json["lines"]
            self.assertEqual(sum(Decimal(line["value"]) for line in lines), used[invoice["profileId"]])
            self.assertEqual(sum(Decimal(line["amount"]["amount"]) for line in lines), cents[invoice["profileId"]])
        # The rounding, shown: three documents, each less than half a cent off.
        self.assertEqual(sum(cents.values()) - exact, Decimal("20.53") - exact)

    def test_a_later_file_adds_only_its_new_rows(self):
        first = write_rows(Path(self.folder.name) / "first.csv", self.names, self.rows[:600])
        report, _ = self.run_import(first)
        self.assertEqual((report["accepted"], report["duplicates"]), (600, 0))
        shuffled = list(reversed(self.names))  # columns go by name, never by place
        later = write_rows(Path(self.folder.name) / "later.csv", shuffled, self.rows)
        report, _ = self.run_import(later)
        self.assertEqual((report["accepted"], report["duplicates"], report["rejected"]), (400, 600, 0))

    def test_equal_rows_count_each_time_they_stand_in_the_file(self):
        twice = write_rows(Path(self.folder.name) / "twice.csv", self.names, [self.rows[0], self.rows[1], self.rows[0]])
        report, _ = self.run_import(twice)
        self.assertEqual((report["accepted"], report["duplicates"]), (3, 0))
        report, _ = self.run_import(twice)
        self.assertEqual((report["accepted"], report["duplicates"]), (0, 3))

    def test_a_byte_order_mark_before_the_first_name_is_none_of_it(self):
        path = write_rows(Path(self.folder.name) / "plain.csv", self.names, self.rows[:5])
        marked = Path(self.folder.name) / "marked.csv"
        marked.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        report, _ = self.run_import(marked)
        self.assertEqual((report["accepted"], report["rejected"]), (5, 0))

    def test_names_a_broken_row_and_takes_the_others(self):
        rows = [dict(row) for row in self.rows[:30]]
        rows[16]["BilledCost"] = "12,5x"
        rows[20]["ChargePeriodStart"] = "2024-13-01 00:00:00"
        rows[24]["BilledCost"] = "NaN"
        path = write_rows(Path(self.folder.name) / "broken.csv", self.names, rows)
        report, done = self.run_import(path, check=False)
        self.assertEqual((report["rows"], report["accepted"], report["rejected"]), (30, 27, 3), report)
        self.assertEqual([reject["row"] for reject in report["rejects"]], [17, 21, 25])
        for words in (("18", "BilledCost", "12,5x"), ("22", "ChargePeriodStart", "2024-13-01"), ("26", "BilledCost", "NaN")):
            self.assertTrue(any(all(word in line for word in words) for line in done.stderr.splitlines()),
                            f"no line names line, column and value {words}:\n{done.stderr}")

    def test_refuses_what_is_no_such_file(self):
        for text in (b"", b"no,such,columns\n1,2,3\n", b'"unclosed\n', b"\xff\xfe\x00"):
            path = Path(self.folder.name) / "strange.csv"
            path.write_bytes(text)
            host, port = self.ledger.address
            done = self.ledger.run("import", "--url", f"http://{host}:{port}", "--key-file", self.key_file,
                                   "--format", "focus", path, check=False)
            self.assertIn(done.returncode, range(1, 8), f"{text!r}: {done}")
            self.assertTrue(done.stderr.strip(), text)
        done = self.ledger.run("import", "--url", "http://127.0.0.1:1", "--key-file", self.key_file, "--format", "focus",
                               DATA / "focus" / NAME, check=False)
        self.assertEqual(done.returncode, 6, done.stderr)


if __name__ == "__main__":
    PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
