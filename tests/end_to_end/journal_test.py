"""`daybook export journal`: what hledger and bean-check accept, and balances that are the ledger's own, to the cent.

    python3 journal_test.py PROGRAM [--seeds FROM:TO]

A story with every kind of entry, three numbers of decimals and names full of syntax; then random ledgers, corrected in every way
there is. The balances are read by hledger, the expected ones come from the ledger's answers and its log alone.
"""

import argparse
import csv
import io
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from daybook import Daybook
from people import account, begin, cost, on, paid, subscription, vat
from steps import World, clock, fact, money, wish

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))

from drive import Player  # noqa: E402  (found where the random ledgers are made)
from generator import Generator  # noqa: E402

HOSTILE = 'Rogue; Co | "two"\\ \n2024-01-01 * (x) é'


class Exported:
    """One export in both forms, accepted by both programs."""

    def __init__(self, ledger, key_file, *words):
        self.texts = {form: ledger.run("export", "journal", "--url", "http://%s:%s" % ledger.address, "--key-file",
                                       key_file, "--format", form, *words).stdout for form in ("hledger", "beancount")}
        for form, text in self.texts.items():
            checked = check(form, text)
            assert checked.returncode == 0, f"{form} refuses the journal {words}:\n{checked.stderr}{checked.stdout}\n{text}"
        self.balances = hledger_balances(self.texts["hledger"])
        of_beancount = beancount_balances(self.texts["beancount"])
        mine = defaultdict(Decimal)
        for (name, currency), amount in self.balances.items():
            mine[plain(name), currency] += amount
        assert {key: amount for key, amount in mine.items() if amount} == of_beancount, "the two forms differ"

    def of(self, prefix):
        """{currency: sum} of the accounts that begin so."""
        sums = defaultdict(Decimal)
        for (name, currency), amount in self.balances.items():
            if name == prefix or name.startswith(prefix + ":"):
                sums[currency] += amount
        return {currency: amount for currency, amount in sums.items() if amount}


def check(form, text):
    """What the program for that form says."""
    words = {"hledger": ["hledger", "-f", "FILE", "check", "--strict", "ordereddates", "payees"],
             "beancount": ["bean-check", "FILE"]}[form]
    with tempfile.NamedTemporaryFile("w", suffix={"hledger": ".journal", "beancount": ".beancount"}[form]) as file:
        file.write(text)
        file.flush()
        return subprocess.run([file.name if word == "FILE" else word for word in words], capture_output=True, text=True,
                              timeout=300)


def hledger_balances(text):
    """{(account, currency): amount} that is not zero, as hledger adds them up."""
    with tempfile.NamedTemporaryFile("w", suffix=".journal") as file:
        file.write(text)
        file.flush()
        done = subprocess.run(["hledger", "-f", file.name, "balance", "--flat", "--layout=bare", "--no-total", "-O", "csv"],
                              capture_output=True, text=True, timeout=300, check=True)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    return {(row["account"], row["commodity"]): Decimal(row["balance"]) for row in rows if Decimal(row["balance"])}


def plain(name):
    """A name without what tells the two forms apart: first words of the chart alone."""
    return ":".join(name.lower().split(":")[:2])


def beancount_balances(text):
    """{(first two words of the account, currency): amount} of its last `balance` lines."""
    sums = defaultdict(Decimal)
    for name, amount, currency in re.findall(r"^\d{4}-\d\d-\d\d balance (\S+) +(-?[\d.]+) ~ 0 ([A-Z]{3})$", text, re.M):
        sums[plain(name), currency] += Decimal(amount)
    return {key: amount for key, amount in sums.items() if amount}


def escaped(name):
    return name.replace(":", "%3A")


