"""What MOSP, profiles and enrollments have in common: usage of a scope, purchases, and how a document is issued."""

from datetime import timedelta

from credit import draw
from documents import Charge, Document, affordable, compute
from exact import NotUnderstood, amount_of
from tax import tax_rate
from usage import Shelf


class Scopes:
    """Base of the three agreements. `oracle` is who reads the log."""

    def __init__(self, oracle):
        self.oracle, self.book, self.shelves = oracle, oracle.book, {}

    def shelf(self, kind, scope, currency, subscriptions, wanted=lambda row: True, section=lambda row: None):
        """The usage that one kind of document of one scope bills; made once, it remembers what was billed."""
        if (kind, scope) not in self.shelves:
            self.shelves[kind, scope] = Shelf(self.book, subscriptions, wanted, currency,
                                              self.oracle.payments.inactive, section)
        return self.shelves[kind, scope]

    def usage(self, shelf, period, today):
        """Charges of a period, those that came too late for earlier ones first; the period is closed with it."""
        charges, closing = shelf.charges(*period, self.issue_date(today))
        charges = shelf.corrections() + charges
        shelf.close(closing)
        return charges

    def issue_date(self, run_date):
        """R-22: the day of the run while the clock is at most two days past it, else the clock's day."""
        return run_date if self.oracle.clock <= run_date + timedelta(days=2) else self.oracle.clock

    def purchases(self, end, currency, period, belongs, kinds, section_of=lambda data, on: None, eligible=()):
        """Purchases and refunds dated before `end` that stand on no document yet."""
        charges, known = [], {purchase.data["chargeId"]: purchase for purchase in self.book.purchases}
        billed = self.oracle.billed_purchases
        for kind, sign, there in (("Purchase", 1, self.book.purchases), ("Refund", -1, self.book.refunds)):
            for told in there:
                data = told.data
                origin = known[data["originalChargeId"]].data if kind == "Refund" else data
                if told.on >= end or data["chargeId"] in billed or not belongs(origin, told.on):
                    continue
                if origin["kind"] not in kinds:
                    raise NotUnderstood(f"a purchase of kind {origin['kind']}")
                charges.append(Charge(
                    kind, sign * amount_of(data["amount"], currency), told.on, told.position, period,
                    origin["subscriptionId"], section_of(origin, told.on), name=data["chargeId"],
                    eligible=origin["kind"] in eligible, after=lambda name=data["chargeId"]: billed.add(name)))
        return charges

    def free(self, document, shelf):
        """What stood on a void document is free to be billed again (9.4.2)."""
        if any(charge.correction for charge in document.charges) or document.billed != document.closing.counted:
            raise NotUnderstood("the void of a document with corrections")
        shelf.closed.remove(document.closing)
        self.oracle.billed_purchases -= {charge.name for charge in document.charges if charge.name}

    def issue(self, kind, account, scope, currency, period, run_date, charges, lots=(), plan=None, always=False,
              monthly=True, limited=False, in_place_of=None):
        """The document of these charges, if one is owed (2.8.8); what was looked at counts as billed either way.
        `limited`: a spending limit leaves uncharged what credit does not cover (R-63). `in_place_of`: the same supply, which
        is taxed as it was there."""
        charges, _ = affordable(charges)
        document = Document(kind, account["accountId"], scope, currency, period, run_date, self.issue_date(run_date),
                            charges, plan, half_even=account["type"] == "EA", monthly=monthly)
        rate = in_place_of.tax_rate if in_place_of else tax_rate(self.book, account["accountId"], document.issue_date)
        compute(document, rate, list(lots))
        for charge in charges:
            if charge.after:
                charge.after()
        draw(document)
        if always or (document.totals["subTotal"] > 0 and not limited):
            self.oracle.issued(document)
        return document
