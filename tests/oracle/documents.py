"""A document from its charges: lines, totals, credit, tax, sections. The order of 2.8 is kept."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import readings
from credit import apply_credit
from exact import NotUnderstood, ZERO, amounts_of, number, parts, rounded
from tax import tax_of


@dataclass
class Charge:
    """One thing to bill: a row's worth, a purchase, a refund, a correction. Exact, in the document's currency."""
    kind: str                 # Usage, Purchase, Refund, Adjustment
    value: Decimal
    on: date
    position: int
    period: tuple
    subscription: str = None
    section: str = None
    meter: str = None
    region: str = None
    pricing_model: str = None
    publisher: str = None
    discount: Decimal = ZERO
    discount_id: str = None
    eligible: bool = True
    consumed: Decimal = None
    billable: Decimal = None
    price_position: int = None
    name: str = None          # chargeId, planId or reservationId
    priced: bool = False      # rated by a meter's price: never one of R-65's negative rows
    correction: str = ""      # of a period that is closed: "late" or "changed"
    shelf: object = None      # of a correction: what finds its worth again when others wait
    after: object = None      # called once the charge stands on an issued document or closed period

    @property
    def worth(self):
        return self.value + self.discount


@dataclass
class Line:
    kind: str
    subscription: str
    section: str
    meter: str
    region: str
    pricing_model: str
    publisher: str
    name: str
    period: tuple
    eligible: bool
    price_position: int
    value: Decimal = ZERO
    consumed: Decimal = None
    billable: Decimal = None
    rows: int = 0
    amount: Decimal = ZERO
    by_day: dict = field(default_factory=dict)   # exact values

    @property
    def reservation(self):
        """A purchase of a reservation, an instalment, or what was given back of it."""
        return self.name is not None and self.name.startswith("reservation-")


@dataclass
class Document:
    type: str
    account: str
    scope: str
    currency: str
    period: tuple
    run_date: date
    issue_date: date
    charges: list
    plan: str = None
    half_even: bool = False
    monthly: bool = True
    due_date: date = None
    term_days: int = 0
    method: str = None
    family: str = None
    wire: bool = False
    lines: list = field(default_factory=list)
    totals: dict = field(default_factory=dict)
    tax_rate: dict = None
    # Payment, by dunning.py
    status: str = "Due"
    payments: dict = field(default_factory=dict)
    failures: list = field(default_factory=list)
    tried: list = field(default_factory=list)   # (the method that a decline names or None, its day)
    credited: Decimal = ZERO
    owes_since: date = None
    name: str = None           # the ledger's identifier, once it is known
    mails: set = field(default_factory=set)
    position: int = 0
    last: bool = False         # of a subscription that went elsewhere
    unlocked: str = None       # what it was before it was locked
    replaced: bool = False     # by a run, for the sake of what it gives back
    # Of an enrollment's document, without tax: what was given back of its overage, what notes took, and those of an operator.
    given_back: Decimal = ZERO
    credited_net: Decimal = ZERO
    taken_back: Decimal = ZERO
    parts_back: list = field(default_factory=list)   # (refund, its amount, what of it was overage)
    came: Decimal = ZERO       # of the overage, as prepayment
    gives_back: str = None     # the reservation for whose sake it took the place of another

    @property
    def key(self):
        return self.type, self.plan or self.scope, self.period[0].isoformat()

    @property
    def paid(self):
        return sum((payment["amount"] - payment["reversed"] for payment in self.payments.values()), ZERO)

    @property
    def amount_due(self):
        return ZERO if self.status == "Void" else max(ZERO, self.totals["total"] - self.paid - self.credited)


def affordable(charges):
    """(those that stand on the document, those left for the next one): R-65. What stays is worth what it is without those."""
    waiting = []
    while True:
        charges, left = _fitting(charges)
        waiting += left
        if not left:
            return charges, waiting
        positions = frozenset(charge.position for charge in waiting if charge.correction)
        shelves = {id(charge.shelf): charge.shelf for charge in charges if charge.correction}
        again = {(id(shelf), charge.position): charge
                 for shelf in shelves.values() for charge in shelf.corrections(positions)}
        charges = [again.get((id(charge.shelf), charge.position), charge) if charge.correction else charge
                   for charge in charges]


def _fitting(charges):
    groups = {}
    for number, charge in enumerate(charges):
        together = charge.correction and readings.CORRECTIONS_STAND_TOGETHER
        line = charge.correction, charge.kind, charge.period, charge.subscription, charge.meter, charge.region, charge.pricing_model
        groups.setdefault(line if together else number, []).append(charge)
    certain, negative, left = [], [], []
    for group in groups.values():
        sure = all(charge.priced for charge in group) or sum((charge.worth for charge in group), ZERO) >= 0
        (certain if sure else negative).append(group)
    total = sum((charge.worth for group in certain for charge in group), ZERO)
    for group in sorted(negative, key=_turn):
        worth = sum((charge.worth for charge in group), ZERO)
        if total + worth >= 0:
            total += worth
            certain.append(group)
        else:
            left.append(group)
    return [charge for group in certain for charge in group], [charge for group in left for charge in group]


def _turn(group):
    """R-65: in order of date, position; what stands together comes with the first of it."""
    return min((charge.on, charge.position) for charge in group)


def _lines(charges):
    lines = {}
    for charge in charges:
        shown = [(charge.kind, charge.value, charge.name)]
        if charge.discount:
            shown.append(("Discount", charge.discount, charge.discount_id))
        for kind, value, name in shown:
            key = (kind, charge.subscription or "", charge.section or "", charge.meter or "", charge.region or "",
                   charge.pricing_model or "", charge.publisher or "", name or "", charge.period, charge.eligible,
                   charge.price_position if kind == "Usage" else 0)
            line = lines.setdefault(key, Line(kind, charge.subscription, charge.section, charge.meter, charge.region,
                                              charge.pricing_model, charge.publisher, name, charge.period,
                                              charge.eligible, charge.price_position))
            line.value += value
            line.by_day[charge.on] = line.by_day.get(charge.on, ZERO) + value
            if kind != "Discount" and charge.consumed is not None:
                line.consumed = (line.consumed or ZERO) + charge.consumed
                line.billable = (line.billable or ZERO) + charge.billable
                line.rows += 1
    return [lines[key] for key in sorted(lines, key=lambda key: tuple(str(word) for word in key))]


def compute(document, book_rate, lots):
    """Fills in lines, totals, sections and tax. `lots`: the credit lots open to this document, in order."""
    currency, half_even = document.currency, document.half_even
    document.lines = _lines(document.charges)
    charged = [line for line in document.lines if line.kind != "Refund"]
    returned = [line for line in document.lines if line.kind == "Refund"]
    billed = rounded(sum((line.value for line in charged), ZERO), currency, half_even)
    credits = rounded(-sum((line.value for line in returned), ZERO), currency, half_even)
    for lines, total, sign in ((charged, billed, 1), (returned, credits, -1)):
        for line, amount in zip(lines, amounts_of(total, [sign * line.value for line in lines], currency)):
            line.amount = sign * amount
    applied = apply_credit(document, lots)
    sub_total = billed - credits - applied["creditApplied"]
    if sub_total < 0:
        raise NotUnderstood(f"a document of {document.scope} below zero")
    tax = tax_of(book_rate, sub_total, currency, half_even)
    document.tax_rate = book_rate
    document.totals = {"billed": billed, "credits": credits, **applied, "subTotal": sub_total, "tax": tax,
                       "total": sub_total + tax}
    return document


def split_sections(document, lines):
    """{section: charges, credit, tax, total} from (section, amount, eligible) of each line; tax in proportion to
    charges - credit (2.8.6, 2.8.7). The lines are given, since rounding follows how they are cut."""
    currency, charges, eligible = document.currency, {}, {}
    for section, amount, counts in lines:
        charges[section] = charges.get(section, ZERO) + amount
        eligible[section] = eligible.get(section, ZERO) + (amount if counts else ZERO)
    names = list(charges)
    credit, tax = document.totals["creditApplied"], document.totals["tax"]
    credits = parts(credit, [max(ZERO, eligible[name]) for name in names], currency) if credit else [ZERO] * len(names)
    net = [charges[name] - share for name, share in zip(names, credits)]
    taxes = parts(tax, net, currency) if tax else [ZERO] * len(names)
    return {name: {"charges": charges[name], "credit": share, "tax": part, "total": charges[name] - share + part}
            for name, share, part in zip(names, credits, taxes)}


def rate_percent(document):
    return number(document.tax_rate["ratePercent"]) if document.tax_rate else None
