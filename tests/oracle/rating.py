"""What usage rows are worth: own cost, own price, included quantity, tiers, volume, discount, exchange.

R-19, R-57, api 3 "What a usage row costs", 2.8.1 to 2.8.4. A row is worth F(before + it) - F(before), `before` being what
the scope (subscription, profile, enrollment) used of the meter earlier in the period: by usageDate, then position. Of a
Volume price F is of the units that were used while it was in force: all of these at the price of the tier that holds the last.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from exact import NotUnderstood, ZERO, number
from facts import price_scopes
from periods import day


@dataclass
class Rated:
    """A row that is matched, with its worth in the document's currency."""
    row: object
    seen: dict
    value: Decimal        # after exchange, before discount
    discount: Decimal     # zero or negative; after exchange
    billable: Decimal
    price: object         # the Timed of its price; None where the row brings its own
    discount_id: str = None
    currency: str = None  # of the price, when it was converted

    @property
    def worth(self):
        return self.value + self.discount


class Unmatched(Exception):
    """Why a row is kept but not billed."""


def exchange_rate(book, source, target, on, known):
    """Units of `target` for one of `source` in force on `on`; None when nobody said."""
    found = [rate for rate in book.rates if rate.position <= known and rate.on <= on
             and (rate.data["fromCurrency"], rate.data["toCurrency"]) == (source, target)]
    return number(max(found, key=lambda rate: (rate.on, rate.position)).data["rate"]) if found else None


def price_of(book, subscription, meter, on, currency, known, convertible):
    """The price in force: most particular scope, in the document's currency, else in one with an exchange rate."""
    replaced = {price.data["replaces"] for price in book.prices[meter]
                if price.position <= known and price.data["replaces"] is not None}
    there = [price for price in book.prices[meter]
             if price.position <= known and price.position not in replaced and price.on <= on]
    other = None
    for kind, name in price_scopes(book, subscription, on):
        here = [price for price in there if (price.data["scopeType"], price.data["scopeId"]) == (kind, name)]
        same = [price for price in here if price.data["currency"] == currency]
        if same:
            return max(same, key=lambda price: price.on)
        foreign = [price for price in here if convertible(price.data["currency"])]
        if foreign and other is None:
            other = max(foreign, key=lambda price: price.on)
    if other is None and there:
        raise Unmatched("NO_PRICE" if not any(True for _ in there) else "CURRENCY_MISMATCH")
    if other is None:
        raise Unmatched("NO_PRICE")
    return other


def billable_of(price, quantity):
    return max(ZERO, quantity - number(price.data["includedQuantity"] or "0"))


def value_of(price, quantity):
    """F: what `quantity` used since the period began costs."""
    billable = billable_of(price, quantity)
    if price.data["unitPrice"] is not None:
        return billable * number(price.data["unitPrice"])
    tiers = [(number(tier["from"]), number(tier["unitPrice"])) for tier in price.data["tiers"]]
    total = ZERO
    for index, (start, unit_price) in enumerate(tiers):
        end = tiers[index + 1][0] if index + 1 < len(tiers) else None
        if billable > start:
            total += ((billable if end is None else min(billable, end)) - start) * unit_price
    return total


def volume_rate(price, quantity):
    """The price of the tier that holds the last of `quantity` used since the period began."""
    billable, rate = billable_of(price, quantity), None
    for tier in price.data["tiers"]:
        if rate is None or billable > number(tier["from"]):
            rate = number(tier["unitPrice"])
    return rate


class Used:
    """What a scope used of one meter since the period began, and what the units under each Volume price are worth so far."""

    def __init__(self):
        self.quantity, self.volumes = ZERO, {}    # position of a price -> (its units, their worth)

    def more(self, price, quantity):
        """(worth, billable) of further units."""
        before, self.quantity = self.quantity, self.quantity + quantity
        billable = billable_of(price, self.quantity) - billable_of(price, before)
        if price.data["unitPrice"] is not None or price.data["tierMode"] != "Volume":
            return value_of(price, self.quantity) - value_of(price, before), billable
        units, worth = self.volumes.get(price.position, (ZERO, ZERO))
        now = (units + billable) * volume_rate(price, self.quantity)
        self.volumes[price.position] = units + billable, now
        return now - worth, billable


def discount_of(book, subscription, meter, on, known):
    """The discount in force: the most particular one alone, on equal scope the one that names the meter (2.8.3)."""
    for kind, name in price_scopes(book, subscription, on):
        here = []
        for granted in book.discounts.values():
            data = granted.data
            end = day(([None] + [end for told, end in data["ends"] if told <= known])[-1])  # as it was known
            if (granted.position <= known and (data["scopeType"], data["scopeId"]) == (kind, name)
                    and granted.on <= on and (end is None or on < end) and data["meterId"] in (None, meter)):
                here.append(granted)
        if here:
            named = [granted for granted in here if granted.data["meterId"]] or here
            if len(named) > 1:
                raise NotUnderstood(f"two discounts of one scope for {meter} on {on}")
            return named[0]
    return None


def rate_rows(book, wanted, currency, issue_date):
    """Rates rows of one scope and period.

    `wanted`: (row, its members as they now count, position up to which prices are known to it), in any order.
    Answers ([Rated], [(row, reason)]): those that are matched, and those that are not.
    """
    rated, unmatched = [], []
    before = defaultdict(Used)
    for row, seen, known in sorted(wanted, key=lambda item: (item[0].date, item[0].position)):
        def convertible(other, known=known):
            return exchange_rate(book, other, currency, issue_date, known) is not None
        try:
            rated.append(_rate(book, row, seen, currency, issue_date, known, before, convertible))
        except Unmatched as why:
            unmatched.append((row, str(why)))
    return rated, unmatched


def _rate(book, row, seen, currency, issue_date, known, before, convertible):
    quantity, own = number(seen["quantity"]), seen["currency"]
    price, billable = None, quantity
    if seen["cost"] is not None or seen["unitPrice"] is not None:
        value = number(seen["cost"]) if seen["cost"] is not None else quantity * number(seen["unitPrice"])
        own = own or currency
        if own != currency and not convertible(own):
            raise Unmatched("CURRENCY_MISMATCH")
    else:
        price = price_of(book, row.subscription, row.meter, row.date, currency, known, convertible)
        if quantity < 0:
            raise NotUnderstood(f"negative quantity of a priced row at {row.position}")
        own = price.data["currency"]
        value, billable = before[row.meter].more(price, quantity)
    if own != currency:
        value *= exchange_rate(book, own, currency, issue_date, known)
    granted = None if seen["cost"] is not None else discount_of(book, row.subscription, row.meter, row.date, known)
    lowered = -value * number(granted.data["percent"]).scaleb(-2) if granted else ZERO
    return Rated(row, seen, value, lowered, billable, price, granted.data["discountId"] if granted else None,
                 own if own != currency else None)
