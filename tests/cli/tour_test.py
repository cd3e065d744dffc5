"""The tour: every amount is worked out again from the prices, credits and quantities that it prints, by the rules alone.

    PYTHONPATH=tests/end_to_end python3 tour_test.py PROGRAM DATA_FOLDER
"""

import re
import subprocess
import sys
import unittest
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

PROGRAM = None
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
END = date(2025, 1, 20)


def cents(value, how=ROUND_HALF_UP):
    return value.quantize(CENT, how)


def on(month, day):
    """A day of 2024, months beyond December in 2025."""
    return date(2024 + (month - 1) // 12, (month - 1) % 12 + 1, day)


class Chapter:
    """What one customer's chapter says."""

    def __init__(self, text):
        self.text = text
        self.flat = re.sub(r"\s+", " ", text)
        self.used = {}
        for name, rest in re.findall(r"^   (\S+) +(?:hours|GB) +(Jan .*\n +Jul .*)$", text, re.M):
            words = rest.split()
            self.used[name] = dict(zip([MONTHS.index(word) + 1 for word in words[0::2]], map(Decimal, words[1::2])))
        self.rows = [Row(*found) for found in re.findall(
            r"^   (\d{4}-\d\d-\d\d)  (\w{10})  (\d{4}-\d\d-\d\d)  (\S+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)  (\w+)$", text, re.M)]
        self.paid = [(date.fromisoformat(day), Decimal(amount), invoice) for day, amount, invoice in re.findall(
            r"^   (\d{4}-\d\d-\d\d)  paid +([\d.]+) [A-Z]{3} for (\w+)$", text, re.M)]
        self.notes = [(date.fromisoformat(day), Decimal(amount), invoice, Decimal(tax)) for day, amount, invoice, tax in re.findall(
            r"^   (\d{4}-\d\d-\d\d)  credit note +([\d.]+) [A-Z]{3} for (\w+), ([\d.]+) of it VAT$", text, re.M)]
        self.past_due = dict((invoice, (date.fromisoformat(day), why)) for day, why, invoice in re.findall(
            r"^   (\d{4}-\d\d-\d\d)  past due +\((\w+)\) (\w+)$", text, re.M))
        self.open = Decimal(re.search(r"open on 2025-01-20: ([\d.]+) [A-Z]{3}", text).group(1))

    def number(self, pattern):
        return [Decimal(part) for part in re.search(pattern, self.flat).groups()]

    def reasons(self, name):
        """{month: code}"""
        found = re.findall(rf"no invoice {re.escape(name)},((?: [A-Z][a-z][a-z])+): ([A-Z_]+) - ", self.flat)
        return {MONTHS.index(month) + 1: code for months, code in found for month in months.split()}


class Row:
    def __init__(self, period, invoice, issued, third, charges, credit, tax, total, status):
        self.period, self.issued = date.fromisoformat(period), date.fromisoformat(issued)
        self.invoice, self.third, self.status = invoice, third, status
        self.amounts = tuple(map(Decimal, (charges, credit, tax, total)))


def document(charges, credit, rate, how=ROUND_HALF_UP):
    """(charges, credit, VAT, total): VAT once, on what credit leaves."""
    tax = cents((charges - credit) * rate / 100, how)
    return charges, credit, tax, charges - credit + tax


class Tour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([PROGRAM, "demo", "--tour", "--exit"], capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stdout + done.stderr
        cls.text = done.stdout
        parts = re.split(r"^\d\. ", cls.text, flags=re.M)
        cls.contoso, cls.fabrikam, cls.northwind, cls.woodgrove = map(Chapter, parts[1:5])
        cls.books = parts[5]

    def test_it_is_narrow_and_tidy(self):
        for line in self.text.splitlines():
            self.assertLessEqual(len(line), 100, line)
            self.assertEqual(line, line.rstrip(), repr(line))

    def check_money(self, chapter):
        """Payments and notes cover what is Paid; what is open is what is missing."""
        covered = defaultdict(Decimal)
        for _, amount, invoice in chapter.paid:
            covered[invoice] += amount
        for _, amount, invoice, _ in chapter.notes:
            covered[invoice] += amount
        missing = ZERO
        for row in chapter.rows:
            left = row.amounts[3] - covered.pop(row.invoice, ZERO)
            self.assertEqual(row.status, "Paid" if left == 0 else "Due", row.invoice)
            missing += left
        self.assertEqual((dict(covered), chapter.open), ({}, missing))

    def hours(self, chapter, word):
        """The price of hours, from what the chapter says of it."""
        included, first, width, second = chapter.number(
            rf"hours: (\d+) included a {word}, then ([\d.]+) each, after (\d+) of those ([\d.]+);")
        return lambda used: min(max(used - included, 0), width) * first + max(used - included - width, 0) * second

    def contoso_periods(self):
        """{(subscription, month): (charges, credit)} of the periods that are over and have had their run."""
        value = self.hours(self.contoso, "period")
        price, = self.contoso.number(r"GB: ([\d.]+);")
        credit, = self.contoso.number(r"monthly credit of ([\d.]+),")
        periods = {}
        for month in range(1, 12):
            periods["web-shop", month] = cents(value(self.contoso.used["web-shop"][month])), ZERO
            used = cents(self.contoso.used["dev-box"][month] * price)
            periods["dev-box", month] = used, min(used, credit)
            key = cents(self.contoso.used["open-key"][month] * price)
            periods["open-key", month] = key, key
        return periods

    def test_the_website_customer(self):
        rate, = self.contoso.number(r"VAT (\d+) %")
        expected = {(name, on(month, 5)): (on(month + 2, 2), document(charges, credit, rate))
                    for (name, month), (charges, credit) in self.contoso_periods().items() if charges > credit}
        self.assertEqual({(row.third, row.period): (row.issued, row.amounts) for row in self.contoso.rows}, expected)
        self.check_money(self.contoso)
        later = {12: "NOT_GENERATED_YET"}
        self.assertEqual(self.contoso.reasons("web-shop"), {7: "NO_USAGE", **later})
        periods = self.contoso_periods()
        within = {month: "WITHIN_CREDIT" for month in range(1, 12) if 0 < periods["dev-box", month][0] <= 40}
        self.assertEqual(self.contoso.reasons("dev-box"), {**within, 8: "NO_USAGE", **later})
        self.assertEqual(self.contoso.reasons("open-key"), {**{month: "PREPAID_OFFER" for month in range(1, 12)}, **later})
        declined = [row for row in self.contoso.rows if row.third == "web-shop" and row.issued == date(2024, 7, 2)]
        self.assertIn(f"2024-07-03  declined    (BankDeclined) for {declined[0].invoice}", self.contoso.text)
        self.assertEqual(self.contoso.past_due, {declined[0].invoice: (date(2024, 7, 3), "Declined")})
        for row in self.contoso.rows:
            mailed = f"{row.issued}  mailed      {row.invoice} to billing@contoso.example" in self.contoso.text
            self.assertEqual(mailed, row.third == "web-shop")

    def fabrikam_months(self):
        value = self.hours(self.fabrikam, "month")
        left, = self.fabrikam.number(r"welcome credit of ([\d.]+) through June")
        bought, = self.fabrikam.number(r"on 14 February a licence server for ([\d.]+), which credit does not cover")
        months = {}
        for month, used in self.fabrikam.used["factory"].items():
            charges = cents(value(used))
            credit = min(left, charges) if month <= 6 else ZERO
            left -= credit
            months[month] = charges + (bought if month == 2 else 0), credit
        return months

    def test_the_customer_of_a_representative(self):
        rate, = self.fabrikam.number(r"VAT (\d+) %")
        expected = {on(month, 1): (on(month + 1, 5), str(on(month + 1, 5) + timedelta(30)), document(*both, rate))
                    for month, both in self.fabrikam_months().items()}
        self.assertEqual({row.period: (row.issued, row.third, row.amounts) for row in self.fabrikam.rows}, expected)
        self.check_money(self.fabrikam)
        self.assertNotIn("no invoice", self.fabrikam.text)
        august = next(row for row in self.fabrikam.rows if row.period == on(8, 1))
        charges, credit, tax, total = august.amounts
        self.assertEqual(self.fabrikam.notes, [(date(2024, 9, 20), Decimal("25.00"), august.invoice, cents(25 * tax / total))])
        may = next(row for row in self.fabrikam.rows if row.period == on(5, 1))
        self.assertEqual(self.fabrikam.past_due, {may.invoice: (date.fromisoformat(may.third) + timedelta(1), "DueDatePassed")})

    def test_the_partner(self):
        price, rate = self.northwind.number(r"GB: ([\d.]+); VAT (\d+) %")
        expected = {on(month, 1): (on(month + 1, 8), str(on(month + 1, 8) + timedelta(60)), document(cents(used * price), ZERO, rate))
                    for month, used in self.northwind.used["adatum-plan"].items()}
        self.assertEqual({row.period: (row.issued, row.third, row.amounts) for row in self.northwind.rows}, expected)
        self.check_money(self.northwind)
        for row in self.northwind.rows:
            half = cents(row.amounts[3] / 2, ROUND_FLOOR)
            first = row.issued.replace(day=20)
            parts = [(first, half), ((first + timedelta(31)).replace(day=20), row.amounts[3] - half)]
            self.assertEqual([(day, amount) for day, amount, invoice in self.northwind.paid if invoice == row.invoice],
                             [part for part in parts if part[0] <= END])
        self.assertIn("ada asks where the invoice is: CSP_CUSTOMER - Usage and invoices come from your partner.", self.northwind.flat)

    def woodgrove_months(self):
        price, = self.woodgrove.number(r"hours: ([\d.]+);")
        left, = self.woodgrove.number(r"prepayment of ([\d.]+)")
        bought, = self.woodgrove.number(r"a firewall for ([\d.]+), which the prepayment does not cover")
        months = {}
        for month, used in self.woodgrove.used["woodgrove-prod"].items():
            charges = cents(used * price, ROUND_HALF_EVEN)
            drawn = min(left, charges)
            left -= drawn
            months[month] = charges + (bought if month == 4 else 0), drawn
        return months

    def test_the_enrollment(self):
        rate, = self.woodgrove.number(r"VAT (\d+) %")
        expected = {on(month, 1): (on(month + 1, 14), str(on(month + 1, 14) + timedelta(30)), document(*both, rate, ROUND_HALF_EVEN))
                    for month, both in self.woodgrove_months().items() if both[0] > both[1]}
        self.assertEqual({row.period: (row.issued, row.third, row.amounts) for row in self.woodgrove.rows}, expected)
        self.check_money(self.woodgrove)
        within = {month: "NOTHING_OWED" for month, both in self.woodgrove_months().items() if both[0] == both[1]}
        self.assertEqual(self.woodgrove.reasons("wg-1"), within)
        self.assertIn("wendy asks where the invoice is: EA_NOT_IN_PORTAL", self.woodgrove.flat)
        for row in self.woodgrove.rows:
            self.assertIn(f"{row.issued}  mailed      {row.invoice} to ap@woodgrove.example", self.woodgrove.text)

    def test_the_books(self):
        said = defaultdict(dict)
        for line in self.books.splitlines():
            if found := re.fullmatch(r"   ([A-Z]{3}) +debit +credit", line):
                currency = found.group(1)
            elif found := re.fullmatch(r"     (\S+:\S+)( +)([\d.]+)", line):
                amount = Decimal(found.group(3))
                said[currency][found.group(1)] = amount if len(line) < 60 else -amount
            elif found := re.fullmatch(r"     both sides +([\d.]+) +([\d.]+)", line):
                debits = sum(amount for amount in said[currency].values() if amount > 0)
                self.assertEqual((Decimal(found.group(1)), Decimal(found.group(2))), (debits, debits))
                self.assertEqual(sum(said[currency].values()), 0)

        taxes = lambda chapter: sum(row.amounts[2] for row in chapter.rows) - sum(tax for *_, tax in chapter.notes)  # noqa: E731
        paid = lambda chapter: sum(amount for _, amount, _ in chapter.paid)  # noqa: E731
        periods, months = self.contoso_periods(), self.fabrikam_months()
        key, = self.contoso.number(r"prepaid key of ([\d.]+)")
        drawn = sum(charges for (name, _), (charges, _) in periods.items() if name == "open-key")
        december = cents(self.contoso.used["open-key"][12] * Decimal("0.02"))  # of a period that has had no run yet
        given = sum(credit for (name, _), (_, credit) in periods.items() if name == "dev-box") + sum(credit for _, credit in months.values())
        server = Decimal("120.00")
        earned = sum(charges for charges, _ in periods.values()) + sum(charges for charges, _ in months.values()) - server
        earned += sum(row.amounts[0] for row in self.northwind.rows) - sum(amount - tax for _, amount, _, tax in self.fabrikam.notes)
        # The credit of December as far as it is used, and January's.
        promised = min(Decimal(40), self.contoso.used["dev-box"][12] * Decimal("0.02")) + 40
        expected = {
            "assets:bank": paid(self.contoso) + paid(self.fabrikam) + paid(self.northwind),
            "assets:receivable:northwind": self.northwind.open,
            "equity:credits": given, "equity:credits:granted": promised, "equity:credits:open": -promised,
            "equity:prepayment": key, "income:expired": -(key - drawn - december), "income:marketplace": -server,
            "income:usage": -earned, "liabilities:prepayment": -december,
            "liabilities:tax:DE:19": -taxes(self.northwind), "liabilities:tax:NL:21": -taxes(self.contoso) - taxes(self.fabrikam)}
        self.assertEqual(said["EUR"], expected)
        overage = self.woodgrove_months()
        self.assertEqual(said["GBP"], {
            "assets:bank": paid(self.woodgrove), "equity:prepayment": Decimal("1000.00"), "income:marketplace": Decimal("-50.00"),
            "income:usage": 50 - sum(charges for charges, _ in overage.values()), "liabilities:tax:GB:20": -taxes(self.woodgrove)})


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    del sys.argv[1:3]
    unittest.main(verbosity=2)