def expect(client, exported):
    """Receivables, tax, money and credit, each as the ledger's own answers and log have it."""
    owed, tax = defaultdict(Decimal), defaultdict(Decimal)
    for item in client.pages("/invoices", limit=1000, documentType="all"):
        sign = -1 if item["documentType"] == "CreditNote" else 1
        tax[item["currency"]] -= sign * Decimal(item["totals"]["tax"]["amount"])
        owed[f"assets:receivable:{escaped(item['accountId'])}", item["currency"]] += Decimal(item["amountDue"]["amount"])
    same(exported, "assets:receivable", owed)
    for currency, amount in tax.items():
        found = exported.of("liabilities:tax").get(currency, Decimal(0))
        assert found == amount, f"tax payable in {currency}: {found}, the documents say {amount}"

    banked = defaultdict(Decimal)
    for event in client.pages("/events", limit=1000):
        sign = {"daybook.InvoicePaymentSucceeded": 1, "daybook.InvoicePaymentReversed": -1}.get(event["type"], 0)
        if sign:
            banked["assets:bank", event["data"]["amount"]["currency"]] += sign * Decimal(event["data"]["amount"]["amount"])
    same(exported, "assets:bank", banked)

    left = defaultdict(Decimal)
    kept = {event["data"]["lotId"] for event in client.pages("/events", limit=1000, type="CreditGranted")
            if event["data"].get("forReservations")}
    for each in client.pages("/accounts", limit=1000):
        for lot in client.get(f"/accounts/{each['accountId']}/credits").json["items"]:
            bought = lot["source"] == "Prepayment" or lot["lotId"] in kept
            name = "liabilities:prepayment" if bought else "equity:credits:open"
            left[name, lot["current"]["currency"]] -= Decimal(lot["current"]["amount"])
    same(exported, "liabilities:prepayment", left)
    same(exported, "equity:credits:open", left)
    for currency, amount in exported.of("equity:credits:open").items():
        assert exported.of("equity:credits:granted")[currency] == -amount
    for currency in {currency for _, currency in exported.balances}:
        total = sum(amount for (_, of), amount in exported.balances.items() if of == currency)
        assert total == 0, f"{currency}: all accounts together hold {total}"


def same(exported, path, expected):
    mine = {key: amount for key, amount in exported.balances.items() if key[0] == path or key[0].startswith(path + ":")}
    theirs = {key: amount for key, amount in expected.items() if amount and (key[0] == path or key[0].startswith(path + ":"))}
    assert mine == theirs, f"{path}: the journal has {mine}, the ledger {theirs}"


def parts_fit(ledger, key_file, client, whole):
    """Each month by itself is accepted, begins where the one before ended, and the last one ends where the whole does."""
    days = re.findall(r"^(\d{4}-\d\d-\d\d) \*", whole.texts["hledger"], re.M)
    if not days:
        return
    month, last, before = date.fromisoformat(days[0]).replace(day=1), date.fromisoformat(days[-1]), {}
    while month <= last:
        after = (month + timedelta(days=31)).replace(day=1)
        part = Exported(ledger, key_file, "--from", month.isoformat(), "--to", after.isoformat())
        up_to = Exported(ledger, key_file, "--to", after.isoformat())
        lasting = lambda balances: {key: amount for key, amount in balances.items()
                                    if not key[0].startswith("income:") and key[0] != "equity:opening"}
        assert lasting(part.balances) == lasting(up_to.balances), f"{month}: the part ends elsewhere than the whole"
        entries = re.findall(r"^(\d{4}-\d\d-\d\d) \*", part.texts["hledger"], re.M)
        assert all(month.isoformat() <= day < after.isoformat() for day in entries), f"{month}: {entries}"
        month, before = after, part.balances
    assert lasting(before) == lasting(whole.balances)


def enrollment(day, prepayment):
    return [account(day, "EA", "acc-e"),
            fact("EnrollmentRegistered", day, enrollmentId="enr-1", accountId="acc-e", startDate=day, channel="Direct",
                 billingCycle="Monthly", prepayment=money(prepayment)),
            fact("EnrollmentAccountAdded", day, enrollmentAccountId="ea-1", enrollmentId="enr-1", name="Lab",
                 ownerIdentityId="otto"),
            subscription("sub-ea", day, "acc-e", "MS-AZR-0017P", enrollmentAccountId="ea-1")]


