"""The demonstration: its figures are recomputed here from what it says went in, and it ends as it should.

    PYTHONPATH=tests/end_to_end python3 demo_test.py PROGRAM DATA_FOLDER
"""

import csv
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PROGRAM = DATA = None
CENT = Decimal("0.01")


def cents(value):
    return value.quantize(CENT, ROUND_HALF_UP)


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-demo-test-"))
        self.environment = {**os.environ, "TMPDIR": self.folder}

    def test_tells_a_story_whose_amounts_are_right(self):
        began = time.monotonic()
        done = subprocess.run([PROGRAM, "demo", "--exit"], capture_output=True, text=True, timeout=300, env=self.environment,
                              stdin=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = done.stdout
        print(f"{seconds:.1f} seconds", file=sys.stderr)
        self.assertEqual(os.listdir(self.folder), [], "the ledger is removed")

        with open(DATA / "focus" / "focus_1.0_sample_1000_multicloud.csv", newline="", encoding="utf-8") as file:
            used = defaultdict(Decimal)
            for row in csv.DictReader(file):
                used[row["BillingAccountId"].rsplit("/", 1)[-1]] += Decimal(row["BilledCost"])
        exact = sum(used.values())
        self.assertIn(f"its own exact sum: {exact.normalize():f} USD", text)
        for account, cost in used.items():
            self.assertRegex(text, rf"profile {account} .* exact +{re.escape(f'{cost.normalize():f}')}  billed +{cents(cost)} USD")
        billed = sum(cents(cost) for cost in used.values())
        self.assertIn(f"billed {billed} USD for {exact.normalize():f} USD: rounded by {(billed - exact).normalize():f}", text)

        hours = [Decimal(number) for number in re.findall(r"^   2024-\d\d-\d\d +([\d.]+) hours", text, re.MULTILINE)]
        self.assertEqual(len(hours), 3)
        billable = sum(hours) - 100
        value = min(billable, Decimal(200)) * Decimal("0.12") + max(billable - 200, Decimal(0)) * Decimal("0.10")
        subtotal = cents(value)
        tax = cents(subtotal * 21 / 100)
        self.assertGreater(billable, 200, "both tiers are shown")
        self.assertNotEqual(value, subtotal, "something is rounded")
        self.assertIn(f"{sum(hours).normalize():f} used, 100 included, {billable.normalize():f} billed", text)
        self.assertIn(f"exact {value.normalize():f}, in whole cents {subtotal} EUR", text)
        self.assertIn(f"subtotal {subtotal} EUR, VAT 21 % {tax} EUR, total {subtotal + tax} EUR", text)
        self.assertIn(f"invoice PastDue, {subtotal + tax} EUR due; subscription PastDue", text)
        self.assertIn("invoice Paid, 0.00 EUR due; subscription Active", text)
        self.assertRegex(text, r"e-mail invoices: OptedIn to billing@contoso\.example")
        self.assertRegex(text, r"mail to billing@contoso\.example is Queued")
        self.assertRegex(text, r"e-mail invoices: OptedOut\n")
        self.assertRegex(text, r"every hash equal")
        for gone in ("listens on", "dbk_", "calls to try"):
            self.assertNotIn(gone, text, "it has ended")

    def test_serves_what_it_told_of(self):
        process = subprocess.Popen([PROGRAM, "demo", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL, text=True, env=self.environment)
        try:
            text = ""
            for line in process.stdout:
                text += line
                if line.startswith("Serving"):
                    break
            else:
                self.fail(text + process.stderr.read())
            calls = [line.strip() for line in text.splitlines() if line.startswith("  curl")]
            self.assertEqual(len(calls), 5, text)
            if shutil.which("curl"):
                settings = "\n".join(line.strip() for line in text.splitlines() if re.match(r"  (key|api)=", line))
                for call in calls:
                    done = subprocess.run(["bash", "-c", f"{settings}\n{call} -o {shlex.quote(self.folder)}/answer -w '%{{http_code}}'"
                                           if "#" not in call else f"{settings}\n{call.split('#')[0]} -w '%{{http_code}}'"],
                                          capture_output=True, text=True, timeout=60)
                    self.assertRegex(done.stdout, r"20[01]$", f"{call}: {done}")
                    if "asOf" in call:
                        self.assertIn('"status":"PastDue"', done.stdout)
                os.remove(Path(self.folder) / "answer")
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0)
            self.assertEqual(os.listdir(self.folder), [], "the ledger is removed")
        finally:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
