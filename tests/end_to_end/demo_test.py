"""The demo's story is true: every amount it tells is worked out again from the events, and what it prints works.

    python3 demo_test.py PROGRAM DATA_FOLDER [SECONDS]
"""

import csv
import os
import re
import select
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

from daybook import Client
from oracle import Ledger, cents
from random_ledger_test import all_events

TOLD = ("SubscriptionCreated", "UsageRecorded", "InvoiceIssued", "InvoicePaymentFailed", "InvoiceBecamePastDue",
        "InvoicePaymentSucceeded", "InvoicePaid", "EmailInvoiceOptedIn", "EmailInvoiceOptedOut")


def ends_by_itself(program, seconds):
    """`--exit` ends with 0 and leaves nothing behind; the story it told."""
    began = time.monotonic()
    done = subprocess.run([program, "demo", "--exit"], capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    took = time.monotonic() - began
    assert done.returncode == 0, f"demo --exit: exit {done.returncode}\n{done.stdout}{done.stderr}"
    assert took < seconds, f"demo --exit took {took:.1f} s, and may take {seconds}"
    return done.stdout


def until_it_serves(process):
    """What it prints up to the last of its calls, read until it falls silent."""
    text, deadline = b"", time.monotonic() + 300
    while time.monotonic() < deadline:
        quiet = 2 if text.count(b"curl ") >= 5 else 60
        ready, _, _ = select.select([process.stdout], [], [], quiet)
        if not ready:
            break
        chunk = os.read(process.stdout.fileno(), 65536)
        if not chunk:
            raise AssertionError(f"demo ended by itself: exit {process.wait()}\n{text.decode()}")
        text += chunk
    return text.decode()


def calls(story):
    """The curl calls it prints, lines that end in a backslash joined."""
    return [line.strip() for line in re.sub(r"\\\n\s*", " ", story).splitlines() if line.strip().startswith("curl ")]


def check_calls(story):
    printed = calls(story)
    assert len(printed) >= 5, f"five calls to try are promised, {len(printed)} are printed:\n{story}"
    if not shutil.which("curl"):
        print("curl is not installed: its calls are not run")
        return
    # As a person would paste them: the assignments first. -f, so that a refusal fails the call.
    known = "\n".join(re.findall(r"^\s*((?:key|api)=\S+)$", story, re.MULTILINE))
    for call in printed:
        script = f'curl() {{ command curl -f --max-time 20 "$@"; }}\n{known}\n{call}'
        done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{call}\nexit {done.returncode}\n{done.stdout}{done.stderr}"


def check_amounts(story, client, data):
    events = list(all_events(client))
    kinds = {event["type"].removeprefix("daybook.") for event in events}
    missing = [kind for kind in TOLD if kind not in kinds]
    assert not missing, f"the demo's ledger has no {missing}"

    ledger = Ledger.read(events)
    invoices = [client.get(f"/invoices/{item['invoiceId']}").json for item in client.pages("/invoices")]
    wrong = [words for invoice in invoices for words in ledger.check(invoice)]
    assert not wrong, "\n".join(wrong)
    for invoice in invoices:
        total = str(cents(ledger.invoice(invoice)[3]))
        assert total in story, f"the story does not tell the {total} of {invoice['invoiceId']}:\n{story}"

    # The real export: in whole, and its own sum to the last digit.
    with open(data / "focus" / "focus_1.0_sample_1000_multicloud.csv", newline="", encoding="utf-8") as file:
        exact = sum(Decimal(row["BilledCost"]) for row in csv.DictReader(file))
    imported = [event for event in events if event["source"].startswith("import/") and event["type"].endswith("UsageRecorded")]
    assert len(imported) == 1000, f"{len(imported)} rows of the export are in"
    assert sum(Decimal(event["data"]["cost"]) for event in imported) == exact
    assert format(exact.normalize(), "f") in story, f"the story does not tell the export's sum {exact}"
    return len(invoices)


def main(program, data, seconds="10"):
    ends_by_itself(program, float(seconds))
    process = subprocess.Popen([program, "demo", "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        story = until_it_serves(process)
        host, port = re.search(r"http://([\d.]+):(\d+)", story).groups()
        key = re.search(r"dbk_\w+", story).group()
        client = Client((host, int(port)), key)
        invoices = check_amounts(story, client, Path(data))
        check_calls(story)
        client.close()
        process.terminate()
        assert process.wait(timeout=60) == 0, f"SIGTERM ended the demo with {process.returncode}"
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
    print(f"the demo's {invoices} invoices are right, its story tells them, and its calls work")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
