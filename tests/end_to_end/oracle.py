"""What a ledger's invoices must say, worked out a second time from its events alone.

Written from the specification and not from the program, with Python's decimal at a hundred digits. Knows metered usage
(flat, included quantity, graduated tiers, scoped prices, price changes inside a period), rows that bring their own cost,
purchases, and one tax rate a country. Does not know late usage, credits, discounts or exchange.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 100


def day(text):
    return date.fromisoformat(text)


def cents(exact):
    """Half away from zero, two places."""
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def anchored(start, months):
    """`start` moved by months, clamped from the original day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


@dataclass
class Price:
    effective_on: date
    position: int
    scope: tuple
    included: Decimal
    tiers: list  # [(from, unit price)]

    def worth(self, consumed):
        """F(consumed): what so much costs from the beginning of a period."""
        left, total = max(Decimal(0), consumed - self.included), Decimal(0)
        for number, (start, unit) in enumerate(self.tiers):
            end = self.tiers[number + 1][0] if number + 1 < len(self.tiers) else None
            part = left - start if end is None else min(left, end) - start
            if part > 0:
                total += part * unit
        return total


@dataclass
class Ledger:
    """The events that matter, by what they are about."""

    accounts: dict = field(default_factory=dict)
    profiles: dict = field(default_factory=dict)
    sections: dict = field(default_factory=dict)       # section -> profile
    subscriptions: dict = field(default_factory=dict)
    prices: dict = field(default_factory=lambda: defaultdict(list))
    tax: dict = field(default_factory=lambda: defaultdict(list))
    usage: list = field(default_factory=list)          # (day, position, data)
    purchases: list = field(default_factory=list)
    issued: dict = field(default_factory=dict)         # invoice -> position of InvoiceIssued

    @classmethod
    def read(cls, events):
        ledger = cls()
        for event in events:
            ledger.take(event["position"], event["type"].removeprefix("daybook."), event["data"])
        return ledger

    def take(self, position, kind, data):
        if kind == "BillingAccountOpened":
            self.accounts[data["accountId"]] = data
        elif kind == "BillingProfileCreated":
            self.profiles[data["profileId"]] = data
            self.sections[data["profileId"]] = data["profileId"]
        elif kind == "InvoiceSectionCreated":
            self.sections[data["sectionId"]] = data["profileId"]
        elif kind == "SubscriptionCreated":
            self.subscriptions[data["subscriptionId"]] = data
        elif kind == "PriceChanged":
            tiers = data.get("tiers") or [{"from": "0", "unitPrice": data["unitPrice"]}]
            self.prices[data["meterId"], data["currency"]].append(Price(
                day(data["effectiveOn"]), position, (data.get("scopeType"), data.get("scopeId")),
                Decimal(data.get("includedQuantity") or 0),
                [(Decimal(tier["from"]), Decimal(tier["unitPrice"])) for tier in tiers]))
        elif kind == "TaxRateChanged":
            self.tax[data["country"]].append((day(data["effectiveOn"]), position, Decimal(data["ratePercent"])))
        elif kind == "UsageRecorded":
            self.usage.append((day(data["usageDate"]), position, data))
        elif kind == "PurchaseCharged":
            self.purchases.append((day(data["purchasedOn"]), position, data))
        elif kind == "InvoiceIssued":
            self.issued[data["invoiceId"]] = position

    def profile_of(self, subscription):
        return self.sections.get(self.subscriptions[subscription].get("invoiceSectionId"))

    def price(self, meter, currency, on, scopes):
        """The price in force on a day: the most particular scope first, then the latest effectiveOn and position."""
        for scope in [*scopes, (None, None)]:
            known = [price for price in self.prices[meter, currency] if price.scope == scope and price.effective_on <= on]
            if known:
                return max(known, key=lambda price: (price.effective_on, price.position))
        return None

    def charges(self, subscriptions, start, end, currency, scopes_of, upto):
        """Exact charges of the usage of these subscriptions from start to before end, in order of consumption."""
        total, consumed = Decimal(0), defaultdict(Decimal)
        for on, position, data in sorted(self.usage, key=lambda row: row[:2]):
            if data["subscriptionId"] not in subscriptions or not start <= on < end or position > upto:
                continue
            quantity = Decimal(data["quantity"])
            if data.get("cost") is not None:
                total += Decimal(data["cost"])
            elif data.get("unitPrice") is not None:
                total += quantity * Decimal(data["unitPrice"])
            else:
                price = self.price(data["meterId"], currency, on, scopes_of(data["subscriptionId"]))
                if price:
                    before = consumed[data["meterId"]]
                    consumed[data["meterId"]] = before + quantity
                    total += price.worth(before + quantity) - price.worth(before)
        return total

    def invoice(self, invoice):
        """(exact billed, billed, tax, total) that an answered invoice must show."""
        start, end = day(invoice["period"]["start"]), day(invoice["period"]["endExclusive"])
        account, currency = invoice["accountId"], invoice["currency"]
        upto = self.issued[invoice["invoiceId"]]
        if invoice["type"] == "AzureServices":
            within = {invoice["subscriptionId"]}
            bought = []
            scopes_of = lambda name: [("Subscription", name), ("Account", account)]
        else:
            profile = invoice["profileId"]
            within = {name for name in self.subscriptions if self.profile_of(name) == profile}
            bought = [data for on, position, data in self.purchases if start <= on < end and position <= upto
                      and (data.get("profileId") == profile or data.get("subscriptionId") in within)]
            scopes_of = lambda name: [("Subscription", name), ("Profile", profile), ("Account", account)]
        exact = self.charges(within, start, end, currency, scopes_of, upto)
        exact += sum((Decimal(data["amount"]["amount"]) for data in bought), Decimal(0))
        billed = cents(exact)
        tax = cents(billed * self.rate(account, day(invoice["issueDate"])) / 100)
        return exact, billed, tax, billed + tax

    def rate(self, account, on):
        known = [entry for entry in self.tax[self.accounts[account]["country"]] if entry[0] <= on]
        return max(known)[2] if known else Decimal(0)

    def check(self, invoice):
        """Differences between an answered invoice, its lines included, and what it must say."""
        exact, billed, tax, total = self.invoice(invoice)
        shown = {name: Decimal(invoice["totals"][name]["amount"]) for name in ("billed", "subTotal", "tax", "total")}
        expected = {"billed": billed, "subTotal": billed, "tax": tax, "total": total}
        wrong = [f"{name} is {shown[name]}, not {value}" for name, value in expected.items() if shown[name] != value]
        lines = invoice["lines"]
        if sum(Decimal(line["value"]) for line in lines) != exact:
            wrong.append(f"the lines' values add up to {sum(Decimal(line['value']) for line in lines)}, not {exact}")
        if sum(Decimal(line["amount"]["amount"]) for line in lines) != billed:
            wrong.append(f"the lines' amounts do not add up to {billed}")
        where = f"{invoice['invoiceId']} ({invoice['type']} {invoice['scopeId']} from {invoice['period']['start']})"
        return [f"{where}: {words}" for words in wrong]