def story(world):
    """Every kind of entry, in euro, yen and Kuwaiti dinar; names that would be syntax."""
    steps = [
        *begin("2024-01-02", vat("2024-01-02")),
        fact("TaxRateChanged", "2024-01-02", country="CH", name="MWST", ratePercent="8.1", effectiveOn="2024-01-01"),
        account("2024-01-02", account_id="acc:1.a_-"),
        fact("SoldToChanged", "2024-01-02", accountId="acc:1.a_-", newValue={"companyName": HOSTILE, "country": "NL"}),
        account("2024-01-02", account_id="Acc:1.a_-", currency="JPY"),
        account("2024-01-02", account_id="acc--1.a_-", currency="KWD"),
        subscription("sub-eur", "2024-01-02", "acc:1.a_-"),
        subscription("sub-jpy", "2024-01-02", "Acc:1.a_-"),
        subscription("sub-kwd", "2024-01-02", "acc--1.a_-"),
        fact("SoldToChanged", "2024-01-02", accountId="acc--1.a_-", newValue={"companyName": "Alpen AG", "country": "CH"}),
        *enrollment("2024-01-02", "500.00"),
        *on("2024-01-20"),
        cost("sub-eur", "2024-01-05", "100.00"), cost("sub-jpy", "2024-01-05", "1234", "JPY"),
        cost("sub-kwd", "2024-01-05", "12.3456", "KWD"),
        cost("sub-ea", "2024-01-10", "700.00"),
        fact("ReservationPurchased", "2024-01-20", reservationId="r-1", subscriptionId="sub-ea", termMonths=12,
             amount=money("365.00"), paymentMode="invoice", billingFrequency="Upfront"),
        fact("CreditGranted", "2024-01-02", lotId="lot-1", scopeType="Subscription", scopeId="sub-eur",
             source="Promotional", amount=money("30.00"), startOn="2024-01-02", expiresOn="2024-02-20"),
        fact("CreditGranted", "2024-01-02", lotId="lot-2", scopeType="Subscription", scopeId="sub-jpy",
             source="MonthlyCredit", amount=money("100", "JPY"), startOn="2024-01-02"),
        *on("2024-02-20"),
        wish("RefundReservation", reservationId="r-1"),
    ]
    for step in steps:
        step(world)
    invoices = {item["accountId"]: item for item in world.operator.pages("/invoices")}
    eur, jpy, kwd = (invoices[name] for name in ("acc:1.a_-", "Acc:1.a_-", "acc--1.a_-"))
    assert (eur["totals"]["total"]["amount"], jpy["totals"]["total"]["amount"], kwd["totals"]["total"]["amount"]) == \
        ("84.70", "1372", "13.346"), f"{eur['totals']}, {jpy['totals']}, {kwd['totals']}"
    steps = [
        clock("2024-02-24"),
        fact("InvoicePaymentFailed", "2024-02-20", invoiceId=eur["invoiceId"], paymentId="p:0", reason="BankDeclined"),
        paid(eur["invoiceId"], "2024-02-21", "40.00", "p:1"), paid(eur["invoiceId"], "2024-02-22", "44.70", "p:2"),
        fact("InvoicePaymentReversed", "2024-02-23", invoiceId=eur["invoiceId"], paymentId="p:1", amount=money("40.00"),
             reason="Chargeback"),
        fact("InvoicePaymentReversed", "2024-02-24", invoiceId=eur["invoiceId"], paymentId="p:2", amount=money("4.70"),
             reason="Refund"),
        paid(jpy["invoiceId"], "2024-02-21", "1372", "p:3", "JPY"),
        fact("InvoicePaymentReversed", "2024-02-24", invoiceId=jpy["invoiceId"], paymentId="p:3", amount=money("100", "JPY"),
             reason="Refund"),
        wish("IssueCreditNote", invoiceId=jpy["invoiceId"], amount=money("372", "JPY"), reason="outage"),
        wish("IssueCreditNote", invoiceId=kwd["invoiceId"], amount=money("0.001", "KWD"), reason="a thousandth"),
        wish("VoidInvoice", invoiceId=eur["invoiceId"], reason="mistake", rebill=True),
        clock("2024-06-20"),
    ]
    for step in steps:
        step(world)


def trouble(client, chance, today):
    """Corrections of whatever there is: notes, voids with and without a successor, refunds and chargebacks."""
    for number, invoice in enumerate(list(client.pages("/invoices", limit=1000))):
        if chance.random() < 0.5 or invoice["status"] == "Void":
            continue
        name, currency = invoice["invoiceId"], invoice["currency"]
        kind = chance.choice(("note", "void", "rebill", "refund", "chargeback"))
        if kind == "note":
            client.wish("IssueCreditNote", {"invoiceId": name, "amount": money(invoice["totals"]["total"]["amount"], currency),
                                            "reason": "all of it"})
        elif kind in ("void", "rebill"):
            client.wish("VoidInvoice", {"invoiceId": name, "reason": "mistake", "rebill": kind == "rebill"})
        else:
            for payment in client.get(f"/invoices/{name}").json["payments"]:
                left = Decimal(payment["amount"]["amount"]) - Decimal(payment["reversed"]["amount"])
                if left > 0:
                    client.post_event({"specversion": "1.0", "type": "daybook.InvoicePaymentReversed", "source": "//bank",
                                       "id": f"back-{number}-{payment['paymentId']}", "time": f"{today}T10:00:00Z",
                                       "data": {"invoiceId": name, "paymentId": payment["paymentId"],
                                                "amount": money(str(left), currency),
                                                "reason": {"refund": "Refund", "chargeback": "Chargeback"}[kind]}})


def told(program, play):
    """Plays a ledger, and holds its journal against it."""
    with Daybook(program) as ledger, tempfile.TemporaryDirectory() as folder:
        key = ledger.create_key("operator", "admin,ingest,read")
        portal = ledger.create_key("portal", "act-as,read")
        ledger.start()
        client = ledger.client(key)
        play(client, ledger.client(portal))
        key_file = Path(folder) / "key"
        key_file.write_text(key)
        exported = Exported(ledger, key_file)
        expect(client, exported)
        parts_fit(ledger, key_file, client, exported)
        ledger.stop()
        for form, text in exported.texts.items():
            beside = ledger.run("export", "journal", "--data", ledger.directory, "--format", form).stdout
            assert beside == text, f"{form}: --data and --url print different journals"
        return exported, ledger


def refuses_a_wrong_cent(exported):
    """Both programs would notice: an entry that is a cent off, and a balance that is."""
    for form, text in exported.texts.items():
        amount = re.search(r"^ +[Aa]ssets:[Bb]ank +([\d.]+) EUR", text, re.M)
        wrong = str(Decimal(amount.group(1)) + Decimal("0.01"))
        broken = text[:amount.start(1)] + wrong + text[amount.end(1):]
        assert check(form, broken).returncode != 0, f"{form} takes an entry that is a cent off"
    balance = re.search(r"balance Assets:Bank +(-?[\d.]+) ~ 0 EUR", exported.texts["beancount"])
    wrong = str(Decimal(balance.group(1)) + Decimal("0.01"))
    text = exported.texts["beancount"]
    assert check("beancount", text[:balance.start(1)] + wrong + text[balance.end(1):]).returncode != 0


def refusals(ledger):
    for words, sentence in ((["--format", "csv"], "give hledger or beancount"),
                            (["--format", "hledger", "--from", "May"], "is no date"),
                            (["--format", "hledger", "--from", "2024-05-01", "--to", "2024-05-01"], "the first day no more")):
        done = ledger.run("export", "journal", "--data", ledger.directory, *words, check=False)
        assert done.returncode == 2 and sentence in done.stderr and not done.stdout, f"{words}: {done}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1:7")
    options = parser.parse_args()
    for needed in ("hledger", "bean-check"):
        if not shutil.which(needed):
            print(f"{needed} is not installed: ./check installs it")
            sys.exit(77)

    def tell(client):
        story(World(client, client))

    exported, ledger = told(options.program, lambda client, _: tell(client))
    refuses_a_wrong_cent(exported)
    assert "payee Rogue, Co / \"two\"\\ 2024-01-01 * (x) é\n" in exported.texts["hledger"]
    wanted = {"assets:bank", "assets:receivable", "equity:credits", "equity:prepayment", "income:refund", "income:reservation",
              "income:usage", "liabilities:prepayment", "liabilities:tax"}
    accounts = set(re.findall(r"^account (\w+:\w+)", exported.texts["hledger"], re.M))
    assert wanted <= accounts, f"the story posts nothing to {wanted - accounts}"
    with Daybook(options.program) as empty:
        empty.create_key("operator", "admin")
        refusals(empty)
        for form in ("hledger", "beancount"):
            text = empty.run("export", "journal", "--data", empty.directory, "--format", form).stdout
            assert check(form, text).returncode == 0, f"{form} refuses an empty journal:\n{text}"

    first, last = map(int, options.seeds.split(":"))
    for seed in range(first, last):
        generator = Generator(seed, ("MOSP", "MCA", "MPA", "EA"), 365)
        script = generator.make()

        def play(client, persons):
            Player(client, persons=persons).play(script)
            trouble(client, random.Random(seed), generator.today.isoformat())
            later = generator.today + timedelta(days=70)
            answer = client.wish("AdvanceClock", {"to": f"{later}T00:00:00Z"})
            assert answer.status == 200, f"{answer!r}"

        try:
            told(options.program, play)
        except AssertionError as why:
            raise AssertionError(f"seed {seed} ({' '.join(sorted(generator.features))}): {why}") from None
    print(f"{last - first} random ledgers, every balance the ledger's own")


if __name__ == "__main__":
    main()
